package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A sample is what one process cost, from its start to its end.
type sample struct {
	wall time.Duration
	peak int64 // resident bytes at most; 0 where the system does not tell
}

// A command is a program to be measured. Exit statuses in ok count as success,
// as 1 does for a check that finds something; 0 always does.
type command struct {
	args []string
	env  []string // beside the environment of this process
	ok   []int
}

// measure runs c to its end. Linux counts the memory of a process from before its
// exec, when it still is this program, so the harness itself has to stay small:
// nothing here reads a whole file.
func (c command) measure(ctx context.Context) (sample, error) {
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Env = append(os.Environ(), c.env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	s := sample{wall: time.Since(start)}
	if ctx.Err() != nil {
		return s, ctx.Err()
	}
	var status *exec.ExitError
	if errors.As(err, &status) && slices.Contains(c.ok, status.ExitCode()) {
		err = nil
	}
	if err != nil {
		return s, fmt.Errorf("%w: %s\nrunning %s", err, bytes.TrimSpace(stderr.Bytes()), strings.Join(c.args, " "))
	}
	s.peak = peak(cmd.ProcessState)
	return s, nil
}

// median is the sample whose time is in the middle, with the highest peak of all.
func median(samples []sample) sample {
	if len(samples) == 0 {
		return sample{}
	}
	sorted := slices.SortedFunc(slices.Values(samples), func(a, b sample) int { return int(a.wall - b.wall) })
	m := sorted[len(sorted)/2]
	for _, s := range samples {
		m.peak = max(m.peak, s.peak)
	}
	return m
}

// copyAndSync is the yardstick: what no program that replaces a file safely can do
// without. It runs as a process of its own.
func copyAndSync(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	// A plain reader and writer: the kernel would otherwise share the blocks of
	// both files on some file systems, and copy nothing.
	_, err = io.CopyBuffer(struct{ io.Writer }{out}, struct{ io.Reader }{in}, make([]byte, 1<<20))
	return errors.Join(err, out.Sync(), out.Close())
}

// install copies a file for a command to work on, and waits until it is on the
// disk, so that nobody else pays for it.
func install(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return copyAndSync(from, to)
}
