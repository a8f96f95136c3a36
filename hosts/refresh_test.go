package hosts

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A listWorld is a server with one list, and a user who can subscribe to it.
type listWorld struct {
	*Subscriber
	t      *testing.T
	server *httptest.Server
	text   atomic.Pointer[string]
	asked  atomic.Int32 // how often the whole text was sent
}

func newListWorld(t *testing.T, text string) *listWorld {
	w := &listWorld{t: t}
	w.text.Store(&text)
	w.server = quietServer(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		text := *w.text.Load()
		tag := `"` + HashOf([]byte(text)).String() + `"`
		rw.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		w.asked.Add(1)
		send(rw, text)
	}))
	w.server.StartTLS()
	w.Subscriber = &Subscriber{
		Library: Library{Dir: filepath.Join(t.TempDir(), "hosts")}, StateDir: filepath.Join(t.TempDir(), "state"), Fetcher: trusting(w.server),
	}
	return w
}

func (w *listWorld) serve(text string) { w.text.Store(&text) }

func (w *listWorld) subscribe() Refreshed {
	return w.Subscribe(w.t.Context(), Subscription{Name: "ads", URL: w.server.URL, Every: DefaultEvery}, RefreshOptions{})
}

func (w *listWorld) refresh() Refreshed { return w.Refresh(w.t.Context(), "ads", RefreshOptions{}) }

// want fails the test unless the outcome and the profile are these. An empty
// text means that there is no profile.
func (w *listWorld) want(about string, r Refreshed, outcome Outcome, text string) {
	w.t.Helper()
	if r.Outcome != outcome || (r.Err != nil) != (outcome == Failed) {
		w.t.Errorf("%s: got %s (%v), want %s", about, r.Outcome, r.Err, outcome)
	}
	p, err := w.Library.Load("ads")
	if text == "" && !errors.Is(err, ErrNoProfile) || text != "" && (err != nil || string(p.Text) != text) {
		w.t.Errorf("%s: the profile is %q, %v, want %q", about, p.Text, err, text)
	}
}

const (
	evilList  = goodList + "203.0.113.6 bank.test\n"
	worseList = goodList + "203.0.113.7 bank.test\n"
	newerList = goodList + "0.0.0.0 new.test\n"
)

func TestRefresh(t *testing.T) {
	w := newListWorld(t, goodList)
	w.want("subscribed", w.subscribe(), Updated, goodList)
	w.want("nothing new", w.refresh(), Unchanged, goodList)
	if n := w.asked.Load(); n != 1 {
		t.Errorf("the whole text was sent %d times, want once", n)
	}
	w.want("subscribed twice", w.subscribe(), Failed, goodList)
	w.serve(newerList)
	w.want("newer", w.refresh(), Updated, newerList)
	w.serve("<html>")
	w.want("web page", w.refresh(), Failed, newerList)
	sub, err := w.Library.Subscription("ads")
	if state := w.State(sub); err != nil || state.Failing.IsZero() || !strings.Contains(state.Error, "web page") {
		t.Errorf("the state is %+v, %v, want a failure", state, err)
	}
	w.serve(evilList)
	w.want("led astray", w.refresh(), HeldBack, newerList)
	w.want("still", w.refresh(), HeldBack, newerList)
	w.want("unseen", w.Accept(t.Context(), "ads", RefreshOptions{}), Failed, newerList)
	if err := w.MarkShown(t.Context(), "ads", []byte(evilList)); err != nil {
		t.Fatal(err)
	}
	w.serve(worseList)
	w.want("another one came", w.refresh(), HeldBack, newerList)
	if r := w.Accept(t.Context(), "ads", RefreshOptions{}); !errors.Is(r.Err, ErrNotShown) || string(r.New) != worseList {
		t.Errorf("got %v with %q, want %v with the text to show", r.Err, r.New, ErrNotShown)
	}
	w.serve(newerList)
	w.want("the server changed its mind", w.refresh(), Unchanged, newerList)
	if r := w.Accept(t.Context(), "ads", RefreshOptions{}); !errors.Is(r.Err, ErrNothingHeld) {
		t.Errorf("got %v, want %v", r.Err, ErrNothingHeld)
	}
	w.serve(evilList)
	w.want("again", w.refresh(), HeldBack, newerList)
	if err := w.MarkShown(t.Context(), "ads", []byte(evilList)); err != nil {
		t.Fatal(err)
	}
	w.want("accepted", w.Accept(t.Context(), "ads", RefreshOptions{}), Updated, evilList)
	w.want("and known now", w.refresh(), Unchanged, evilList)
	if err := w.Unsubscribe(t.Context(), "ads"); err != nil {
		t.Fatal(err)
	}
	w.want("unsubscribed", w.refresh(), Failed, evilList)
}

func TestSubscribeMakesNothingWhenItFails(t *testing.T) {
	w := newListWorld(t, "<html>")
	w.want("web page", w.subscribe(), Failed, "")
	for _, dir := range []string{w.Library.Dir, w.StateDir} {
		if entries, _ := os.ReadDir(dir); len(entries) > 0 {
			t.Errorf("%s has %v", dir, entries)
		}
	}
	w.serve(evilList)
	w.want("to be accepted", w.subscribe(), HeldBack, "")
	if err := w.Library.Create(Profile{Name: "Ads"}); !errors.Is(err, ErrExists) {
		t.Errorf("got %v, want %v: a subscription has the name", err, ErrExists)
	}
	if err := w.Unsubscribe(t.Context(), "ads"); err != nil {
		t.Fatal(err)
	}
	if err := w.Library.Create(Profile{Name: "ads", Text: []byte("mine\n")}); err != nil {
		t.Fatal(err)
	}
	w.want("the name is taken", w.subscribe(), Failed, "mine\n")
}

// What somebody else did to the profile is kept, and what another machine did
// is not taken for that.
func TestRefreshOfEditedProfile(t *testing.T) {
	w := newListWorld(t, goodList)
	w.subscribe()
	edited := goodList + "127.0.0.1 mine.test\n"
	if err := w.Library.Save(Profile{Name: "ads", Text: []byte(edited)}); err != nil {
		t.Fatal(err)
	}
	if r := w.refresh(); !errors.Is(r.Err, ErrEdited) {
		t.Errorf("got %v, want %v", r.Err, ErrEdited)
	}
	w.serve(newerList)
	w.want("newer", w.refresh(), Failed, edited)
	w.want("forced", w.Refresh(t.Context(), "ads", RefreshOptions{Force: true}), Updated, newerList)

	crlf := strings.ReplaceAll(newerList, "\n", "\r\n")
	if err := w.Library.Save(Profile{Name: "ads", Text: []byte(crlf)}); err != nil {
		t.Fatal(err)
	}
	w.serve(goodList)
	w.want("git changed the line endings", w.refresh(), Updated, goodList)

	// A synced folder brings both files; the state stays on its machine.
	elsewhere := *w.Subscriber
	elsewhere.StateDir = t.TempDir()
	w.serve(newerList)
	if r := elsewhere.Refresh(t.Context(), "ads", RefreshOptions{}); r.Outcome != Updated {
		t.Fatal(r.Err)
	}
	w.serve(goodList)
	w.want("after another machine", w.refresh(), Updated, goodList)

	if err := os.RemoveAll(w.StateDir); err != nil {
		t.Fatal(err)
	}
	w.want("without the state", w.refresh(), Unchanged, goodList)
	if err := w.Library.Remove("ads"); err != nil {
		t.Fatal(err)
	}
	if w.Library.Subscribed("ads") {
		t.Error("the subscription outlives the profile")
	}
}

// A process that is killed between any two of its writes leaves nothing that
// the next refresh does not put right.
func TestRefreshAfterKill(t *testing.T) {
	sum := Profile{Text: []byte(newerList)}.Hash()
	for name, kill := range map[string]func(*listWorld, Subscription) error{
		"before the profile": func(w *listWorld, sub Subscription) error {
			state := w.State(sub)
			state.Writing = sum
			return w.saveState("ads", state)
		},
		"after the profile": func(w *listWorld, sub Subscription) error {
			state := w.State(sub)
			state.Writing = sum
			return errors.Join(w.saveState("ads", state), w.Library.Save(Profile{Name: "ads", Text: []byte(newerList)}))
		},
		"after the sidecar": func(w *listWorld, sub Subscription) error {
			state := w.State(sub)
			state.Writing = sum
			sub.Written = sum
			return errors.Join(w.saveState("ads", state), w.Library.Save(Profile{Name: "ads", Text: []byte(newerList)}), w.Library.saveSubscription(sub))
		},
		"torn state":      func(w *listWorld, _ Subscription) error { return os.WriteFile(w.statePath("ads"), []byte("{"), 0o600) },
		"before the text": func(w *listWorld, _ Subscription) error { return os.Remove(w.Library.Path("ads")) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newListWorld(t, goodList)
			w.subscribe()
			sub, err := w.Library.Subscription("ads")
			if err != nil {
				t.Fatal(err)
			}
			if err := kill(w, sub); err != nil {
				t.Fatal(err)
			}
			last := goodList + "0.0.0.0 last.test\n"
			w.serve(last)
			w.want("next", w.refresh(), Updated, last)
			w.want("and then", w.refresh(), Unchanged, last)
		})
	}
}

func TestRefreshesAtOnce(t *testing.T) {
	w := newListWorld(t, goodList)
	w.subscribe()
	var work sync.WaitGroup
	for i := range 20 {
		w.serve(fmt.Sprintf("%s0.0.0.0 n%d.test\n", goodList, i))
		work.Go(func() {
			if r := w.refresh(); r.Err != nil {
				t.Error(r.Err)
			}
		})
	}
	work.Wait()
	w.want("last", w.Refresh(t.Context(), "ads", RefreshOptions{Full: true}), w.refresh().Outcome, *w.text.Load())
	left, _ := filepath.Glob(filepath.Join(w.Library.Dir, ".*"))
	if len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestDue(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	daily := Subscription{URL: "https://a.test", Every: 24 * time.Hour}
	state := func(tried, failing time.Duration) FetchState {
		s := FetchState{Source: daily.source(), Tried: now.Add(-tried)}
		if failing > 0 {
			s.Failing = now.Add(-failing)
		}
		return s
	}
	for _, row := range []struct {
		name  string
		sub   Subscription
		state FetchState
		want  bool
	}{
		{"never fetched", daily, FetchState{}, true},
		{"an hour ago", daily, state(time.Hour, 0), false},
		{"a day ago", daily, state(24*time.Hour, 0), true},
		{"failed a minute ago", daily, state(time.Minute, time.Minute), false},
		{"failed an hour ago", daily, state(time.Hour, 30*time.Hour), true},
		{"in the future", daily, state(-time.Hour, 0), true},
		{"another URL", Subscription{URL: "https://b.test", Every: 24 * time.Hour}, state(time.Hour, 0), true},
		{"by hand", Subscription{URL: "https://a.test"}, FetchState{}, false},
	} {
		if got := row.sub.Due(row.state, now); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestParseSubscription(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"url = 'https://a.test/x'", ""},
		{"url = 'https://a.test/x'\nevery = '7d'\n", ""},
		{"\ufeffurl = 'http://a.test/x'\ninsecure_http = true\nevery = 'never'", ""},
		{"", "no url"},
		{"url = 'http://a.test'", "begins with http://"},
		{"url = 'file:///etc/passwd'", "must begin with https://"},
		{"url = 'https:///x'", "names no host"},
		{"url = 'https://me:secret@a b.test'", "cannot be read"},
		{"url = 'https://a.test'\nevery = '5m'", "too often"},
		{"url = 'https://a.test'\nevery = 'often'", "is not a time"},
		{"url = 'https://a.test'\nevrey = '7d'", `"evrey" is not a setting`},
	} {
		s, err := parseSubscription("x", []byte(row.text))
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%q: got %+v, %v, want %q", row.text, s, err, row.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error shows the password: %v", row.text, err)
		}
	}
	s := Subscription{URL: "https://me:secret@a.test/x\x1b?key=secret"}
	if got := s.Source(); strings.Contains(got, "secret") || strings.Contains(got, "me") {
		t.Errorf("got %q", got)
	}
}
