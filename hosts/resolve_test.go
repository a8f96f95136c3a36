package hosts

import (
	"encoding/json"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// A table is what a resolver makes of a hosts file: a small model of its own,
// that shares no code with the package.
type table map[string]addrSet

type addrSet map[netip.Addr]bool

func (s addrSet) equal(o addrSet) bool {
	for addr := range o {
		if !s[addr] {
			return false
		}
	}
	return len(s) == len(o)
}

// mapFile reads a hosts file as glibc does: lines end at LF, a comment at the
// end of its line, words are separated by ASCII blanks, names fold ASCII case.
func mapFile(data []byte) table {
	t := table{}
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\n\v\f\r", r) })
		if len(words) < 2 {
			continue
		}
		addr, err := netip.ParseAddr(words[0])
		if err != nil {
			continue
		}
		for _, name := range words[1:] {
			if !isASCII([]byte(name)) {
				continue // no look-up asks for raw UTF-8
			}
			name = strings.ToLower(name)
			if t[name] == nil {
				t[name] = addrSet{}
			}
			t[name][addr] = true
		}
	}
	return t
}

// override puts the names of o in the place of those of t.
func (t table) override(o table) {
	maps.Copy(t, o)
}

// firstName returns the name of a reverse look-up.
func firstName(data []byte, addr string) string {
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		if a, err := netip.ParseAddr(words[0]); err == nil && a == netip.MustParseAddr(addr) {
			return words[1]
		}
	}
	return ""
}

// addresses returns the addresses of a name, sorted as text.
func addresses(data []byte, name string) string {
	var list []string
	for addr := range mapFile(data)[name] {
		list = append(list, addr.String())
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// switchOn returns the file with the profiles p0, p1 … in force.
func switchOn(t *testing.T, original string, platform Platform, texts ...string) (*Plan, []byte) {
	t.Helper()
	var wants []Want
	for i, text := range texts {
		wants = append(wants, want("p"+string(rune('0'+i)), text))
	}
	p, err := PlanApply(Parse([]byte(original)), wants, platform)
	if err != nil {
		t.Fatal(err)
	}
	return p, p.Content()
}

func wantJSON(t *testing.T, about string, got any, want string) {
	t.Helper()
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != want {
		t.Errorf("%s: got %s, want %s", about, b, want)
	}
}
