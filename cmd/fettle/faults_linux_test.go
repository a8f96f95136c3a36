package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"fettle/internal/faults"
)

const faultProfile = "10.0.0.1 shop.test\n127.0.0.1 own.test\n"

// faultOriginal is longer than a page, so that a torn file would show.
var faultOriginal = "127.0.0.1 localhost\n" + strings.Repeat("1.1.1.1 shop.test other.test\n", 300)

// A faultCase is a command of the whole program that is broken at each of its
// system calls.
type faultCase struct {
	name   string
	before [][]string // commands that lead to the old state
	args   []string
}

var faultCases = []faultCase{
	{name: "on", args: []string{"on", "x"}},
	{name: "off", before: [][]string{{"on", "x"}}, args: []string{"off", "--all"}},
	{name: "undo", before: [][]string{{"on", "y"}, {"on", "x"}}, args: []string{"undo"}},
}

// TestProgramUnderFaults breaks every system call of a switch: the hosts file
// is the old one or the new one, what is reported is true, and the next command
// leads to the right file.
func TestProgramUnderFaults(t *testing.T) {
	for _, c := range faultCases {
		t.Run(c.name, func(t *testing.T) { c.run(t, func(*testing.T, world) {}) })
	}
}

// TestProgramUnderFaultsInBindMount does the same where the file cannot be
// replaced, as in every container. It may then be torn, but is repaired.
func TestProgramUnderFaultsInBindMount(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	for _, c := range faultCases {
		if c.name != "off" && !long() {
			continue // off is the one that truncates the file, and so can tear it
		}
		t.Run(c.name, func(t *testing.T) {
			c.run(t, func(t *testing.T, w world) { mount(t, w.hosts, w.hosts, "", unix.MS_BIND, "") })
		})
	}
}

// long reports whether a test may take minutes.
func long() bool { return os.Getenv("FETTLE_LONG") != "" }

// world returns a world in the old state.
func (c faultCase) world(t *testing.T, prepare func(*testing.T, world)) world {
	w := newWorld(t, faultOriginal)
	w.profile("x", faultProfile)
	w.profile("y", "10.0.0.2 shop.test\n")
	prepare(t, w)
	for _, args := range c.before {
		w.run(args...)
	}
	return w
}

func (c faultCase) run(t *testing.T, prepare func(*testing.T, world)) {
	whole := c.world(t, func(*testing.T, world) {})
	whole.run(c.args...)
	result := whole.content()
	faults.Run(t, func(t *testing.T) faults.Trial {
		w := c.world(t, prepare)
		old := w.content()
		return faults.Trial{Command: w.command(c.args...), Check: func(o faults.Outcome) {
			c.check(t, w, o, old, result)
		}}
	})
}

// check judges what a fault left behind, and goes on working with it.
func (c faultCase) check(t *testing.T, w world, o faults.Outcome, old, result string) {
	at := fmt.Sprint(o.Fault)
	got := timeless(w.content())
	isOld, isNew := got == timeless(old), got == timeless(result)
	if o.Err == nil && !isNew {
		t.Errorf("%s: reported as success without the new content\n%s", at, o.Output)
	}
	if o.Err != nil && o.Fault.Kind != faults.Kill && !strings.Contains(o.Output, "fettle: ") {
		t.Errorf("%s: failed without a word: %q", at, o.Output)
	}
	if !isOld && !isNew {
		if status, output := w.try(); status != 0 || !strings.Contains(output, "interrupted") {
			t.Errorf("%s: the file is torn, and \"fettle hosts\" says (%d): %s", at, status, output)
		}
	}
	// A command that was not carried out is typed again. One more undo would
	// take back one change more.
	if !isNew || c.name != "undo" {
		w.run(c.args...)
	}
	w.wantContent(at+": after the next command", result)
	if c.name != "undo" {
		w.run("undo")
		w.wantContent(at+": undone", old)
	}
	if left := w.temporaryFiles(); len(left) > 0 {
		t.Errorf("%s: left behind: %q", at, left)
	}
	if journals, _ := filepath.Glob(filepath.Join(w.vars["FETTLE_STATE_DIR"], "hosts", "*", "journal.json")); len(journals) > 0 {
		t.Errorf("%s: a journal is left", at)
	}
}
