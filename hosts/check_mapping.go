package hosts

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"net/netip"
	"slices"
)

// A nameTable holds what a text maps, with the places. It has one entry for a
// name that has one address of each family at most, as nearly all have.
type nameTable struct {
	names   map[string]int32   // places in uses: a map of small values misses the cache less
	uses    [][2]use           // of a name, the first for IPv4 and the first for IPv6
	more    map[further]int    // the lines of further addresses
	addrs   []netip.Addr       // by number
	numbers map[netip.Addr]int // from 0
	current int                // the number of the address of the line at hand
}

// A use is a place where a text maps a name.
type use struct {
	line int // from 1; 0: nowhere
	addr int // by number
	at   int // where the name starts in the text
}

type further struct {
	name string
	addr int
}

func newNameTable(size int) *nameTable {
	return &nameTable{names: make(map[string]int32, size), uses: make([][2]use, 0, size), more: map[further]int{}, numbers: map[netip.Addr]int{}}
}

// setAddr makes ip the address of the following names.
func (t *nameTable) setAddr(ip netip.Addr) {
	n, ok := t.numbers[ip]
	if !ok {
		n = len(t.addrs)
		t.numbers[ip] = n
		t.addrs = append(t.addrs, ip)
	}
	t.current = n
}

// enter records a use of a folded name. It returns the first use for this
// family of addresses, and the line that maps the name to this very address
// already; both are zero for what is new.
func (t *nameTable) enter(name []byte, u use) (first use, duplicate int) {
	u.addr = t.current
	family := familyOf(t.addrs[t.current])
	place, ok := t.names[string(name)] // does not allocate
	if !ok {
		place = int32(len(t.uses))
		t.names[string(name)] = place
		t.uses = append(t.uses, [2]use{})
	}
	first = t.uses[place][family]
	if first.line == 0 {
		t.uses[place][family] = u
		return use{}, 0
	}
	if first.addr == t.current {
		return first, first.line
	}
	key := further{string(name), t.current}
	duplicate = t.more[key]
	if duplicate == 0 {
		t.more[key] = u.line
	}
	return first, duplicate
}

// find returns the first use of a folded name.
func (t *nameTable) find(name []byte) (use, bool) {
	place, ok := t.names[string(name)] // does not allocate
	if !ok {
		return use{}, false
	}
	uses := t.uses[place]
	if uses[0].line == 0 || uses[1].line > 0 && uses[1].at < uses[0].at {
		return uses[1], true
	}
	return uses[0], true
}

// maps reports whether the text maps a folded name to ip.
func (t *nameTable) maps(name []byte, ip netip.Addr) bool {
	n, ok := t.numbers[ip]
	if !ok {
		return false
	}
	if place, ok := t.names[string(name)]; ok {
		if u := t.uses[place][familyOf(ip)]; u.line > 0 && u.addr == n {
			return true
		}
	}
	return len(t.more) > 0 && t.more[further{string(name), n}] > 0
}

func familyOf(ip netip.Addr) int {
	if ip.Is4() {
		return 0
	}
	return 1
}

// checkMapping enters a name of the line at hand, and compares it with what is
// mapped already. The name is folded.
func (c *checker) checkMapping(start int, name []byte) {
	first, duplicate := c.table.enter(name, use{line: c.number, at: c.offset + start})
	switch {
	case first.line == 0:
	case duplicate > 0:
		c.report(start, SeverityInfo, "duplicate", fmt.Sprintf("line %d maps %s to %s already", duplicate, name, c.ip), "take it out here")
	default:
		c.secondAddress(start, name, first)
	}
	if string(name) == "localhost" && !isLoopback(c.ip) {
		c.report(start, SeverityError, "protected-name",
			fmt.Sprintf("%s is mapped to %s; programs rely on it being a loopback address", name, c.ip), "take the name out")
	}
	for _, later := range c.later {
		if u, ok := later.table.find(name); ok {
			if !later.table.maps(name, c.ip) {
				c.report(start, SeverityWarning, "conflict", fmt.Sprintf("profile %q maps %s to %s; it comes later and wins",
					later.profile, name, later.table.addrs[u.addr]), "map the name in one of the two only")
			}
			return
		}
	}
}

// secondAddress judges a name that has another address of the same family.
func (c *checker) secondAddress(start int, name []byte, first use) {
	other := c.table.addrs[first.addr]
	// macOS comes with "::1 localhost" and "fe80::1%lo0 localhost".
	if string(name) == "localhost" && isLoopback(other) {
		return
	}
	c.report(start, SeverityWarning, "two-addresses", fmt.Sprintf("line %d maps %s to %s; which of the two a program takes is its own choice",
		first.line, name, other), "keep one of them")
}

// isLoopback reports whether localhost may stand for ip. One with a zone is
// "fe80::1%lo0 localhost", as macOS has it.
func isLoopback(ip netip.Addr) bool { return ip.IsLoopback() || ip.Zone() != "" }

// neighbours returns the profiles that come before the text and after it.
func (o CheckOptions) neighbours() (earlier, later []Profile) {
	if o.File {
		return nil, nil
	}
	i := slices.IndexFunc(o.Others, func(p Profile) bool { return p.Name == o.Name })
	if i < 0 {
		return o.Others, nil
	}
	return o.Others[:i], o.Others[i+1:]
}

// A namedTable is what a profile maps.
type namedTable struct {
	profile string
	table   *nameTable
}

// tabulate returns what each of the profiles maps, the last one first.
func tabulate(profiles []Profile) []namedTable {
	var tables []namedTable
	for _, p := range slices.Backward(profiles) {
		t := newNameTable(bytes.Count(p.Text, []byte("\n")) + 1)
		for e, ip := range mappings(p.Text) {
			t.setAddr(ip)
			for word := range e.words() {
				t.enter(foldWord(word), use{line: 1})
			}
		}
		tables = append(tables, namedTable{p.Name, t})
	}
	return tables
}

// mappings yields the entries of a text that have an address, with it. A line
// without an entry yields the zero entry, so that lines can be counted.
func mappings(text []byte) iter.Seq2[entry, netip.Addr] {
	return func(yield func(entry, netip.Addr) bool) {
		var addr []byte
		var ip netip.Addr
		for line := range lines(bytes.TrimPrefix(text, bom)) {
			e, _ := parseEntry(line)
			// Long lists name one address over and over.
			if len(e.addr) > 0 && !bytes.Equal(e.addr, addr) {
				parsed, err := parseAddr(e.addr)
				if err != nil {
					e = entry{}
				} else {
					addr, ip = e.addr, parsed
				}
			}
			if !yield(e, ip) {
				return
			}
		}
	}
}

// foldWord is foldName without an allocation for nearly every name.
func foldWord(word []byte) []byte {
	if isFolded(word) {
		return word
	}
	return []byte(foldName(word))
}

// checkElsewhere looks at the texts below which this one stands in the hosts
// file: the earlier profiles and what is outside. What it finds it reports at
// the lines of this one.
func (c *checker) checkElsewhere(earlier []Profile) {
	found := len(c.problems)
	for _, p := range earlier {
		c.compare(p.Text, func(start int, name string, ip netip.Addr, _ int, _ use) {
			c.report(start, SeverityWarning, "conflict", fmt.Sprintf("profile %q maps %s to %s; this one comes later and wins", p.Name, name, ip),
				"map the name in one of the two only")
		})
	}
	if !c.o.File && c.o.Outside != nil {
		c.compare(c.o.Outside, c.overridden)
	}
	if len(c.problems) > found {
		slices.SortStableFunc(c.problems, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	}
}

// compare calls differs for each name of other that this text maps, but not to
// the same address: with where the first use of the name starts in its line,
// and the address and line in other. The line of the use is then the one at
// hand.
func (c *checker) compare(other []byte, differs func(start int, name string, ip netip.Addr, line int, u use)) {
	number := 0
	for e, ip := range mappings(other) {
		number++
		for word := range e.words() {
			name := foldWord(word)
			if u, ok := c.table.find(name); ok && !c.table.maps(name, ip) {
				begin := 1 + bytes.LastIndexByte(c.text[:u.at], '\n')
				c.number, c.line = u.line, trimEOL(firstLine(c.text[begin:]))
				differs(u.at-begin, string(name), ip, number, u)
			}
		}
	}
}

// overridden reports a line outside that is set aside while the profile is on,
// or that must not be.
func (c *checker) overridden(start int, name string, ip netip.Addr, line int, u use) {
	to := c.table.addrs[u.addr]
	if name == "localhost" && isLoopback(to) {
		return // "::1 localhost" joins "127.0.0.1 localhost"
	}
	there := fmt.Sprintf("line %d of the hosts file maps %s to %s", line, name, ip)
	if isProtected(name, c.o.Hostname) {
		c.report(start, SeverityError, "protected-name", there+"; programs rely on this name, so Fettle does not override it", "take the name out")
		return
	}
	c.report(start, SeverityInfo, "override", there+"; that line is set aside while the profile is on", "")
}
