package hosts

import (
	"fmt"
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
