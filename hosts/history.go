package hosts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"fettle/internal/atomicfile"
)

// ErrNoHistory is the error for a state that the history does not hold, or no
// longer.
var ErrNoHistory = errors.New("the history does not hold this state")

// An Entry of the history is one change: the state that it replaced is kept.
type Entry struct {
	Number   int       `json:"number"` // rises by one with each change, and never names another change
	Time     time.Time `json:"time"`
	Action   string    `json:"action"`   // "use staging", "undo 12"
	Replaced Hash      `json:"replaced"` // what the file was before the change
	Result   Hash      `json:"result"`   // what it became
	Was      []string  `json:"was"`      // the profiles in force before
	Now      []string  `json:"now"`      // and after
	Undoes   int       `json:"undoes,omitzero"`
	Size     int64     `json:"size"` // of the replaced state, in bytes
}

// Limits cap the history. The newest entry and the original are always kept.
type Limits struct {
	Entries int   // 0 for DefaultLimits.Entries
	Bytes   int64 // of distinct states; 0 for DefaultLimits.Bytes
}

// DefaultLimits apply where nothing else is set.
var DefaultLimits = Limits{Entries: 100, Bytes: 200_000_000}

// A history is the folder that keeps every state which Fettle replaced:
//
//	hosts.before-fettle   the file as it was before the very first change
//	history.json          the entries, oldest first
//	objects/HASH          the states, each once
type history struct {
	dir    string
	public bool // others may read it, as they may read the hosts file
	chown  func(path string) error
	limits Limits
}

const originalName = "hosts.before-fettle"

func (h *history) logPath() string             { return filepath.Join(h.dir, "history.json") }
func (h *history) objectPath(hash Hash) string { return filepath.Join(h.dir, "objects", hash.String()) }
func (h *history) originalPath() string        { return filepath.Join(h.dir, originalName) }

// entries returns the changes, oldest first; none when there is no history.
func (h *history) entries() ([]Entry, error) {
	data, err := os.ReadFile(h.logPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	var log struct{ Entries []Entry }
	if err := json.Unmarshal(data, &log); err != nil {
		return nil, fmt.Errorf("reading the history: %s: %w", h.logPath(), err)
	}
	return log.Entries, nil
}

// object returns a kept state. It is compared with its name, since a file that
// is about to become the hosts file must be what was kept.
func (h *history) object(hash Hash) ([]byte, error) {
	data, err := os.ReadFile(h.objectPath(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return h.originalIf(hash)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a state of the history: %w", err)
	}
	if HashOf(data) != hash {
		return nil, fmt.Errorf("reading a state of the history: the content of %s is not what was kept", h.objectPath(hash))
	}
	return data, nil
}

func (h *history) originalIf(hash Hash) ([]byte, error) {
	data, err := os.ReadFile(h.originalPath())
	if err != nil || HashOf(data) != hash {
		return nil, ErrNoHistory
	}
	return data, nil
}

// keep stores a state, and the original if this is the first one ever.
func (h *history) keep(f *File) error {
	if err := h.makeDirs(); err != nil {
		return fmt.Errorf("keeping the hosts file in the history: %w", err)
	}
	if _, err := os.Lstat(h.originalPath()); errors.Is(err, fs.ErrNotExist) {
		// Where the history was lost, the file may hold a section already. The
		// original is what it was without one.
		original := f.Data
		if f.Damage == nil {
			original = f.Outside()
		}
		if err := h.create(h.originalPath(), original); err != nil {
			return fmt.Errorf("keeping the original hosts file: %w", err)
		}
	}
	return h.store(f.Hash(), f.Data)
}

// store puts data in the objects, unless it is there.
func (h *history) store(hash Hash, data []byte) error {
	if info, err := os.Stat(h.objectPath(hash)); err == nil && info.Size() == int64(len(data)) {
		return nil
	}
	if err := h.create(h.objectPath(hash), data); err != nil {
		return fmt.Errorf("keeping the hosts file in the history: %w", err)
	}
	return nil
}

func (h *history) makeDirs() error {
	perm := fs.FileMode(0o700)
	if h.public {
		perm = 0o755
	}
	made, err := makeDirs(filepath.Join(h.dir, "objects"), perm, h.chown)
	for _, dir := range made {
		// The umask of root may be tight, and everybody shall read what is public.
		err = errors.Join(err, os.Chmod(dir, perm))
	}
	return err
}

func (h *history) create(path string, data []byte) error {
	perm := fs.FileMode(0o600)
	if h.public {
		perm = 0o644
	}
	if err := atomicfile.Create(path, data, perm); err != nil {
		return err
	}
	return give(path, h.chown)
}

// add appends an entry, numbers it, and drops what the limits no longer allow.
// It returns a function that takes the entry back, for a change that failed.
func (h *history) add(e Entry) (undo func() error, err error) {
	old, err := h.entries()
	if err != nil {
		return nil, err
	}
	e.Number = 1
	if len(old) > 0 {
		e.Number = old[len(old)-1].Number + 1
	}
	kept := h.capped(append(slices.Clone(old), e))
	if err := h.write(kept); err != nil {
		return nil, err
	}
	return func() error { return h.write(old) }, nil
}

func (h *history) write(entries []Entry) error {
	data, err := json.MarshalIndent(struct {
		Entries []Entry `json:"entries"`
	}{nonNil(entries)}, "", "\t")
	if err != nil {
		return err
	}
	if err := h.create(h.logPath(), append(data, '\n')); err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	return nil
}

// capped returns the newest entries that the limits allow.
func (h *history) capped(entries []Entry) []Entry {
	maxEntries, maxBytes := h.limits.Entries, h.limits.Bytes
	if maxEntries <= 0 {
		maxEntries = DefaultLimits.Entries
	}
	if maxBytes <= 0 {
		maxBytes = DefaultLimits.Bytes
	}
	seen := map[Hash]bool{}
	for i, e := range slices.Backward(entries) {
		if !seen[e.Replaced] {
			seen[e.Replaced] = true
			maxBytes -= e.Size
		}
		if newest := i == len(entries)-1; !newest && (maxBytes < 0 || len(entries)-i > maxEntries) {
			return entries[i+1:]
		}
	}
	return entries
}

// sweepTemporary removes what a killed writer left beside the files of the
// history; among the states, sweep does.
func (h *history) sweepTemporary() error {
	return errors.Join(atomicfile.Sweep(h.logPath()), atomicfile.Sweep(h.originalPath()), atomicfile.Sweep(h.journalPath()))
}

// sweep removes the states that no entry refers to.
func (h *history) sweep() error {
	entries, err := h.entries()
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, e := range entries {
		used[e.Replaced.String()] = true
	}
	objects, err := os.ReadDir(filepath.Join(h.dir, "objects"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, object := range objects {
		if !used[object.Name()] {
			err = errors.Join(err, os.Remove(filepath.Join(h.dir, "objects", object.Name())))
		}
	}
	return err
}

// ToUndo returns the entry whose change an undo takes back, for a file with the
// content current. Undoing again goes one change further back, as in an editor,
// and not back and forth.
func ToUndo(entries []Entry, current Hash) (Entry, bool) {
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.Replaced == current {
			// A crash, or a full disk, may leave the entry of a change that did
			// not happen, one of an undo too.
			continue
		}
		if e.Undoes > 0 {
			// Go on below the change that this undo took back.
			for i > 0 && entries[i].Number > e.Undoes {
				i--
			}
			continue
		}
		return e, true
	}
	return Entry{}, false
}

// LastSet returns the profiles that were in force last, before the original
// hosts file was; none when there never were any.
func LastSet(entries []Entry) []string {
	for _, e := range slices.Backward(entries) {
		if len(e.Now) > 0 {
			return e.Now
		}
		if len(e.Was) > 0 {
			return e.Was
		}
	}
	return nil
}
