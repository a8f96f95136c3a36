package main

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"fettle/hosts"
)

// "fettle hosts watch", as a process, tells each change and who made it.
func TestWatchCommand(t *testing.T) {
	w := newWorld(t, plainHosts)
	w.profile("a", "10.0.0.1 a.test\n")
	cmd := w.command("watch")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewScanner(out)
	for _, row := range []struct {
		about    string
		do       func()
		want, by string
		harm     hosts.Harm
		active   string
	}{
		{"the start", func() {}, "start", "other", "", ""},
		{"on", func() { w.run("on", "a") }, "profiles", "fettle", "", "a"},
		{"a profile that is no news", func() { w.profile("b", "10.0.0.2 b.test\n"); w.run("on", "a", "--for", "1h") }, "limits", "fettle", "", "a"},
		{"a line outside", func() { w.write("# theirs\n" + w.content()) }, "outside", "other", "", "a"},
		{"an edit", func() { w.write(strings.Replace(w.content(), "10.0.0.1", "10.0.0.9", 1)) }, "section", "other", hosts.Edited, "a"},
		{"on again", func() { w.run("on", "a") }, "limits section", "fettle", "", "a"},
		{"gone", func() { _ = os.Remove(w.hosts) }, "missing", "other", "", ""},
		{"back, without the section", func() { w.write(plainHosts) }, "missing", "other", hosts.Removed, ""},
		{"off", func() { w.run("use", "a") }, "profiles", "fettle", "", "a"},
	} {
		row.do()
		if !lines.Scan() {
			t.Fatalf("%s: the output ended: %v", row.about, lines.Err())
		}
		var line watchLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%s: %q: %v", row.about, lines.Text(), err)
		}
		var changes []string
		for _, c := range line.Changes {
			changes = append(changes, string(c))
		}
		if got := strings.Join(changes, " "); got != row.want || line.By != row.by || line.Harm != row.harm ||
			strings.Join(hosts.Names(line.Active), " ") != row.active || line.Path != w.hosts {
			t.Errorf("%s: got %s, want %+v", row.about, lines.Text(), row)
		}
	}
	if runtime.GOOS == "windows" {
		return // it has no signal to send
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
}

func TestWatchOnce(t *testing.T) {
	w := newWorld(t, plainHosts)
	w.profile("a", "10.0.0.1 a.test\n")
	cmd := w.command("watch", "--once")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewScanner(out)
	for _, want := range []string{`"changes":["start"]`, `"changes":["profiles"]`} {
		if !lines.Scan() || !strings.Contains(lines.Text(), want) {
			t.Errorf("got %q, want %s", lines.Text(), want)
		}
		w.run("on", "a")
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("watch --once: %v", err)
	}
}
