package hosts

import (
	"bytes"
	"fmt"
	"net/netip"
	"unicode/utf8"
)

// A Severity says how bad a problem is.
type Severity string

// The severities, the worst first.
const (
	SeverityError   Severity = "error"   // a line or a name without effect, or one that Fettle refuses
	SeverityWarning Severity = "warning" // it may not do what its author wants
	SeverityInfo    Severity = "info"    // good to know
)

// A Problem is something in a profile or a hosts file that does not work, or
// not as it looks.
type Problem struct {
	File     string   `json:"file"`   // as in CheckOptions.Name
	Line     int      `json:"line"`   // from 1
	Column   int      `json:"column"` // from 1, in bytes, not counting a byte order mark
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"` // names the kind of problem, and never changes: "bad-address"
	Message  string   `json:"message"`
	Cure     string   `json:"cure"` // "" when there is nothing to do
	Text     string   `json:"text"` // the line, or its first bytes; "" when the whole file is meant
}

// CheckOptions say what a text is, and what it is checked against.
type CheckOptions struct {
	Name string // of the profile, or the path of the file
	// File says that the text is a hosts file that a resolver reads as it is.
	// What Fettle puts right in a profile is a problem there.
	File     bool
	GOOS     string // whose limits count, as in runtime.GOOS; "" for none
	Hostname string // of the machine; "" if unknown

	// Outside is the hosts file without Fettle's section, for the names that a
	// profile overrides. Nil looks at none.
	Outside []byte
	// Others are the profiles in force, in their order, for conflicts. The one
	// called Name only marks the place of the text; without it, the text comes
	// last, as it would if it were switched on now.
	Others []Profile
}

const (
	// maxText is how much of a line a Problem shows, in bytes.
	maxText = 200
	// longLine is the length in bytes from which on programs are known to lose
	// the line or what follows it. glibc reads any.
	longLine = 64 << 10
	// manyNames is the number of names above which systemd-resolved is slow
	// (systemd 9718), and Windows slow to start its network (StevenBlack 93).
	manyNames = 100_000
)

// Check returns the problems of a profile or a hosts file, in the order of the
// lines. Its work is linear in the size of the text. Each line that a section
// would leave out (see [Plan.LeftOut]) is an error.
func Check(text []byte, o CheckOptions) []Problem {
	c := &checker{o: o}
	if isUTF16(text) {
		c.report(0, SeverityError, "utf-16", "the file is in UTF-16, which resolvers cannot read", "save it as UTF-8")
		return c.problems
	}
	if c.text = bytes.TrimPrefix(text, bom); len(c.text) < len(text) && o.File {
		c.line = firstLine(c.text)
		c.report(0, SeverityWarning, "byte-order-mark", "the file begins with a byte order mark; glibc then does not read its first line",
			"save it as UTF-8 without one")
	}
	c.table = newNameTable(bytes.Count(c.text, []byte("\n")) + 1)
	earlier, later := o.neighbours()
	c.later = tabulate(later)
	for line := range lines(c.text) {
		c.line = trimEOL(line)
		c.number++
		c.checkLine()
		c.offset += len(line)
	}
	c.checkSize()
	c.checkElsewhere(earlier)
	return c.problems
}

// A checker checks one text.
type checker struct {
	o        CheckOptions
	problems []Problem

	text   []byte
	line   []byte // the one at hand, without its ending
	number int    // its number
	offset int    // where it starts in the text

	addr  []byte       // its address as written, which is good
	ip    netip.Addr   // its address
	table *nameTable   // the names so far
	names int          // how many there were so far
	later []namedTable // what later profiles map, the last one first
}

// report adds a problem of the line at hand. The offset is counted from the
// start of the line.
func (c *checker) report(offset int, s Severity, rule, message, cure string) {
	c.problems = append(c.problems, Problem{
		File: c.o.Name, Line: max(1, c.number), Column: offset + 1,
		Severity: s, Rule: rule, Message: message, Cure: cure, Text: excerpt(c.line),
	})
}

// excerpt returns the line, or as much of it as a Problem shows.
func excerpt(line []byte) string {
	line = trimEOL(line)
	if len(line) <= maxText {
		return string(line)
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(line[end]) {
		end--
	}
	return string(line[:end])
}

func (c *checker) checkLine() {
	if len(c.line) > longLine {
		c.report(0, SeverityInfo, "long-line", fmt.Sprintf("the line has %d bytes; some programs lose lines of more than %d", len(c.line), longLine),
			"give the names on several lines")
	}
	if i := bytes.IndexByte(c.line, '\r'); i >= 0 {
		c.report(i, SeverityInfo, "stray-cr", "a carriage return inside the line does not end it", "end each line with a newline")
	}
	if !c.o.File && isOurs(c.line) {
		c.report(0, SeverityInfo, "fettle-line", "the line looks like one that Fettle writes into the hosts file; in a profile it means nothing", "take it out")
	}
	body := c.line
	if i := bytes.IndexByte(body, '#'); i >= 0 {
		body = body[:i]
	}
	if i := bytes.IndexByte(body, 0); i >= 0 {
		c.report(i, SeverityError, "zero-byte", "a zero byte ends the line for most resolvers", "take it out")
		return
	}
	if i := bytes.IndexByte(c.line, 0); i >= 0 && !c.o.File {
		c.report(i, SeverityError, "zero-byte", "a profile with a zero byte is no text, and is not switched on", "take it out")
		return
	}
	addr, rest := nextWord(body)
	if len(addr) == 0 {
		return
	}
	start := len(body) - len(rest) - len(addr)
	if !c.readAddr(addr) {
		c.badAddress(start, string(addr), rest)
		return
	}
	if c.ip.Zone() != "" && c.o.GOOS == "linux" {
		c.report(start+bytes.IndexByte(addr, '%'), SeverityWarning, "zone", "glibc passes over a line whose address has a zone",
			"write the address without it: "+c.ip.WithZone("").String())
	}
	c.checkNames(body, rest, start)
}

// readAddr reports whether word is an address. Long lists name one address over
// and over.
func (c *checker) readAddr(word []byte) bool {
	if bytes.Equal(word, c.addr) {
		return true
	}
	ip, err := parseAddr(word)
	if err != nil {
		return false
	}
	c.addr, c.ip = word, ip
	c.table.setAddr(ip)
	return true
}

// checkNames checks the names of the line at hand, whose address starts at an
// offset.
func (c *checker) checkNames(body, rest []byte, addrAt int) {
	count := 0
	for {
		word, next := nextWord(rest)
		if len(word) == 0 {
			break
		}
		count++
		start := len(body) - len(next) - len(word)
		c.checkCount(start, count)
		if name, ok := c.checkName(start, word); ok {
			c.checkMapping(start, name)
		}
		rest = next
	}
	if count == 0 {
		c.report(addrAt, SeverityError, "missing-name", "the line has an address but no name", "add a name, or take the line out")
	}
	c.names += count
}

// checkCount judges the name that is number count of its line. Fettle splits
// the lines of a profile.
func (c *checker) checkCount(start, count int) {
	switch {
	case !c.o.File:
	case c.o.GOOS == "windows" && count == 10:
		c.report(start, SeverityWarning, "many-names", "Windows reads 9 names of a line, and this is the tenth", "give the further names on a line of their own")
	case c.o.GOOS == "darwin" && count == 12:
		c.report(start, SeverityWarning, "many-names", "a line with 12 names or more can hold up look-ups on macOS for 35 seconds",
			"give the further names on a line of their own")
	}
}

// checkSize says once what a very long list costs.
func (c *checker) checkSize() {
	if c.names <= manyNames {
		return
	}
	message := ""
	switch c.o.GOOS {
	case "linux":
		message = "systemd-resolved, where it is used, is slow with more than"
	case "windows":
		message = "Windows is slow to start its network with more than"
	default:
		return
	}
	c.number, c.line = 1, nil
	c.report(0, SeverityInfo, "many-lines", fmt.Sprintf("%d names: %s %d", c.names, message, manyNames), "use a shorter list")
}
