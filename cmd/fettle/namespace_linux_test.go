package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"fettle/internal/need"
)

// inNamespace runs the calling test once more in a mount namespace of its own,
// and reports whether this is that second run. Mounts made there are seen by
// nobody else and end with the process.
func inNamespace(t *testing.T) bool {
	t.Helper()
	const variable = "FETTLE_TEST_NAMESPACE"
	if os.Getenv(variable) == t.Name() {
		return true
	}
	need.Root(t)
	unshare := need.Tool(t, "unshare")
	cmd := exec.CommandContext(t.Context(), unshare, "--mount", "--propagation", "private", "--",
		os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), variable+"="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("in a mount namespace: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "--- PASS: "+t.Name()+" ") {
		t.Fatalf("did not run in the mount namespace:\n%s", out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "faults injected") {
			t.Log(strings.TrimSpace(line))
		}
	}
	return false
}

func mount(t *testing.T, source, target, kind string, flags uintptr, options string) {
	t.Helper()
	if err := unix.Mount(source, target, kind, flags, options); err != nil {
		t.Fatalf("mounting %s on %s: %v", source, target, err)
	}
	// The temporary directory has to be empty of mounts before it is removed.
	t.Cleanup(func() { _ = unix.Unmount(target, unix.MNT_DETACH) })
}
