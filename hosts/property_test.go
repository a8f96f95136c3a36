package hosts

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAnyOperations does thousands of random operations, with kills and with
// edits by other programs in between, and compares the hosts file with a simple
// model after each: nothing outside the section is lost, and the section is what
// the model says. FETTLE_LONG makes it ten times as long, with a new seed each
// time.
func TestAnyOperations(t *testing.T) {
	operations, seed := 10_000, uint64(1)
	if os.Getenv("FETTLE_LONG") != "" {
		operations, seed = 100_000, uint64(time.Now().UnixNano())
	}
	w := newWalk(t, seed)
	for w.step = 1; w.step <= operations && !t.Failed(); w.step++ {
		w.operate()
	}
	t.Logf("seed %d: %v", seed, w.did)
	for _, what := range []string{"switch", "undo", "restore", "save", "remove", "reload", "outside", "wipe", "kill", "killed half way"} {
		if w.did[what] == 0 {
			t.Errorf("no operation was a %s: the test tests less than it says", what)
		}
	}
}

// A walk is a random walk over the states of a hosts file.
type walk struct {
	box
	t      *testing.T
	random *rand.Rand
	seed   uint64
	step   int
	last   string // the operation, for messages
	did    map[string]int

	model   model
	changes []snapshot // the newest, as many as the history keeps
}

// keeps is how many changes the history keeps in this test.
const keeps = 40 // also in the process that is killed

func newWalk(t *testing.T, seed uint64) *walk {
	w := &walk{box: newBox(t, Limits{Entries: keeps}), t: t, random: rand.New(rand.NewPCG(seed, 0)), seed: seed, did: map[string]int{}}
	w.model.outside = slices.Collect(strings.Lines("# mine\n127.0.0.1 localhost\r\n1.1.1.1 n0 n1 other # why\n\n  \t\n2.2.2.2 n2\r\n1.1.1.2 n0"))
	w.edit(func(string) string { return strings.Join(w.model.outside, "") })
	w.model.profiles = map[string]string{"x": "10.0.0.1 shop.test\n", "y": "10.0.0.2 shop.test\n", "z": "127.0.0.1 z.test\n"}
	w.Now = func() time.Time { return testTime.Add(time.Duration(w.step) * time.Second) }
	return w
}

func (w *walk) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf("seed %d, step %d, %s: %s\nthe file:\n%s", w.seed, w.step, w.last, fmt.Sprintf(format, args...), w.content())
}

func (w *walk) operate() {
	switch n := w.random.IntN(100); {
	case n < 35:
		op, names := w.someSwitch()
		w.change("switch", fmt.Sprintf("%s %v", op, names), w.model.turn(op, names), func(f *File) (*Plan, error) {
			return Switch{Op: op, Names: names, Now: w.Now()}.Plan(f, w.library, w.Platform)
		})
	case n < 38:
		w.kill()
	case n < 50:
		w.undoLast()
	case n < 55:
		w.restoreSome()
	case n < 70:
		name, text := w.someName(), w.someText()
		w.last = "save " + name
		w.save(name, text)
		w.model = w.model.save(name, text)
		w.did["save"]++
	case n < 73:
		w.removeSome()
	case n < 80:
		name := w.someName()
		w.change("reload", "reload "+name, w.model.reload(name), func(f *File) (*Plan, error) {
			p, err := w.library.Load(name)
			if err != nil {
				return nil, err
			}
			return PlanReload(f, w.library, p, w.Platform, Moment{Time: w.Now()})
		})
	case n < 98:
		w.editOutside()
	default:
		w.wipe()
	}
	w.check()
}

func (w *walk) someName() string { return string("xyz"[w.random.IntN(3)]) }

func (w *walk) someSwitch() (Op, []string) {
	op := []Op{Use, On, On, Off, Off, Toggle}[w.random.IntN(6)]
	names := []string{"x", "y", "z"}
	w.random.Shuffle(3, func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:w.random.IntN(4)]
	if op == On && len(names) == 0 {
		names = []string{w.someName()}
	}
	return op, names
}

// someText returns a profile of a few lines, of which some mean nothing.
func (w *walk) someText() string {
	var b strings.Builder
	for range w.random.IntN(5) {
		b.WriteString(w.someLine("10.0"))
	}
	text := b.String()
	if w.random.IntN(4) == 0 {
		text = strings.TrimSuffix(text, "\n")
	}
	return text
}

func (w *walk) someLine(network string) string {
	line := fmt.Sprintf("%s.%d.%d n%d", network, w.random.IntN(4), 1+w.random.IntN(9), w.random.IntN(8))
	switch w.random.IntN(10) {
	case 0:
		line = "# a remark"
	case 1:
		line += fmt.Sprintf("\tN%d # two", w.random.IntN(8))
	case 2:
		line = ""
	case 3:
		line = fmt.Sprintf("fd00::%d n%d", 1+w.random.IntN(9), w.random.IntN(8))
	case 4:
		line += "\r"
	}
	return line + "\n"
}

// change makes a change, which must lead to the model next, or to an error if it
// needs a profile that is gone.
func (w *walk) change(kind, what string, next model, decide func(*File) (*Plan, error)) {
	w.last = what
	w.did[kind]++
	was := HashOf([]byte(w.content()))
	p, err := w.Update(w.t.Context(), decide)
	if errors.Is(err, ErrNoProfile) {
		w.did["refused"]++
		return // check sees that nothing has changed
	}
	if err != nil {
		w.fail("%v", err)
		return
	}
	if !p.Empty() {
		w.record(snapshot{before: w.model, was: was})
	}
	w.model = next
	if !p.Empty() && kind != "restore" {
		w.checkResolution()
	}
}

// record numbers a change that has happened.
func (w *walk) record(s snapshot) {
	s.number, s.after = w.number()+1, HashOf([]byte(w.content()))
	w.changes = lastOf(append(w.changes, s))
}

// number returns the number of the last change, 0 before the first.
func (w *walk) number() int {
	if len(w.changes) == 0 {
		return 0
	}
	return w.changes[len(w.changes)-1].number
}

// lastOf returns the changes that the history still has.
func lastOf(changes []snapshot) []snapshot { return changes[max(0, len(changes)-keeps):] }

// undoLast takes the last change back that was not taken back: whole, if nobody
// has written since, or else the profiles alone.
func (w *walk) undoLast() {
	w.last = "undo"
	w.did["undo"]++
	was, now := w.model, HashOf([]byte(w.content()))
	p, err := w.Update(w.t.Context(), w.PlanUndo)
	if err != nil && !errors.Is(err, ErrNoHistory) {
		w.fail("%v", err)
		return
	}
	taken := w.number() + 1 // this and all newer changes were taken back
	for _, s := range slices.Backward(w.changes) {
		if s.number >= taken || s.was == now {
			continue // the file is as if it had never happened
		}
		if s.undoes > 0 {
			taken = s.undoes
			continue
		}
		next := was
		if next.active = s.before.active; s.after == now {
			next = was.back(s.before)
		}
		passed := err != nil || p.Undoes != s.number
		if passed && next.looksLike(was) {
			continue // taking it back would change nothing
		}
		if passed {
			w.fail("change %d was not undone (%v)", s.number, err)
			return
		}
		w.record(snapshot{before: was, was: now, undoes: s.number})
		w.model = next
		if s.after != now {
			w.checkResolution()
		}
		return
	}
	if err == nil {
		w.fail("change %d was undone, and there was none", p.Undoes)
	}
}

func (w *walk) restoreSome() {
	if len(w.changes) == 0 {
		return
	}
	s := w.changes[w.random.IntN(len(w.changes))]
	w.change("restore", fmt.Sprintf("restore %d", s.number), w.model.back(s.before), func(f *File) (*Plan, error) {
		return w.PlanRestoreEntry(f, s.number)
	})
	if got := HashOf([]byte(w.content())); got != s.was {
		w.fail("the file is not byte for byte what it was before change %d", s.number)
	}
}

func (w *walk) removeSome() {
	name := w.someName()
	w.last = "remove " + name
	if err := w.library.Remove(name); err != nil && !errors.Is(err, ErrNoProfile) {
		w.fail("%v", err)
	}
	w.model = w.model.remove(name)
	w.did["remove"]++
}

// editOutside does what another program does: it adds or takes away a line that
// is not Fettle's, wherever the section stands.
func (w *walk) editOutside() {
	w.did["outside"]++
	lines := slices.Collect(strings.Lines(w.content()))
	var own []int // the places of the user's lines
	section := false
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "# >>> fettle"):
			section = true
		case strings.HasPrefix(line, "# <<< fettle"):
			section = false
		case !section:
			own = append(own, i)
		}
	}
	if at := w.random.IntN(len(own) + 1); at < len(own) && w.random.IntN(2) == 0 && len(own) > 3 {
		w.last = fmt.Sprintf("another program drops line %d", own[at]+1)
		w.model = w.model.drop(at)
		lines = slices.Delete(lines, own[at], own[at]+1)
	} else {
		line, place := w.someLine("172.16"), len(lines)
		if at < len(own) {
			place = own[at]
		}
		w.last = fmt.Sprintf("another program inserts %q as line %d", line, place+1)
		w.model = w.model.insert(at, line)
		if place > 0 && !strings.HasSuffix(lines[place-1], "\n") {
			lines[place-1] += "\n"
		}
		lines = slices.Insert(lines, place, line)
	}
	w.edit(func(string) string { return strings.Join(lines, "") })
	// In this alone the model follows the file: Fettle ended the last line for
	// the sake of its section, and takes that back from whatever line is last
	// when the section goes.
	w.model = w.model.endAs(string(w.file().Outside()))
}

// wipe takes the section out as a program does that knows nothing of it. The
// lines that were set aside stay so until the next change.
func (w *walk) wipe() {
	w.last = "another program drops the section"
	w.did["wipe"]++
	f := w.file()
	if f.section == nil {
		return
	}
	before := f.before
	if f.section.added != "" && len(f.after) == 0 {
		before = f.trimAdded(before)
	}
	w.model.active = nil
	w.edit(func(string) string { return string(before) + string(f.after) })
}

func (w *walk) file() *File { return Parse([]byte(w.content())) }

// check compares the file with the model.
func (w *walk) check() {
	w.t.Helper()
	f, err := w.Read()
	if err != nil || f.Damage != nil {
		w.fail("%v, %v", err, f.Damage)
		return
	}
	if got, want := string(f.Outside()), strings.Join(w.model.outside, ""); got != want {
		w.fail("the user's own lines are %q, want %q", got, want)
	}
	var active []modelActive
	for _, a := range f.Active() {
		p, _ := f.Applied(a.Name)
		active = append(active, modelActive{a.Name, string(p.Text)})
	}
	var want []modelActive
	for _, a := range w.model.active {
		want = append(want, modelActive{a.name, string(canonical([]byte(a.text)))})
	}
	if !slices.Equal(active, want) {
		w.fail("%q is on, want %q", active, want)
	}
	if len(want) == 0 && f.Asides() == 0 && w.content() != strings.Join(w.model.outside, "") {
		w.fail("nothing is on, and the file is not the user's own")
	}
	if f.Edited() {
		w.fail("the section counts as edited")
	}
}

// checkResolution compares what names lead to. It holds right after a change, but
// not where that put back the bytes of a state in which another program had just
// added a line.
func (w *walk) checkResolution() {
	w.t.Helper()
	got, want := mapFile([]byte(w.content())), w.model.resolve()
	for i := range 8 {
		name := fmt.Sprintf("n%d", i)
		if !got[name].equal(want[name]) {
			w.fail("%s leads to %v, want %v", name, got[name], want[name])
		}
	}
}
