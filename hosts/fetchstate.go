package hosts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"fettle/internal/atomicfile"
)

// A FetchState is what this machine remembers of a subscription. Losing it
// costs one more full fetch, and nothing else.
type FetchState struct {
	// Source is the hash of the URL that the rest is about. It is of no use
	// for another one.
	Source       Hash      `json:"source"`
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Tagged       Hash      `json:"tagged,omitzero"`  // of the text that the two stand for
	Fetched      time.Time `json:"fetched,omitzero"` // when the server last answered with a good text, or that nothing is new
	Tried        time.Time `json:"tried,omitzero"`   // when it was last asked
	Failing      time.Time `json:"failing,omitzero"` // since when each try has failed; zero: the last did not
	Error        string    `json:"error,omitempty"`  // of the last try
	// Writing is the hash of the text that a refresh is about to write. It tells
	// the text of one that was killed half way from one that somebody edited.
	Writing Hash `json:"writing,omitzero"`
	// Held is the hash of the text that waits to be accepted, or zero.
	Held Hash `json:"held,omitzero"`
	// Shown is the hash of the held text that the user was shown last.
	Shown Hash `json:"shown,omitzero"`
}

// retry is how soon a subscription is due again after a failure, unless it is
// fetched more often anyway.
const retry = time.Hour

// Next returns when the subscription is to be fetched again, or false for one
// that is fetched by hand only. It depends on its arguments alone.
func (s Subscription) Next(state FetchState) (time.Time, bool) {
	switch {
	case s.Every == 0:
		return time.Time{}, false
	case state.Source != s.source() || state.Tried.IsZero():
		return time.Time{}, true
	case !state.Failing.IsZero():
		return state.Tried.Add(min(retry, s.Every)), true
	}
	return state.Tried.Add(s.Every), true
}

// Due reports whether the subscription is to be fetched now. One that was
// fetched in the future, by a clock that was wrong, is due.
func (s Subscription) Due(state FetchState, now time.Time) bool {
	next, ok := s.Next(state)
	return ok && (!now.Before(next) || state.Tried.After(now))
}

func (s Subscription) source() Hash { return HashOf([]byte(s.URL)) }

// stateDir returns the folder of the fetch states.
func (s *Subscriber) stateDir() string { return filepath.Join(s.StateDir, "subscriptions") }

func (s *Subscriber) statePath(name string) string {
	return filepath.Join(s.stateDir(), name+".json")
}

func (s *Subscriber) heldPath(name string) string { return filepath.Join(s.stateDir(), name+".held") }

// State returns what is remembered of a subscription. A state that cannot be
// read, or is about another URL, is as good as none.
func (s *Subscriber) State(sub Subscription) FetchState {
	var state FetchState
	data, err := os.ReadFile(s.statePath(sub.Name))
	if err != nil || json.Unmarshal(data, &state) != nil || state.Source != sub.source() {
		return FetchState{Source: sub.source()}
	}
	return state
}

// Held returns the text of a subscription that waits to be accepted.
func (s *Subscriber) Held(sub Subscription) (text []byte, ok bool) {
	state := s.State(sub)
	if state.Held.IsZero() {
		return nil, false
	}
	text, err := os.ReadFile(s.heldPath(sub.Name))
	return text, err == nil && HashOf(text) == state.Held
}

func (s *Subscriber) saveState(name string, state FetchState) error {
	data, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return err
	}
	return s.keep(s.statePath(name), append(data, '\n'))
}

// keep writes a file that only its user may read.
func (s *Subscriber) keep(path string, data []byte) error {
	if err := s.makeStateDir(); err != nil {
		return err
	}
	if err := atomicfile.Create(path, data, 0o600); err != nil {
		return fmt.Errorf("saving the state of a subscription: %w", err)
	}
	return give(path, s.Library.Chown)
}

func (s *Subscriber) makeStateDir() error {
	if _, err := makeDirs(s.stateDir(), 0o700, s.Library.Chown); err != nil {
		return fmt.Errorf("making the folder for the state of subscriptions: %w", err)
	}
	return nil
}

// forget removes what is remembered of a subscription.
func (s *Subscriber) forget(name string) error {
	var errs []error
	for _, path := range []string{s.statePath(name), s.heldPath(name)} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Sweep removes what is remembered of subscriptions that are gone, as after a
// profile was renamed, and what killed processes left.
func (s *Subscriber) Sweep(ctx context.Context) error {
	entries, err := os.ReadDir(s.stateDir())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for the state of subscriptions: %w", err)
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	var errs []error
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".json")
		if !ok || CheckName(name) != nil {
			continue
		}
		errs = append(errs, atomicfile.Sweep(s.statePath(name)), atomicfile.Sweep(s.heldPath(name)))
		if s.Library.Subscribed(name) {
			errs = append(errs, atomicfile.Sweep(s.Library.Path(name)), atomicfile.Sweep(s.Library.SubscriptionPath(name)))
		} else {
			errs = append(errs, s.forget(name))
		}
	}
	return errors.Join(errs...)
}

// lock waits for the refresh before us to finish its writing, which takes
// milliseconds. Nobody holds it while the network is asked.
func (s *Subscriber) lock(ctx context.Context) (unlock func(), err error) {
	if err := s.makeStateDir(); err != nil {
		return nil, err
	}
	path := filepath.Join(s.stateDir(), "lock")
	l := flock.New(path, flock.SetPermissions(0o600))
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	if _, err := l.TryLockContext(waiting, 2*time.Millisecond); err != nil {
		return nil, fmt.Errorf("locking the subscriptions: %w", err)
	}
	if err := give(path, s.Library.Chown); err != nil {
		_ = l.Close()
		return nil, err
	}
	// Closing cannot fail in a way that keeps the lock.
	return func() { _ = l.Close() }, nil
}
