package hosts

import (
	"fmt"
	"slices"
	"strconv"
)

// PlanUndo decides what f must become to take the last change back, or the one
// before if that was undone already. Where nobody else has written since, that
// is the replaced state, byte for byte. Otherwise what others wrote is kept, and
// the profiles that were in force come back with the text that they had, unless
// their time is over. A change that only took such profiles out is passed over.
// The error is [ErrNoHistory] when there is nothing to undo.
func (s *System) PlanUndo(f *File) (*Plan, error) {
	entries, err := s.History()
	if err != nil {
		return nil, err
	}
	for {
		e, ok := ToUndo(entries, f.Hash())
		if !ok {
			return nil, fmt.Errorf("nothing to undo: %w", ErrNoHistory)
		}
		p, err := s.planUndoOf(f, e)
		if err != nil {
			return nil, fmt.Errorf("undoing change %d: %w", e.Number, err)
		}
		if !p.Empty() {
			return p, nil
		}
		entries = entries[:slices.IndexFunc(entries, func(o Entry) bool { return o.Number == e.Number })]
	}
}

func (s *System) planUndoOf(f *File, e Entry) (*Plan, error) {
	data, err := s.State(e.Replaced)
	if err != nil {
		return nil, err
	}
	p, state := PlanRestore(f, data), Parse(data)
	if over := Expired(state, s.moment()); e.Result != f.Hash() || len(over) > 0 {
		if p, err = s.planAsIn(f, state); err != nil {
			return nil, err
		}
		p.Ended = nonNil(over)
	}
	p.Action, p.Undoes = "undo "+strconv.Itoa(e.Number), e.Number
	return p, nil
}

// planAsIn puts the profiles in force that were in force in state, over the
// outside lines that f has now. Those whose time is over stay out.
func (s *System) planAsIn(f, state *File) (*Plan, error) {
	if state.Damage != nil {
		return nil, state.Damage
	}
	var want []Want
	for _, a := range state.Active() {
		if a.Over(s.moment()) {
			continue
		}
		p, ok := state.Applied(a.Name)
		if !ok {
			return nil, fmt.Errorf("profile %q: its text is missing", a.Name)
		}
		want = append(want, Want{Profile: p, Since: a.Since, Until: a.Until, Runs: a.Runs})
	}
	return PlanApply(f, want, s.Platform)
}

// PlanRestoreEntry decides to put back the file as it was before change number,
// whole. The error is [ErrNoHistory] for a change that is not in the history.
func (s *System) PlanRestoreEntry(f *File, number int) (*Plan, error) {
	data, err := s.StateBefore(number)
	if err != nil {
		return nil, err
	}
	p := PlanRestore(f, data)
	p.Action = "restore " + strconv.Itoa(number)
	return p, nil
}

// StateBefore returns the file as it was before a change. The error is
// [ErrNoHistory] for a change that is not in the history.
func (s *System) StateBefore(number int) ([]byte, error) {
	entries, err := s.History()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.Number == number })
	if i < 0 {
		return nil, fmt.Errorf("change %d: %w", number, ErrNoHistory)
	}
	data, err := s.State(entries[i].Replaced)
	if err != nil {
		return nil, fmt.Errorf("change %d: %w", number, err)
	}
	return data, nil
}

// PlanRestoreOriginal decides to put back the file as it was before Fettle's
// first change, whole.
func (s *System) PlanRestoreOriginal(f *File) (*Plan, error) {
	data, err := s.Original()
	if err != nil {
		return nil, err
	}
	p := PlanRestore(f, data)
	p.Action = "restore original"
	return p, nil
}
