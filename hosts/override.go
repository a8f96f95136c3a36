package hosts

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// An Override is a name that a profile maps to something else than a line
// outside the section does. The outside line is set aside while the profile is
// in force.
type Override struct {
	Name    string `json:"name"`
	Line    int    `json:"line"`    // in the file as it was read, from 1
	From    string `json:"from"`    // the address of the outside line
	To      string `json:"to"`      // the address, or the first, of the profile
	Profile string `json:"profile"` // the one that maps it
}

// A Shadow is a name that two profiles in force map to different addresses. The
// later profile wins.
type Shadow struct {
	Name   string `json:"name"`
	Loser  string `json:"loser"`  // the profile whose mapping is left out
	Winner string `json:"winner"` // the profile whose mapping stands
}

// A ProtectedError says that a profile maps a name that programs rely on to
// something else than the rest of the file does.
type ProtectedError struct {
	Name    string
	Profile string
	To      string // the address in the profile
	From    string // the address outside, "" when none is needed to refuse it
	Line    int    // the outside line, 0 when there is none
}

func (e *ProtectedError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("profile %q maps %s to %s; programs rely on it being a loopback address, so Fettle does not override it",
			e.Profile, e.Name, e.To)
	}
	return fmt.Sprintf("profile %q maps %s to %s, but line %d maps it to %s; programs rely on this name, so Fettle does not override it",
		e.Profile, e.Name, e.To, e.Line, e.From)
}

// isProtected reports whether name must keep the address that it has outside:
// localhost and broadcasthost, the names of the IPv6 multicast groups that
// installers write, and the machine's own, with and without its domain.
func isProtected(name, hostname string) bool {
	switch name {
	case "localhost", "localhost.localdomain", "localhost4", "localhost6", "broadcasthost":
		return true
	}
	hostname = strings.ToLower(hostname)
	short, _, _ := strings.Cut(hostname, ".")
	return strings.HasPrefix(name, "ip6-") || name == hostname || name == short
}

// isLocal reports whether localhost may stand for addr: a loopback address, or
// one with a zone, as in "fe80::1%lo0 localhost" on macOS.
func isLocal(addr string) bool {
	a, err := parseAddr([]byte(addr))
	return err == nil && (a.IsLoopback() || a.Zone() != "")
}

// A mapping says which profile maps a name, and to which address.
type mapping struct {
	profile int32 // its place in the order
	addr    int32 // the address, as numbered by nameIndex.number
}

// A nameIndex holds what the wanted profiles map. It has one entry for a name
// that has one address, as nearly all have, so that it stays small for a list
// of hundreds of thousands of names.
type nameIndex struct {
	names   map[string]mapping
	more    map[string][]int32 // the further addresses of a name
	addrs   []string           // the addresses by number, normalised
	numbers map[string]int32
	last    []byte // the address that was numbered last, as written
	lastNo  int32
}

func newNameIndex(size int) *nameIndex {
	return &nameIndex{names: make(map[string]mapping, size), more: map[string][]int32{}, numbers: map[string]int32{}}
}

// number returns the number of an address, the same one for each way to write
// it. A word that is no address stands for itself.
func (x *nameIndex) number(word []byte) int32 {
	if x.last != nil && bytes.Equal(word, x.last) {
		return x.lastNo
	}
	text := string(word)
	if addr, err := parseAddr(word); err == nil {
		text = addr.String()
	}
	no, ok := x.numbers[text]
	if !ok {
		no = int32(len(x.addrs))
		x.addrs = append(x.addrs, text)
		x.numbers[text] = no
	}
	x.last, x.lastNo = word, no
	return no
}

// add enters the names of one profile. Profiles are added from the last to the
// first, so that a name that is there already belongs to a later one.
func (x *nameIndex) add(p Profile, place int32, check func(name, addr string) error) error {
	r := renderer{}
	for line := range lines(canonical(p.Text)) {
		e, ok := parseEntry(line)
		if !ok || r.unusable(e) != "" {
			continue
		}
		no := x.number(e.addr)
		for word := range e.words() {
			name := foldName(word)
			if err := check(name, x.addrs[no]); err != nil {
				return err
			}
			have, ok := x.names[name]
			switch {
			case !ok:
				x.names[name] = mapping{profile: place, addr: no}
			case have.profile == place && have.addr != no && !slices.Contains(x.more[name], no):
				x.more[name] = append(x.more[name], no)
			}
		}
	}
	return nil
}

// find returns the mapping of a word of a hosts file.
func (x *nameIndex) find(word []byte) (mapping, bool) {
	if isFolded(word) {
		m, ok := x.names[string(word)] // does not allocate
		return m, ok
	}
	m, ok := x.names[foldName(word)]
	return m, ok
}

// overrides reports whether the index maps word, but not to the address with
// this number.
func (x *nameIndex) overrides(word []byte, no int32) (mapping, bool) {
	m, ok := x.find(word)
	if !ok || m.addr == no || len(x.more) > 0 && slices.Contains(x.more[foldName(word)], no) {
		return m, false
	}
	return m, true
}
