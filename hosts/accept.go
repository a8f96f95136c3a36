package hosts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// HeldUpdate returns the text that waits to be accepted, with its difference to
// the accepted one, or [ErrNothingHeld].
func (s *Subscriber) HeldUpdate(name string) (Refreshed, error) {
	sub, err := s.Library.Subscription(name)
	if err != nil {
		return Refreshed{}, err
	}
	text, ok := s.Held(sub)
	if !ok {
		return Refreshed{}, fmt.Errorf("profile %q: %w", name, ErrNothingHeld)
	}
	old, err := s.accepted(name)
	if err != nil {
		return Refreshed{}, err
	}
	return Refreshed{
		Name: name, Source: sub.Source(), Outcome: HeldBack, Redirects: NewRedirects(old, text), Old: old, New: text,
	}, nil
}

// MarkShown remembers that the user was shown this text of a subscription, so
// that it can be accepted.
func (s *Subscriber) MarkShown(ctx context.Context, name string, text []byte) error {
	sub, err := s.Library.Subscription(name)
	if err != nil {
		return err
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	state := s.State(sub)
	if state.Shown == HashOf(text) {
		return nil
	}
	state.Shown = HashOf(text)
	return s.saveState(name, state)
}

// Accept takes over the text that was held back, as it was shown: one that came
// since is refused with [ErrNotShown], and returned to be shown. It asks no
// server.
func (s *Subscriber) Accept(ctx context.Context, name string, o RefreshOptions) Refreshed {
	sub, err := s.Library.Subscription(name)
	if err != nil {
		return failed(Subscription{Name: name}, err)
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return failed(sub, err)
	}
	defer unlock()
	r, err := s.HeldUpdate(name)
	if err != nil {
		return failed(sub, err)
	}
	state := s.State(sub)
	switch {
	case state.Shown != state.Held:
		err = ErrNotShown
	case r.Old != nil && !o.Force && s.isEdited(sub, state, r.Old):
		err = ErrEdited
	}
	if err != nil {
		r.Outcome, r.Err = Failed, err
		return r
	}
	r.Outcome, r.Profile = Updated, Profile{Name: name, Text: r.New}
	if o.DryRun {
		return r
	}
	sub, state, err = s.write(sub, state, r.Profile)
	if err != nil {
		return failed(sub, err)
	}
	state.Held, state.Shown = Hash{}, Hash{}
	if err := errors.Join(s.saveState(name, state), s.dropHeld(name)); err != nil {
		return failed(sub, err)
	}
	return r
}

// dropHeld removes a text that nobody waits for any more.
func (s *Subscriber) dropHeld(name string) error {
	if err := os.Remove(s.heldPath(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Unsubscribe makes a profile an ordinary one, with the text that it has. A text
// that was held back is dropped.
func (s *Subscriber) Unsubscribe(ctx context.Context, name string) error {
	if _, err := s.Library.Subscription(name); errors.Is(err, ErrNotSubscribed) {
		return err // one that cannot be read goes as well
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.Library.removeSubscription(name); err != nil {
		return fmt.Errorf("unsubscribing profile %q: %w", name, err)
	}
	return s.forget(name)
}

// Pending reports whether a profile in force has an accepted text that the hosts
// file does not have yet. A text that somebody edited is not pending: nobody
// asked for it to be put in force.
func (l Library) Pending(f *File, sub Subscription) bool {
	for _, a := range f.Active() {
		if a.Name == sub.Name {
			return !sub.Written.IsZero() && a.Hash != sub.Written && l.has(sub)
		}
	}
	return false
}

// has reports whether the profile holds the text that Fettle wrote.
func (l Library) has(sub Subscription) bool {
	p, err := l.Load(sub.Name)
	return err == nil && p.Hash() == sub.Written
}

// A Standing is how things are with a subscription.
type Standing struct {
	Subscription
	State   FetchState
	Pending bool // see [Library.Pending]
}

// Held reports whether a text waits to be accepted.
func (s Standing) Held() bool { return !s.State.Held.IsZero() }

// Standings returns how things are with all subscriptions, by name. Those that
// cannot be read are left out, and the error joins the reasons. F is the hosts
// file.
func (s *Subscriber) Standings(f *File) ([]Standing, error) {
	subs, err := s.Library.Subscriptions()
	list := make([]Standing, len(subs))
	for i, sub := range subs {
		list[i] = Standing{Subscription: sub, State: s.State(sub), Pending: s.Library.Pending(f, sub)}
	}
	return list, err
}

// PlanPending decides to put in force all accepted texts that wait for it.
func PlanPending(f *File, library Library, platform Platform, m Moment) (*Plan, error) {
	// One that cannot be read waits for nothing.
	subs, _ := library.Subscriptions()
	var profiles []Profile
	for _, sub := range subs {
		if !library.Pending(f, sub) {
			continue
		}
		p, err := library.Load(sub.Name)
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, p)
	}
	return PlanRefresh(f, library, profiles, platform, m)
}

// PlanRefresh decides to put the texts of the profiles in force in the place of
// those that profiles of these names were switched on with. Those that are not
// in force are left so.
func PlanRefresh(f *File, library Library, profiles []Profile, platform Platform, m Moment) (*Plan, error) {
	var names []string
	for _, p := range profiles {
		names = append(names, p.Name)
	}
	return replan(f, library, platform, m, "refresh "+strings.Join(names, " "), func(w *Want) {
		for _, p := range profiles {
			if w.Name == p.Name {
				w.Profile = p
			}
		}
	})
}

// splitTabs returns the texts between the tabs of a line.
func splitTabs(line []byte) []string {
	var cells []string
	for cell := range bytes.SplitSeq(line, []byte("\t")) {
		cells = append(cells, string(cell))
	}
	return cells
}
