package faults_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"fettle/internal/faults"
)

// The helper overwrites a file the careless way, with truncation first, so that
// every kind of damage is there to be seen.
func TestMain(m *testing.M) {
	if faults.Helping() {
		faults.Helper(func() error {
			return os.WriteFile(os.Getenv("TARGET"), []byte("new"), 0o600)
		})
	}
	os.Exit(m.Run())
}

// TestRun shows that the faults reach the calls that they are meant for: the
// harm that each does to a careless write is known beforehand.
func TestRun(t *testing.T) {
	type key struct {
		call string
		kind faults.Kind
	}
	var mu sync.Mutex
	got := map[key]string{}
	faults.Run(t, func(t *testing.T) faults.Trial {
		target := filepath.Join(t.TempDir(), "target")
		if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "TARGET="+target)
		return faults.Trial{Command: cmd, Check: func(o faults.Outcome) {
			content, err := os.ReadFile(target)
			if err != nil {
				t.Fatal(err)
			}
			if o.Fault.Kind == faults.Kill {
				if exit, ok := errors.AsType[*exec.ExitError](o.Err); !ok || exit.Success() {
					t.Errorf("%v: got error %v, want an exit status", o.Fault, o.Err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			got[key{o.Fault.Call, o.Fault.Kind}] = string(content)
		}}
	})
	for _, row := range []struct {
		key
		want string
	}{
		{key{}, "new"},
		{key{"openat", faults.IOError}, "old"},
		{key{"openat", faults.Kill}, "old"},
		{key{"write", faults.NoSpace}, ""},
		{key{"write", faults.IOError}, ""},
		{key{"write", faults.Kill}, ""},
		{key{"close", faults.Kill}, "new"},
	} {
		content, ok := got[row.key]
		if !ok || content != row.want {
			t.Errorf("%v: got %q (ran: %v), want %q", row.key, content, ok, row.want)
		}
	}
}
