package hosts

import (
	"errors"
	"strings"
	"testing"
)

// Undo goes back change by change, as in an editor, and a switch in between
// counts as a change.
func TestUndoChain(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x")
	b.change(On, "y")
	b.change(Use, "z")
	b.undo()
	b.wantOn("undo", "x", "y")
	b.undo()
	b.wantOn("undo, undo", "x")
	b.change(On, "z")
	b.wantOn("undo, undo, on", "x", "z")
	b.undo()
	b.wantOn("undo of the on", "x")
	b.undo()
	b.want("undo to the beginning", testOriginal)
	if _, err := b.Update(t.Context(), b.PlanUndo); !errors.Is(err, ErrNoHistory) {
		t.Errorf("undo of nothing: got %v, want ErrNoHistory", err)
	}
	b.change(On, "y")
	b.undo()
	b.want("on and undo at the beginning", testOriginal)
}

func TestUndoSaysWhat(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x")
	if p := b.undo(); p.Action != "undo 1" || p.Undoes != 1 {
		t.Errorf("got the action %q of %d, want undo 1", p.Action, p.Undoes)
	}
	if e := b.entries(); e[len(e)-1].Undoes != 1 || e[len(e)-1].Action != "undo 1" {
		t.Errorf("the history has %+v", e[len(e)-1])
	}
}

// What others wrote in between stays.
func TestUndoKeepsLinesOfOthers(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x")
	b.change(Use, "y")
	b.edit(func(s string) string { return "# head of others\n" + s + "3.3.3.3 late.test\n" })
	b.undo()
	b.wantOn("undo", "x")
	for name, want := range map[string]string{"late.test": "3.3.3.3", "shop.test": "10.0.0.1", "other.test": "1.1.1.1"} {
		if got := addresses([]byte(b.content()), name); got != want {
			t.Errorf("%s is %q, want %q, in\n%s", name, got, want, b.content())
		}
	}
	b.undo()
	b.want("undo, undo", "# head of others\n"+testOriginal+"\n3.3.3.3 late.test\n")
}

// A crash may leave an entry whose change did not happen, of a switch or of an
// undo. Undo takes back the last change that did.
func TestUndoAfterACrash(t *testing.T) {
	for _, row := range []struct {
		about string
		crash func(*testing.T, box)
		want  []string
	}{
		{"in a switch", func(_ *testing.T, b box) { b.enterOnly(b.decide(Use, "z")) }, []string{"x"}},
		{"in an undo", func(_ *testing.T, b box) { b.enterOnly(b.PlanUndo) }, []string{"x"}},
		{"in two undos", func(_ *testing.T, b box) { b.enterOnly(b.PlanUndo); b.enterOnly(b.PlanUndo) }, []string{"x"}},
		{"in the second undo", func(_ *testing.T, b box) { b.undo(); b.enterOnly(b.PlanUndo) }, nil},
	} {
		b := newBox(t, Limits{})
		b.change(On, "x")
		b.change(On, "y")
		row.crash(t, b)
		b.undo()
		b.wantOn("undo after a crash "+row.about, row.want...)
	}
}

// enterOnly does what a change does up to the moment before it writes the file.
func (b box) enterOnly(decide func(*File) (*Plan, error)) {
	b.t.Helper()
	f, err := b.Read()
	if err != nil {
		b.t.Fatal(err)
	}
	p, err := decide(f)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.history.keep(f); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.history.add(Entry{Action: p.Action, Replaced: p.Base, Result: p.Result, Was: Names(p.Before), Now: Names(p.After), Undoes: p.Undoes}); err != nil {
		b.t.Fatal(err)
	}
}

// Restoring is for damaged files, too; nothing else works on them.
func TestRestoreOfADamagedFile(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x")
	on := b.content()
	b.change(On, "y")
	b.edit(func(s string) string { return strings.Replace(s, endMark, "# gone", 1) })
	damaged := b.content()
	for about, decide := range map[string]func(*File) (*Plan, error){
		"on": b.decide(On, "z"), "off": b.decide(Off), "use": b.decide(Use, "z"), "toggle": b.decide(Toggle, "x"), "undo": b.PlanUndo,
	} {
		_, err := b.Update(t.Context(), decide)
		if _, ok := errors.AsType[*DamageError](err); !ok {
			t.Errorf("%s: got %v, want the damage", about, err)
		}
		b.want(about, damaged)
	}
	b.update(func(f *File) (*Plan, error) { return b.PlanRestoreEntry(f, 2) })
	b.want("restore 2", on)
	b.undo()
	b.want("undo of the restore", damaged)
	b.update(b.PlanRestoreOriginal)
	b.want("restore original", testOriginal)
	if _, err := b.Update(t.Context(), func(f *File) (*Plan, error) { return b.PlanRestoreEntry(f, 99) }); !errors.Is(err, ErrNoHistory) {
		t.Errorf("restore 99: got %v, want ErrNoHistory", err)
	}
}
