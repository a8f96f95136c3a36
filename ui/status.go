package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fettle/hosts"
	"fettle/internal/human"
)

// state says what the window is to show.
func (d *desk) state() State {
	s := State{
		Selected: d.selected,
		Rows:     d.rows(),
		Status:   d.status(),
		Document: d.document(),
		Problem:  d.problem,
		Loaded:   d.reads.shown > 0,
	}
	s.Empty = s.Loaded && len(s.Rows) == 0 && d.world.profilesErr == nil
	if s.Problem == nil && s.Loaded {
		s.Problem = d.standing()
	}
	if d.job != nil {
		s.Busy = d.job.text
	}
	if d.world.undo != nil && s.Status.Readable {
		s.Undo = d.world.undo.Action
	}
	return s
}

// rows lists the profiles by name: those that have a file, and those that only
// are in force or have unsaved changes.
func (d *desk) rows() []Row {
	var names []string
	for _, p := range d.world.profiles {
		names = append(names, p.Name)
	}
	if d.world.file != nil {
		names = append(names, hosts.Names(d.world.file.Active())...)
	}
	for name, doc := range d.documents {
		if doc.dirty() {
			names = append(names, name)
		}
	}
	for name := range d.world.subscriptions {
		names = append(names, name)
	}
	slices.Sort(names)
	var rows []Row
	for _, name := range slices.Compact(names) {
		rows = append(rows, d.row(name))
	}
	return rows
}

func (d *desk) row(name string) Row {
	active, on := d.world.active(name)
	listed, saved := d.world.listed(name)
	doc := d.documents[name]
	r := Row{
		Name: name, On: on,
		Busy:    d.job != nil && d.job.profile == name,
		Unsaved: doc != nil && doc.dirty(),
	}
	switch {
	case r.Busy:
		r.Note = "One moment…"
	case d.held(name) && !saved:
		r.Note, r.Warn = "Waits to be accepted", true
	case d.held(name):
		r.Note, r.Warn = "An update is held back", true
	case !saved && d.world.profilesErr == nil:
		r.Note, r.Warn = "Its file is gone", true
	case d.world.stale(name):
		r.Note, r.Warn = "Saved since; not in force yet", true
	case on && !active.Until.IsZero():
		r.Note = "On until " + d.clock(active.Until)
	case on:
		r.Note = "On since " + d.clock(active.Since)
	case listed.Size == 0:
		r.Note = "Empty"
	default:
		r.Note = human.Bytes(listed.Size)
	}
	return r
}

// held reports whether an update of a profile waits to be accepted.
func (d *desk) held(name string) bool {
	s, ok := d.world.subscriptions[name]
	return ok && s.Held()
}

// clock says a time as briefly as it is clear now.
func (d *desk) clock(t time.Time) string {
	t, now := t.Local(), d.now().Local()
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan, 15:04")
	}
	return t.Format("2 Jan 2006")
}

// status says what is in force.
func (d *desk) status() Status {
	if d.reads.shown == 0 {
		return Status{Text: "Reading the hosts file…", Detail: d.system.Path}
	}
	if d.world.damage() != nil {
		return Status{Text: "The hosts file needs attention", Detail: d.system.Path}
	}
	s := Status{Readable: true, Text: "Original hosts file", Detail: d.system.Path}
	if names := hosts.Names(d.world.file.Active()); len(names) > 0 {
		s.On = true
		s.Text = sentence(names) + " is on"
		if len(names) > 1 {
			s.Text = sentence(names) + " are on"
		}
		if len(names) > 4 {
			s.Text = fmt.Sprintf("%s are on", human.Count(len(names), "profile"))
		}
	} else {
		s.LastSet = slices.DeleteFunc(slices.Clone(d.world.lastSet), func(name string) bool {
			_, ok := d.world.listed(name)
			return !ok
		})
	}
	if last := d.world.last; last != nil {
		s.Detail += fmt.Sprintf("  ·  %s: %s", d.clock(last.Time), d.action(*last))
	}
	return s
}

// action says a change of the history in words.
func (d *desk) action(e hosts.Entry) string {
	verb, rest, _ := strings.Cut(e.Action, " ")
	names := sentence(strings.Fields(rest))
	switch {
	case e.Undoes > 0:
		return "undone"
	case e.Action == "off --all":
		return "all off"
	case verb == string(hosts.On) || verb == string(hosts.Off):
		return names + " " + verb
	case verb == string(hosts.Use) && names != "":
		return names + " on"
	}
	return e.Action
}

// document says what the editor is to show.
func (d *desk) document() Document {
	if d.selected == "" {
		return d.hostsFile()
	}
	out := Document{Name: d.selected, Path: d.library.Path(d.selected), ReadOnly: true}
	_, out.On = d.world.active(d.selected)
	_, out.Subscribed = d.world.subscriptions[d.selected]
	if update, ok := d.world.updates[d.selected]; ok {
		out.Update = &update
	}
	doc := d.documents[d.selected]
	if doc == nil {
		out.Revision = -1
		return out
	}
	out.Text, out.Revision, out.Findings = doc.draft, doc.revision, doc.findings
	out.ReadOnly = doc.base.locked != "" || doc.base.err != nil
	out.Dirty, out.Conflict = doc.dirty(), doc.conflict()
	out.Stale = !out.Dirty && d.world.stale(d.selected)
	switch {
	case doc.disk.gone && out.Update != nil && !out.Dirty:
		out.Note, out.ReadOnly = "It has no text before you accept one", true
	case doc.base.err != nil:
		out.Note = "It cannot be read: " + doc.base.err.Error()
	case doc.base.locked != "":
		out.Note = doc.base.locked
	case doc.disk.gone && !out.Dirty:
		out.Note, out.ReadOnly = "Its file is gone. Switch it off, or save a profile of this name.", true
	case out.Dirty:
		out.Note = "Unsaved changes"
	case out.Stale:
		out.Note = "Saved, but not in force yet"
	case out.On:
		out.Note = "Saved and in force"
	default:
		out.Note = "Saved"
	}
	return out
}

// hostsFile is the document that shows the hosts file itself.
func (d *desk) hostsFile() Document {
	out := Document{Path: d.system.Path, ReadOnly: true, Note: "As programs read it; change it through profiles"}
	if d.world.file == nil {
		out.Note = ""
		return out
	}
	out.Text, out.Revision = d.world.fileText.body, d.world.revision
	if d.world.fileText.locked != "" {
		out.Note = d.world.fileText.locked
	}
	return out
}
