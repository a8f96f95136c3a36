package main

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"fettle/internal/need"
)

// writeStep is the one command that a switch may run under sudo.
const writeStep = installed + " hosts write /etc/hosts"

// A user who may run the write step, and nothing else, switches the system's
// hosts file.
func TestSwitchAsUser(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	// A mode and an owner that no new file would have.
	if err := os.Chown("/etc/hosts", 0, 8); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod("/etc/hosts", 0o664); err != nil {
		t.Fatal(err)
	}
	m.run(alice, "map", "x", "10.0.0.1", "shop.test")
	m.wantElevated("map of a profile that is off")

	before := m.stat("/etc/hosts")
	m.run(alice, "on", "x")
	m.wantElevated("on", writeStep)
	after := m.stat("/etc/hosts")
	if before.Ino == after.Ino || before.Mode != after.Mode || before.Uid != after.Uid || before.Gid != after.Gid {
		t.Errorf("the file was %+v and is %+v, want another file with its mode and owner", before, after)
	}
	on := m.read("/etc/hosts")
	m.wantResolved(map[string]string{"shop.test": "10.0.0.1", "other.test": "1.1.1.1"})
	m.wantOwned(root, "/var/lib/fettle")

	m.run(alice, "undo")
	m.wantElevated("undo", writeStep)
	m.wantHosts("undo", machineHosts)
	m.run(alice, "restore", "2")
	m.wantElevated("restore", writeStep)
	m.wantHosts("restore 2", on)
	m.run(alice, "restore", "original")
	m.wantHosts("restore original", machineHosts)
	m.run(alice, "undo")
	m.wantHosts("undo of the restore", on)
	m.run(alice, "off", "--all")
	m.wantHosts("off --all", machineHosts)
	if _, err := os.Stat(alice.home() + "/.local"); err == nil {
		t.Error("the history of the system's hosts file left something in the user's folder")
	}
}

func (m machine) stat(path string) *syscall.Stat_t {
	m.t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		m.t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t)
}

func (m machine) wantHosts(about, want string) {
	m.t.Helper()
	if got := m.read("/etc/hosts"); got != want {
		m.t.Errorf("%s: /etc/hosts is %q, want %q", about, got, want)
	}
}

// wantResolved asks the system itself, as every program does.
func (m machine) wantResolved(want map[string]string) {
	m.t.Helper()
	getent := need.Tool(m.t, "getent")
	for name, addr := range want {
		_, out, _ := m.try(call{who: alice, args: []string{getent, "ahostsv4", name}})
		if got, _, _ := strings.Cut(out, " "); got != addr {
			m.t.Errorf("%s is %q, want %q", name, got, addr)
		}
	}
	for _, addr := range []string{"127.0.0.1", "::1"} {
		_, out, _ := m.try(call{who: alice, args: []string{getent, "hosts", addr}})
		if words := strings.Fields(out); len(words) < 2 || words[1] != "localhost" {
			m.t.Errorf("the first name of %s is %q, want localhost", addr, out)
		}
	}
}

// The system's own resolver agrees with what the profiles say.
func TestResolver(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	for _, row := range []struct {
		hosts, profile string
		want           map[string]string
	}{
		{"127.0.0.1 localhost\n::1 localhost\n1.1.1.1 a SHOP.test b\n", "10.0.0.1 shop.test\n", map[string]string{"shop.test": "10.0.0.1", "a": "1.1.1.1", "b": "1.1.1.1"}},
		{"", "127.0.0.1 shop.test\n::1 shop.test\n", map[string]string{"shop.test": "127.0.0.1"}},
		{"127.0.0.1 localhost\r\n::1 localhost\r\n1.1.1.1 shop.test x\r\n", "10.0.0.1 shop.test", map[string]string{"shop.test": "10.0.0.1", "x": "1.1.1.1"}},
		{"127.0.0.1 localhost shop.test\n::1 localhost", "10.0.0.1 shop.test\n10.0.0.2 größe.test # wide\n", map[string]string{"shop.test": "10.0.0.1", "xn--gre-6ka8i.test": "10.0.0.2"}},
		{"\xef\xbb\xbf1.1.1.1 shop.test\n", "127.0.0.1 own.test\n10.0.0.1 shop.test\n::1 own6.test\n", map[string]string{"shop.test": "10.0.0.1", "own.test": "127.0.0.1"}},
	} {
		m.write("/etc/hosts", row.hosts, 0o644)
		if status, _, stderr := m.try(call{who: bob, args: []string{installed, "hosts", "new", "x", "-"}, stdin: row.profile}); status != 0 {
			t.Fatal(stderr)
		}
		m.run(bob, "on", "x")
		m.wantResolved(row.want)
		m.run(bob, "rm", "x", "--off", "--yes")
		m.wantHosts("off", row.hosts)
	}
}

// Commands that only read, and changes that change nothing, ask for nothing and
// write nothing.
func TestReadingAsUser(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	m.run(alice, "map", "x", "10.0.0.1", "shop.test")
	for _, args := range [][]string{{}, {"--short"}, {"list"}, {"show", "x"}, {"diff", "x"}, {"history"}, {"check", "x"}, {"on", "x", "--dry-run"}, {"off", "--all"}} {
		m.run(alice, args...)
	}
	m.wantElevated("reading commands")
	if _, err := os.Stat("/var/lib/fettle"); err == nil {
		t.Error("reading commands made the state folder")
	}
	m.run(alice, "on", "x")
	m.wantElevated("on", writeStep)
	before := *m.stat("/etc/hosts")
	for _, args := range [][]string{{}, {"list"}, {"history"}, {"history", "show", "1"}, {"history", "show", "original"}, {"diff"}, {"on", "x"}, {"use", "x"}, {"undo", "--dry-run"}} {
		m.run(alice, args...)
	}
	m.wantElevated("reading commands with a profile on")
	if after := *m.stat("/etc/hosts"); after.Ino != before.Ino || after.Mtim != before.Mtim {
		t.Error("reading commands wrote the hosts file")
	}
}

// A file that was named with --hosts-file or the environment is never elevated.
func TestOtherTargetAsUser(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	const other = "/etc/other-hosts"
	m.write(other, machineHosts, 0o644)
	m.run(bob, "map", "x", "10.0.0.1", "shop.test")
	for _, c := range []call{
		{who: bob, args: []string{installed, "hosts", "on", "x", "--hosts-file", other}},
		{who: bob, args: []string{installed, "hosts", "on", "x"}, env: []string{"FETTLE_HOSTS_FILE=" + other}},
	} {
		status, stdout, stderr := m.try(c)
		if status != 1 || !strings.Contains(stderr, "permission denied") {
			t.Errorf("%q: exit status %d, want 1 for the lack of permission\n%s%s", c.args, status, stdout, stderr)
		}
	}
	m.wantElevated("on of another file")
	if got := m.read(other); got != machineHosts {
		t.Errorf("%s is %q", other, got)
	}
	own := bob.home() + "/hosts"
	m.write(own, machineHosts, 0o640)
	m.give(bob, own)
	m.run(bob, "on", "x", "--hosts-file", own)
	m.run(bob, "off", "x", "--hosts-file", own)
	m.wantElevated("on of the user's own file")
	m.wantOwned(bob, bob.home())
	m.wantHosts("on of other files", machineHosts)
}

// On some systems /etc/hosts is a link; it stays one, and is still the system's.
func TestLinkedHostsFile(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	m.mkdir("/etc/static")
	m.write("/etc/static/hosts", machineHosts, 0o644)
	if err := os.Remove("/etc/hosts"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("static/hosts", "/etc/hosts"); err != nil {
		t.Fatal(err)
	}
	m.run(alice, "map", "x", "10.0.0.1", "shop.test")
	m.run(alice, "on", "x")
	m.wantElevated("on", writeStep)
	if to, err := os.Readlink("/etc/hosts"); err != nil || to != "static/hosts" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	m.wantResolved(map[string]string{"shop.test": "10.0.0.1"})
	m.run(alice, "undo")
	m.wantHosts("undo", machineHosts)
}

// "sudo fettle …" as a whole works with the files of the user who typed it, and
// what it makes belongs to that user.
func TestSudoAsAWhole(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	sudo := func(args ...string) {
		t.Helper()
		status, stdout, stderr := m.try(call{who: bob, args: append([]string{"sudo", installed, "hosts"}, args...)})
		if status != 0 {
			t.Fatalf("sudo fettle hosts %s: exit status %d\n%s%s", strings.Join(args, " "), status, stdout, stderr)
		}
	}
	sudo("map", "x", "10.0.0.1", "shop.test")
	sudo("on", "x")
	m.wantResolved(map[string]string{"shop.test": "10.0.0.1"})
	if got := m.run(bob, "show", "x"); got != "10.0.0.1 shop.test\n" {
		t.Errorf("the user's own profile is %q", got)
	}
	m.run(bob, "undo")
	m.wantHosts("undo without sudo", machineHosts)
	own := bob.home() + "/hosts"
	m.write(own, machineHosts, 0o644)
	m.give(bob, own)
	sudo("on", "x", "--hosts-file", own)
	sudo("undo", "--hosts-file", own)
	sudo("copy", "x", "y")
	sudo("rename", "y", "z")
	m.wantOwned(bob, bob.home())
	m.run(bob, "on", "z", "--hosts-file", own)
	m.wantOwned(root, "/var/lib/fettle")
}
