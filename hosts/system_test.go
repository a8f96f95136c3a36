package hosts

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const testOriginal = "127.0.0.1 localhost\n1.1.1.1 shop.test other.test"

// A box is a hosts file with its history and a library of profiles, in a folder
// of their own.
type box struct {
	*System
	t       testing.TB
	dir     string
	library Library
}

func newBox(t testing.TB, limits Limits) box {
	t.Helper()
	dir := t.TempDir()
	b := box{t: t, dir: dir, library: Library{Dir: filepath.Join(dir, "profiles")}}
	path := filepath.Join(dir, "etc", "hosts")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(testOriginal), 0o644); err != nil {
		t.Fatal(err)
	}
	var err error
	if b.System, err = Open(path, Options{StateDir: filepath.Join(dir, "state"), Limits: limits}); err != nil {
		t.Fatal(err)
	}
	b.save("x", "10.0.0.1 shop.test\n")
	b.save("y", "10.0.0.2 shop.test\n")
	b.save("z", "127.0.0.1 z.test\n")
	return b
}

func (b box) save(name, text string) {
	b.t.Helper()
	if err := b.library.Save(Profile{Name: name, Text: []byte(text)}); err != nil {
		b.t.Fatal(err)
	}
}

// update carries decide out and must succeed.
func (b box) update(decide func(*File) (*Plan, error)) *Plan {
	b.t.Helper()
	p, err := b.Update(b.t.Context(), decide)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b box) decide(op Op, names ...string) func(*File) (*Plan, error) {
	return func(f *File) (*Plan, error) {
		return Switch{Op: op, Names: names, Now: testTime}.Plan(f, b.library, b.Platform)
	}
}

func (b box) change(op Op, names ...string) *Plan {
	b.t.Helper()
	return b.update(b.decide(op, names...))
}

func (b box) undo() *Plan {
	b.t.Helper()
	return b.update(b.PlanUndo)
}

func (b box) content() string {
	b.t.Helper()
	data, err := os.ReadFile(b.Path)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

// edit changes the file as another program does.
func (b box) edit(change func(string) string) {
	b.t.Helper()
	if err := os.WriteFile(b.Path, []byte(change(b.content())), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func (b box) want(about, want string) {
	b.t.Helper()
	if got := b.content(); got != want {
		b.t.Errorf("%s: the file is %q, want %q", about, got, want)
	}
}

func (b box) wantOn(about string, want ...string) {
	b.t.Helper()
	f, err := b.Read()
	if err != nil {
		b.t.Fatal(err)
	}
	if got := strings.Join(Names(f.Active()), " "); got != strings.Join(want, " ") || f.Damage != nil {
		b.t.Errorf("%s: %q is on, want %q", about, got, want)
	}
}

func (b box) entries() []Entry {
	b.t.Helper()
	entries, err := b.History()
	if err != nil {
		b.t.Fatal(err)
	}
	return entries
}

// tree returns all files below the box with their times and content.
func (b box) tree() map[string]string {
	b.t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		tree[path] = info.ModTime().String()
		if !d.IsDir() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			tree[path] += string(data)
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return tree
}

func TestNothingToChangeWritesNothing(t *testing.T) {
	b := newBox(t, Limits{})
	for _, change := range []func(){
		func() { b.change(Off) },
		func() { b.change(Off, "x") },
		func() { b.change(Toggle) },
	} {
		before := b.tree()
		change()
		if after := b.tree(); !maps.Equal(before, after) {
			t.Errorf("with nothing on, the tree was %v and is %v", before, after)
		}
	}
	b.change(On, "x", "z")
	for about, change := range map[string]func(){
		"on again":  func() { b.change(On, "x") },
		"use again": func() { b.change(Use, "x", "z") },
		"off of y":  func() { b.change(Off, "y") },
	} {
		before := b.tree()
		change()
		if after := b.tree(); !maps.Equal(before, after) {
			t.Errorf("%s: the tree was %v and is %v", about, before, after)
		}
	}
}

func TestReadingWritesNothing(t *testing.T) {
	b := newBox(t, Limits{})
	before := b.tree()
	f, err := b.Read()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.decide(On, "x")(f); err != nil {
		t.Fatal(err)
	}
	if _, err := b.PlanUndo(f); !errors.Is(err, ErrNoHistory) {
		t.Errorf("undo of nothing: got %v, want ErrNoHistory", err)
	}
	if _, err := b.Original(); !errors.Is(err, ErrNoHistory) {
		t.Errorf("the original before the first change: got %v, want ErrNoHistory", err)
	}
	if b.Interrupted() || len(b.entries()) > 0 {
		t.Error("there is a history before the first change")
	}
	if after := b.tree(); !maps.Equal(before, after) {
		t.Errorf("the tree was %v and is %v", before, after)
	}
}

func TestSwitch(t *testing.T) {
	b := newBox(t, Limits{})
	for _, row := range []struct {
		op    Op
		names []string
		want  []string
	}{
		{On, []string{"x"}, []string{"x"}},
		{On, []string{"y", "y"}, []string{"x", "y"}},
		{On, []string{"x"}, []string{"x", "y"}}, // keeps its place
		{Toggle, []string{"x", "z"}, []string{"y", "z"}},
		{Use, []string{"z", "x"}, []string{"z", "x"}},
		{Off, []string{"z", "y"}, []string{"x"}},
		{Toggle, []string{"x"}, nil},
		{Use, []string{"x"}, []string{"x"}},
		{Off, nil, nil},
	} {
		b.change(row.op, row.names...)
		b.wantOn(string(row.op)+" "+strings.Join(row.names, " "), row.want...)
	}
	b.want("off", testOriginal)
	for _, op := range []Op{On, Use, Toggle, Off} {
		if _, err := b.Update(t.Context(), b.decide(op, "nobody")); !errors.Is(err, ErrNoProfile) {
			t.Errorf("%s nobody: got %v, want ErrNoProfile", op, err)
		}
	}
}

// A profile keeps the text that it was switched on with until it is switched on
// again, even when its file has changed or is gone.
func TestAppliedTextStays(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x")
	b.save("x", "10.9.9.9 shop.test\n")
	b.change(On, "z")
	if got := addresses([]byte(b.content()), "shop.test"); got != "10.0.0.1" {
		t.Errorf("after another switch shop.test is %s, want what was on", got)
	}
	b.change(On, "x")
	if got := addresses([]byte(b.content()), "shop.test"); got != "10.9.9.9" {
		t.Errorf("switched on again shop.test is %s, want the new text", got)
	}
	if err := b.library.Remove("x"); err != nil {
		t.Fatal(err)
	}
	b.change(Off, "z")
	b.wantOn("with the profile's file gone", "x")
	b.change(Off, "x")
	b.want("off", testOriginal)
}

func TestChanged(t *testing.T) {
	b := newBox(t, Limits{})
	f, err := b.Read()
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.decide(On, "x")(f)
	if err != nil {
		t.Fatal(err)
	}
	b.edit(func(s string) string { return s + "\n3.3.3.3 new.test\n" })
	before := b.content()
	if err := b.Execute(t.Context(), p); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
	b.want("a stale plan", before)
	if _, err := os.Stat(b.StateDir()); err == nil {
		t.Error("a stale plan left a history")
	}
}

// A file that cannot be read is an error, and never an empty file.
func TestUnreadable(t *testing.T) {
	b := newBox(t, Limits{})
	if err := os.Remove(b.Path); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Update(t.Context(), b.decide(On, "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: got %v, want ErrNotExist", err)
	}
	if _, err := os.Lstat(b.Path); err == nil {
		t.Error("the missing file was made")
	}
	for _, path := range []string{b.dir, b.Path, filepath.Join(b.dir, "none", "hosts")} {
		if _, err := Open(path, Options{}); err == nil {
			t.Errorf("%s was opened as a hosts file", path)
		}
	}
}

func TestBusy(t *testing.T) {
	b := newBox(t, Limits{})
	holder, err := b.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := b.Update(ctx, b.decide(On, "x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with less patience than Fettle: got %v, want the context's error", err)
	}
	// The clock of a bubble runs ahead while all wait.
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if _, err := b.lock(t.Context()); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
		if waited := time.Since(start); waited < lockWait {
			t.Errorf("waited for %v, want %v", waited, lockWait)
		}
	})
	b.want("busy", testOriginal)
	holder()
	b.change(On, "x")
	b.wantOn("free again", "x")
}

// Only root writes the system's own file, and a request for any other file is
// refused.
func TestCarryIsForTheSystemsFile(t *testing.T) {
	b := newBox(t, Limits{})
	f, err := b.Read()
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.decide(On, "x")(f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Carry(t.Context(), p.Request()); !errors.Is(err, ErrNotSystem) {
		t.Errorf("got %v, want ErrNotSystem", err)
	}
	b.want("refused", testOriginal)
}
