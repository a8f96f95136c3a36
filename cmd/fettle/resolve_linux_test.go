package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"fettle/hosts"
	"fettle/internal/need"
)

// hosts runs "fettle hosts …" and returns its exit status and all it printed.
func (m machine) hosts(c call) (status int, output string) {
	m.t.Helper()
	c.args = append([]string{installed, "hosts"}, c.args...)
	status, stdout, stderr := m.try(c)
	return status, stdout + stderr
}

// After a switch the system's own resolver is asked whether it saw it.
func TestVerify(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	need.Tool(t, "getent")
	m := newMachine(t)
	const agrees, differs = "the system's resolver says so too: shop.test is 10.0.0.1", "where the hosts file has 10.0.0.1"
	m.run(alice, "map", "x", "10.0.0.1", "shop.test")
	m.run(alice, "map", "y", "10.0.0.2", "new.test")
	// Nobody answers there, and says so at once.
	m.write("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", 0o644)
	m.mkdir("/usr/local/bin/slow")
	m.write("/usr/local/bin/slow/getent", "#!/bin/sh\nexec sleep 60\n", 0o755)
	slow := []string{"PATH=/usr/local/bin/slow:/usr/bin:/bin"}
	for _, row := range []struct {
		about, nsswitch, config string
		call                    call
		want, wantNot           []string
	}{
		{"an overridden name", "hosts: files dns\n", "", call{args: []string{"use", "x"}}, []string{agrees}, []string{"warning"}},
		{"a new name is no news", "hosts: files dns\n", "", call{args: []string{"use", "y"}}, nil, []string{"resolver", "warning"}},
		{"a switch that needs nothing", "hosts: files dns\n", "", call{args: []string{"use", "y"}}, nil, []string{"resolver"}},
		{"without files", "hosts: dns\n", "", call{args: []string{"use", "x"}},
			[]string{"warning: the system's resolver knows no shop.test, " + differs, `/etc/nsswitch.conf has no "files" in its line "hosts:"`}, []string{agrees}},
		{"switched off", "hosts: dns\n", "[hosts]\nverify = false\n", call{args: []string{"use", "y"}}, nil, []string{"resolver"}},
		{"one that hangs", "hosts: files\n", "", call{args: []string{"use", "x"}, env: slow},
			[]string{"was asked for shop.test: no answer within 2 seconds, " + differs}, []string{agrees}},
		{"off", "hosts: dns\n", "", call{args: []string{"off", "--all"}}, nil, []string{"resolver"}},
	} {
		m.write("/etc/nsswitch.conf", row.nsswitch+"passwd: files\ngroup: files\nshadow: files\n", 0o644)
		m.write(alice.home()+"/.config/fettle/config.toml", row.config, 0o644)
		row.call.who = alice
		start := time.Now()
		status, out := m.hosts(row.call)
		if status != 0 {
			t.Errorf("%s: exit status %d\n%s", row.about, status, out)
		}
		for _, want := range row.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: got %q, want %q in it", row.about, out, want)
			}
		}
		for _, not := range row.wantNot {
			if strings.Contains(out, not) {
				t.Errorf("%s: got %q, want no %q in it", row.about, out, not)
			}
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %v", row.about, took)
		}
	}
}

func TestResolve(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	need.Tool(t, "getent")
	m := newMachine(t)
	m.run(alice, "map", "x", "10.0.0.1", "shop.test")
	m.run(alice, "map", "x", "fd00::1", "six.test")
	m.run(alice, "on", "x")
	status, out := m.hosts(call{who: carol, args: []string{"resolve", "shop.test", "other.test", "six.test", "localhost"}})
	if status != 0 || strings.Count(out, "they agree") != 4 || !strings.Contains(out, "profile x") {
		t.Errorf("exit status %d, want 0 and four times that they agree:\n%s", status, out)
	}
	m.write("/etc/nsswitch.conf", "hosts: dns files\npasswd: files\ngroup: files\n", 0o644)
	m.write("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", 0o644)
	// The hosts file answers in the end.
	if status, out := m.hosts(call{who: carol, args: []string{"resolve", "shop.test"}}); status != 0 {
		t.Errorf("files behind dns: exit status %d\n%s", status, out)
	}
	m.write("/etc/nsswitch.conf", "hosts: dns\npasswd: files\ngroup: files\n", 0o644)
	status, stdout, _ := m.try(call{who: carol, args: []string{installed, "hosts", "resolve", "shop.test", "nowhere.test", "--json"}})
	var answers []hosts.Answer
	if err := json.Unmarshal([]byte(stdout), &answers); err != nil || status != 1 || len(answers) != 2 || answers[0].Agree || !answers[1].Agree {
		t.Errorf("without files: exit status %d, %v\n%s", status, err, stdout)
	}
	status, out = m.hosts(call{who: carol, args: []string{"resolve", "shop.test"}})
	for _, want := range []string{"they differ", `no "files"`, "Browsers"} {
		if status != 1 || !strings.Contains(out, want) {
			t.Errorf("without files: exit status %d, want 1 and %q in\n%s", status, want, out)
		}
	}
}

// Limits, runs and what others did, on the system's own file, by a user whom
// only the write step gets past its rights.
func TestTimeAsUser(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	m.run(alice, "map", "x", "10.0.0.1", "x.test")
	m.run(alice, "map", "y", "10.0.0.2", "y.test")
	m.run(alice, "on", "x", "--for", "30m")
	if out := m.run(carol); !strings.Contains(out, " minutes left") {
		t.Errorf("another user sees %q", out)
	}
	m.elevated()
	m.run(alice, "expire")
	m.wantElevated("expire with nothing to do")

	m.run(alice, "run", "x", "y", "--", "grep", "-q", "active y .* run [0-9]", "/etc/hosts")
	m.wantElevated("run", writeStep, writeStep)
	if got := m.run(alice, "--short"); got != "x\n" {
		t.Errorf("after the run %q is on, want x", got)
	}
	on := m.read("/etc/hosts")
	at := strings.Index(on, " until ")
	m.write("/etc/hosts", on[:at]+" until 2020-01-01T00:00:00Z"+on[at+len(" until 2020-01-01T00:00:00Z"):], 0o644)
	m.run(alice, "on", "y")
	if got := m.run(alice, "--short"); got != "y\n" {
		t.Errorf("after the limit %q is on, want y", got)
	}

	// Others may read what Fettle left, and see that it is gone.
	m.write("/etc/hosts", machineHosts, 0o644)
	_, out := m.hosts(call{who: carol})
	if !strings.Contains(out, "removed Fettle's section, and with it y") {
		t.Errorf("another user sees %q", out)
	}
	m.elevated()
	m.run(alice, "accept")
	m.wantElevated("accept", writeStep)
	m.wantHosts("accept", machineHosts)
	if _, out := m.hosts(call{who: carol}); strings.Contains(out, "warning") {
		t.Errorf("after accept another user sees %q", out)
	}
}

// Who may not switch back at the end of a run hears of it, and the exit status
// stays that of the command.
func TestRunWithoutRightsAtTheEnd(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	m.run(bob, "map", "x", "10.0.0.1", "x.test")
	status, out := m.hosts(call{who: bob, args: []string{"run", "x", "--", "sh", "-c", "sudo sed -i /^bob/d /etc/sudoers; exit 5"}})
	if status != 5 || !strings.Contains(out, "could not be switched off") || !strings.Contains(out, "fettle hosts expire") {
		t.Errorf("exit status %d, want 5 and what to do:\n%s", status, out)
	}
	if _, out := m.hosts(call{who: bob}); !strings.Contains(out, "left behind by a run") {
		t.Errorf("then hosts says %q", out)
	}
	m.run(root, "expire")
	m.wantHosts("expire", machineHosts)

	// Who may not switch at all never starts the command.
	m.run(carol, "map", "x", "10.0.0.1", "x.test")
	if status, out := m.hosts(call{who: carol, args: []string{"run", "x", "--", "echo", "started"}}); status != 1 || strings.Contains(out, "started") {
		t.Errorf("without rights: exit status %d\n%s", status, out)
	}
}
