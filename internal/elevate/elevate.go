// Package elevate runs the one step of Fettle that needs more rights than its
// user has: "fettle hosts write TARGET", with a request on its standard input,
// or in a file where the system's way to elevate a program has no input.
//
// It decides nothing about the request. What the step accepts is decided by the
// step, which trusts neither its caller nor its environment.
package elevate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

var (
	// ErrDenied is the error when the user did not get the rights: a wrong
	// password, a dismissed dialog, or no permission.
	ErrDenied = errors.New("the rights to write the hosts file were not given")
	// ErrNoWay is the error when the system has no program to ask for rights,
	// or no terminal on which to ask.
	ErrNoWay = errors.New("there is no way here to ask for the rights to write the hosts file")
)

// A Step is the write step: which program runs it, on which hosts file.
type Step struct {
	Program string // the path of fettle
	Target  string // the hosts file
}

// args are the arguments that the rule of "fettle hosts allow" and the polkit
// policy name, word by word.
func (s Step) args() []string { return []string{"hosts", "write", s.Target} }

// Self returns the path of the running program, links resolved.
func Self() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// Beside returns the path of the program called name in the folder of the
// running program, or on the PATH.
func Beside(name string) (string, error) {
	self, err := Self()
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(self), name+filepath.Ext(self))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	path, err = exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("the program %s is neither beside %s nor on the PATH", name, self)
	}
	return path, nil
}

// killWait is how long a step that was told to stop may take to do so.
const killWait = 5 * time.Second

// run starts a command with the request as input and returns its output.
func run(ctx context.Context, request []byte, stderr io.Writer, name string, args ...string) ([]byte, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %s is not installed", ErrNoWay, name)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(request), &out, stderr
	// The step runs as another user, whom we may not kill; sudo and pkexec pass
	// an interrupt on.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = killWait
	err = cmd.Run()
	if ctx.Err() != nil {
		return out.Bytes(), ctx.Err()
	}
	return out.Bytes(), err
}

// sudo runs the step under sudo, which asks for a password on the terminal when
// ask is set, and never otherwise.
func (s Step) sudo(ctx context.Context, request []byte, ask bool, stderr io.Writer) ([]byte, error) {
	args := append([]string{"--", s.Program}, s.args()...)
	if !ask {
		args = append([]string{"-n"}, args...)
	}
	out, err := run(ctx, request, stderr, "sudo", args...)
	var exit *exec.ExitError
	// The step prints its reply even when it fails; nothing printed means that
	// sudo did not start it.
	if errors.As(err, &exit) && len(out) == 0 {
		return nil, fmt.Errorf("%w: sudo did not run %s", ErrDenied, s.Program)
	}
	return out, err
}
