package faults

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"fettle/internal/need"
)

// A Kind is what happens to a system call.
type Kind string

const (
	// NoSpace is returned to the program; the call is not made.
	NoSpace Kind = "ENOSPC"
	// IOError is returned to the program; the call is not made.
	IOError Kind = "EIO"
	// Kill ends the process with SIGKILL at the call, which is not made. The
	// process leaves everything as the calls before it did.
	Kill Kind = "KILL"
)

// A Fault is one kind of failure at one system call.
type Fault struct {
	Kind Kind   // empty in the run that only counts
	Call string // name of the system call
	Nth  int    // the how manieth of its name since the work began, from 1
	Line string // the call in the trace of the counting run
}

func (f Fault) String() string {
	if f.Kind == "" {
		return "no fault"
	}
	return fmt.Sprintf("%s at %s %d: %s", f.Kind, f.Call, f.Nth, f.Line)
}

// A Trial is a command in a world that was made for it alone.
type Trial struct {
	// Command has not been started. Its streams and process attributes are
	// set by Run, and environment variables are added.
	Command *exec.Cmd
	// Check is called after the command has ended, and fails the test of the
	// [Trial] if what it finds is not acceptable.
	Check func(Outcome)
}

// An Outcome is what a command reported about a run with one fault.
type Outcome struct {
	Fault  Fault
	Err    error  // nil if the command reported success; never nil after Kill
	Output string // its stdout and stderr
}

// Run breaks every call of a command, as the package comment explains. setup
// makes a fresh [Trial] for each run, several of them at the same time. The
// first run is without a fault and must succeed; it is checked too.
//
// A call that only reads is broken with EIO alone: no such call says ENOSPC, and
// a kill there leaves what one at the next call that changes something does.
//
// Each fault is a subtest, named like "inject/fsync-1-EIO".
func Run(t *testing.T, setup func(t *testing.T) Trial) {
	t.Helper()
	strace := need.Tool(t, "strace")

	var found []call
	if !t.Run("count", func(t *testing.T) { found = count(t, strace, setup) }) {
		return
	}
	if len(found) == 0 {
		t.Fatal("the command made no call that could be broken")
	}

	var fired atomic.Int64
	t.Run("inject", func(t *testing.T) {
		for _, c := range found {
			for _, kind := range c.kinds() {
				t.Run(fmt.Sprintf("%s-%d-%s", c.Name, c.Nth, kind), func(t *testing.T) {
					t.Parallel()
					if inject(t, strace, setup, c, kind) {
						fired.Add(1)
					}
				})
			}
		}
	})
	t.Logf("%d faults injected at %d calls (%s)", fired.Load(), len(found), summary(found))
	if fired.Load() == 0 {
		t.Error("no fault was injected")
	}
}

// count runs the command without a fault.
func count(t *testing.T, strace string, setup func(t *testing.T) Trial) []call {
	trial := setup(t)
	trace, outcome := execute(t, strace, trial.Command)
	if outcome.Err != nil {
		t.Fatalf("the command fails without any fault: %v\n%s", outcome.Err, outcome.Output)
	}
	trial.Check(outcome)
	found, err := parseTrace(trace)
	if err != nil {
		t.Fatalf("%v\n%s", err, trace)
	}
	return found
}

// inject runs the command with one fault, and reports whether the fault fired;
// the test has failed if not. The runtime of Go makes a few calls of its own on
// the main thread when timing wants it so; if the count has changed by that and
// the fault came too late, a fresh trial is due.
func inject(t *testing.T, strace string, setup func(t *testing.T) Trial, c call, kind Kind) bool {
	fault := Fault{Kind: kind, Call: c.Name, Nth: c.Nth, Line: c.Line}
	what := "error=" + string(kind)
	if kind == Kill {
		what = "signal=KILL"
	}
	const attempts = 3
	for range attempts {
		trial := setup(t)
		trace, outcome := execute(t, strace, trial.Command,
			"-e", fmt.Sprintf("inject=%s:%s:when=%d", c.Name, what, c.Ordinal))
		if !hasFired(trace, kind) {
			continue
		}
		outcome.Fault = fault
		if kind == Kill && outcome.Err == nil {
			t.Errorf("%v: the command was killed, but its status is success", fault)
		}
		trial.Check(outcome)
		return true
	}
	t.Errorf("%v: was not injected in %d attempts", fault, attempts)
	return false
}

// hasFired reports whether the trace shows the fault.
func hasFired(trace string, kind Kind) bool {
	if kind == Kill {
		return strings.Contains(trace, "+++ killed by SIGKILL +++")
	}
	return strings.Contains(trace, "(INJECTED)")
}

// execute runs cmd under strace and returns the trace.
func execute(t *testing.T, strace string, cmd *exec.Cmd, options ...string) (string, Outcome) {
	t.Helper()
	output := filepath.Join(t.TempDir(), "trace")
	args := slices.Concat(
		// Not --seccomp-bpf, which would be faster: with it SIGKILL is not delivered.
		[]string{"-f", "-qq", "-s", "256", "-o", output, "-e", "signal=KILL", "-e", "trace=" + strings.Join(calls, ",")},
		options, []string{"--", cmd.Path}, cmd.Args[1:])
	traced := exec.CommandContext(t.Context(), strace, args...)
	traced.Dir = cmd.Dir
	traced.Stdin = cmd.Stdin
	// The same calls each time: one processor, and no signals from the scheduler.
	// The race detector sleeps for a second before it ends a process.
	traced.Env = append(cmd.Environ(),
		variable+"=1", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1", "GORACE=atexit_sleep_ms=0")
	var streams bytes.Buffer
	traced.Stdout, traced.Stderr = &streams, &streams
	err := traced.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatalf("running strace: %v", err)
	}
	trace, rerr := os.ReadFile(output)
	if rerr != nil {
		t.Fatalf("strace wrote no trace: %v\n%s", rerr, streams.String())
	}
	return string(trace), Outcome{Err: err, Output: streams.String()}
}
