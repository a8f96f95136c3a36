//go:build unix

package config

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"fettle/internal/need"
)

// The system's own user database, and a file that really changes hands.
func TestSudoAsRoot(t *testing.T) {
	need.Root(t)
	passwd, err := os.ReadFile("/etc/passwd")
	need.That(t, "passwd", err == nil, "the machine keeps its users elsewhere")
	var uid, home string
	for line := range strings.Lines(string(passwd)) {
		if fields := strings.Split(line, ":"); len(fields) == 7 && fields[2] != "0" && strings.HasPrefix(fields[5], "/") {
			uid, home = fields[2], fields[5]
		}
	}
	need.That(t, "passwd", uid != "", "the machine has no user but root")

	env := map[string]string{"SUDO_UID": uid, "SUDO_GID": "12345", "HOME": "/root", "XDG_CONFIG_HOME": "/root/.config"}
	d, err := FindDirs(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if !isBelow(d.Config, home) || !isBelow(d.State, home) {
		t.Errorf("got %q and %q, want folders below %q", d.Config, d.State, home)
	}
	// A link must change hands itself, not what it points to.
	target, link := filepath.Join(t.TempDir(), "target"), filepath.Join(t.TempDir(), "link")
	if err := os.WriteFile(target, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, t.TempDir()} {
		if err := d.Chown(path); err != nil {
			t.Fatal(err)
		}
		if gotUID, gotGID := owner(t, path); gotUID == 0 || gotGID != 12345 {
			t.Errorf("%s: got owner %d:%d, want %s:12345", path, gotUID, gotGID, uid)
		}
	}
	if gotUID, _ := owner(t, target); gotUID != 0 {
		t.Errorf("the target of the link: got owner %d, want root", gotUID)
	}
}

func owner(t *testing.T, path string) (uid, gid uint32) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	return stat.Uid, stat.Gid
}

func TestLookupUser(t *testing.T) {
	if _, err := lookupUser("4294967000"); err == nil {
		t.Error("a number that nobody has: got no error")
	}
	if a, err := lookupUser("0"); err != nil || a.uid != 0 || a.home == "" {
		t.Errorf("root: got %+v, %v", a, err)
	}
}
