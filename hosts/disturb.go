package hosts

import (
	"slices"
	"time"
)

// A Harm is what another program did to Fettle's section.
type Harm string

// The kinds of harm, from the worst.
const (
	Unharmed Harm = ""
	Damaged  Harm = "damaged"  // its markers or its header cannot be read
	Removed  Harm = "removed"  // it is gone, and the profiles with it
	Replaced Harm = "replaced" // others are in force than Fettle put there, as an old copy of the file has them
	Edited   Harm = "edited"   // its lines were changed
)

// A Disturbance is how the file differs from what Fettle left: what another
// program did to the section. What it wrote outside is no disturbance.
type Disturbance struct {
	Harm Harm `json:"harm"`
	// Was are the profiles that Fettle left in force, Now those that are.
	Was []string `json:"was"`
	Now []string `json:"now"`
	// Edited are the profiles in force whose text in the section is not the one
	// that they were switched on with.
	Edited []string  `json:"edited"`
	Asides int       `json:"set_aside"` // outside lines that are still set aside, after the section was removed
	Left   time.Time `json:"left"`      // when Fettle last wrote
}

// Disturbed says what other programs did to Fettle's section since the last
// change of the history, whose entries are oldest first. Without entries only
// damage and edits can be known.
func Disturbed(f *File, entries []Entry) Disturbance {
	d := Disturbance{Was: []string{}, Now: Names(f.Active()), Edited: []string{}}
	known := len(entries) > 0
	if known {
		last := entries[len(entries)-1]
		d.Was, d.Left = nonNil(last.Now), last.Time
		if last.Result == f.Hash() {
			return d // as Fettle left it, or as its user accepted it
		}
	}
	switch {
	case f.Damage != nil:
		d.Harm = Damaged
	case known && len(d.Was) > 0 && f.section == nil:
		d.Harm, d.Asides = Removed, f.Asides()
	case known && !slices.Equal(d.Was, d.Now):
		d.Harm = Replaced
	case f.Edited():
		d.Harm, d.Edited = Edited, f.editedProfiles()
	}
	return d
}

// editedProfiles returns the profiles in force whose block was changed.
func (f *File) editedProfiles() []string {
	edited := []string{}
	for _, a := range f.Active() {
		if p, ok := f.Applied(a.Name); !ok || p.Hash() != a.Hash {
			edited = append(edited, a.Name)
		}
	}
	return edited
}

// PlanAccept decides to leave the file as it is, and to note in the history
// that this is how it shall be: what other programs did before is no
// disturbance any more.
func PlanAccept(f *File) *Plan {
	p := PlanRestore(f, f.Data)
	p.restores, p.accepts, p.Action = false, true, "accept"
	return p
}

// A Change is a kind of difference between two states of a hosts file.
type Change string

// The kinds of change that [Changes] tells apart.
const (
	ChangedProfiles Change = "profiles" // others are in force, or in another order
	ChangedText     Change = "text"     // a profile in force has another text
	ChangedLimits   Change = "limits"   // how long a profile stays in force
	ChangedSection  Change = "section"  // somebody edited the lines of the section, or mended them
	ChangedOutside  Change = "outside"  // lines that are not Fettle's
	ChangedDamage   Change = "damage"   // the section got damaged, or was mended
	ChangedMissing  Change = "missing"  // the file is gone, or came back
)

// Changes tells how two states of the file differ, where nil is no file at all.
// It is empty for two that are the same, byte for byte.
func Changes(old, new *File) []Change {
	changes := []Change{}
	switch {
	case old == nil && new == nil:
		return changes
	case old == nil || new == nil:
		return append(changes, ChangedMissing)
	case old.Hash() == new.Hash():
		return changes
	case old.Damage != nil || new.Damage != nil:
		return append(changes, ChangedDamage)
	}
	before, after := old.Active(), new.Active()
	if slices.Equal(Names(before), Names(after)) {
		text := func(a, b Active) bool { return a.Hash == b.Hash }
		limits := func(a, b Active) bool { return a.Until.Equal(b.Until) && slices.Equal(a.Runs, b.Runs) }
		if !slices.EqualFunc(before, after, text) {
			changes = append(changes, ChangedText)
		}
		if !slices.EqualFunc(before, after, limits) {
			changes = append(changes, ChangedLimits)
		}
	} else {
		changes = append(changes, ChangedProfiles)
	}
	if old.Edited() || new.Edited() {
		changes = append(changes, ChangedSection)
	}
	if HashOf(old.Outside()) != HashOf(new.Outside()) {
		changes = append(changes, ChangedOutside)
	}
	return changes
}
