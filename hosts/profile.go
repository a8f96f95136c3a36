package hosts

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

// A Profile is a named text in the form of a hosts file. It may hold comments
// and anything else that a hosts file may.
type Profile struct {
	Name string
	Text []byte // as it stands on disk
}

// Hash returns the hash of the profile's canonical text, which the header of
// the section names. A profile that was only saved with other line endings has
// the same hash.
func (p Profile) Hash() Hash { return HashOf(canonical(p.Text)) }

// ErrBinary is the error for a profile with zero bytes: an archive or a picture
// that was taken for one, or what a crash left of a text.
var ErrBinary = errors.New("it holds zero bytes, so it is no text")

// CheckText returns an error that is [ErrUTF16] or [ErrBinary] for what is no
// text that a hosts file can hold.
func CheckText(text []byte) error {
	if isUTF16(text) {
		return ErrUTF16
	}
	if before, _, ok := bytes.Cut(text, []byte{0}); ok {
		return fmt.Errorf("%w (the first in line %d)", ErrBinary, 1+bytes.Count(before, []byte("\n")))
	}
	return nil
}

var bom = []byte("\xef\xbb\xbf")

// canonical returns text without byte order marks, with LF as line ending and
// with a last newline: the form in which two saved copies of a profile are the
// same. It returns text itself when that has this form already.
func canonical(text []byte) []byte {
	for bytes.HasPrefix(text, bom) { // editors have been seen to add one more
		text = text[len(bom):]
	}
	whole := len(text) == 0 || text[len(text)-1] == '\n'
	if whole && !bytes.Contains(text, []byte("\r\n")) {
		return text
	}
	out := make([]byte, 0, len(text)+1)
	for line := range lines(text) {
		out = append(out, trimEOL(line)...)
		out = append(out, '\n')
	}
	return out
}

// An Active profile is one that is in force, as the header of the section
// says.
type Active struct {
	Name  string    `json:"name"`
	Hash  Hash      `json:"sha256"`         // of the text that was applied, see [Profile.Hash]
	Since time.Time `json:"since"`          // UTC, whole seconds
	Until time.Time `json:"until,omitzero"` // zero: until somebody switches it off
	// Runs are the processes for which it was switched on. It stays in force
	// until all have ended and Until, if any, has passed.
	Runs []Run `json:"runs,omitempty"`
}

// Names returns the names of the profiles, in order.
func Names(active []Active) []string {
	names := make([]string, len(active))
	for i, a := range active {
		names[i] = a.Name
	}
	return names
}
