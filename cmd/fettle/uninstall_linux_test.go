package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"fettle/internal/need"
)

// Uninstalling takes the section out of the hosts file, and does not remove the
// program while it cannot.
func TestUninstall(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	need.Tool(t, "make")
	m := newMachine(t)
	// What a real installation on this machine has there is not the test's to remove.
	mount(t, "tmpfs", "/usr/local/share", "tmpfs", 0, "mode=755")
	mount(t, "tmpfs", "/usr/share", "tmpfs", 0, "mode=755")
	tree, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	uninstall := call{who: root, args: []string{"make", "-s", "-C", tree, "uninstall"}}
	m.run(alice, "map", "x", "10.0.0.1", "x.test")
	m.run(alice, "on", "x")

	m.write("/etc/sudoers.d/fettle-alice", "alice ALL=(root) NOPASSWD: "+installed+" hosts write /etc/hosts\n", 0o440)
	m.write("/etc/sudoers.d/fettle-like", "alice ALL=(root) NOPASSWD: /usr/bin/fettle-like\n", 0o440)

	on := m.read("/etc/hosts")
	m.write("/etc/hosts", on+"# >>> fettle >>>\n", 0o644)
	if status, _, stderr := m.try(uninstall); status == 0 {
		t.Errorf("with a damaged section: it succeeded: %s", stderr)
	}
	if _, err := os.Stat(installed); err != nil {
		t.Errorf("with a damaged section: %v, so nothing is left to mend it with", err)
	}

	m.write("/etc/hosts", on, 0o644)
	if status, _, stderr := m.try(uninstall); status != 0 {
		t.Errorf("exit status %d: %s", status, stderr)
	}
	if got := m.read("/etc/hosts"); got != machineHosts {
		t.Errorf("the hosts file holds %q, want what it was before Fettle", got)
	}
	for _, path := range []string{installed, "/etc/sudoers.d/fettle-alice"} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want that it is gone", path, err)
		}
	}
	m.read("/etc/sudoers.d/fettle-like") // somebody else's
}
