package hosts

import (
	"bytes"
	"iter"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// lines yields each line of data with its line ending, which the last one may
// lack. A file's bytes are the concatenation of its lines.
func lines(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(data) > 0 {
			end := bytes.IndexByte(data, '\n') + 1
			if end == 0 {
				end = len(data)
			}
			if !yield(data[:end]) {
				return
			}
			data = data[end:]
		}
	}
}

// trimEOL returns line without its line ending, LF or any number of CR and LF.
func trimEOL(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	for n := len(line); n > 0 && line[n-1] == '\r'; n-- {
		line = line[:n-1]
	}
	return line
}

// An entry is what a resolver reads in a line that maps names to an address.
// Both fields alias the line.
type entry struct {
	addr  []byte // the first word
	names []byte // the other words, without the comment
}

// parseEntry reads one line. It reports false for a line that maps nothing: a
// blank one or a comment. It does not judge the words; [Check] does.
func parseEntry(line []byte) (entry, bool) {
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	addr, rest := nextWord(line)
	return entry{addr: addr, names: rest}, len(addr) > 0
}

// words yields the names of the entry in order.
func (e entry) words() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for word, rest := nextWord(e.names); len(word) > 0; word, rest = nextWord(rest) {
			if !yield(word) {
				return
			}
		}
	}
}

// isNameless reports whether the entry has no names.
func (e entry) isNameless() bool {
	for _, c := range e.names {
		if !isSpace(c) {
			return false
		}
	}
	return true
}

// nextWord cuts the first word off line. Space, tab, CR, LF, vertical tab and
// form feed separate words: what isspace accepts, with which glibc splits.
func nextWord(line []byte) (word, rest []byte) {
	start := 0
	for start < len(line) && class[line[start]] == blank {
		start++
	}
	end := start
	for end < len(line) && class[line[end]] != blank {
		end++
	}
	return line[start:end], line[end:]
}

// class tells the bytes apart that matter in a line.
var class = func() (class [256]byte) {
	for _, c := range blanks {
		class[c] = blank
	}
	for c := 'A'; c <= 'Z'; c++ {
		class[c] = unfolded
	}
	for c := 0x80; c < 0x100; c++ {
		class[c] = unfolded
	}
	return class
}()

const blanks = " \t\n\v\f\r"

const (
	blank    = 1 // separates words
	unfolded = 2 // does not stand in a name as foldName returns it
)

func isSpace(c byte) bool { return class[c] == blank }

// parseAddr reads an address as resolvers do: IPv4 in four decimal parts, or
// IPv6, with a zone. Unlike inet_aton it takes neither octal nor short forms.
func parseAddr(word []byte) (netip.Addr, error) { return netip.ParseAddr(string(word)) }

// toASCII converts international names as browsers do before a look-up, but
// leaves underscores and other ASCII alone, which hosts files may hold.
var toASCII = idna.New(idna.MapForLookup(), idna.StrictDomainName(false), idna.VerifyDNSLength(false))

// foldName returns the name under which a resolver finds word: lower case, and
// in punycode, since raw UTF-8 in a hosts file never matches. A word that has
// no such form, or whose form would not be one word of a line any more, is only
// put in lower case.
func foldName(word []byte) string {
	if isASCII(word) {
		return strings.ToLower(string(word))
	}
	// The mapping turns a wide space into a blank, and a wide # into one.
	if name, err := toASCII.ToASCII(string(word)); err == nil && !strings.ContainsAny(name, blanks+"#") && name != "" {
		return strings.ToLower(name)
	}
	return strings.ToLower(string(word))
}

func isASCII(word []byte) bool {
	for _, c := range word {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// isFolded reports whether foldName would return word unchanged. It spares an
// allocation for nearly every name in a large list.
func isFolded(word []byte) bool {
	for _, c := range word {
		if class[c] == unfolded {
			return false
		}
	}
	return true
}
