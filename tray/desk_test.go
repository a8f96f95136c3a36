package tray

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"fettle/hosts"
	"fettle/internal/notify"
)

// A bench is a Desk over a real hosts file, and what it has shown.
type bench struct {
	*Desk
	t       *testing.T
	path    string
	changed func() // as the watcher calls it

	mu    sync.Mutex
	state State
	shown chan struct{}
	notes map[string]notify.Notification // what the desktop shows
}

func newBench(t *testing.T, content string, setUp ...func(*bench)) *bench {
	t.Helper()
	dir := t.TempDir()
	b := &bench{t: t, path: filepath.Join(dir, "hosts"), shown: make(chan struct{}, 1000), notes: map[string]notify.Notification{}}
	b.write(content)
	system, err := hosts.Open(b.path, hosts.Options{StateDir: filepath.Join(dir, "state")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.Desk = NewDesk(ctx)
	b.System, b.Library = system, hosts.Library{Dir: filepath.Join(dir, "profiles")}
	b.Subscriber = &hosts.Subscriber{
		Library: b.Library, StateDir: filepath.Join(dir, "state"), Fetcher: hosts.NewFetcher(hosts.FetchLimits{}, "test"),
	}
	for _, name := range []string{"ads", "staging"} {
		if err := b.Library.Create(hosts.Profile{Name: name, Text: []byte("10.0.0.1 " + name + ".test\n")}); err != nil {
			t.Fatal(err)
		}
	}
	watching := make(chan struct{})
	b.Watch = func(ctx context.Context, changed func()) error {
		b.changed = changed
		close(watching)
		<-ctx.Done()
		return nil
	}
	b.Render = func(s State) {
		b.mu.Lock()
		b.state = s
		b.mu.Unlock()
		b.shown <- struct{}{}
	}
	b.Notify = func(n notify.Notification) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.notes[n.Subject] = n
	}
	b.Withdraw = func(subject string) {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.notes, subject)
	}
	for _, set := range setUp {
		set(b)
	}
	ended := make(chan struct{})
	go func() { b.Run(); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	<-watching
	return b
}

func (b *bench) write(content string) {
	if err := os.WriteFile(b.path, []byte(content), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// await waits until the desk shows a state that ok accepts.
func (b *bench) await(what string, ok func(State) bool) {
	b.t.Helper()
	limit := time.After(10 * time.Second)
	for {
		b.mu.Lock()
		state := b.state
		b.mu.Unlock()
		if ok(state) {
			return
		}
		select {
		case <-b.shown:
		case <-limit:
			b.t.Fatalf("%s: the desk shows %+v", what, state)
		}
	}
}

func (b *bench) click(slot Slot, label string) {
	b.t.Helper()
	b.mu.Lock()
	items := Menu(b.state)
	b.mu.Unlock()
	i := slices.IndexFunc(items, func(i Item) bool { return i.Slot == slot && (label == "" || i.Label == label) })
	if i < 0 || !items[i].Enabled {
		b.t.Fatalf("nothing to click on called %q in\n%s", label, text(items))
	}
	b.Do(items[i].Action)
}

func on(names ...string) func(State) bool {
	return func(s State) bool { return s.Busy == "" && s.Path != "" && slices.Equal(s.Active, names) }
}

func TestDeskSwitches(t *testing.T) {
	const original = "127.0.0.1 localhost\n"
	b := newBench(t, original)
	b.await("at the start", on())
	b.click(SlotProfiles, "staging")
	b.await("after a click", on("staging"))
	b.click(SlotProfiles, "ads")
	b.await("after two", on("staging", "ads"))
	b.click(SlotOriginal, "")
	b.await("original", on())
	if got, err := os.ReadFile(b.path); err != nil || string(got) != original {
		t.Errorf("the file: got %q, %v, want %q", got, err, original)
	}
	b.click(SlotOriginal, "Back to staging, ads")
	b.await("the last set", on("staging", "ads"))
	b.click(SlotUndo, "")
	b.await("undo", on())
}

func TestDeskFollowsOthers(t *testing.T) {
	b := newBench(t, "127.0.0.1 localhost\n")
	b.await("at the start", on())
	_, err := b.System.Update(t.Context(), func(f *hosts.File) (*hosts.Plan, error) {
		return hosts.Switch{Op: hosts.On, Names: []string{"ads"}, Now: time.Now()}.Plan(f, b.Library, b.System.Platform)
	})
	if err != nil {
		t.Fatal(err)
	}
	b.changed()
	b.await("after a switch elsewhere", on("ads"))
	b.write("# >>> fettle >>> torn\n")
	b.changed()
	b.await("after damage", func(s State) bool { return s.Damaged })
	if err := os.Remove(b.path); err != nil {
		t.Fatal(err)
	}
	b.changed()
	b.await("without a file", func(s State) bool { return s.Unreadable != "" })
}

func TestDeskSaysWhyNot(t *testing.T) {
	b := newBench(t, "127.0.0.1 localhost\n")
	b.OpenWindow = func() error { return errors.New("no display") }
	b.await("at the start", on())
	b.click(SlotOpen, "")
	b.await("no window", func(s State) bool { return s.Failure == "The window does not open: no display" })
	if err := b.Library.Remove("ads"); err != nil {
		t.Fatal(err)
	}
	b.click(SlotProfiles, "ads") // still in the menu: nobody told the desk
	b.await("a profile that is gone", func(s State) bool { return s.Busy == "" && s.Failure == `profile "ads": there is no such profile` })
	b.click(SlotProfiles, "staging")
	b.await("the next click clears it", func(s State) bool { return s.Failure == "" && on("staging")(s) })
}

// While the user types a password, a second click must not open a second dialog.
func TestDeskDoesOneThingAtATime(t *testing.T) {
	b := newBench(t, "127.0.0.1 localhost\n")
	b.await("at the start", on())
	release := make(chan struct{})
	asked := make(chan struct{}, 10)
	slow := func(f *hosts.File) (*hosts.Plan, error) {
		asked <- struct{}{}
		<-release
		return hosts.PlanApply(f, nil, b.System.Platform)
	}
	b.send(func() { b.change("Waiting", slow) })
	b.send(func() { b.change("Waiting too", slow) })
	<-asked
	b.await("while it works", func(s State) bool { return s.Busy == "Waiting" })
	close(release)
	b.await("afterwards", on())
	if len(asked) > 0 {
		t.Error("the second click was carried out too")
	}
}
