package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fettle/internal/desktoptest"
)

// bin holds fettle-desktop and fettle, side by side as they are installed.
var bin string

// TestMain builds the programs that the tests run.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "fettle-desktop-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		bin = dir
		// The build cache has both; the flags are those of the Makefile.
		build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", dir+string(filepath.Separator), ".", "../fettle")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "building the programs:", err)
			return 1
		}
		return m.Run()
	}())
}

const original = "127.0.0.1 localhost\n1.1.1.1 shop.test\n"

// A world is a user with a hosts file and profiles of their own.
type world struct {
	t   *testing.T
	dir string
	env []string // beside the folders
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	for _, dir := range []string{"config/hosts", "state", "run", "home"} {
		if err := os.MkdirAll(filepath.Join(w.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.write("hosts", original)
	w.profile("staging", "10.0.0.1 shop.test\n")
	w.profile("ads", "0.0.0.0 tracker.test\n")
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

// write replaces a file as editors do: whole, by a rename.
func (w *world) write(name, text string) {
	w.t.Helper()
	tmp := w.path(name + ".new")
	if err := os.WriteFile(tmp, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(tmp, w.path(name)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) profile(name, text string) {
	w.t.Helper()
	w.write("config/hosts/"+name+".hosts", text)
}

func (w *world) remove(name string) {
	w.t.Helper()
	if err := os.Remove(w.path(name)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(name string) string {
	w.t.Helper()
	data, err := os.ReadFile(w.path(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}

// wantMapped waits until the hosts file has a line that begins with text.
func (w *world) wantMapped(line string) {
	w.t.Helper()
	desktoptest.Eventually(w.t, func() bool { return strings.Contains("\n"+w.read("hosts"), "\n"+line) },
		func() string { return fmt.Sprintf("the hosts file has the line %q:\n%s", line, w.read("hosts")) })
}

// wantOriginal waits until the hosts file is the original again.
func (w *world) wantOriginal() {
	w.t.Helper()
	desktoptest.Eventually(w.t, func() bool { return w.read("hosts") == original },
		func() string { return "the hosts file is the original:\n" + w.read("hosts") })
}

func (w *world) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(bin, program), args...)
	cmd.Dir = w.dir
	cmd.Env = append([]string{
		"HOME=" + w.path("home"), "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8",
		"XDG_RUNTIME_DIR=" + w.path("run"), "FETTLE_CONFIG_DIR=" + w.path("config"),
		"FETTLE_STATE_DIR=" + w.path("state"), "FETTLE_HOSTS_FILE=" + w.path("hosts"),
	}, w.env...)
	return cmd
}

// cli runs "fettle hosts …", which must succeed.
func (w *world) cli(args ...string) {
	w.t.Helper()
	if out, err := w.command("fettle", append([]string{"hosts"}, args...)...).CombinedOutput(); err != nil {
		w.t.Fatalf("fettle hosts %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// A process is a running fettle-desktop.
type process struct {
	*exec.Cmd
	t      *testing.T
	output lockedBuffer
	ended  chan struct{}
}

// start starts fettle-desktop. It is killed with the test, if it still runs.
func (w *world) start(args ...string) *process {
	w.t.Helper()
	p := &process{Cmd: w.command("fettle-desktop", args...), t: w.t, ended: make(chan struct{})}
	p.Stdout, p.Stderr = &p.output, &p.output
	if err := p.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = p.Wait() // the tests look at the exit status
	}()
	w.t.Cleanup(func() {
		_ = p.Process.Kill() // it may have ended already
		<-p.ended
		if w.t.Failed() {
			w.t.Logf("fettle-desktop %s printed:\n%s", strings.Join(args, " "), p.output.String())
		}
	})
	return p
}

// wantExit waits for the end and compares the exit status.
func (p *process) wantExit(status int) {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.t.Fatalf("fettle-desktop %s does not end", strings.Join(p.Args[1:], " "))
	}
	if got := p.ProcessState.ExitCode(); got != status {
		p.t.Errorf("fettle-desktop %s ended with %d, want %d:\n%s", strings.Join(p.Args[1:], " "), got, status, p.output.String())
	}
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// running reports whether the program has not ended.
func (p *process) running() bool {
	return !errors.Is(p.Process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// A lockedBuffer can be read while a program still writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
