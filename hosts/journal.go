package hosts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"fettle/internal/atomicfile"
)

// A journal stands in the state folder while a hosts file is written in place,
// which is the only way where it is a bind mount, as in every container. If the
// writer dies, the file may hold the head of the new content and the tail of
// the old. The journal names both, and the objects hold them.
type journal struct {
	Path string `json:"path"`
	Old  Hash   `json:"old"`
	New  Hash   `json:"new"`
}

func (h *history) journalPath() string { return filepath.Join(h.dir, "journal.json") }

// readJournal returns the journal of a write that has not ended, or nil.
func (h *history) readJournal() (*journal, error) {
	data, err := os.ReadFile(h.journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the journal: %w", err)
	}
	var j journal
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("reading the journal: %s: %w", h.journalPath(), err)
	}
	return &j, nil
}

// overwrite writes the plan in place, with a journal around it.
func (h *history) overwrite(path string, p *Plan) error {
	if err := h.store(p.Result, p.Content()); err != nil {
		return err
	}
	data, err := json.Marshal(journal{Path: path, Old: p.Base, New: p.Result})
	if err != nil {
		return err
	}
	if err := h.create(h.journalPath(), data); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	if err := atomicfile.Overwrite(path, p.Content()); err != nil {
		if back := atomicfile.Overwrite(path, p.old); back != nil {
			return fmt.Errorf("writing in place: %w; writing the old content back failed too (%v): the next change repairs the file", err, back)
		}
		return errors.Join(fmt.Errorf("writing in place: %w", err), os.Remove(h.journalPath()))
	}
	return os.Remove(h.journalPath())
}

// repair finishes what a killed writer left: it puts the old content back. It
// reports whether it wrote. Only the holder of the lock may call it.
func (h *history) repair(path string) (repaired bool, err error) {
	j, err := h.readJournal()
	if err != nil || j == nil || j.Path != path {
		return false, err
	}
	current, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	if hash := HashOf(current); hash != j.Old && hash != j.New {
		before, err := h.object(j.Old)
		if err != nil {
			return false, fmt.Errorf("repairing %s: %w", path, err)
		}
		after, err := h.object(j.New)
		if err != nil {
			return false, fmt.Errorf("repairing %s: %w", path, err)
		}
		// Anything else was written by another program after the crash, and is
		// not ours to replace.
		if isTorn(current, before, after) {
			if err := atomicfile.Overwrite(path, before); err != nil {
				return false, fmt.Errorf("repairing %s: %w", path, err)
			}
			repaired = true
		}
	}
	return repaired, os.Remove(h.journalPath())
}

// isTorn reports whether current is what interrupted writes of after over
// before, or of before over that to repair it, leave: each byte is that of one
// of the two, or zero where the file system had allocated the space but not
// written.
func isTorn(current, before, after []byte) bool {
	if len(current) > max(len(before), len(after)) {
		return false
	}
	for i, c := range current {
		if c != 0 && (i >= len(before) || before[i] != c) && (i >= len(after) || after[i] != c) {
			return false
		}
	}
	return true
}
