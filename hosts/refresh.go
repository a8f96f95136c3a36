package hosts

import (
	"context"
	"errors"
	"time"

	"github.com/rogpeppe/go-internal/diff"
)

var (
	// ErrSubscribed is the error for changing a subscribed profile by hand: the
	// next refresh would lose the change.
	ErrSubscribed = errors.New("its text comes from a subscription, and the next refresh would overwrite the change")
	// ErrEdited is the error for a subscribed profile that somebody edited all
	// the same. Nothing was overwritten.
	ErrEdited = errors.New("somebody edited the profile, so the new text was not put in its place")
	// ErrNothingHeld is the error for accepting a text where none waits.
	ErrNothingHeld = errors.New("no text waits to be accepted")
	// ErrNotShown is the error for accepting another text than the one that was
	// shown last.
	ErrNotShown = errors.New("the text that waits has not been shown yet")
)

// A Subscriber keeps subscribed profiles up to date. It never touches the hosts
// file; see [PlanRefresh] for that. Its methods can be called at the same time,
// in several processes too.
type Subscriber struct {
	Library  Library
	StateDir string // the user's
	Fetcher  *Fetcher
	Now      func() time.Time // nil: time.Now
}

// An Outcome is what became of a refresh.
type Outcome string

// The outcomes of a refresh.
const (
	Unchanged Outcome = "unchanged" // the profile has the newest text
	Updated   Outcome = "updated"   // the profile has a new text
	HeldBack  Outcome = "held_back" // a new text waits to be accepted
	Failed    Outcome = "failed"    // the profile is as it was
)

// A Refreshed is the result of a refresh of one subscription.
type Refreshed struct {
	Name      string
	Source    string // see [Subscription.Source]
	Outcome   Outcome
	Err       error      // why it failed
	Redirects []Redirect // why it was held back
	Profile   Profile    // with the new text, if it was updated
	Old       []byte     // the accepted text, if it is another one
	New       []byte     // the text that the server sent, if it is another one
}

// Diff returns how the text changes, as a unified diff in which everything is
// escaped that a terminal would act on.
func (r Refreshed) Diff() []byte {
	return escapeLines(diff.Diff(r.Name, r.Old, r.Name, r.New))
}

func escapeLines(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for line := range lines(text) {
		// A tab shows as it is, and the line ending is none of the list's doing.
		for i, cell := range splitTabs(trimEOL(line)) {
			if i > 0 {
				out = append(out, '\t')
			}
			out = append(out, printable(cell)...)
		}
		out = append(out, '\n')
	}
	return out
}

// RefreshOptions say how a refresh is done. The zero value is the usual one.
type RefreshOptions struct {
	DryRun   bool              // fetch, decide, and write nothing
	Force    bool              // overwrite a text that somebody edited
	Full     bool              // ask for the whole text even if nothing is new
	Progress func(bytes int64) // may be nil; called while a text arrives
}

// Subscribe makes a new subscription and fetches its text. When that fails,
// nothing was made. When the text maps names to addresses of its choice, the
// profile comes into being by [Subscriber.Accept] only.
func (s *Subscriber) Subscribe(ctx context.Context, sub Subscription, o RefreshOptions) Refreshed {
	if err := sub.Check(); err != nil {
		return failed(sub, err)
	}
	if err := s.Library.CheckNew(sub.Name); err != nil {
		return failed(sub, err)
	}
	answer, err := s.Fetcher.fetch(ctx, sub, FetchState{}, o.Progress)
	if err == nil {
		err = Judge(answer.text)
	}
	if err != nil || o.DryRun {
		return s.judged(sub, answer, nil, err)
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return failed(sub, err)
	}
	defer unlock()
	// Another command may have made it while we were waiting for the server.
	if err := s.Library.CheckNew(sub.Name); err != nil {
		return failed(sub, err)
	}
	if err := s.forget(sub.Name); err != nil {
		return failed(sub, err)
	}
	if err := s.Library.saveSubscription(sub); err != nil {
		return failed(sub, err)
	}
	r := s.commit(sub, answer, o)
	if r.Err != nil {
		r.Err = errors.Join(r.Err, s.Library.removeSubscription(sub.Name), s.forget(sub.Name))
	}
	return r
}

// Refresh fetches the text of a subscription and takes it over, or holds it
// back. A failed refresh changes nothing but the state.
func (s *Subscriber) Refresh(ctx context.Context, name string, o RefreshOptions) Refreshed {
	sub, err := s.Library.Subscription(name)
	if err != nil {
		return failed(Subscription{Name: name}, err)
	}
	known := s.State(sub)
	if !s.has(sub, known) || o.Full || o.Force {
		known.ETag, known.LastModified = "", ""
	}
	answer, err := s.Fetcher.fetch(ctx, sub, known, o.Progress)
	if err == nil && !answer.notModified {
		err = Judge(answer.text)
	}
	if ctx.Err() != nil {
		return failed(sub, ctx.Err()) // not the server's fault
	}
	if o.DryRun {
		return s.preview(sub, answer, err)
	}
	unlock, lockErr := s.lock(ctx)
	if lockErr != nil {
		return failed(sub, lockErr)
	}
	defer unlock()
	// It may have been changed, or dropped, while we were waiting for the server.
	now, subErr := s.Library.Subscription(name)
	if subErr != nil {
		return failed(sub, subErr)
	}
	if now.URL != sub.URL {
		return failed(now, errors.New("the subscription was changed meanwhile"))
	}
	if err != nil {
		return failed(now, errors.Join(err, s.recordFailure(now, err)))
	}
	return s.commit(now, answer, o)
}

func failed(sub Subscription, err error) Refreshed {
	r := Refreshed{Name: sub.Name, Outcome: Failed, Err: err}
	if sub.URL != "" {
		r.Source = sub.Source()
	}
	return r
}

// has reports whether the text that the tags in the state stand for is there, so
// that an answer of "nothing new" is one. Another machine may have put another
// text in its place.
func (s *Subscriber) has(sub Subscription, state FetchState) bool {
	text, held := s.Held(sub)
	if !held {
		p, err := s.Library.Load(sub.Name)
		if err != nil {
			return false
		}
		text = p.Text
	}
	return (Profile{Text: text}).Hash() == state.Tagged
}

// recordFailure remembers that a refresh failed, and since when they do.
func (s *Subscriber) recordFailure(sub Subscription, cause error) error {
	state := s.State(sub)
	state.Tried = s.now()
	if state.Failing.IsZero() {
		state.Failing = state.Tried
	}
	state.Error = cause.Error()
	return s.saveState(sub.Name, state)
}

// preview is commit without writing.
func (s *Subscriber) preview(sub Subscription, answer fetched, err error) Refreshed {
	if err != nil {
		return failed(sub, err)
	}
	if answer.notModified {
		held, ok := s.Held(sub)
		if !ok {
			return Refreshed{Name: sub.Name, Source: sub.Source(), Outcome: Unchanged}
		}
		answer.text = held
	}
	old, err := s.accepted(sub.Name)
	return s.judged(sub, answer, old, err)
}

// accepted returns the text of the profile, or nil when there is none yet.
func (s *Subscriber) accepted(name string) ([]byte, error) {
	p, err := s.Library.Load(name)
	if errors.Is(err, ErrNoProfile) {
		return nil, nil
	}
	return p.Text, err
}

// judged says what a text means for the accepted one.
func (s *Subscriber) judged(sub Subscription, answer fetched, old []byte, err error) Refreshed {
	if err != nil {
		return failed(sub, err)
	}
	r := Refreshed{Name: sub.Name, Source: sub.Source(), Outcome: Updated, Old: old, New: answer.text}
	if old != nil && (Profile{Text: old}).Hash() == (Profile{Text: answer.text}).Hash() {
		return Refreshed{Name: sub.Name, Source: r.Source, Outcome: Unchanged}
	}
	if r.Redirects = NewRedirects(old, answer.text); len(r.Redirects) > 0 {
		r.Outcome = HeldBack
		return r
	}
	r.Profile = Profile{Name: sub.Name, Text: answer.text}
	return r
}

// commit takes a good answer over. The lock is held.
func (s *Subscriber) commit(sub Subscription, answer fetched, o RefreshOptions) Refreshed {
	state := s.State(sub)
	if answer.notModified {
		held, ok := s.Held(sub)
		if !ok {
			return s.settle(sub, state, answer, Refreshed{Name: sub.Name, Source: sub.Source(), Outcome: Unchanged})
		}
		answer.text = held
	}
	old, err := s.accepted(sub.Name)
	r := s.judged(sub, answer, old, err)
	switch r.Outcome {
	case Failed:
		return r
	case HeldBack:
		state.Held = HashOf(r.New)
		if err := s.keep(s.heldPath(sub.Name), r.New); err != nil {
			return failed(sub, err)
		}
	case Updated:
		if old != nil && !o.Force && s.isEdited(sub, state, old) {
			return failed(sub, errors.Join(ErrEdited, s.recordFailure(sub, ErrEdited)))
		}
		state.Held = Hash{}
		if sub, state, err = s.write(sub, state, r.Profile); err != nil {
			return failed(sub, err)
		}
	case Unchanged:
		state.Held = Hash{}
		// Another machine has fetched it, or the text was edited into this one.
		if hash := (Profile{Text: old}).Hash(); sub.Written != hash {
			sub.Written = hash
			if err := s.Library.saveSubscription(sub); err != nil {
				return failed(sub, err)
			}
		}
	}
	return s.settle(sub, state, answer, r)
}

// isEdited reports whether the text of a profile is not one that Fettle wrote.
func (s *Subscriber) isEdited(sub Subscription, state FetchState, text []byte) bool {
	hash := Profile{Text: text}.Hash()
	return hash != sub.Written && (state.Writing.IsZero() || hash != state.Writing)
}

// write puts a new text in the place of the profile's. What it is about to write
// is on record first, so that a kill at any point leaves no text that looks as
// if somebody had edited it.
func (s *Subscriber) write(sub Subscription, state FetchState, p Profile) (Subscription, FetchState, error) {
	state.Writing = p.Hash()
	if err := s.saveState(sub.Name, state); err != nil {
		return sub, state, err
	}
	if err := s.Library.Save(p); err != nil {
		return sub, state, err
	}
	sub.Written = p.Hash()
	if err := s.Library.saveSubscription(sub); err != nil {
		return sub, state, err
	}
	state.Writing = Hash{}
	return sub, state, nil
}

// settle records a refresh that worked.
func (s *Subscriber) settle(sub Subscription, state FetchState, answer fetched, r Refreshed) Refreshed {
	state.ETag, state.LastModified = answer.etag, answer.lastModified
	if !answer.notModified {
		state.Tagged = Profile{Text: answer.text}.Hash()
	}
	state.Tried = s.now()
	state.Fetched, state.Failing, state.Error = state.Tried, time.Time{}, ""
	if err := s.saveState(sub.Name, state); err != nil {
		return failed(sub, err)
	}
	if state.Held.IsZero() {
		if err := s.dropHeld(sub.Name); err != nil {
			return failed(sub, err)
		}
	}
	return r
}

func (s *Subscriber) now() time.Time {
	if s.Now != nil {
		return s.Now().UTC()
	}
	return time.Now().UTC()
}
