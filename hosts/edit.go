package hosts

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
)

// Map returns the text of a profile in which each name is mapped to addr, and
// to no other address of the same family. The lines that mapped a name
// elsewhere lose it; everything else stays as it is. The names must be good host
// names; see [CheckHostName].
func Map(text []byte, addr netip.Addr, names []string) ([]byte, error) {
	var missing []string
	for _, name := range compact(names) {
		if err := CheckHostName(name); err != nil {
			return nil, err
		}
		if !mapsTo(text, addr, name) {
			missing = append(missing, name)
		}
	}
	out := dropNames(text, func(a netip.Addr, word []byte) bool {
		return a != addr && a.Is4() == addr.Is4() && isNamed(word, names)
	})
	if len(missing) == 0 {
		return out, nil
	}
	eol := eolOf(text)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, eol...)
	}
	out = append(out, addr.String()...)
	for _, name := range missing {
		out = append(out, ' ')
		out = append(out, name...)
	}
	return append(out, eol...), nil
}

// Unmap returns the text of a profile without the names, and those of the names
// that it did not map. A line that has no name left goes, with its comment.
func Unmap(text []byte, names []string) (out []byte, missing []string) {
	for _, name := range compact(names) {
		if !mapsAnywhere(text, name) {
			missing = append(missing, name)
		}
	}
	return dropNames(text, func(_ netip.Addr, word []byte) bool { return isNamed(word, names) }), missing
}

// CheckHostName returns an error unless name can stand in a hosts file: it is
// no comment, no second line, and what a resolver would look up.
func CheckHostName(name string) error {
	for _, p := range Check([]byte("127.0.0.1 "+name+"\n"), CheckOptions{}) {
		if p.Severity == SeverityError || p.Severity == SeverityWarning {
			return fmt.Errorf("%q is not a host name: %s", name, p.Message)
		}
	}
	e, _ := parseEntry([]byte("127.0.0.1 " + name))
	if words := slices.Collect(e.words()); len(words) != 1 || string(words[0]) != name {
		return fmt.Errorf("%q is not one host name", name)
	}
	return nil
}

func isNamed(word []byte, names []string) bool {
	folded := foldName(word)
	return slices.ContainsFunc(names, func(name string) bool { return foldName([]byte(name)) == folded })
}

// maps reports whether text maps name to addr.
func mapsTo(text []byte, addr netip.Addr, name string) bool {
	return anyEntry(text, func(a netip.Addr, word []byte) bool { return a == addr && isNamed(word, []string{name}) })
}

func mapsAnywhere(text []byte, name string) bool {
	return anyEntry(text, func(_ netip.Addr, word []byte) bool { return isNamed(word, []string{name}) })
}

func anyEntry(text []byte, match func(netip.Addr, []byte) bool) bool {
	for line := range lines(text) {
		e, ok := parseEntry(line)
		if !ok {
			continue
		}
		addr, _ := parseAddr(e.addr) // the zero Addr equals no other
		for word := range e.words() {
			if match(addr, word) {
				return true
			}
		}
	}
	return false
}

// dropNames takes the names away that drop chooses.
func dropNames(text []byte, drop func(netip.Addr, []byte) bool) []byte {
	out := make([]byte, 0, len(text)+64)
	for line := range lines(text) {
		out = append(out, dropFromLine(line, drop)...)
	}
	return out
}

// dropFromLine returns the line without those names, with its blanks and its
// comment as they are, or nothing when no name is left.
func dropFromLine(line []byte, drop func(netip.Addr, []byte) bool) []byte {
	e, ok := parseEntry(line)
	if !ok {
		return line
	}
	addr, _ := parseAddr(e.addr) // the zero Addr equals no other
	start := bytes.Index(line, e.addr) + len(e.addr)
	kept := bytes.Clone(line[:start])
	rest, left := e.names, 0
	for {
		word, next := nextWord(rest)
		if len(word) == 0 {
			break
		}
		if !drop(addr, word) {
			kept = append(kept, rest[:len(rest)-len(next)]...) // with the blanks before it
			left++
		}
		rest = next
	}
	if left == 0 && len(rest) != len(e.names) {
		return nil
	}
	return append(kept, line[start+len(e.names)-len(rest):]...)
}
