//go:build unix

package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A started run is "fettle hosts run" whose command waits for a signal.
type startedRun struct {
	world
	cmd *exec.Cmd
	out *bufio.Reader
	in  io.Closer
}

// waiting says that it runs, and ends with status 3 at a signal it knows, or
// with 0 at the end of its input.
const waiting = `trap 'echo got INT; exit 3' INT; trap 'echo got TERM; exit 3' TERM; trap 'echo got HUP; exit 3' HUP
echo running $$; read line; exit 0`

func (w world) startRun(names ...string) startedRun {
	w.t.Helper()
	cmd := w.command(append(append([]string{"run"}, names...), "--", "sh", "-c", waiting)...)
	// Without a terminal, as the tests may have one.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	r := startedRun{world: w, cmd: cmd, out: bufio.NewReader(out), in: in}
	w.t.Cleanup(func() { _ = in.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line := r.line(); !strings.HasPrefix(line, "running ") {
		w.t.Fatalf("the command said %q", line)
	}
	return r
}

func (r startedRun) line() string {
	r.t.Helper()
	line, err := r.out.ReadString('\n')
	if err != nil {
		r.t.Fatalf("the output of the command ended: %v", err)
	}
	return line
}

func (r startedRun) signal(s os.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.t.Fatal(err)
	}
}

// wait waits for the end and returns the exit status.
func (r startedRun) wait() int {
	r.t.Helper()
	timer := time.AfterFunc(time.Minute, func() { _ = r.cmd.Process.Kill() })
	defer timer.Stop()
	err := r.cmd.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		r.t.Fatal(err)
	}
	return r.cmd.ProcessState.ExitCode()
}

func newRunWorld(t *testing.T) world {
	w := newWorld(t, plainHosts)
	w.profile("a", "10.0.0.1 a.test\n")
	w.profile("b", "10.0.0.2 b.test\n")
	return w
}

// A signal to Fettle reaches the command, whose exit status it passes on, and
// the profile goes off.
func TestRunPassesSignalsOn(t *testing.T) {
	for s, name := range map[os.Signal]string{syscall.SIGINT: "INT", syscall.SIGTERM: "TERM", syscall.SIGHUP: "HUP"} {
		w := newRunWorld(t)
		r := w.startRun("a")
		if !strings.Contains(w.content(), "10.0.0.1 a.test\n") {
			t.Errorf("%s: the profile is not on during the run", name)
		}
		r.signal(s)
		if line := r.line(); line != "got "+name+"\n" {
			t.Errorf("%s: the command said %q", name, line)
		}
		if status := r.wait(); status != 3 {
			t.Errorf("%s: exit status %d, want that of the command, 3", name, status)
		}
		w.wantContent(name, plainHosts)
	}
}

// The end of one run leaves alone what another one needs.
func TestRunsOverlap(t *testing.T) {
	w := newRunWorld(t)
	first, second := w.startRun("a"), w.startRun("a", "b")
	_ = first.in.Close()
	if status := first.wait(); status != 0 {
		t.Errorf("the first run: exit status %d", status)
	}
	if got := w.run("--short"); got != "a,b\n" {
		t.Errorf("after the first run %q is on, want a,b", got)
	}
	_ = second.in.Close()
	second.wait()
	w.wantContent("after both", plainHosts)
}

// What a killed run leaves behind is told, and goes with the next change.
func TestRunKilled(t *testing.T) {
	w := newRunWorld(t)
	r := w.startRun("a")
	if err := r.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	r.wait()
	before := w.content()
	if out := w.run(); !strings.Contains(out, "left behind by a run") {
		t.Errorf("hosts says %q, want that a is left behind", out)
	}
	w.wantContent("after a reading command", before)
	if out := w.run("on", "b"); !strings.Contains(out, "a goes off: it was on for a run that has ended") {
		t.Errorf("on b says %q, want that a goes off", out)
	}
	if got := w.run("--short"); got != "b\n" {
		t.Errorf("%q is on, want b", got)
	}
	w.run("off", "b")
	w.wantContent("after off", plainHosts)
}

// A process of the same number that started at another time is another one.
func TestRunOfAnotherProcess(t *testing.T) {
	w := newRunWorld(t)
	r := w.startRun("a")
	content := w.content()
	at := strings.Index(content, " run ")
	run := strings.Fields(content[at:])[1]
	w.write(strings.Replace(content, run, run[:strings.Index(run, ":")]+":1.00000000", 1))
	if out := w.run(); !strings.Contains(out, "left behind by a run") {
		t.Errorf("hosts says %q, want that a is left behind", out)
	}
	// Its own end has nothing to take out, and is no failure.
	_ = r.in.Close()
	if status := r.wait(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	w.run("expire")
	w.wantContent("after expire", plainHosts)
}
