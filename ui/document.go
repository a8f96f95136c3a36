package ui

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"fettle/hosts"
	"fettle/internal/human"
)

// editable is the size of the largest profile that the window edits. The text
// widget lays out all lines after each key, which is felt above this.
const editable = 1 << 20

// head is how much of a larger file is shown.
const head = 64 << 10

// A text is what a file held when it was read, in the form that the editor
// takes: with "\n" at the end of each line.
type text struct {
	body   string
	crlf   bool       // the file ends its lines with "\r\n"
	locked string     // why it cannot be edited here; "" when it can
	hash   hosts.Hash // of a profile
	gone   bool       // there is no file
	err    error
}

// newText returns the text of a file's content.
func newText(data []byte) text {
	var t text
	shown := data
	switch {
	case len(data) > editable:
		shown = data[:bytes.LastIndexByte(data[:head], '\n')+1]
		t.locked = fmt.Sprintf("The first %s of %s",
			human.Count(bytes.Count(shown, []byte("\n")), "line"), human.Bytes(int64(len(data))))
	case !utf8.Valid(data):
		// The widget would turn each bad byte into U+FFFD, and a save would
		// write that.
		t.locked = "Not UTF-8: saving it from here would change bytes"
	}
	t.body = strings.ToValidUTF8(string(shown), "\uFFFD")
	t.crlf = strings.Contains(t.body, "\r\n")
	t.body = strings.ReplaceAll(t.body, "\r\n", "\n")
	return t
}

// readText reads the text of a profile.
func readText(library hosts.Library, name string) text {
	p, err := library.Load(name)
	if errors.Is(err, hosts.ErrNoProfile) {
		return text{gone: true}
	}
	if err != nil {
		return text{err: err}
	}
	t := newText(p.Text)
	t.hash = p.Hash()
	if library.Subscribed(name) && t.locked == "" {
		t.locked = "Its text comes from a subscription"
		if s, err := library.Subscription(name); err == nil {
			t.locked = "From " + s.Source()
		}
	}
	return t
}

// A document is a profile that is open in the editor, or has changes that no
// file holds.
type document struct {
	base     text   // what the unsaved changes were made from
	disk     text   // what the file holds
	draft    string // what the editor holds
	revision int    // rises when the editor has to show another text
	findings []hosts.Problem
}

func newDocument(t text) *document { return &document{base: t, disk: t, draft: t.body} }

// dirty reports whether the editor holds what no file does.
func (d *document) dirty() bool { return d.draft != d.base.body }

func (d *document) conflict() Conflict {
	switch {
	case !d.dirty():
		return noConflict
	case d.disk.gone && !d.base.gone:
		return removedOnDisk
	case d.disk.body != d.base.body:
		return changedOnDisk
	}
	return noConflict
}

// follow takes in what the file holds now. Unsaved changes stay. It reports
// whether the editor has to show another text.
func (d *document) follow(t text) bool {
	if t.err != nil && d.dirty() {
		return false // a file that cannot be read now says nothing about its text
	}
	d.disk = t
	if !d.dirty() {
		return d.reset()
	}
	if d.draft == t.body && !t.gone {
		d.base = t
	}
	return false
}

// reset makes the editor hold what the file does. It reports whether that is
// another text.
func (d *document) reset() bool {
	changed := d.draft != d.disk.body
	d.draft, d.base = d.disk.body, d.disk
	return changed
}

// keep makes the unsaved changes count as made from what the file holds now, so
// that saving replaces that.
func (d *document) keep() { d.base = d.disk }

// content returns what a save writes.
func (d *document) content() []byte {
	if d.base.crlf {
		return []byte(strings.ReplaceAll(d.draft, "\n", "\r\n"))
	}
	return []byte(d.draft)
}
