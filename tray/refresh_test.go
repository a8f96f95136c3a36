package tray

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fettle/hosts"
	"fettle/internal/notify"
)

// A list is a server with one list, to which a profile "list" is subscribed, and
// a clock that the test moves.
type list struct {
	*bench
	text   atomic.Pointer[string]
	asked  atomic.Int32
	broken atomic.Bool
	ahead  atomic.Int64 // of the real clock
}

const blocking = "0.0.0.0 tracker.test\n"

func newList(t *testing.T) *list {
	l := &list{}
	l.serve(blocking)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		l.asked.Add(1)
		if l.broken.Load() {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, *l.text.Load())
	}))
	t.Cleanup(server.Close)
	now := func() time.Time { return time.Now().Add(time.Duration(l.ahead.Load())) }
	l.bench = newBench(t, "127.0.0.1 localhost\n", func(b *bench) {
		b.Now, b.Subscriber.Now = now, now
		sub := hosts.Subscription{Name: "list", URL: server.URL, Every: hosts.DefaultEvery, InsecureHTTP: true}
		if r := b.Subscriber.Subscribe(t.Context(), sub, hosts.RefreshOptions{}); r.Err != nil {
			t.Fatal(r.Err)
		}
	})
	l.await("at the start", on())
	return l
}

func (l *list) serve(text string) { l.text.Store(&text) }

// pass lets time go by, and makes the desk look.
func (l *list) pass(d time.Duration) {
	l.ahead.Add(int64(d))
	l.changed()
}

func (l *list) wantList(about, text string) {
	l.t.Helper()
	if p, err := l.Library.Load("list"); err != nil || string(p.Text) != text {
		l.t.Errorf("%s: the profile holds %q, %v, want %q", about, p.Text, err, text)
	}
}

// shownNote waits for a notification about a subject, or for its end.
func (l *list) shownNote(about, subject, title string) {
	l.t.Helper()
	var n notify.Notification
	for range 500 {
		l.mu.Lock()
		n = l.notes[subject]
		l.mu.Unlock()
		if n.Title == title {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.t.Errorf("%s: the notification about %s says %q, want %q", about, subject, n.Title, title)
}

func TestDeskKeepsSubscriptionsUpToDate(t *testing.T) {
	l := newList(t)
	if n := l.asked.Load(); n != 1 {
		t.Errorf("asked %d times, want once: nothing is due", n)
	}
	l.click(SlotProfiles, "list")
	l.await("on", on("list"))
	const newer = blocking + "0.0.0.0 newer.test\n"
	l.serve(newer)
	l.pass(25 * time.Hour)
	l.await("in force", func(State) bool {
		data, err := os.ReadFile(l.path)
		return err == nil && strings.Contains(string(data), "newer.test")
	})
	l.await("nothing waits", func(s State) bool { return on("list")(s) && len(s.waiting()) == 0 })
	l.wantList("after a day", newer)

	// A server that is down is asked again after a while, and not at each look.
	l.broken.Store(true)
	l.pass(25 * time.Hour)
	l.await("failing", func(s State) bool { return len(s.subscriptions) == 1 && !s.subscriptions[0].State.Failing.IsZero() })
	asked := l.asked.Load()
	for range 3 {
		l.pass(10 * time.Minute)
		l.await("rest", on("list"))
	}
	if n := l.asked.Load(); n != asked {
		t.Errorf("asked %d times more within half an hour", n-asked)
	}
	l.pass(time.Hour)
	l.await("asked again", func(State) bool { return l.asked.Load() > asked })
	l.wantList("after failures", newer)
}

func TestDeskTellsWhatIsHeldBack(t *testing.T) {
	l := newList(t)
	const evil = blocking + "203.0.113.6 bank.test\n"
	l.serve(evil)
	l.pass(25 * time.Hour)
	l.await("held back", func(s State) bool { return strings.Contains(Tooltip(s), "An update of list is held back") })
	l.shownNote("held back", aboutHeld, "An update of list is held back")
	l.wantList("held back", blocking)
	opened := make(chan struct{}, 1)
	l.send(func() { l.OpenWindow = func() error { opened <- struct{}{}; return nil } })
	l.click(SlotUpdates, "An update of list is held back…")
	<-opened

	if err := l.Subscriber.MarkShown(t.Context(), "list", []byte(evil)); err != nil {
		t.Fatal(err)
	}
	if r := l.Subscriber.Accept(t.Context(), "list", hosts.RefreshOptions{}); r.Err != nil {
		t.Fatal(r.Err)
	}
	l.changed()
	l.await("accepted", func(s State) bool { return len(s.waiting()) == 0 })
	l.shownNote("accepted", aboutHeld, "")
}
