package hosts

import (
	"fmt"
	"slices"

	"fettle/internal/atomicfile"
)

// replacedSuffix ends the name of the file that keeps the text which Adopt
// replaced: the history has only what stood in the hosts file.
const replacedSuffix = ".replaced"

// Adopt makes the text that stands for a profile in the section of f its text,
// after another program, or the user, changed it there. It returns where the old
// text is kept, or "" when there was none or nothing to change. The error is
// [ErrNotActive] for a profile that is not in force.
func (l Library) Adopt(f *File, name string) (kept string, err error) {
	p, ok := f.Applied(name)
	if !ok {
		return "", fmt.Errorf("profile %q: %w", name, ErrNotActive)
	}
	if old, err := l.Load(name); err == nil {
		if old.Hash() == p.Hash() {
			return "", nil
		}
		kept = l.Path(name) + replacedSuffix
		if err := atomicfile.Create(kept, old.Text, 0o644); err != nil {
			return "", fmt.Errorf("keeping the old text: %w", err)
		}
		if err := give(kept, l.Chown); err != nil {
			return kept, err
		}
	}
	return kept, l.Save(p)
}

// PlanAdopt decides to leave the text of profiles in force as it stands in the
// section, and to name it in the header. See [Library.Adopt].
func PlanAdopt(f *File, library Library, names []string, platform Platform, m Moment) (*Plan, error) {
	return replan(f, library, platform, m, "adopt", func(w *Want) {
		if p, ok := f.Applied(w.Name); ok && slices.Contains(names, w.Name) {
			w.Profile = p
		}
	})
}
