package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fettle/hosts"
)

// TestManyProcesses has eight users of one file, each with a profile of its
// own, who switch it 1,000 times in all, each time by a new process. Nobody's
// switch is lost, no reader sees half a file, and the history agrees.
func TestManyProcesses(t *testing.T) {
	const users, switches = 8, 1000
	const original = "127.0.0.1 localhost\n1.1.1.1 shop.test other.test\n# the last line has no end"
	w := newWorld(t, original)
	for i := range users {
		w.profile(fmt.Sprint("p", i), fmt.Sprintf("10.0.0.%d name%d.test shop%d.test\n", i+1, i, i))
	}
	stop := make(chan struct{})
	reads := make(chan int)
	go func() { reads <- w.readUntil(stop) }()

	var group sync.WaitGroup
	for i := range users {
		group.Go(func() { w.switchRepeatedly(fmt.Sprint("p", i), switches/users) })
	}
	group.Wait()
	close(stop)
	t.Logf("%d reads meanwhile", <-reads)

	// An odd number of switches ends with on: see switchRepeatedly.
	active := strings.Split(strings.TrimSpace(w.run("--short")), ",")
	slices.Sort(active)
	if got, want := strings.Join(active, " "), "p0 p1 p2 p3 p4 p5 p6 p7"; got != want {
		t.Errorf("on at the end: got %s, want %s", got, want)
	}
	w.wantHistory(switches)
	w.run("off", "--all")
	w.wantContent("after off --all", original)
	w.run("restore", "original")
	w.wantContent("the original", original)
}

// switchRepeatedly switches a profile on, off, on …, count times.
func (w world) switchRepeatedly(name string, count int) {
	for i := range count {
		op := []string{"on", "off"}[i%2]
		if out, err := w.command(op, name).CombinedOutput(); err != nil {
			w.t.Errorf("%s %s, number %d: %v\n%s", op, name, i, err, out)
			return
		}
	}
}

// readUntil reads the file again and again until stop is closed, fails the test
// if it ever is not whole, and returns how often it read.
func (w world) readUntil(stop <-chan struct{}) int {
	for count := 0; ; count++ {
		select {
		case <-stop:
			return count
		case <-time.After(time.Millisecond):
		}
		data, err := os.ReadFile(w.hosts)
		if err != nil {
			w.t.Errorf("reading meanwhile: %v", err)
			continue
		}
		f := hosts.Parse(data)
		if f.Damage != nil || f.Edited() || !strings.HasPrefix(string(data), "127.0.0.1 localhost\n") {
			w.t.Errorf("a reader saw %v and %.2000q", f.Damage, data)
		}
	}
}

// wantHistory fails the test unless the history has counted each change, and
// each entry begins where the one before ended.
func (w world) wantHistory(changes int) {
	w.t.Helper()
	s, err := hosts.Open(w.hosts, hosts.Options{StateDir: w.vars["FETTLE_STATE_DIR"]})
	if err != nil {
		w.t.Fatal(err)
	}
	entries, err := s.History()
	if err != nil {
		w.t.Fatal(err)
	}
	if last := entries[len(entries)-1].Number; last != changes || len(entries) != hosts.DefaultLimits.Entries {
		w.t.Errorf("the history has %d entries and ends with number %d, want %d and %d", len(entries), last, hosts.DefaultLimits.Entries, changes)
	}
	for i, e := range entries[1:] {
		if e.Replaced != entries[i].Result || e.Number != entries[i].Number+1 {
			w.t.Errorf("change %d replaces %v, but change %d led to %v", e.Number, e.Replaced, entries[i].Number, entries[i].Result)
		}
		if data, err := s.State(e.Replaced); err != nil || hosts.HashOf(data) != e.Replaced {
			w.t.Errorf("the state before change %d: %v", e.Number, err)
		}
	}
}

// A process that is killed in the middle lets the next one go on.
func TestLockOfAKilledProcess(t *testing.T) {
	w := newWorld(t, "127.0.0.1 localhost\n")
	w.profile("x", "10.0.0.1 shop.test\n")
	for range 20 {
		cmd := w.command("toggle", "x")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
		_ = cmd.Process.Kill() // it may have ended already
		err := cmd.Wait()
		if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
			t.Fatal(err)
		}
	}
	w.run("on", "x")
	w.run("off", "x")
	w.wantContent("off", "127.0.0.1 localhost\n")
}
