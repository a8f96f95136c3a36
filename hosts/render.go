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

// renderProfile fills the block of the profile at place, and enters its names
// in the index.
func (c *composer) renderProfile(place int) error {
	w := c.want[place]
	text := canonical(w.Text)
	b := &c.blocks[place]
	// Nearly all lines stand as they are, and are copied many at a time; where
	// all do, the block is the text itself.
	number, copied, at := 0, 0, 0
	for line := range lines(text) {
		number++
		start := at
		at += len(line)
		line = line[:len(line)-1] // the newline of a canonical text
		e, isEntry := parseEntry(line)
		reason, no := "", int32(0)
		if isEntry {
			no = c.index.number(e.addr)
			reason = c.unusable(e, no)
		}
		asIs := reason == "" && !isOurs(line)
		if isEntry && reason == "" {
			plain, err := c.enter(e, no, place)
			if err != nil {
				return err
			}
			asIs = asIs && plain
		}
		if asIs {
			continue
		}
		if b.text == nil {
			b.text = make([]byte, 0, len(text)+len(text)/64+64)
		}
		b.text = c.appendLines(b.text, text[copied:start])
		copied = at
		b.text = append(b.text, asidePrefix...)
		b.text = appendLine(b.text, line, c.eol)
		switch {
		case reason != "":
			b.leftOut = append(b.leftOut, LeftOut{Profile: w.Name, Line: number, Text: string(line), Reason: reason})
		case isEntry:
			b.text = c.appendEntry(b.text, e.addr, c.keptNames(e, place))
		}
	}
	if copied == 0 && c.eol == "\n" {
		b.text = text
	} else {
		b.text = c.appendLines(b.text, text[copied:])
	}
	return nil
}

// enter puts the names of a line, whose address has the number no, into the
// index, and reports whether the line can stand in the section unchanged.
func (c *composer) enter(e entry, no int32, place int) (plain bool, err error) {
	addr := c.index.addrs[no]
	plain = true
	count := 0
	for word := range e.words() {
		count++
		k := c.index.key(word)
		if string(k.name) == "localhost" && !addr.local {
			return false, &ProtectedError{Name: "localhost", Profile: c.want[place].Name, To: addr.text}
		}
		plain = plain && (k.plain || isASCII(word))
		if !c.index.contested(k, place) {
			continue
		}
		if c.isShadowed(k, no, place) {
			plain = false
			continue
		}
		c.index.add(k, mapping{profile: int32(place), addr: no})
	}
	c.used.add(addr.text)
	return plain && (c.platform.MaxNames == 0 || count <= c.platform.MaxNames), nil
}

// isShadowed reports whether a later profile maps a folded name to something
// else, so that the mapping of the profile at place is left out.
func (c *composer) isShadowed(k nameKey, no int32, place int) bool {
	m, ok := c.index.overrides(k, no)
	if !ok || int(m.profile) == place {
		return false
	}
	b := &c.blocks[place]
	s := Shadow{Name: string(k.name), Loser: c.want[place].Name, Winner: c.want[m.profile].Name}
	if n := len(b.shadowed); n == 0 || b.shadowed[n-1] != s {
		b.shadowed = append(b.shadowed, s)
	}
	return true
}

// keptNames returns the names of e that the section maps, in punycode where
// they are international.
func (c *composer) keptNames(e entry, place int) [][]byte {
	no := c.index.number(e.addr)
	var kept [][]byte
	for word := range e.words() {
		k := c.index.key(word)
		m, ok := c.index.overrides(k, no)
		switch {
		case ok && int(m.profile) != place: // shadowed
		case isASCII(word):
			kept = append(kept, word)
		default:
			kept = append(kept, k.name)
		}
	}
	return kept
}

// unusable returns why no resolver can use the line, whose address has the
// number no, or "".
func (c *composer) unusable(e entry, no int32) string {
	if !c.index.addrs[no].valid {
		return "its first word is not an IP address"
	}
	if e.isNameless() {
		return "it has an address but no name"
	}
	return ""
}

// appendEntry writes a line that Fettle made: names for addr, on as many lines
// as the system wants.
func (c *composer) appendEntry(out, addr []byte, names [][]byte) []byte {
	size := c.platform.MaxNames
	if size == 0 {
		size = max(1, len(names))
	}
	for chunk := range slices.Chunk(names, size) {
		out = append(out, addr...)
		for _, name := range chunk {
			out = append(out, ' ')
			out = append(out, name...)
		}
		out = appendLine(out, madeSuffix, c.eol)
	}
	return out
}

// appendLines writes whole lines of a canonical text.
func (c *composer) appendLines(out, text []byte) []byte {
	if c.eol == "\n" {
		return append(out, text...)
	}
	for line := range lines(text) {
		out = appendLine(out, trimEOL(line), c.eol)
	}
	return out
}

func appendLine[T string | []byte](out []byte, line T, eol string) []byte {
	return append(append(out, line...), eol...)
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
