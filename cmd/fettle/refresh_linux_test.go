package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// newListServer returns the URL of a server that serves what text holds.
func newListServer(t *testing.T, text *atomic.Value) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, text.Load().(string))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// A refresh puts a new text in force where that needs no question. Where it
// does, it waits, and all who show what is on say so.
func TestRefreshAsUser(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	m := newMachine(t)
	var text atomic.Value
	text.Store("0.0.0.0 ads.test\n")
	url := newListServer(t, &text)
	for _, who := range []person{alice, carol} {
		m.run(who, "subscribe", "ads", url, "--insecure-http")
	}
	m.wantElevated("subscribe")

	m.run(alice, "on", "ads")
	m.wantElevated("on", writeStep)
	text.Store("0.0.0.0 ads.test\n0.0.0.0 new.test\n")
	if out := m.run(alice, "refresh", "ads"); !strings.Contains(out, "ads: new text, 34 B, in force") {
		t.Errorf("alice: got %q", out)
	}
	m.wantElevated("refresh by alice", writeStep)
	m.wantResolved(map[string]string{"new.test": "0.0.0.0"})
	m.run(alice, "refresh", "ads")
	m.wantElevated("refresh without news")
	m.run(alice, "off", "--all")

	// Root has put carol's profile in force, who may do nothing herself.
	text.Store("0.0.0.0 ads.test\n")
	m.run(carol, "refresh", "ads")
	config := "FETTLE_CONFIG_DIR=" + carol.home() + "/.config/fettle"
	if status, _, stderr := m.try(call{who: root, env: []string{config}, args: []string{installed, "hosts", "on", "ads"}}); status != 0 {
		t.Fatal(stderr)
	}
	text.Store("0.0.0.0 ads.test\n0.0.0.0 new.test\n")
	on := m.read("/etc/hosts")
	if out := m.run(carol, "refresh", "ads"); !strings.Contains(out, "newer text is waiting, apply with: fettle hosts on ads") {
		t.Errorf("carol: got %q", out)
	}
	m.wantHosts("refresh by carol", on)
	for _, args := range [][]string{{"hosts"}, {"status"}, {"hosts", "list"}} {
		_, stdout, stderr := m.try(call{who: carol, args: append([]string{installed}, args...)})
		if !strings.Contains(stdout+stderr, "newer text is waiting") {
			t.Errorf("fettle %s says %q", strings.Join(args, " "), stdout+stderr)
		}
	}
	if out := m.run(carol, "refresh", "ads"); !strings.Contains(out, "nothing new; newer text is waiting") {
		t.Errorf("carol again: got %q", out)
	}
}

// Ctrl-C ends a download at once, with a status of its own, and counts as no
// failure of the server.
func TestRefreshIsInterrupted(t *testing.T) {
	asked := make(chan struct{}, 2)
	var slow atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "0.0.0.0 ads.test\n")
		if slow.Load() {
			w.(http.Flusher).Flush()
			asked <- struct{}{}
			<-r.Context().Done()
		}
	}))
	t.Cleanup(s.Close)
	w := newWorld(t, "127.0.0.1 localhost\n")
	w.run("subscribe", "ads", s.URL, "--insecure-http")
	slow.Store(true)
	for _, args := range [][]string{{"refresh", "ads"}, {"subscribe", "more", s.URL, "--insecure-http"}} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-asked
			cancel()
		}()
		var out bytes.Buffer
		e := &env{stdin: strings.NewReader(""), stdout: &out, stderr: &out, now: time.Now, getenv: func(name string) string { return w.vars[name] }}
		started := time.Now()
		if status := run(ctx, e, w.args(args)); status != 130 || !strings.Contains(out.String(), "interrupted") || time.Since(started) > 5*time.Second {
			t.Errorf("%s: exit status %d after %v: %s", args[0], status, time.Since(started), out.String())
		}
		cancel()
	}
	if out := w.run("list"); strings.Contains(out, "failing") || strings.Contains(out, "more") {
		t.Errorf("afterwards the list is %q", out)
	}
	if left := w.temporaryFiles(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
