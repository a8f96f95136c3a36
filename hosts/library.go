package hosts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fettle/internal/atomicfile"
)

// extension ends the file name of a profile.
const extension = ".hosts"

var (
	// ErrNoProfile is the error for a profile that is not in the library.
	ErrNoProfile = errors.New("there is no such profile")
	// ErrExists is the error for a profile that is in the library already.
	ErrExists = errors.New("a profile of this name exists")
)

// A Library is the folder of profiles: one plain text file NAME.hosts for each,
// so that git or a synced folder can carry it. A folder that does not exist is
// an empty library, and is made by the first profile that is saved.
type Library struct {
	Dir string
	// Chown, if not nil, gives a new file or folder to the user for whom the
	// program runs as root.
	Chown func(path string) error
}

// A Listed profile is a profile's file as the library's list shows it.
type Listed struct {
	Name     string    `json:"name"`
	Size     int64     `json:"size"` // bytes
	Modified time.Time `json:"modified"`
}

// Path returns where the profile of this name stands. The name must be valid.
func (l Library) Path(name string) string { return filepath.Join(l.Dir, name+extension) }

// List returns the profiles by name. Files that cannot be profiles are passed
// over: those of other endings, and those whose name [CheckName] refuses.
func (l Library) List() ([]Listed, error) {
	entries, err := os.ReadDir(l.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the profiles: %w", err)
	}
	var list []Listed
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), extension)
		if !ok || CheckName(name) != nil {
			continue
		}
		// Stat follows links: dotfile managers keep the real file elsewhere.
		info, err := os.Stat(l.Path(name))
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		list = append(list, Listed{Name: name, Size: info.Size(), Modified: info.ModTime()})
	}
	slices.SortFunc(list, func(a, b Listed) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Load reads a profile. The error is [ErrNoProfile], a [*NameError], [ErrUTF16],
// [ErrBinary], or what the file system said.
func (l Library) Load(name string) (Profile, error) {
	if err := CheckName(name); err != nil {
		return Profile{}, err
	}
	info, err := os.Stat(l.Path(name))
	if err == nil && !info.Mode().IsRegular() {
		return Profile{}, fmt.Errorf("reading profile %q: %s is not a regular file", name, l.Path(name))
	}
	text, err := os.ReadFile(l.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return Profile{}, fmt.Errorf("profile %q: %w", name, ErrNoProfile)
	}
	if err != nil {
		return Profile{}, fmt.Errorf("reading profile %q: %w", name, err)
	}
	if err := CheckText(text); err != nil {
		return Profile{}, fmt.Errorf("reading profile %q: %w", name, err)
	}
	return Profile{Name: name, Text: text}, nil
}

// Create saves a new profile. The error is [ErrExists] when there is one whose
// name differs in case at most: macOS and Windows would take it for the same
// file.
func (l Library) Create(p Profile) error {
	if err := l.CheckNew(p.Name); err != nil {
		return err
	}
	return l.Save(p)
}

// CheckNew returns the error with which Create would refuse a profile of this
// name.
func (l Library) CheckNew(name string) error { return l.free(name, "") }

// free returns an error unless name can name a new profile. Except may differ
// in case from the name.
func (l Library) free(name, except string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	list, err := l.List()
	if err != nil {
		return err
	}
	names := make([]string, 0, len(list))
	for _, have := range list {
		names = append(names, have.Name)
	}
	// A subscription may still be waiting for its first text. One that cannot be
	// read is no reason to refuse another name.
	subscriptions, _ := l.Subscriptions()
	for _, s := range subscriptions {
		names = append(names, s.Name)
	}
	for _, have := range names {
		if strings.EqualFold(have, name) && have != except {
			return fmt.Errorf("profile %q: %w", have, ErrExists)
		}
	}
	return nil
}

// Save writes a profile, new or not, as one step: a reader sees the old text or
// the new one, whatever happens in between. What is no text is refused with
// [ErrUTF16] or [ErrBinary].
func (l Library) Save(p Profile) error {
	if err := CheckName(p.Name); err != nil {
		return err
	}
	if err := CheckText(p.Text); err != nil {
		return fmt.Errorf("saving profile %q: %w", p.Name, err)
	}
	if _, err := makeDirs(l.Dir, 0o755, l.Chown); err != nil {
		return fmt.Errorf("saving profile %q: %w", p.Name, err)
	}
	path := l.Path(p.Name)
	// A link to a file elsewhere stays a link, and the file keeps its mode.
	if _, err := os.Lstat(path); err == nil {
		if err := atomicfile.Replace(path, p.Text); err != nil {
			return fmt.Errorf("saving profile %q: %w", p.Name, err)
		}
		return nil
	}
	if err := atomicfile.Create(path, p.Text, 0o644); err != nil {
		return fmt.Errorf("saving profile %q: %w", p.Name, err)
	}
	return give(path, l.Chown)
}

// Remove deletes a profile, and its subscription if it has one.
func (l Library) Remove(name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	// First the subscription: alone, it would bring the profile back.
	if err := l.removeSubscription(name); err != nil {
		return err
	}
	err := os.Remove(l.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("profile %q: %w", name, ErrNoProfile)
	}
	return err
}

// Rename gives a profile another name, one that differs only in case included.
// Its subscription goes with it.
func (l Library) Rename(from, to string) error {
	if _, err := l.Load(from); err != nil {
		return err
	}
	if err := l.free(to, from); err != nil {
		return err
	}
	subscribed := l.Subscribed(from)
	if subscribed {
		if err := os.Rename(l.SubscriptionPath(from), l.SubscriptionPath(to)); err != nil {
			return err
		}
	}
	err := os.Rename(l.Path(from), l.Path(to))
	if err != nil && subscribed {
		return errors.Join(err, os.Rename(l.SubscriptionPath(to), l.SubscriptionPath(from)))
	}
	return err
}
