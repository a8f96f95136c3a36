package hosts

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"sync"
	"time"
)

// The lines and prefixes by which Fettle knows its own. They are matched at the
// start of a line and up to a following word, so that the explanation behind a
// marker can change between versions.
const (
	beginMark    = "# >>> fettle >>>"
	endMark      = "# <<< fettle <<<"
	beginLine    = beginMark + ` Fettle writes from here to the last line; "fettle hosts off --all" takes it out`
	asidePrefix  = "#~fettle~ "
	madeSuffix   = "\t#~fettle~"
	activePrefix = "# fettle active "
	bodyPrefix   = "# fettle body crc32c:"
	addedPrefix  = "# fettle added newline "
	blockPrefix  = "# --- profile "
	blockSuffix  = " ---"
)

// ErrUTF16 is the error for a file in UTF-16, which no resolver reads and in
// which no line of ours could stand.
var ErrUTF16 = errors.New("the file is in UTF-16, which resolvers cannot read; save it as UTF-8 first")

// A DamageError says that the markers of Fettle's section do not stand as
// Fettle wrote them, so that it cannot tell which lines are its own.
type DamageError struct {
	Reason string
	Lines  []NumberedLine // the marker lines that there are
}

// A NumberedLine is a line of a file, the first being number 1.
type NumberedLine struct {
	Number int    `json:"line"`
	Text   string `json:"text"`
}

func (e *DamageError) Error() string {
	var b strings.Builder
	b.WriteString("Fettle's section is damaged: " + e.Reason)
	for _, l := range e.Lines {
		fmt.Fprintf(&b, "\n  line %d: %s", l.Number, l.Text)
	}
	return b.String()
}

// A File is a hosts file that was read: the bytes outside Fettle's section, and
// what the section says.
type File struct {
	Data []byte // as read; not to be changed

	// Damage is nil, [ErrUTF16] or a [*DamageError]. A damaged file has no
	// profiles in force, and no plan can be made for it but [PlanRestore].
	Damage error

	before, after []byte // the outside: what stands before and after the section, or was appended inside
	section       *section
	asides        int // outside lines that carry asidePrefix
	digest        func() digest
}

// Hash returns the hash of the file. It is computed when it is first asked for.
func (f *File) Hash() Hash { return f.digest().all }

// A section is the block between the two markers.
type section struct {
	active []Active
	body   []byte // the lines between the header and the end marker
	sum    string // of the body when Fettle wrote it; see bodySum
	added  string // the newline that was added before the section: "", "lf" or "crlf"
}

// Parse reads the content of a hosts file. See [File.Damage] for content that
// Fettle does not dare to change.
func Parse(data []byte) *File {
	f := &File{Data: data, before: data}
	f.digest = sync.OnceValue(func() digest { return newDigest(f.before, data[len(f.before):]) })
	if isUTF16(data) {
		f.Damage = ErrUTF16
		return f
	}
	begin, end, damage := findSection(data)
	if damage == nil && begin >= 0 {
		f.before, f.after = data[:begin], data[end:]
		f.section, damage = parseSection(data[begin:end], 1+bytes.Count(f.before, []byte("\n")))
	}
	if f.section != nil {
		if appended := f.section.cutAppended(); len(appended) > 0 {
			f.after = slices.Concat(appended, f.after)
		}
	}
	if damage != nil {
		f.before, f.after, f.section, f.Damage = data, nil, nil, damage
		return f
	}
	f.asides = countAsides(f.before) + countAsides(f.after)
	return f
}

// isUTF16 reports whether data is UTF-16, with or without a byte order mark:
// every other byte of mostly Latin text is then zero. A few stray zero bytes,
// as a crash may leave them, are not.
func isUTF16(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return true
	}
	head := data[:min(len(data), 4096)]
	if len(head) < 4 {
		return false
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	return max(zeros[0], zeros[1]) > half*3/4 && min(zeros[0], zeros[1]) < half/4
}

// findSection returns where the section begins and ends in data, the end being
// behind its last line ending, or -1 when there is none.
func findSection(data []byte) (begin, end int, damage *DamageError) {
	begins, ends := markerOffsets(data, beginMark), markerOffsets(data, endMark)
	if len(begins) == 0 && len(ends) == 0 {
		return -1, -1, nil
	}
	var reason string
	switch {
	case len(begins) > 1:
		reason = "its first line stands more than once"
	case len(ends) > 1:
		reason = "its last line stands more than once"
	case len(begins) == 0:
		reason = "its last line stands there, but not its first"
	case len(ends) == 0:
		reason = "its first line stands there, but not its last"
	case ends[0] < begins[0]:
		reason = "its last line stands before its first"
	default:
		end = ends[0] + len(firstLine(data[ends[0]:]))
		return begins[0], end, nil
	}
	damage = &DamageError{Reason: reason}
	for _, offset := range append(begins, ends...) {
		damage.Lines = append(damage.Lines, NumberedLine{
			Number: 1 + bytes.Count(data[:offset], []byte("\n")),
			Text:   string(trimEOL(firstLine(data[offset:]))),
		})
	}
	return -1, -1, damage
}

// markerOffsets returns the offsets of the lines that begin with mark.
func markerOffsets(data []byte, mark string) []int {
	var offsets []int
	for from := 0; ; {
		i := bytes.Index(data[from:], []byte(mark))
		if i < 0 {
			return offsets
		}
		at := from + i
		if at == 0 || data[at-1] == '\n' {
			offsets = append(offsets, at)
		}
		from = at + len(mark)
	}
}

func firstLine(data []byte) []byte {
	if end := bytes.IndexByte(data, '\n') + 1; end > 0 {
		return data[:end]
	}
	return data
}

// parseSection reads the lines from the first marker, which is line number of
// the file, to the last.
func parseSection(data []byte, number int) (*section, *DamageError) {
	s := &section{}
	offset := 0
	for line := range lines(data) {
		text := string(trimEOL(line))
		damaged := func(reason string) *DamageError {
			return &DamageError{Reason: reason, Lines: []NumberedLine{{Number: number - 1, Text: text}}}
		}
		offset += len(line)
		number++
		switch {
		case offset == len(line): // the first marker
		case strings.HasPrefix(text, activePrefix):
			a, err := parseActive(text)
			if err != nil {
				return nil, damaged("a line of its header cannot be read: " + err.Error())
			}
			s.active = append(s.active, a)
		case strings.HasPrefix(text, addedPrefix):
			s.added = strings.TrimPrefix(text, addedPrefix)
			if s.added != "lf" && s.added != "crlf" {
				return nil, damaged("a line of its header cannot be read")
			}
		case strings.HasPrefix(text, bodyPrefix):
			s.sum = strings.TrimPrefix(text, bodyPrefix)
			rest := data[offset:]
			s.body = rest[:len(rest)-len(lastLine(rest))]
			return s, nil
		default:
			return nil, damaged("its header ends early")
		}
	}
	return nil, &DamageError{Reason: "its header has no end"}
}

// cutAppended takes the lines off the end of the body that another program has
// written before the last marker, and returns them: they are not ours. It knows
// them by the sum, which holds for the lines above alone.
func (s *section) cutAppended() []byte {
	if bodySum(s.body) == s.sum {
		return nil
	}
	sum, at := bodySummer{}, 0
	for line := range lines(s.body) {
		at += len(line)
		if sum.add(line); sum.String() == s.sum {
			body := s.body
			s.body = body[:at]
			return body[at:]
		}
	}
	return nil
}

// lastLine returns the last line of data, with its line ending if it has one.
func lastLine(data []byte) []byte {
	return data[1+bytes.LastIndexByte(bytes.TrimSuffix(data, []byte("\n")), '\n'):]
}

// format returns the line of the header that parseActive reads.
func (a Active) format() string {
	line := activePrefix + a.Name + " sha256:" + a.Hash.String() + " since " + a.Since.UTC().Format(time.RFC3339)
	if !a.Until.IsZero() {
		line += " until " + a.Until.UTC().Format(time.RFC3339)
	}
	for _, run := range a.Runs {
		line += " run " + run.String()
	}
	return line
}

func parseActive(line string) (Active, error) {
	words := strings.Fields(strings.TrimPrefix(line, activePrefix))
	if len(words) < 4 || len(words)%2 != 0 || words[2] != "since" {
		return Active{}, errHeaderLine
	}
	a := Active{Name: words[0]}
	err := CheckName(a.Name)
	if err == nil {
		a.Hash, err = ParseHash(strings.TrimPrefix(words[1], "sha256:"))
	}
	if err == nil {
		a.Since, err = time.Parse(time.RFC3339, words[3])
	}
	for words = words[4:]; err == nil && len(words) > 0; words = words[2:] {
		switch {
		case words[0] == "until" && a.Until.IsZero() && len(a.Runs) == 0:
			a.Until, err = time.Parse(time.RFC3339, words[1])
		case words[0] == "run":
			var run Run
			run, err = ParseRun(words[1])
			a.Runs = append(a.Runs, run)
		default:
			err = errHeaderLine
		}
	}
	if err == nil {
		err = checkTimes(a.Since, a.Until, a.Runs)
	}
	return a, err
}

var errHeaderLine = errors.New("it is not \"NAME sha256:HASH since TIME [until TIME] [run PROCESS]\"")

// Active returns the profiles in force, in their order.
func (f *File) Active() []Active {
	if f.section == nil {
		return nil
	}
	return f.section.active
}

// Edited reports whether somebody else changed the lines of the section since
// Fettle wrote them. A change of all line endings does not count.
func (f *File) Edited() bool {
	return f.section != nil && bodySum(f.section.body) != f.section.sum
}

// bodySum tells bodies apart that somebody edited. It is no protection against
// somebody who means to deceive, who could change the sum as well.
func bodySum(body ...[]byte) string {
	var sum bodySummer
	for _, part := range body {
		sum.add(part)
	}
	return sum.String()
}

// A bodySummer sums the whole lines that are added to it.
type bodySummer struct{ sum uint32 }

func (s *bodySummer) add(part []byte) {
	s.sum = crc32.Update(s.sum, crc32.MakeTable(crc32.Castagnoli), canonical(part))
}

func (s *bodySummer) String() string { return fmt.Sprintf("%08x", s.sum) }

// Asides returns how many outside lines are set aside. When there are any and
// no profile is in force, somebody else removed the section; the next change
// gives the lines back.
func (f *File) Asides() int { return f.asides }

// Outside returns the file without anything of Fettle's: no section, and the
// lines that were set aside as they were. For a file that Fettle wrote and
// nobody else changed, those are the original's bytes.
func (f *File) Outside() []byte {
	before := f.before
	// The newline that was added before the section goes with it, unless
	// another program has added lines below, which would run into ours.
	if f.section != nil && f.section.added != "" && len(f.after) == 0 {
		before = f.trimAdded(before)
	}
	if f.asides == 0 && len(f.after) == 0 {
		return before
	}
	out := make([]byte, 0, len(before)+len(f.after))
	for _, part := range [][]byte{before, f.after} {
		for line := range lines(part) {
			if isAside(line) {
				line = line[len(asidePrefix):]
			}
			out = append(out, line...)
		}
	}
	return out
}

// trimAdded takes the newline away that was added before the section. An editor
// may have changed the line endings of the whole file in the meantime.
func (f *File) trimAdded(before []byte) []byte {
	marker := firstLine(f.Data[len(f.before):])
	before = bytes.TrimSuffix(before, []byte("\n"))
	if f.section.added == "crlf" || bytes.HasSuffix(marker, []byte("\r\n")) {
		before = bytes.TrimSuffix(before, []byte("\r"))
	}
	return before
}

func countAsides(data []byte) int {
	count := 0
	for _, offset := range markerOffsets(data, asidePrefix) {
		if isAside(firstLine(data[offset:])) {
			count++
		}
	}
	return count
}

// isAside reports whether a line was set aside. Fettle does that to lines that
// map names, and to no others: it must not make a marker of what somebody else
// has put behind the prefix.
func isAside(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte(asidePrefix))
	if !ok {
		return false
	}
	_, ok = parseEntry(rest)
	return ok
}
