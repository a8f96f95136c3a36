package hosts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode"
)

// MaxRequest is the size of the largest request that [System.Carry] takes, in
// bytes: room for a list of several million names.
const MaxRequest = 256 << 20

var (
	// ErrRefused is the error for a request that does not lead to the result
	// that it names, so that it would write something nobody was shown.
	ErrRefused = errors.New("the request does not lead to the result that was shown")
	// ErrNotSystem is the error for carrying a request out on any other file
	// than the system's own.
	ErrNotSystem = errors.New("only the system's own hosts file is written with more rights")
)

// A Request is what the unprivileged side hands to the step that runs with
// more rights. It holds no content of a hosts file: that step reads the file
// itself, makes the same plan from the profiles, and refuses another result.
type Request struct {
	Base   Hash   `json:"base"`
	Result Hash   `json:"result"`
	Action string `json:"action"`
	Undoes int    `json:"undoes,omitzero"`
	// Restore says that the result is a state that the history of root holds.
	// Otherwise the profiles lead to it.
	Restore bool `json:"restore,omitzero"`
	// Accept says that the file stays as it is, and that the history says so.
	Accept   bool             `json:"accept,omitzero"`
	Profiles []RequestProfile `json:"profiles,omitempty"`
	Limits   Limits           `json:"limits,omitzero"`
}

// A RequestProfile is a [Want] in a request.
type RequestProfile struct {
	Name  string    `json:"name"`
	Text  []byte    `json:"text"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"`
	Runs  []Run     `json:"runs,omitempty"`
}

// Request returns what the elevated step needs to make the plan again.
func (p *Plan) Request() Request {
	r := Request{Base: p.Base, Result: p.Result, Action: p.Action, Undoes: p.Undoes, Restore: p.restores, Accept: p.accepts}
	for _, w := range p.want {
		r.Profiles = append(r.Profiles, RequestProfile{Name: w.Name, Text: w.Text, Since: w.Since, Until: w.Until, Runs: w.Runs})
	}
	return r
}

// maxAction is the length of the longest action that a request may put in the
// history, in bytes.
const maxAction = 4096

// maxProfiles is how many profiles a request may put in force. The lock is held
// while the plan is made, and others wait for it.
const maxProfiles = 1000

// check refuses what no honest front end sends.
func (r Request) check() error {
	if len(r.Profiles) > maxProfiles {
		return fmt.Errorf("%w: it names %d profiles, and %d are the most", ErrRefused, len(r.Profiles), maxProfiles)
	}
	if len(r.Action) > maxAction {
		return fmt.Errorf("%w: its action is longer than %d bytes", ErrRefused, maxAction)
	}
	for _, c := range r.Action {
		if !unicode.IsPrint(c) {
			return fmt.Errorf("%w: its action holds a control character", ErrRefused)
		}
	}
	if (r.Restore || r.Accept) && len(r.Profiles) > 0 || r.Restore && r.Accept {
		return fmt.Errorf("%w: it wants several things at once", ErrRefused)
	}
	return nil
}

// Carry does what a request asks for, as root: the one step of Fettle that has
// more rights than its user. It writes the system's hosts file and nothing
// else, and only the result that the request names. The error is
// [ErrNotSystem], [ErrRefused], [ErrChanged], or that of a failed step.
func (s *System) Carry(ctx context.Context, r Request) (*Plan, error) {
	if !s.Own {
		return nil, ErrNotSystem
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	s.history.limits = r.Limits.forRoot()
	return s.Update(ctx, func(f *File) (*Plan, error) {
		if f.Hash() != r.Base {
			return nil, ErrChanged
		}
		p, err := s.planAgain(f, r)
		if err != nil {
			return nil, err
		}
		if p.Result != r.Result {
			return nil, ErrRefused
		}
		p.Action, p.Undoes = r.Action, r.Undoes
		return p, nil
	})
}

// maxRootLimits are the most that a request may ask for: the disk with the
// history of root is not its caller's to fill.
var maxRootLimits = Limits{Entries: 100_000, Bytes: 2_000_000_000}

// forRoot returns the limits of a request as far as root follows them. They may
// raise what the history keeps, but not lower it: dropping old states with one
// request would be too easy a way to hide a change.
func (l Limits) forRoot() Limits {
	return Limits{
		Entries: min(max(l.Entries, DefaultLimits.Entries), maxRootLimits.Entries),
		Bytes:   min(max(l.Bytes, DefaultLimits.Bytes), maxRootLimits.Bytes),
	}
}

func (s *System) planAgain(f *File, r Request) (*Plan, error) {
	if r.Accept {
		return PlanAccept(f), nil
	}
	if r.Restore {
		data, err := s.State(r.Result)
		if err != nil {
			return nil, err
		}
		return PlanRestore(f, data), nil
	}
	var want []Want
	for _, p := range r.Profiles {
		want = append(want, Want{Profile: Profile{Name: p.Name, Text: p.Text}, Since: p.Since, Until: p.Until, Runs: p.Runs})
	}
	return PlanApply(f, want, s.Platform)
}

// Elevate hands an encoded [Request] to the write step, which it runs with the
// rights that the system's hosts file wants, and waits for its end. It returns
// what the step printed, an encoded [Reply], which may be empty where the
// system's way to elevate a program loses it.
type Elevate func(ctx context.Context, request []byte) (reply []byte, err error)

// A Reply is what the write step says of its work.
type Reply struct {
	Written bool   `json:"written"`
	Code    string `json:"code,omitempty"` // names the error, for those that callers know
	Error   string `json:"error,omitempty"`
}

// replyCodes are the errors that keep their identity on the way back.
var replyCodes = map[string]error{
	"changed":    ErrChanged,
	"refused":    ErrRefused,
	"not-system": ErrNotSystem,
	"no-history": ErrNoHistory,
	"busy":       ErrBusy,
}

// NewReply returns the reply to a request that ended with err.
func NewReply(p *Plan, err error) Reply {
	if err == nil {
		return Reply{Written: p != nil && !p.Empty()}
	}
	r := Reply{Error: err.Error()}
	for code, known := range replyCodes {
		if errors.Is(err, known) {
			r.Code = code
		}
	}
	return r
}

// A stepError is the error of the write step, as its reply told it.
type stepError struct {
	text  string
	cause error
}

func (e *stepError) Error() string { return e.text }
func (e *stepError) Unwrap() error { return e.cause }

// err returns the error that the reply stands for.
func (r Reply) err() error {
	if r.Error == "" {
		return nil
	}
	return &stepError{text: r.Error, cause: replyCodes[r.Code]}
}

// applyTries is how often a plan is made anew when the file changes while the
// user types a password.
const applyTries = 3

// Apply plans with decide and carries the plan out: at once where the process
// may write the file, through elevate where it may not. A file that changes in
// between is planned for again. After the system's own file was written, the
// caches of the resolver are flushed. It returns the plan; an empty one wrote
// nothing and asked for nothing.
func (s *System) Apply(ctx context.Context, decide func(*File) (*Plan, error), elevate Elevate) (*Plan, error) {
	if !s.NeedsRights() {
		p, err := s.Update(ctx, decide)
		if err == nil && s.Own && !p.Empty() {
			Flush(ctx)
		}
		return p, err
	}
	for try := 1; ; try++ {
		p, err := s.applyElevated(ctx, decide, elevate)
		if try == applyTries || !errors.Is(err, ErrChanged) {
			return p, err
		}
	}
}

func (s *System) applyElevated(ctx context.Context, decide func(*File) (*Plan, error), elevate Elevate) (*Plan, error) {
	f, err := s.Read()
	if err != nil {
		return nil, err
	}
	p, err := decide(f)
	if err != nil || p.Empty() {
		return p, err
	}
	r := p.Request()
	r.Limits = s.history.limits
	request, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	answer, err := elevate(ctx, request)
	var reply Reply
	// What cannot be read is the text of something that went wrong before the
	// step began; err tells of it.
	if json.Unmarshal(answer, &reply) == nil && reply.Error != "" {
		return p, reply.err()
	}
	if err != nil {
		return p, err
	}
	// Not every way to elevate a program brings its exit status back.
	after, err := s.Read()
	if err == nil && after.Hash() != p.Result {
		err = errors.New("the write step ended, but the hosts file is not what it should be")
	}
	return p, err
}
