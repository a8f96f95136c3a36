package hosts

import (
	"bytes"
	"iter"
	"slices"
)

// Inside the section each profile stands as a block: a heading, then its text,
// line by line. A line that cannot stand as it is keeps its original behind
// asidePrefix, followed by the line made from it, if any, which ends in
// madeSuffix. So the canonical text of the profile can be read back from the
// block (see blocks), whatever became of the profile's file.

// A LeftOut is a line of a profile that no resolver could use, and that
// therefore stands in the section as a comment only.
type LeftOut struct {
	Profile string `json:"profile"`
	Line    int    `json:"line"` // in the profile's text, from 1
	Text    string `json:"text"`
	Reason  string `json:"reason"`
}

// A shadow reports whether a later profile maps name to something else than
// addr, so that this mapping is left out.
type shadow func(addr, name []byte) bool

// appendBlock renders one profile.
func (r *renderer) appendBlock(out []byte, p Profile, shadowed shadow) []byte {
	out = appendLine(out, blockPrefix+p.Name+blockSuffix, r.eol)
	number := 0
	for line := range lines(canonical(p.Text)) {
		number++
		line = trimEOL(line)
		e, ok := parseEntry(line)
		switch {
		case !ok:
			if isOurs(line) {
				out = append(out, asidePrefix...)
			}
			out = appendLine(out, line, r.eol)
		case !isOurs(line) && r.asIs(e, shadowed):
			r.used(e.addr)
			out = appendLine(out, line, r.eol)
		default:
			out = append(out, asidePrefix...)
			out = appendLine(out, line, r.eol)
			if reason := r.unusable(e); reason != "" {
				r.leftOut = append(r.leftOut, LeftOut{Profile: p.Name, Line: number, Text: string(line), Reason: reason})
				continue
			}
			kept := r.keptNames(e, shadowed)
			if len(kept) > 0 {
				r.used(e.addr)
			}
			out = r.appendEntry(out, e.addr, kept, madeSuffix)
		}
	}
	return out
}

// A renderer writes the lines of a section.
type renderer struct {
	eol      string
	maxNames int // how many names one line may hold; 0 for any number
	leftOut  []LeftOut
	loopback map[string]bool // the loopback addresses used: "127.0.0.1", "::1"
	goodAddr []byte          // an address that was parsed before
}

func (r *renderer) used(addr []byte) {
	if s := string(addr); s == "127.0.0.1" || s == "::1" {
		r.loopback[s] = true
	}
}

// asIs reports whether the line of e can stand in the section unchanged.
func (r *renderer) asIs(e entry, shadowed shadow) bool {
	if r.unusable(e) != "" {
		return false
	}
	count := 0
	for word := range e.words() {
		count++
		if !isASCII(word) || shadowed(e.addr, word) {
			return false
		}
	}
	return r.maxNames == 0 || count <= r.maxNames
}

// keptNames returns the names of e that the section maps, in punycode where
// they are international.
func (r *renderer) keptNames(e entry, shadowed shadow) [][]byte {
	var kept [][]byte
	for word := range e.words() {
		switch {
		case shadowed(e.addr, word):
		case isASCII(word):
			kept = append(kept, word)
		default:
			kept = append(kept, []byte(foldName(word)))
		}
	}
	return kept
}

// appendEntry writes names for addr, on as many lines as the system wants.
func (r *renderer) appendEntry(out, addr []byte, names [][]byte, suffix string) []byte {
	size := r.maxNames
	if size == 0 {
		size = max(1, len(names))
	}
	for chunk := range slices.Chunk(names, size) {
		out = append(out, addr...)
		for _, name := range chunk {
			out = append(out, ' ')
			out = append(out, name...)
		}
		out = appendLine(out, suffix, r.eol)
	}
	return out
}

func appendLine[T string | []byte](out []byte, line T, eol string) []byte {
	return append(append(out, line...), eol...)
}

// unusable returns why no resolver can use the line, or "".
func (r *renderer) unusable(e entry) string {
	// Long lists name one address over and over.
	if !bytes.Equal(e.addr, r.goodAddr) {
		if _, err := parseAddr(e.addr); err != nil {
			return "its first word is not an IP address"
		}
		r.goodAddr = e.addr
	}
	if name, _ := nextWord(e.names); len(name) == 0 {
		return "it has an address but no name"
	}
	return ""
}

// isOurs reports whether a line of a profile would be taken for one of the
// lines with a meaning inside a section.
func isOurs(line []byte) bool {
	if bytes.HasSuffix(line, []byte(madeSuffix)) {
		return true
	}
	if len(line) == 0 || line[0] != '#' {
		return false
	}
	for _, prefix := range []string{beginMark, endMark, asidePrefix, blockPrefix} {
		if bytes.HasPrefix(line, []byte(prefix)) {
			return true
		}
	}
	return false
}

// blocks yields the profiles that stand in the body of a section, with their
// canonical text. It undoes appendBlock.
func (s *section) blocks() iter.Seq[Profile] {
	return func(yield func(Profile) bool) {
		var current *Profile
		for line := range lines(s.body) {
			line = trimEOL(line)
			if name, ok := blockName(line); ok {
				if current != nil && !yield(*current) {
					return
				}
				current = &Profile{Name: name}
				continue
			}
			if current == nil || bytes.HasSuffix(line, []byte(madeSuffix)) && !bytes.HasPrefix(line, []byte(asidePrefix)) {
				continue
			}
			current.Text = append(current.Text, bytes.TrimPrefix(line, []byte(asidePrefix))...)
			current.Text = append(current.Text, '\n')
		}
		if current != nil {
			yield(*current)
		}
	}
}

func blockName(line []byte) (string, bool) {
	name, ok := bytes.CutPrefix(line, []byte(blockPrefix))
	if ok {
		name, ok = bytes.CutSuffix(name, []byte(blockSuffix))
	}
	return string(name), ok && CheckName(string(name)) == nil
}

// Applied returns the text of a profile in force as it stands in the section,
// which may differ from the profile's file when that was edited since. It
// reports false for a profile that is not in force.
func (f *File) Applied(name string) (Profile, bool) {
	if f.section == nil {
		return Profile{}, false
	}
	for p := range f.section.blocks() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}
