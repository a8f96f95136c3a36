package hosts

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func (b box) objects() []string {
	b.t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.StateDir(), "objects"))
	if err != nil {
		b.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestHistoryKeepsEachStateOnce(t *testing.T) {
	b := newBox(t, Limits{})
	for range 5 {
		b.change(On, "x")
		b.change(Off)
	}
	entries := b.entries()
	if len(entries) != 10 || len(b.objects()) != 2 {
		t.Errorf("10 changes between 2 states: %d entries and %d objects", len(entries), len(b.objects()))
	}
	for i, e := range entries {
		was, now := "", "x"
		if i%2 == 1 {
			was, now = now, was
		}
		if e.Number != i+1 || strings.Join(e.Was, " ") != was || strings.Join(e.Now, " ") != now || e.Action == "" {
			t.Errorf("entry %d: %+v", i, e)
		}
		data, err := b.StateBefore(e.Number)
		if err != nil || int64(len(data)) != e.Size || HashOf(data) != e.Replaced {
			t.Errorf("the state before change %d: %d bytes of %d, %v", e.Number, len(data), e.Size, err)
		}
	}
}

func TestHistoryIsCapped(t *testing.T) {
	for _, row := range []struct {
		about  string
		limits Limits
		want   []int // the numbers that stay of 6 changes
	}{
		{"by entries", Limits{Entries: 3}, []int{4, 5, 6}},
		{"to one entry", Limits{Entries: 1}, []int{6}},
		{"by bytes, of which one state takes more", Limits{Bytes: 10}, []int{6}},
		{"by neither", Limits{Entries: 6, Bytes: 1 << 20}, []int{1, 2, 3, 4, 5, 6}},
	} {
		b := newBox(t, row.limits)
		for i := range 6 {
			b.save("x", fmt.Sprintf("10.0.0.%d shop.test\n", i))
			b.change(On, "x")
		}
		var got []int
		for _, e := range b.entries() {
			got = append(got, e.Number)
		}
		if fmt.Sprint(got) != fmt.Sprint(row.want) || len(b.objects()) != len(row.want) {
			t.Errorf("%s: got the entries %v and %d objects, want %v", row.about, got, len(b.objects()), row.want)
		}
		original, err := b.Original()
		if err != nil || string(original) != testOriginal {
			t.Errorf("%s: the original is %q, %v", row.about, original, err)
		}
		if _, err := b.StateBefore(1); len(row.want) < 6 && !errors.Is(err, ErrNoHistory) {
			t.Errorf("%s: change 1: got %v, want ErrNoHistory", row.about, err)
		}
	}
}

func TestBytesCountEachStateOnce(t *testing.T) {
	b := newBox(t, Limits{Bytes: 2000})
	for range 20 {
		b.change(On, "x")
		b.change(Off)
	}
	if got := len(b.entries()); got != 40 {
		t.Errorf("got %d entries, want all 40, for they share two small states", got)
	}
}

// The original is what was there before Fettle, for ever.
func TestOriginalStays(t *testing.T) {
	b := newBox(t, Limits{Entries: 1})
	b.change(On, "x")
	b.edit(func(s string) string { return "9.9.9.9 other.program\n" + s })
	b.change(Off)
	b.change(On, "y")
	b.update(b.PlanRestoreOriginal)
	b.want("restore original", testOriginal)
	b.undo()
	b.wantOn("undo of the restore", "y")
}

// Where the history was lost while a profile was on, the new original has no
// section.
func TestOriginalAfterLoss(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x")
	if err := os.RemoveAll(b.StateDir()); err != nil {
		t.Fatal(err)
	}
	b.change(On, "z")
	if original, err := b.Original(); err != nil || string(original) != testOriginal {
		t.Errorf("the original is %q, %v, want %q", original, err, testOriginal)
	}
}

func TestCorruptHistory(t *testing.T) {
	for _, content := range []string{"", "{", `{"entries": "x"}`, `{"entries": [{"replaced": "zz"}]}`} {
		b := newBox(t, Limits{})
		b.change(On, "x")
		log := filepath.Join(b.StateDir(), "history.json")
		if err := os.WriteFile(log, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		before := b.content()
		if _, err := b.History(); err == nil || !strings.Contains(err.Error(), log) {
			t.Errorf("%q: got %v, want an error that names the file", content, err)
		}
		if _, err := b.Update(t.Context(), b.decide(On, "y")); err == nil {
			t.Errorf("%q: a change went on without its history", content)
		}
		b.want("a corrupt history", before)
	}
}

// What becomes the hosts file must be what was kept.
func TestTamperedState(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x")
	b.change(On, "y")
	for _, name := range b.objects() {
		if err := os.WriteFile(filepath.Join(b.StateDir(), "objects", name), []byte("6.6.6.6 bank.test\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := b.content()
	for about, decide := range map[string]func(*File) (*Plan, error){
		"undo":      b.PlanUndo,
		"restore 1": func(f *File) (*Plan, error) { return b.PlanRestoreEntry(f, 1) },
	} {
		if _, err := b.Update(t.Context(), decide); err == nil {
			t.Errorf("%s took a state that is not what was kept", about)
		}
		b.want(about, before)
	}
}
