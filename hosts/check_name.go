package hosts

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of the DNS, which programs apply to names in a hosts file too.
const (
	maxLabel    = 63
	maxHostName = 253
)

// isPlainName reports whether word is a host name that needs no second look:
// labels of letters, digits, dashes and underscores, none of them too long, and
// a last one that no program takes for the end of an IPv4 address.
func isPlainName(word []byte) bool {
	if len(word) == 0 || len(word) > maxHostName {
		return false
	}
	label, digits := 0, true
	for i, c := range word {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
			digits = false
		case '0' <= c && c <= '9':
		case c == '-':
			if label == 0 || i+1 == len(word) || word[i+1] == '.' {
				return false
			}
			digits = false
		case c == '.':
			if label == 0 {
				return false
			}
			label, digits = 0, true
			continue
		default:
			return false
		}
		if label++; label > maxLabel {
			return false
		}
	}
	return label > 0 && !digits
}

// checkName judges a name of the line at hand. It returns the name as a
// resolver compares it, and false for one that no resolver can find.
func (c *checker) checkName(start int, word []byte) (folded []byte, ok bool) {
	if isPlainName(word) {
		if isFolded(word) {
			return word, true
		}
		return bytes.ToLower(word), true
	}
	return c.checkOddName(start, string(word))
}

func (c *checker) checkOddName(start int, word string) (folded []byte, ok bool) {
	bad := func(s Severity, rule, message, cure string) ([]byte, bool) {
		c.report(start, s, rule, quote(word)+" "+message, cure)
		return nil, false
	}
	if _, isNumber := classicAddr(word); isNumber || isAddr(word) {
		return bad(SeverityError, "address-as-name", "is an address; programs do not look addresses up", "give each address a line of its own")
	}
	if host := strings.TrimSuffix(word, "."); host != word && isPlainName([]byte(host)) {
		severity := SeverityWarning
		if c.o.GOOS == "linux" {
			severity = SeverityError
		}
		return bad(severity, "trailing-dot", "ends in a dot, so that look-ups do not find it", c.writeName(host))
	}
	if strings.Contains(word, "*") {
		return bad(SeverityError, "wildcard", "is taken literally; hosts files know no wildcards", "give each name by itself")
	}
	if host, isURL := hostOf(word); isURL {
		return bad(SeverityError, "url", "is a URL or has a port; a hosts file maps names only", c.writeName(host))
	}
	if names := strings.FieldsFunc(word, isSeparator); len(names) > 0 && names[0] != word && allPlain(names) {
		return bad(SeverityError, "bad-name", "has no blanks between its names", c.writeName(strings.Join(names, " ")))
	}
	if !isASCII([]byte(word)) {
		return c.checkInternational(start, word)
	}
	if fault := nameFault(word); fault != "" {
		return bad(SeverityError, "bad-name", fault, "")
	}
	// What is left are dashes at the ends of labels and numbers as last labels,
	// which resolvers find.
	if strings.Contains("."+word+".", ".-") || strings.Contains("."+word+".", "-.") {
		c.report(start, SeverityWarning, "dash", quote(word)+" has a dash at the end of a label, which some programs refuse", "")
	}
	return []byte(strings.ToLower(word)), true
}

// checkInternational judges a name that is not in ASCII. A section holds it in
// punycode.
func (c *checker) checkInternational(start int, word string) (folded []byte, ok bool) {
	name, err := toASCII.ToASCII(word)
	if !utf8.ValidString(word) || err != nil {
		c.report(start, SeverityError, "bad-name", quote(word)+" cannot be written as a host name", "write the name in UTF-8, or in punycode (xn--…)")
		return nil, false
	}
	fault := nameFault(name)
	if _, isNumber := classicAddr(name); isNumber {
		fault = "is an address"
	}
	if fault != "" {
		c.report(start, SeverityError, "bad-name", fmt.Sprintf("%s is looked up as %s, which %s", quote(word), quote(name), fault), "")
		return nil, false
	}
	if c.o.File {
		c.report(start, SeverityError, "international-name", fmt.Sprintf("%s is never found: programs look for %s", quote(word), name), c.writeName(name))
	} else {
		c.report(start, SeverityInfo, "international-name", fmt.Sprintf("%s is written into the hosts file as %s, which programs look for", quote(word), name), "")
	}
	return []byte(strings.ToLower(name)), true
}

// nameFault returns what no host name may have, in words that follow it, or "".
func nameFault(name string) string {
	for _, r := range name {
		if !strings.ContainsRune("-_.", r) && !isAlphanumeric(r) {
			return fmt.Sprintf("holds %s; host names are made of letters, digits, '-' and '.'", nameRune(r))
		}
	}
	if len(name) > maxHostName {
		return fmt.Sprintf("has %d bytes; a host name has %d at most", len(name), maxHostName)
	}
	for label := range strings.SplitSeq(name, ".") {
		switch {
		case label == "":
			return "has a dot too many"
		case len(label) > maxLabel:
			return fmt.Sprintf("has %d bytes between two dots; %d are allowed", len(label), maxLabel)
		}
	}
	return ""
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// nameRune shows a character, by its number where it would not be seen.
func nameRune(r rune) string {
	if unicode.IsGraphic(r) && !unicode.IsSpace(r) {
		return fmt.Sprintf("%q", r)
	}
	return fmt.Sprintf("the character %U", r)
}

// hostOf returns the host of a URL, or of a name with a port or a path. It
// reports false for a word that is none of them.
func hostOf(word string) (host string, isURL bool) {
	_, rest, found := strings.Cut(word, "://")
	if !found {
		rest = word
	}
	host, _, path := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	name, port, colon := strings.Cut(host, ":")
	if colon && strings.Trim(port, "0123456789") == "" {
		host = name
	}
	host = strings.TrimSuffix(host, ".")
	if (found || path || colon) && (isPlainName([]byte(host)) || !isASCII([]byte(host))) {
		return host, true
	}
	return "", false
}

// isSeparator reports whether r is a character with which people separate names
// where a hosts file wants a blank. A no-break space looks like one.
func isSeparator(r rune) bool {
	return r == ',' || r == ';' || r == '|' || r == '\u200b' || unicode.IsSpace(r)
}

func allPlain(names []string) bool {
	for _, name := range names {
		if !isPlainName([]byte(name)) {
			return false
		}
	}
	return true
}

// writeName returns the cure that puts name in the place of the one at hand.
func (c *checker) writeName(name string) string { return fmt.Sprintf("write \"%s %s\"", c.addr, name) }

// quote shows a word of the text in a message.
func quote(word string) string {
	if len(word) > maxText/2 {
		return fmt.Sprintf("%.100q…", word)
	}
	return fmt.Sprintf("%q", word)
}
