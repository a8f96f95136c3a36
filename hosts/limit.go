package hosts

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Moment is what decides whether the time of a profile is over.
type Moment struct {
	Time  time.Time
	Alive func(Run) bool // whether a run goes on; nil asks this machine
}

func (m Moment) alive(r Run) bool {
	if m.Alive == nil {
		return r.Alive()
	}
	return m.Alive(r)
}

// Over reports whether the time of a profile is over: it has a limit or was
// switched on for runs, the limit has passed, and the runs have ended. Whatever
// is over stays in force until a writing command takes it out; reading never
// writes.
func (a Active) Over(m Moment) bool {
	if a.Until.IsZero() && len(a.Runs) == 0 {
		return false
	}
	return (a.Until.IsZero() || !a.Until.After(m.Time)) && !slices.ContainsFunc(a.Runs, m.alive)
}

// Expired returns the profiles in force whose time is over, in their order. The
// next change takes them out, whichever it is; [PlanExpire] does only that.
func Expired(f *File, m Moment) []Active {
	var over []Active
	for _, a := range f.Active() {
		if a.Over(m) {
			over = append(over, a)
		}
	}
	return over
}

// NextExpiry returns when the next limit passes, which is after now, or the
// zero time. The end of a run cannot be foretold.
func NextExpiry(f *File, now time.Time) time.Time {
	var next time.Time
	for _, a := range f.Active() {
		if a.Until.After(now) && (next.IsZero() || a.Until.Before(next)) {
			next = a.Until
		}
	}
	return next
}

// PlanExpire decides to take out the profiles whose time is over. The plan is
// empty when there are none.
func PlanExpire(f *File, library Library, platform Platform, m Moment) (*Plan, error) {
	return replan(f, library, platform, m, "expire", nil)
}

// PlanRunEnd decides to take out the profiles that were switched on for a run
// that ends. One stays that another run was given it for, whose limit has not
// passed, or that was switched on for good in the meantime.
func PlanRunEnd(f *File, library Library, platform Platform, m Moment, run Run) (*Plan, error) {
	ended := Moment{Time: m.Time, Alive: func(r Run) bool { return r != run && m.alive(r) }}
	return replan(f, library, platform, ended, "end run", nil)
}

// replan plans for the profiles that are in force and whose time is not over,
// each changed by edit, which may be nil. With it the action says all; without,
// the profiles that go stand behind it.
func replan(f *File, library Library, platform Platform, m Moment, action string, edit func(*Want)) (*Plan, error) {
	if f.Damage != nil {
		return nil, f.Damage
	}
	over := Expired(f, m)
	w := Switch{Now: m.Time, Alive: m.Alive}
	wants, err := w.load(f, library, without(Names(f.Active()), Names(over)), nil)
	if err != nil {
		return nil, err
	}
	for i := range wants {
		if edit != nil {
			edit(&wants[i])
		}
	}
	p, err := PlanApply(f, wants, platform)
	if err != nil {
		return nil, err
	}
	p.Action, p.Ended = action, nonNil(over)
	if edit == nil {
		p.Action = strings.TrimSpace(action + " " + strings.Join(Names(over), " "))
	}
	return p, nil
}

// checkTimes refuses what the header could not hold.
func checkTimes(since, until time.Time, runs []Run) error {
	for _, t := range []time.Time{since, until} {
		// RFC 3339 has four digits for the year.
		if year := t.UTC().Year(); year < 1 || year > 9999 {
			return fmt.Errorf("the year %d is none that a hosts file can hold", year)
		}
	}
	for _, run := range runs {
		if err := run.check(); err != nil {
			return err
		}
	}
	return nil
}
