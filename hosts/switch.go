package hosts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Op is a way to switch profiles.
type Op string

// What a [Switch] can do with the profiles that it names.
const (
	Use    Op = "use"    // put exactly these in force
	On     Op = "on"     // put these in force beside the others
	Off    Op = "off"    // take these out of force; with no names, all
	Toggle Op = "toggle" // take out of force what is in it, and the other way round
)

// ErrNotActive is the error for switching off a profile that is not in force.
var ErrNotActive = errors.New("the profile is not on")

// A Switch is a request to switch profiles: what a command, a click in the menu
// and a switch in the window have in common.
type Switch struct {
	Op    Op
	Names []string
	Until time.Time // for the profiles that it names; zero: no end, and one that they had is gone
	Now   time.Time // the time at which they come into force
	// Run, if any, is the process for which profiles are switched on, as by
	// "fettle hosts run". One that is on already then stays as it is.
	Run   Run
	Alive func(Run) bool // see [Moment]
}

func (w Switch) moment() Moment { return Moment{Time: w.Now, Alive: w.Alive} }

// action returns what the history says of the change.
func (w Switch) action() string {
	if w.Op == Off && len(w.Names) == 0 {
		return "off --all"
	}
	if !w.Run.IsZero() {
		return "run " + strings.Join(w.Names, " ")
	}
	return strings.TrimSpace(string(w.Op) + " " + strings.Join(w.Names, " "))
}

// Plan decides what f must become. It loads the profiles that the Switch names
// from the library; the others that stay in force keep the text that they were
// switched on with. Those whose time is over go. The error is one of
// [Library.Load], [PlanApply] or [ErrNotActive].
func (w Switch) Plan(f *File, library Library, platform Platform) (*Plan, error) {
	want, err := w.wants(f, library)
	if err != nil {
		return nil, err
	}
	p, err := PlanApply(f, want, platform)
	if err != nil {
		return nil, err
	}
	p.Action = w.action()
	p.Ended = slices.DeleteFunc(nonNil(Expired(f, w.moment())), func(a Active) bool {
		return w.Op == Use || w.Op == Off && len(w.Names) == 0 || slices.Contains(w.Names, a.Name)
	})
	return p, nil
}

func (w Switch) wants(f *File, library Library) ([]Want, error) {
	if f.Damage != nil {
		return nil, f.Damage
	}
	names := compact(w.Names)
	active := Names(f.Active())
	ended := without(Names(Expired(f, w.moment())), names)
	switch w.Op {
	case Use:
		return w.load(f, library, names, names)
	case On:
		return w.load(f, library, append(without(active, ended), names...), names)
	case Off:
		if len(names) == 0 {
			return nil, nil
		}
		if err := w.checkOff(f, library, names); err != nil {
			return nil, err
		}
		return w.load(f, library, without(without(active, names), ended), nil)
	case Toggle:
		on := without(names, active)
		return w.load(f, library, append(without(without(active, names), ended), on...), on)
	}
	return nil, fmt.Errorf("%q is not a way to switch profiles", w.Op)
}

// checkOff refuses a name that is neither in force nor a profile, which is
// likely a slip. A profile that is off already is fine: nothing to do.
func (w Switch) checkOff(f *File, library Library, names []string) error {
	for _, name := range without(names, Names(f.Active())) {
		if _, err := library.Load(name); err != nil {
			if errors.Is(err, ErrNoProfile) {
				return fmt.Errorf("profile %q: %w, and not on either", name, ErrNoProfile)
			}
			return err
		}
	}
	return nil
}

// load returns the wanted profiles by name: those that are fresh from the
// library, the others as they are in force.
func (w Switch) load(f *File, library Library, names, fresh []string) ([]Want, error) {
	var wants []Want
	for _, name := range compact(names) {
		var was *Active // nil when it is off
		if i := slices.IndexFunc(f.Active(), func(a Active) bool { return a.Name == name }); i >= 0 {
			was = &f.Active()[i]
		}
		load := w.renew
		if was != nil && (!slices.Contains(fresh, name) || !w.Run.IsZero() && !was.Over(w.moment())) {
			load = w.keep
		}
		want, err := load(f, library, name, was)
		if err != nil {
			return nil, err
		}
		wants = append(wants, want)
	}
	return wants, nil
}

// renew returns a profile that is named, with its text of now, and with the
// limit of the Switch, whatever it was.
func (w Switch) renew(_ *File, library Library, name string, was *Active) (Want, error) {
	want := Want{Since: w.Now, Until: w.Until}
	if was != nil {
		want.Since = was.Since
	}
	if !w.Run.IsZero() {
		want.Runs = []Run{w.Run}
	}
	var err error
	want.Profile, err = library.Load(name)
	return want, err
}

// keep returns a profile that stays in force as it is. Where it would go
// earlier than the run for which it is named, the run keeps it.
func (w Switch) keep(f *File, library Library, name string, was *Active) (Want, error) {
	want := Want{Since: was.Since, Until: was.Until}
	for _, run := range was.Runs {
		if w.moment().alive(run) {
			want.Runs = append(want.Runs, run)
		}
	}
	endless := was.Until.IsZero() && len(was.Runs) == 0
	if !w.Run.IsZero() && !endless && slices.Contains(w.Names, name) {
		want.Runs = append(want.Runs, w.Run)
	}
	var err error
	want.Profile, err = f.applied(*was, library)
	return want, err
}

// applied returns the text of a profile in force. The section holds it. Where
// another program changed the section, the library's copy counts, and what the
// section still says only when that is gone.
func (f *File) applied(a Active, library Library) (Profile, error) {
	p, ok := f.Applied(a.Name)
	if ok && p.Hash() == a.Hash {
		return p, nil
	}
	saved, err := library.Load(a.Name)
	if err != nil && ok {
		return p, nil
	}
	return saved, err
}

// PlanReload decides to put the text of p in force in the place of the text
// that the profile of this name was switched on with. A profile that is not in
// force is left so.
func PlanReload(f *File, library Library, p Profile, platform Platform, m Moment) (*Plan, error) {
	return replan(f, library, platform, m, "edit "+p.Name, func(w *Want) {
		if w.Name == p.Name {
			w.Profile = p
		}
	})
}

// PlanRename decides to call a profile in force by another name.
func PlanRename(f *File, library Library, from, to string, platform Platform, m Moment) (*Plan, error) {
	return replan(f, library, platform, m, "rename "+from+" "+to, func(w *Want) {
		if w.Name == from {
			w.Name = to
		}
	})
}

// compact returns names without those that stand there already.
func compact(names []string) []string {
	var out []string
	for _, name := range names {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func without(names, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(drop, name) })
}
