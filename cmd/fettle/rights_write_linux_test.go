package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"fettle/hosts"
)

// request returns an honest request to put a profile in force, as a document
// that a test may change.
func (m machine) request() map[string]any {
	m.t.Helper()
	s, err := hosts.Open("", hosts.Options{})
	if err != nil {
		m.t.Fatal(err)
	}
	f, err := s.Read()
	if err != nil {
		m.t.Fatal(err)
	}
	p, err := hosts.PlanApply(f, []hosts.Want{{Profile: hosts.Profile{Name: "x", Text: []byte("10.0.0.1 shop.test\n")}, Since: time.Now()}}, s.Platform)
	if err != nil {
		m.t.Fatal(err)
	}
	p.Action = "on x"
	var document map[string]any
	if err := json.Unmarshal([]byte(m.encode(p.Request())), &document); err != nil {
		m.t.Fatal(err)
	}
	return document
}

func (m machine) encode(v any) string {
	m.t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		m.t.Fatal(err)
	}
	return string(data)
}

// changed returns the request with other fields.
func changed(request map[string]any, fields map[string]any) map[string]any {
	request = maps.Clone(request)
	maps.Copy(request, fields)
	return request
}

// step runs the write step itself, and returns its reply.
func (m machine) step(c call) (status int, reply hosts.Reply) {
	m.t.Helper()
	args := append([]string{installed, "hosts", "write"}, c.args...)
	status, stdout, stderr := m.try(call{who: c.who, args: args, env: c.env, stdin: c.stdin})
	if err := json.Unmarshal([]byte(stdout), &reply); err != nil && len(c.args) == 1 {
		m.t.Errorf("%q: the reply is %q: %s", c.args, stdout, stderr)
	}
	return status, reply
}

// What reaches the write step is hostile until shown otherwise.
func TestWriteStepRefuses(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	honest := m.request()
	const system = "/etc/hosts"
	nobody := strings.Repeat("ab", 32)
	for _, row := range []struct {
		about string
		call  call
		code  string // of the reply, "" for any
		text  string // in the error
	}{
		{"another target", call{who: root, args: []string{"/etc/passwd"}, stdin: m.encode(honest)}, "not-system", ""},
		{"another way to the target", call{who: root, args: []string{"/etc/../etc/hosts"}, stdin: m.encode(honest)}, "not-system", ""},
		{"a target beside", call{who: root, args: []string{system, "--hosts-file", "/etc/passwd"}, stdin: m.encode(honest)}, "not-system", ""},
		{"not root", call{who: alice, args: []string{system}, stdin: m.encode(honest)}, "", "root"},
		{"nothing", call{who: root, args: []string{system}}, "refused", ""},
		{"garbage", call{who: root, args: []string{system}, stdin: "\x00\xff{"}, "refused", ""},
		{"a list", call{who: root, args: []string{system}, stdin: "[]"}, "refused", ""},
		{"more behind the request", call{who: root, args: []string{system}, stdin: m.encode(honest) + "{}"}, "refused", ""},
		{"an unknown field", m.stdin(changed(honest, map[string]any{"target": "/etc/passwd"})), "refused", "target"},
		{"a hash that is none", m.stdin(changed(honest, map[string]any{"base": "x"})), "refused", ""},
		{"another base", m.stdin(changed(honest, map[string]any{"base": nobody})), "changed", ""},
		{"another result", m.stdin(changed(honest, map[string]any{"result": nobody})), "refused", ""},
		{"other profiles", m.stdin(changed(honest, map[string]any{"profiles": nil})), "refused", ""},
		{"a profile name that leads elsewhere", m.stdin(changed(honest, map[string]any{
			"profiles": []any{map[string]any{"name": "../x", "text": "", "since": "2026-01-01T00:00:00Z"}}})), "", "../x"},
		{"a state that was never kept", m.stdin(changed(honest, map[string]any{"restore": true, "profiles": nil, "result": nobody})), "no-history", ""},
		{"a state that is a path", m.stdin(changed(honest, map[string]any{"restore": true, "profiles": nil, "result": "../../etc/shadow"})), "refused", ""},
		{"a state and profiles", m.stdin(changed(honest, map[string]any{"restore": true})), "refused", ""},
		{"to accept, and profiles", m.stdin(changed(honest, map[string]any{"accept": true})), "refused", ""},
		{"to accept another result", m.stdin(changed(honest, map[string]any{"accept": true, "profiles": nil})), "refused", ""},
		{"to accept and a state", m.stdin(changed(honest, map[string]any{"accept": true, "restore": true, "profiles": nil})), "refused", ""},
		{"a run with a line of its own", m.stdin(changed(honest, map[string]any{"profiles": []any{map[string]any{
			"name": "x", "text": "", "since": "2026-01-01T00:00:00Z", "runs": []any{map[string]any{"pid": 1, "mark": "1\n6.6.6.6 bank.test"}}}}})), "", "does not name a run"},
		{"a limit that the header cannot hold", m.stdin(changed(honest, map[string]any{"profiles": []any{map[string]any{
			"name": "x", "text": "", "since": "2026-01-01T00:00:00Z", "until": "9999-12-31T23:59:59-01:00"}}})), "", "10000"},
		{"profiles without end", m.stdin(changed(honest, map[string]any{"profiles": slices.Repeat([]any{map[string]any{
			"name": "x", "text": "", "since": "2026-01-01T00:00:00Z"}}, 2000)})), "refused", "2000"},
		{"a control character in the history", m.stdin(changed(honest, map[string]any{"action": "on \x1b[2J"})), "refused", ""},
		{"a line end in the history", m.stdin(changed(honest, map[string]any{"action": "on\nx"})), "refused", ""},
		{"a long action", m.stdin(changed(honest, map[string]any{"action": strings.Repeat("x", 5000)})), "refused", ""},
	} {
		status, reply := m.step(row.call)
		if status != 1 || reply.Written || reply.Error == "" || row.code != "" && reply.Code != row.code || !strings.Contains(reply.Error, row.text) {
			t.Errorf("%s: got exit status %d and %+v, want 1, the code %q and %q in the error", row.about, status, reply, row.code, row.text)
		}
		m.wantHosts(row.about, machineHosts)
	}
	if _, err := os.Stat("/var/lib/fettle/history.json"); err == nil {
		t.Error("refused requests left a history")
	}
}

// stdin returns the call of the step with this request.
func (m machine) stdin(request map[string]any) call {
	m.t.Helper()
	return call{who: root, args: []string{"/etc/hosts"}, stdin: m.encode(request)}
}

// The environment of the write step has no say, and no program of its caller
// runs.
func TestWriteStepEnvironment(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	traps := alice.home() + "/bin"
	m.mkdir(traps)
	for _, name := range []string{"resolvectl", "nscd", "restorecon", "getent", "sudo", "systemctl"} {
		m.write(filepath.Join(traps, name), "#!/bin/sh\ntouch /home/trapped\n", 0o755)
	}
	status, reply := m.step(call{who: root, args: []string{"/etc/hosts"}, stdin: m.encode(m.request()), env: []string{
		"PATH=" + traps, "FETTLE_HOSTS_FILE=/etc/passwd", "FETTLE_STATE_DIR=/home/state", "FETTLE_CONFIG_DIR=/home/config",
		"HOME=/home/elsewhere", "XDG_STATE_HOME=/home/xdg", "XDG_CONFIG_HOME=relative", "SUDO_UID=4242", "TMPDIR=" + traps,
	}})
	if status != 0 || !reply.Written {
		t.Errorf("got exit status %d and %+v, want a write", status, reply)
	}
	m.wantResolved(map[string]string{"shop.test": "10.0.0.1"})
	m.wantOwned(root, "/var/lib/fettle")
	for _, path := range []string{"/home/trapped", "/home/state", "/home/config", "/home/elsewhere", "/home/xdg"} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("the environment led to %s", path)
		}
	}
}

// The policy for polkit can name no more than a program and its first argument,
// and its dialog speaks of the hosts file: nothing else may come by that way.
func TestPkexecRunsOnlyTheWriteStep(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	m.run(alice, "map", "x", "10.0.0.1", "shop.test")
	env := []string{fmt.Sprint("PKEXEC_UID=", alice.uid), "FETTLE_CONFIG_DIR=" + alice.home() + "/.config/fettle", "EDITOR=touch /home/trapped"}
	for _, args := range [][]string{
		{"run", "x", "--", "touch", "/home/trapped"},
		{"edit", "x"},
		{"check", "/etc/shadow", "--fail-on", "never"},
		{"new", "y", "/etc/shadow"},
		{"on", "x"},
		{"allow"},
		{},
	} {
		status, stdout, stderr := m.try(call{who: root, env: env, args: append([]string{installed, "hosts"}, args...)})
		if status != 1 || stdout != "" || !strings.Contains(stderr, "pkexec") {
			t.Errorf("hosts %q: exit status %d, %q, %q; want it refused", args, status, stdout, stderr)
		}
	}
	if _, err := os.Stat("/home/trapped"); err == nil {
		t.Error("a program of the caller ran as root")
	}
	m.wantHosts("refused commands", machineHosts)
	if status, reply := m.step(call{who: root, env: env, args: []string{"/etc/hosts"}, stdin: m.encode(m.request())}); status != 0 || !reply.Written {
		t.Errorf("the write step: exit status %d and %+v, want a write", status, reply)
	}
}

// The request file of a system whose dialog passes no input on.
func TestWriteStepRequestFile(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	request := m.encode(m.request())
	hash := hosts.HashOf([]byte(request)).String()
	for _, row := range []struct {
		about string
		make  func(path string)
		hash  string
		ok    bool
	}{
		{"missing", func(string) {}, hash, false},
		{"of another user", func(path string) { m.write(path, request, 0o600); m.give(carol, path) }, hash, false},
		{"of root", func(path string) { m.write(path, request, 0o600) }, hash, false},
		{"others can read", func(path string) { m.write(path, request, 0o644); m.give(alice, path) }, hash, false},
		{"others can write", func(path string) { m.write(path, request, 0o602); m.give(alice, path) }, hash, false},
		{"a link", func(path string) {
			m.write(path+".real", request, 0o600)
			m.give(alice, path+".real")
			if err := os.Symlink(path+".real", path); err != nil {
				t.Fatal(err)
			}
		}, hash, false},
		{"a FIFO", func(path string) {
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
			m.give(alice, path)
		}, hash, false},
		{"a folder", func(path string) { m.mkdir(path) }, hash, false},
		{"other content", func(path string) { m.write(path, request+" ", 0o600); m.give(alice, path) }, hash, false},
		{"no hash", func(path string) { m.write(path, request, 0o600); m.give(alice, path) }, "", false},
		{"as it should be", func(path string) { m.write(path, request, 0o600); m.give(alice, path) }, hash, true},
	} {
		path := filepath.Join(alice.home(), "request")
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		row.make(path)
		start := time.Now()
		status, reply := m.step(call{who: root, env: []string{fmt.Sprint("SUDO_UID=", alice.uid)}, args: []string{"/etc/hosts", "--request", path, "--sha256", row.hash}})
		if (status == 0) != row.ok || reply.Written != row.ok || (reply.Error == "") != row.ok {
			t.Errorf("%s: got exit status %d and %+v, want a write: %v", row.about, status, reply, row.ok)
		}
		if time.Since(start) > 10*time.Second {
			t.Errorf("%s: it hung", row.about)
		}
		if !row.ok {
			m.wantHosts(row.about, machineHosts)
		}
	}
}
