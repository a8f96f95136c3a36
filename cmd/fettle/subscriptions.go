package main

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"fettle/hosts"
	"fettle/internal/human"
)

// subscriptionStatus is what lists and the status say of a subscription.
type subscriptionStatus struct {
	Name         string     `json:"name"`
	Source       string     `json:"source"` // without user, password and query
	Every        string     `json:"every"`
	Fetched      *time.Time `json:"fetched"`       // null: never on this machine
	FailingSince *time.Time `json:"failing_since"` // null: the last fetch worked
	Error        string     `json:"error"`         // of the last fetch
	Held         bool       `json:"held"`          // a new text waits to be accepted
	Pending      bool       `json:"pending"`       // an accepted text waits to be put in force
	Due          bool       `json:"due"`
}

// readSubscriptions returns what is to be said of the subscriptions. One that
// cannot be read is warned of: it must not keep others from being shown.
func (a *app) readSubscriptions(f *hosts.File) ([]subscriptionStatus, error) {
	library, err := a.library()
	if err != nil {
		return nil, err
	}
	dirs, err := a.findDirs()
	if err != nil {
		return nil, err
	}
	s := hosts.Subscriber{Library: library, StateDir: dirs.State}
	standings, err := s.Standings(f)
	if err != nil {
		a.warn("%v", err)
	}
	list := []subscriptionStatus{}
	for _, is := range standings {
		list = append(list, subscriptionStatus{
			Name: is.Name, Source: is.Source(), Every: hosts.FormatEvery(is.Every), Fetched: timeOrNull(is.State.Fetched),
			FailingSince: timeOrNull(is.State.Failing), Error: is.State.Error, Held: is.Held(),
			Pending: is.Pending, Due: is.Due(is.State, a.now()),
		})
	}
	return list, nil
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// worrying is how long a subscription must have failed for the status to warn
// of it: a laptop is without a network now and then.
const worrying = 24 * time.Hour

// warnings says what waits for the user.
func (s subscriptionStatus) warnings(now time.Time) []string {
	var list []string
	if s.Pending {
		list = append(list, fmt.Sprintf("%s: newer text is waiting, apply with: fettle hosts on %s", s.Name, s.Name))
	}
	if s.Held {
		list = append(list, fmt.Sprintf("%s: an update is held back, since it leads names to other machines; look at it with: fettle hosts refresh %s", s.Name, s.Name))
	}
	if s.FailingSince != nil && now.Sub(*s.FailingSince) > worrying {
		list = append(list, fmt.Sprintf("%s: could not be fetched for %s: %s", s.Name, human.Age(now.Sub(*s.FailingSince)), s.Error))
	}
	return list
}

// origin says in the list where a profile comes from, and how that is going.
func (s subscriptionStatus) origin(now time.Time) string {
	text := "from " + s.Source
	if s.Fetched != nil {
		text += ", " + human.Age(now.Sub(*s.Fetched)) + " ago"
	}
	if s.FailingSince != nil {
		text += ", failing since " + s.FailingSince.Local().Format("2006-01-02 15:04")
	}
	if s.Held {
		text += ", update held back"
	}
	if s.Pending {
		text += ", newer text is waiting"
	}
	return text
}

// findSubscription returns the status of the subscription of this name, or nil.
func findSubscription(list []subscriptionStatus, name string) *subscriptionStatus {
	if i := slices.IndexFunc(list, func(s subscriptionStatus) bool { return s.Name == name }); i >= 0 {
		return &list[i]
	}
	return nil
}

// A meter shows on a terminal how much has been downloaded, once that takes
// longer than a moment.
type meter struct {
	a       *app
	started time.Time

	mu    sync.Mutex
	bytes map[string]int64
	last  time.Time // when the line was written; zero: never
}

func (a *app) newMeter() *meter {
	return &meter{a: a, started: time.Now(), bytes: map[string]int64{}}
}

const (
	meterDelay = time.Second
	meterPause = 200 * time.Millisecond
)

// of returns the function that takes the progress of one download, or nil when
// nobody is looking.
func (m *meter) of(name string) func(int64) {
	if !m.a.stderrTTY || m.a.quiet || m.a.json {
		return nil
	}
	return func(bytes int64) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.bytes[name] = bytes
		now := time.Now()
		if now.Sub(m.started) < meterDelay || now.Sub(m.last) < meterPause {
			return
		}
		m.last = now
		var total int64
		for _, n := range m.bytes {
			total += n
		}
		fmt.Fprintf(m.a.stderr, "\r\x1b[Kfetching, %s", human.Bytes(total))
	}
}

// end takes the line away.
func (m *meter) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.last.IsZero() {
		fmt.Fprint(m.a.stderr, "\r\x1b[K")
	}
}
