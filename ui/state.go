package ui

import (
	"slices"
	"strings"

	"fettle/hosts"
)

// A State is all that the window of hosts profiles shows. It is a plain value,
// made by the desk and drawn by the window, and changed by neither afterwards.
type State struct {
	Rows     []Row
	Selected string // the profile in the editor; "" is the hosts file itself
	Status   Status
	Document Document
	Problem  *Problem // what to tell the user first, or nil
	Busy     string   // what is being done, "" for nothing
	Undo     string   // the change that undo takes back, as the history says it; "" for none
	Loaded   bool     // whether the files have been read for the first time
	Empty    bool     // whether there is no profile at all
}

// A Row is one profile in the list.
type Row struct {
	Name    string
	Note    string
	On      bool
	Busy    bool // it is being switched
	Unsaved bool
	Warn    bool // the note is about something that is not as it should be
}

// A Status says what is in force.
type Status struct {
	On       bool // any profile is
	Text     string
	Detail   string
	LastSet  []string // what was in force last, when nothing is
	Readable bool     // whether the hosts file could be read and understood
}

// A Document is what the editor shows.
type Document struct {
	Name string // "" is the hosts file itself
	// Text is what the editor is to hold. It is put there when Name or Revision
	// differ from what was drawn last: in between, the editor's own text counts.
	Text     string
	Revision int

	Path     string
	Note     string // "Unsaved changes", or why it cannot be edited
	ReadOnly bool
	Dirty    bool
	On       bool
	Stale    bool // saved, but not what is in force
	Conflict Conflict
	Findings []hosts.Problem

	Subscribed bool             // its text comes from the network
	Update     *hosts.Refreshed // a new text that waits to be accepted, or nil
}

// A Conflict is what somebody else did to a file with unsaved changes.
type Conflict int

const (
	noConflict Conflict = iota
	changedOnDisk
	removedOnDisk
)

// unsaved returns the profiles with changes that no file holds.
func (s State) unsaved() []string {
	var names []string
	for _, row := range s.Rows {
		if row.Unsaved {
			names = append(names, row.Name)
		}
	}
	return names
}

// row returns the index of a profile in the list, or -1.
func (s State) row(name string) int {
	return slices.IndexFunc(s.Rows, func(r Row) bool { return r.Name == name })
}

// sentence lists names as people do: "a", "a and b", "a, b and c".
func sentence(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
