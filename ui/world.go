package ui

import (
	"errors"
	"io/fs"
	"slices"

	"fettle/hosts"
)

// A world is what the files say at one moment.
type world struct {
	file        *hosts.File
	fileErr     error
	fileText    text
	revision    int  // rises when the hosts file has another content
	interrupted bool // a writer died while it wrote the hosts file

	profiles    []hosts.Listed
	profilesErr error
	texts       map[string]text // of the profiles that are open, and of those in force

	subscriptions map[string]hosts.Standing  // by name of the profile
	updates       map[string]hosts.Refreshed // of the profiles that are open: what was held back

	last    *hosts.Entry // the newest change, or nil
	undo    *hosts.Entry // the change that undo takes back, or nil
	lastSet []string
}

// readWorld reads everything that the window shows. It touches files only.
func readWorld(system *hosts.System, subscriber *hosts.Subscriber, open []string) world {
	library := subscriber.Library
	w := world{texts: make(map[string]text)}
	w.profiles, w.profilesErr = library.List()
	for _, name := range open {
		w.texts[name] = readText(library, name)
	}
	w.file, w.fileErr = system.Read()
	if w.fileErr != nil {
		return w
	}
	w.fileText = newText(w.file.Data)
	w.interrupted = system.Interrupted()
	for _, active := range w.file.Active() {
		if _, ok := w.texts[active.Name]; !ok {
			w.texts[active.Name] = readText(library, active.Name)
		}
	}
	w.readSubscriptions(subscriber, open)
	w.readHistory(system)
	return w
}

// readSubscriptions reads where profiles come from, and what waits to be
// accepted. A subscription that cannot be read shows as a profile that cannot
// be edited.
func (w *world) readSubscriptions(subscriber *hosts.Subscriber, open []string) {
	w.subscriptions, w.updates = map[string]hosts.Standing{}, map[string]hosts.Refreshed{}
	standings, _ := subscriber.Standings(w.file)
	for _, s := range standings {
		w.subscriptions[s.Name] = s
		if !s.Held() || !slices.Contains(open, s.Name) {
			continue
		}
		if update, err := subscriber.HeldUpdate(s.Name); err == nil {
			w.updates[s.Name] = update
		}
	}
}

// readHistory reads what can be taken back. A history that cannot be read takes
// nothing from the window but the buttons for it; a change will say what is wrong.
func (w *world) readHistory(system *hosts.System) {
	entries, err := system.History()
	if err != nil || len(entries) == 0 {
		return
	}
	w.last = &entries[len(entries)-1]
	w.lastSet = hosts.LastSet(entries)
	plan, err := system.PlanUndo(w.file)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Number == plan.Undoes {
			w.undo = &e
		}
	}
}

// active returns the profile in force of this name.
func (w *world) active(name string) (hosts.Active, bool) {
	if w.file == nil {
		return hosts.Active{}, false
	}
	for _, a := range w.file.Active() {
		if a.Name == name {
			return a, true
		}
	}
	return hosts.Active{}, false
}

// listed returns the profile of this name in the library.
func (w *world) listed(name string) (hosts.Listed, bool) {
	for _, p := range w.profiles {
		if p.Name == name {
			return p, true
		}
	}
	return hosts.Listed{}, false
}

// stale reports whether a profile in force was saved since with another text.
func (w *world) stale(name string) bool {
	a, on := w.active(name)
	t, read := w.texts[name]
	return on && read && t.err == nil && !t.gone && !t.hash.IsZero() && t.hash != a.Hash
}

// damage returns why no change of the hosts file can be planned, or nil.
func (w *world) damage() error {
	switch {
	case w.file == nil && w.fileErr == nil:
		return errors.New("the hosts file has not been read yet")
	case w.fileErr != nil:
		return w.fileErr
	}
	return w.file.Damage
}

// unreadable reports whether the hosts file is there and not ours to read.
func (w *world) unreadable() bool { return errors.Is(w.fileErr, fs.ErrPermission) }
