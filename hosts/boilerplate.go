package hosts

import (
	"bytes"
	"net/netip"
	"strings"
)

// WithoutProtected returns a text without the names that every hosts file has
// for itself, and that a profile must not override: localhost and its variants,
// and the machine's own name. Left are the lines, or their parts, that were
// taken out.
func WithoutProtected(text []byte, platform Platform) (rest []byte, left []NumberedLine) {
	number := 0
	for line := range lines(text) {
		number++
		var names []string
		kept := dropFromLine(line, func(_ netip.Addr, word []byte) bool {
			protected := isProtected(foldName(word), platform.Hostname)
			if protected {
				names = append(names, string(word))
			}
			return protected
		})
		if len(names) == 0 {
			rest = append(rest, line...)
			continue
		}
		e, _ := parseEntry(line)
		left = append(left, NumberedLine{Number: number, Text: string(e.addr) + " " + strings.Join(names, " ")})
		rest = append(rest, kept...)
	}
	return rest, left
}

// MapsNothing reports whether no line of a text maps a name: it is empty, or has
// comments only.
func MapsNothing(text []byte) bool {
	for line := range lines(bytes.TrimPrefix(text, bom)) {
		if e, ok := parseEntry(line); ok && len(bytes.TrimSpace(e.names)) > 0 {
			return false
		}
	}
	return true
}
