package hosts

import "net/netip"

// A Redirect is a name that an update maps to an address of its choice, though
// the accepted text does not.
type Redirect struct {
	Name string `json:"name"`
	To   string `json:"to"`
	From string `json:"from,omitempty"` // where the accepted text maps it; "" if nowhere
	Line int    `json:"line"`           // of the update, from 1
}

// NewRedirects returns the names that update maps to anything but a loopback or
// unspecified address, and that accepted does not map to the same: what a
// stranger who got hold of the list could use to lead somebody astray. A list
// that only blocks names has none. It depends on its arguments alone.
func NewRedirects(accepted, update []byte) []Redirect {
	var found []Redirect
	seen := map[mapped]bool{}
	number := 0
	for e, ip := range mappings(update) {
		number++
		if len(e.names) == 0 || isHarmless(ip) {
			continue
		}
		for word := range e.words() {
			m := mapped{string(foldWord(word)), ip}
			if seen[m] || boilerplate[m.name] == ip.String() {
				continue
			}
			seen[m] = true
			found = append(found, Redirect{Name: m.name, To: ip.String(), Line: number})
		}
	}
	if len(found) == 0 {
		return nil
	}
	known, first := map[mapped]bool{}, map[string]netip.Addr{}
	for e, ip := range mappings(accepted) {
		for word := range e.words() {
			m := mapped{string(foldWord(word)), ip}
			if _, ok := first[m.name]; !ok {
				first[m.name] = ip
			}
			known[m] = true
		}
	}
	fresh := found[:0]
	for _, r := range found {
		if known[mapped{r.Name, netip.MustParseAddr(r.To)}] {
			continue
		}
		if from, ok := first[r.Name]; ok {
			r.From = from.String()
		}
		fresh = append(fresh, r)
	}
	return fresh
}

// A mapped name is one with its address.
type mapped struct {
	name string
	to   netip.Addr
}

// isHarmless reports whether an address leads to this machine or nowhere.
func isHarmless(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.Zone() == "" && (ip.IsLoopback() || ip.IsUnspecified())
}

// boilerplate is what installers of macOS and Debian write into a hosts file,
// and what many lists repeat.
var boilerplate = map[string]string{
	"localhost":       "fe80::1%lo0",
	"broadcasthost":   "255.255.255.255",
	"ip6-localnet":    "ff00::",
	"ip6-mcastprefix": "ff00::",
	"ip6-allnodes":    "ff02::1",
	"ip6-allrouters":  "ff02::2",
	"ip6-allhosts":    "ff02::3",
}
