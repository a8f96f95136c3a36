package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// A box is the folder of one run: the generated files, the program, and the
// configuration and state it works with.
type box struct {
	dir    string
	fettle string // the program
	self   string // this program, which is also the yardstick
}

func newBox(ctx context.Context, dir string) (box, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return box{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return box{}, err
	}
	b := box{dir: dir, fettle: filepath.Join(dir, "fettle"), self: self}
	if err := b.generate("hosts", "ads", hostsLines, true); err != nil {
		return box{}, err
	}
	for _, n := range sizes {
		if err := b.generateProfile(n); err != nil {
			return box{}, err
		}
	}
	build := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", b.fettle, "./cmd/fettle")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	return b, build.Run()
}

func (b box) path(name string) string { return filepath.Join(b.dir, name) }

// profile is the file with n lines, and profileName what fettle calls it.
func (b box) profile(n int) string { return b.path(profileName(n) + ".hosts") }

func profileName(n int) string { return "list" + strconv.Itoa(n) }

func (b box) generateProfile(n int) error {
	return b.generate(profileName(n)+".hosts", "track", n, false)
}

// lastName is the name in the last line of the profile of n lines.
func lastName(n int) string { return hostName("track", n-1) }

func hostName(word string, i int) string {
	return fmt.Sprintf("%s%06d.blocked.example", word, i)
}

// generate writes a hosts file of n lines that all have one address.
func (b box) generate(name, word string, n int, system bool) error {
	f, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if system {
		fmt.Fprint(w, "127.0.0.1 localhost\n::1 localhost ip6-localhost\n")
		n -= 2
	}
	for i := range n {
		fmt.Fprintf(w, "0.0.0.0 %s\n", hostName(word, i))
	}
	return errors.Join(w.Flush(), f.Sync(), f.Close())
}

// holds reports whether the file maps the name. It reads line by line to keep
// this process small.
func holds(file, name string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	// One of the managers puts all names into one line, so lines do not bound
	// what has to be held: look at overlapping pieces.
	want := []byte(" " + name)
	buf := make([]byte, 0, 1<<16)
	for {
		n, err := f.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if bytes.Contains(buf, want) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if keep := min(len(want), len(buf)); len(buf) > keep {
			buf = buf[:copy(buf, buf[len(buf)-keep:])]
		}
	}
}

// same reports whether two files have the same bytes.
func same(a, b string) (bool, error) {
	err := exec.Command("cmp", "-s", a, b).Run()
	var status *exec.ExitError
	if errors.As(err, &status) && status.ExitCode() == 1 {
		return false, nil
	}
	return err == nil, err
}
