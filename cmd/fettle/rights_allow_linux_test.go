package main

import (
	"os"
	"strings"
	"testing"

	"fettle/internal/need"
)

// allow runs "fettle hosts allow" as sudo does for carol.
func (m machine) allow(program string, args ...string) (status int, stdout, stderr string) {
	m.t.Helper()
	return m.try(call{who: root, args: append([]string{program, "hosts", "allow"}, args...), env: []string{"SUDO_USER=carol", "SUDO_UID=4244", "SUDO_GID=4244"}})
}

// The rule opens the write step to one user without a password, and nothing
// else.
func TestAllow(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	visudo := need.Tool(t, "visudo")
	m := newMachine(t)
	m.run(carol, "map", "x", "10.0.0.1", "shop.test")
	if status, _, stderr := m.try(call{who: carol, args: []string{installed, "hosts", "on", "x"}}); status != 1 {
		t.Errorf("on without a rule: exit status %d: %s", status, stderr)
	}
	m.wantHosts("on without a rule", machineHosts)

	if status, stdout, stderr := m.allow(installed); status != 0 {
		t.Fatalf("allow: exit status %d\n%s%s", status, stdout, stderr)
	}
	if status, stdout, stderr := m.try(call{who: root, args: []string{visudo, "-c"}}); status != 0 {
		t.Errorf("visudo refuses the rules: %s%s", stdout, stderr)
	}
	if mode := m.stat("/etc/sudoers.d/fettle-carol").Mode & 0o7777; mode != 0o440 {
		t.Errorf("the rule has mode %o", mode)
	}
	m.wantNothingElse()
	m.elevated()
	m.run(carol, "on", "x")
	m.wantElevated("on with the rule", writeStep)
	m.wantResolved(map[string]string{"shop.test": "10.0.0.1"})
	m.run(carol, "undo")

	for range 2 { // taking away what is gone is no error
		if status, stdout, stderr := m.allow(installed, "--revoke"); status != 0 {
			t.Fatalf("revoke: exit status %d\n%s%s", status, stdout, stderr)
		}
	}
	if status, _, _ := m.try(call{who: carol, args: []string{installed, "hosts", "on", "x"}}); status != 1 {
		t.Errorf("on after the rule was revoked: exit status %d", status)
	}
	m.wantHosts("on after the rule was revoked", machineHosts)
}

// wantNothingElse fails the test if carol can run more than the write step.
func (m machine) wantNothingElse() {
	m.t.Helper()
	_, list, _ := m.try(call{who: carol, args: []string{"sudo", "-n", "-l"}})
	_, rules, _ := strings.Cut(list, "may run the following commands")
	_, rules, _ = strings.Cut(rules, "\n")
	if got, want := strings.TrimSpace(rules), "(root) NOPASSWD: "+writeStep; got != want {
		m.t.Errorf("sudo -l: got %q, want %q", got, want)
	}
	for _, args := range [][]string{
		{installed, "hosts", "write", "/etc/passwd"},
		{installed, "hosts", "write", "/etc/hosts", "--request", "/etc/shadow", "--sha256", "x"},
		{installed, "hosts", "write", "/etc/hosts", "--hosts-file", "/etc/passwd"},
		{installed, "hosts", "write"},
		{installed, "hosts", "on", "x"},
		{installed},
		{"/bin/sh", "-c", "id"},
		{"FETTLE_HOSTS_FILE=/etc/passwd", installed, "hosts", "write", "/etc/hosts"},
		{"-u", "alice", installed, "hosts", "write", "/etc/hosts"},
	} {
		status, stdout, stderr := m.try(call{who: carol, args: append([]string{"sudo", "-n"}, args...)})
		if status != 1 || stdout != "" || !strings.HasPrefix(stderr, "sudo: ") {
			m.t.Errorf("sudo -n %q: exit status %d, %q, %q; want sudo to refuse", args, status, stdout, stderr)
		}
	}
	status, stdout, _ := m.try(call{who: carol, args: []string{"sudo", "-n", installed, "hosts", "write", "/etc/hosts"}})
	if status != 1 || !strings.Contains(stdout, `"code":"refused"`) {
		m.t.Errorf("the step itself: exit status %d and %q, want it to run and to refuse the empty request", status, stdout)
	}
}

// A rule for a program that its user can replace would be a rule for any.
func TestAllowRefusesReplaceablePrograms(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	m.mkdir("/usr/local/bin/shared", "/home/plain")
	for _, row := range []struct {
		about, path string
		prepare     func(path string)
	}{
		{"in a user's folder", carol.home() + "/fettle", func(string) {}},
		{"of a user", "/home/plain/fettle", func(path string) { m.give(carol, path) }},
		{"that a group can write", "/home/plain/fettle", func(path string) { m.chmod(path, 0o775) }},
		{"in a folder that all can write", "/usr/local/bin/shared/fettle", func(string) { m.chmod("/usr/local/bin/shared", 0o777) }},
	} {
		m.copyProgram(row.path)
		row.prepare(row.path)
		status, _, stderr := m.allow(row.path)
		if status != 1 || !strings.Contains(stderr, "not installed for all users") {
			t.Errorf("a program %s: exit status %d: %s", row.about, status, stderr)
		}
		if rules, err := os.ReadDir("/etc/sudoers.d"); err != nil || len(rules) > 0 {
			t.Errorf("a program %s: rules: %v, %v", row.about, rules, err)
		}
	}
}

func (m machine) chmod(path string, mode os.FileMode) {
	m.t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		m.t.Fatal(err)
	}
}

// Nobody but a plain user gets a rule, and --dry-run writes none.
func TestAllowWhom(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	for _, user := range []string{"", "root", "ALL, alice", "%wheel", "a b", "ALL", "ADMINS"} {
		status, _, _ := m.try(call{who: root, args: []string{installed, "hosts", "allow"}, env: []string{"SUDO_USER=" + user}})
		if status != 1 {
			t.Errorf("for %q: exit status %d, want 1", user, status)
		}
	}
	if status, stdout, _ := m.allow(installed, "--dry-run"); status != 0 || !strings.Contains(stdout, "carol ALL=(root) NOPASSWD: "+writeStep+"\n") {
		t.Errorf("--dry-run: exit status %d, %q", status, stdout)
	}
	if rules, err := os.ReadDir("/etc/sudoers.d"); err != nil || len(rules) > 0 {
		t.Errorf("rules: %v, %v", rules, err)
	}
	m.run(bob, "allow")
	m.wantElevated("allow as a user", installed+" hosts allow")
	if _, err := os.Stat("/etc/sudoers.d/fettle-bob"); err != nil {
		t.Error(err)
	}
}
