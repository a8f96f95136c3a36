package main

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// An env is what a command sees of the world. Tests make their own.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	// Whether the streams are terminals: only then may a command ask a
	// question, or colour what it prints.
	stdinTTY, stdoutTTY, stderrTTY bool

	getenv func(string) string
	now    func() time.Time
}

func osEnv() *env {
	isTTY := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	return &env{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		stdinTTY: isTTY(os.Stdin), stdoutTTY: isTTY(os.Stdout), stderrTTY: isTTY(os.Stderr),
		getenv: os.Getenv, now: time.Now,
	}
}

// canAsk reports whether a question would reach a person.
func (e *env) canAsk() bool { return e.stdinTTY && e.stderrTTY }

// colour reports whether results may be coloured (see no-color.org).
func (e *env) colour() bool {
	return e.stdoutTTY && e.getenv("NO_COLOR") == "" && e.getenv("TERM") != "dumb"
}
