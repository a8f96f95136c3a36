package hosts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// A ContentError says that what a server sent is not a hosts list, and what it
// looks like. What it quotes of it is escaped.
type ContentError struct {
	Kind   string // never changes: "web-page", "json", "archive", "utf-16", "empty", "binary", "names-only", "filter-list", "no-hosts"
	Reason string // follows "the server sent"
}

func (e *ContentError) Error() string { return "the server sent " + e.Reason }

// Judge returns a [*ContentError] unless text is a hosts list. It looks at the
// text alone: servers send hosts lists under any content type, and pages for
// logging in under that of a list (Gas Mask 138, 158).
func Judge(text []byte) error {
	refuse := func(kind, format string, args ...any) error {
		return &ContentError{Kind: kind, Reason: fmt.Sprintf(format, args...)}
	}
	for _, m := range magics {
		if bytes.HasPrefix(text, []byte(m.start)) {
			return refuse("archive", "%s, not a text", m.what)
		}
	}
	if isUTF16(text) {
		return refuse("utf-16", "a text in UTF-16, which resolvers cannot read")
	}
	plain := bytes.TrimPrefix(text, bom)
	start := bytes.TrimSpace(plain)
	switch {
	case len(start) == 0:
		return refuse("empty", "nothing")
	case isMarkup(start):
		return refuse("web-page", "%s instead of a hosts list", describePage(start))
	case isJSON(start):
		return refuse("json", "JSON instead of a hosts list")
	}
	if at, c := findControl(plain); at >= 0 {
		return refuse("binary", "something that is not a text: line %d has the control character %q",
			1+bytes.Count(plain[:at], []byte("\n")), c)
	}
	return judgeLines(plain)
}

// magics are the first bytes of what is served in the place of a text.
var magics = []struct{ start, what string }{
	{"\x1f\x8b", "a gzip archive"},
	{"PK\x03\x04", "a zip archive"},
	{"PK\x05\x06", "an empty zip archive"},
	{"BZh", "a bzip2 archive"},
	{"\xfd7zXZ\x00", "an xz archive"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{"\x28\xb5\x2f\xfd", "a zstd archive"},
	{"%PDF-", "a PDF document"},
	{"\x89PNG", "a picture"},
	{"GIF8", "a picture"},
	{"\xff\xd8\xff", "a picture"},
}

// isMarkup reports whether a text is HTML or XML. No line of a hosts file that
// means anything begins with "<".
func isMarkup(start []byte) bool { return start[0] == '<' }

// loginSigns are what pages for logging in have in them, in lower case.
var loginSigns = []string{`type="password"`, "type='password'", "type=password", "log in", "login", "sign in", "signin", "captive", "portal"}

// maxTitle is how much of a page's title is quoted, in characters.
const maxTitle = 60

// describePage says what kind of web page a server sent.
func describePage(page []byte) string {
	page = page[:min(len(page), 256<<10)]
	what := "a web page"
	folded := strings.ToLower(string(page))
	if slices.ContainsFunc(loginSigns, func(sign string) bool { return strings.Contains(folded, sign) }) {
		what = "a web page, likely one to log in on,"
	}
	if title := pageTitle(string(page)); title != "" {
		what += fmt.Sprintf(" titled %q", title)
	}
	return what
}

// pageTitle returns the title of a web page, cut to a line, or "".
func pageTitle(page string) string {
	// Not the lower case of the page: the two can differ in length.
	_, rest, _ := cutFold(page, "<title")
	_, rest, _ = strings.Cut(rest, ">")
	title, _, ok := cutFold(rest, "</title")
	if !ok {
		return ""
	}
	title = strings.Join(strings.Fields(html.UnescapeString(title)), " ")
	if utf8.RuneCountInString(title) > maxTitle {
		title = string([]rune(title)[:maxTitle]) + "…"
	}
	return title
}

// cutFold is strings.Cut around a tag whose case does not count.
func cutFold(s, tag string) (before, after string, found bool) {
	for i := 0; i+len(tag) <= len(s); i++ {
		if s[i] == '<' && strings.EqualFold(s[i:i+len(tag)], tag) {
			return s[:i], s[i+len(tag):], true
		}
	}
	return s, "", false
}

// isJSON reports whether a text is JSON or begins as only JSON does.
func isJSON(start []byte) bool {
	if start[0] != '{' && start[0] != '[' && start[0] != '"' {
		return false
	}
	if json.Valid(start) {
		return true
	}
	rest := bytes.TrimSpace(start[1:])
	return len(rest) > 0 && (start[0] == '{' && rest[0] == '"' || start[0] == '[' && strings.ContainsRune(`"{[`, rune(rest[0])))
}

// findControl returns where the first control character stands that no text
// has, or -1. A terminal would act on some of them.
func findControl(text []byte) (at int, c rune) {
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			if b < ' ' && !isSpace(b) || b == 0x7f {
				return i, rune(b)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		// C1, which some terminals read as they read an escape sequence.
		if 0x80 <= r && r < 0xa0 {
			return i, r
		}
		i += size
	}
	return -1, 0
}

// A tally counts the lines of a text that are no comments, by what they look
// like.
type tally struct {
	hosts, bareNames, filters, other int
	filter                           string // what the filters are
}

// filterLines are the beginnings of lines in lists for other programs.
var filterLines = []struct{ start, what string }{
	{"||", "a filter list for browsers"},
	{"@@", "a filter list for browsers"},
	{"!", "a filter list for browsers"},
	{"[Adblock", "a filter list for browsers"},
	{"address=/", "a list for dnsmasq"},
	{"server=/", "a list for dnsmasq"},
	{"local=/", "a list for dnsmasq"},
	{"local-zone:", "a list for unbound"},
	{"zone ", "a list for BIND"},
}

// judgeLines refuses a text of which most lines are no hosts lines.
func judgeLines(text []byte) error {
	t := count(text)
	bad := t.bareNames + t.filters + t.other
	switch {
	case t.hosts > 0 && t.hosts >= bad:
		return nil
	case bad == 0:
		return &ContentError{Kind: "no-hosts", Reason: "nothing but comments: no line maps a name"}
	case t.filters > 0 && t.filters >= t.hosts && t.filters >= t.bareNames:
		return &ContentError{Kind: "filter-list", Reason: t.filter + ", not a hosts list"}
	case t.bareNames > t.other:
		return &ContentError{Kind: "names-only", Reason: "a list of names without addresses; a hosts list has one in front of each name (0.0.0.0 ads.example)"}
	case t.hosts > 0:
		return &ContentError{Kind: "no-hosts", Reason: fmt.Sprintf("something that is not a hosts list: only %d of %d lines map a name", t.hosts, t.hosts+bad)}
	}
	return &ContentError{Kind: "no-hosts", Reason: "something that is not a hosts list: no line maps a name"}
}

func count(text []byte) tally {
	var t tally
	for line := range lines(text) {
		if i := bytes.IndexByte(line, '#'); i == 0 || i > 0 && len(bytes.TrimSpace(line[:i])) == 0 {
			continue
		}
		if what := filterLine(line); what != "" {
			t.filters++
			t.filter = what
			continue
		}
		e, ok := parseEntry(line)
		if !ok {
			continue
		}
		_, err := parseAddr(e.addr)
		switch {
		case err == nil && !e.isNameless():
			t.hosts++
		case err != nil && e.isNameless() && bytes.IndexByte(e.addr, '.') > 0:
			t.bareNames++
		default:
			t.other++
		}
	}
	return t
}

func filterLine(line []byte) string {
	line = bytes.TrimLeft(line, blanks)
	for _, f := range filterLines {
		if bytes.HasPrefix(line, []byte(f.start)) {
			return f.what
		}
	}
	return ""
}
