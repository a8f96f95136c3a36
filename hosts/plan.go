package hosts

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A Want is a profile that shall be in force.
type Want struct {
	Profile
	Since time.Time
	Until time.Time // zero: until somebody switches it off
}

// A Platform holds what a plan has to know about the machine.
type Platform struct {
	Hostname string // never overridden; "" if unknown
	MaxNames int    // how many names the resolver reads in a line; 0: any number
}

// ThisPlatform returns the Platform of the machine that the program runs on.
func ThisPlatform() Platform {
	p := Platform{}
	// Without a name of its own the machine has none that could be overridden.
	p.Hostname, _ = os.Hostname()
	switch runtime.GOOS {
	case "windows", "darwin":
		// Windows reads 9 names of a line (goodhosts/hostsfile 10); macOS may
		// take 35 s for a look-up when a line has 12 (openradar 5247).
		p.MaxNames = 9
	}
	return p
}

// A Plan says what a hosts file shall become, and why. It is a plain value: it
// can be printed, compared and encoded, and it changes nothing until
// [System.Execute] is given it.
type Plan struct {
	Base      Hash       `json:"base"`   // the file that the plan was made for
	Result    Hash       `json:"result"` // the file that it makes
	Before    []Active   `json:"before"` // in force when it was made
	After     []Active   `json:"after"`
	Overrides []Override `json:"overrides"` // outside lines that are set aside
	Shadowed  []Shadow   `json:"shadowed"`  // names that several profiles map
	LeftOut   []LeftOut  `json:"left_out"`  // lines of profiles that no resolver could use
	Localhost []string   `json:"localhost"` // loopback addresses whose first name the section keeps "localhost"

	// Action is what the history says of the change, as "use staging".
	Action string `json:"action"`
	// Undoes is the number of the history entry that the plan takes back, or 0.
	Undoes int `json:"undoes,omitzero"`

	old, new []byte
	want     []Want // what an elevated step plans again from
	restores bool   // new is a state from the history, for an elevated step to find
}

// Empty reports whether the plan changes nothing.
func (p *Plan) Empty() bool { return p.Base == p.Result }

// Content returns what the file will hold. It is not to be changed.
func (p *Plan) Content() []byte { return p.new }

// Summary returns the plan as one line: "on: ads, staging".
func (p *Plan) Summary() string {
	if len(p.After) == 0 {
		return "on: nothing, the original hosts file"
	}
	return "on: " + strings.Join(Names(p.After), ", ")
}

// PlanApply decides what f must become so that exactly the wanted profiles are
// in force, in this order: where two map the same name, the later one wins. It
// depends on its arguments alone. The error is the file's damage, a
// [*ProtectedError], or says that a profile is wanted twice.
func PlanApply(f *File, want []Want, platform Platform) (*Plan, error) {
	if f.Damage != nil {
		return nil, f.Damage
	}
	outside := f.Outside()
	p := &Plan{
		Base: f.Hash, Before: nonNil(f.Active()), After: []Active{}, Overrides: []Override{},
		Shadowed: []Shadow{}, LeftOut: []LeftOut{}, Localhost: []string{},
		old: f.Data, want: want,
	}
	if len(want) == 0 {
		p.new, p.Result = outside, HashOf(outside)
		return p, nil
	}
	for i, w := range want {
		if err := CheckName(w.Name); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(want[:i], func(v Want) bool { return v.Name == w.Name }) {
			return nil, fmt.Errorf("profile %q is wanted twice", w.Name)
		}
		p.After = append(p.After, Active{Name: w.Name, Hash: w.Hash(), Since: w.Since.UTC().Truncate(time.Second), Until: w.Until.UTC().Truncate(time.Second)})
	}
	c := &composer{plan: p, platform: platform, want: want, eol: eolOf(outside)}
	var err error
	if p.new, err = c.compose(outside); err != nil {
		return nil, err
	}
	p.Result = HashOf(p.new)
	return p, nil
}

// PlanRestore decides to put data in the place of f. The data comes from the
// history. f may be damaged; that is what restoring is for.
func PlanRestore(f *File, data []byte) *Plan {
	restored := Parse(data)
	return &Plan{
		Base: f.Hash, Result: restored.Hash, Before: nonNil(f.Active()), After: nonNil(restored.Active()), Overrides: []Override{},
		Shadowed: []Shadow{}, LeftOut: []LeftOut{}, Localhost: []string{},
		old: f.Data, new: data, restores: true,
	}
}

// nonNil keeps lists in JSON from being null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// eolOf returns the line ending that new lines in data shall have: the one of
// its first line.
func eolOf(data []byte) string {
	if bytes.HasSuffix(firstLine(data), []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// A composer builds the new file of one plan.
type composer struct {
	plan     *Plan
	platform Platform
	want     []Want
	eol      string

	index    *nameIndex
	again    []entry         // what remains of outside lines that were set aside
	mapped   map[string]bool // loopback addresses that the outside maps
	shadowed map[string]bool // names already listed in the plan, with their loser
}

func (c *composer) compose(outside []byte) ([]byte, error) {
	if err := c.indexNames(); err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(outside)+c.sizeOfProfiles()+4096)
	out, err := c.setAside(out, outside)
	if err != nil {
		return nil, err
	}
	added := ""
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, c.eol...)
		added = map[string]string{"\n": "lf", "\r\n": "crlf"}[c.eol]
	}
	return c.appendSection(out, added), nil
}

func (c *composer) sizeOfProfiles() int {
	size := 0
	for _, w := range c.want {
		size += len(w.Text) + len(w.Text)/16
	}
	return size
}

// indexNames collects what the wanted profiles map, and refuses one that moves
// a loopback name elsewhere.
func (c *composer) indexNames() error {
	size := 0
	for _, w := range c.want {
		size += bytes.Count(w.Text, []byte("\n")) + 1
	}
	c.index = newNameIndex(size)
	for i := len(c.want) - 1; i >= 0; i-- {
		w := c.want[i]
		err := c.index.add(w.Profile, int32(i), func(name, addr string) error {
			if name != "localhost" || isLocal(addr) {
				return nil
			}
			return &ProtectedError{Name: name, Profile: w.Name, To: addr}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// setAside copies the outside lines, those with the prefix that a profile
// overrides. It keeps their other names for the section.
func (c *composer) setAside(out, outside []byte) ([]byte, error) {
	c.mapped = map[string]bool{}
	number := 0
	for line := range lines(outside) {
		number++
		// No resolver here reads the line behind a byte order mark, but another
		// system's may.
		bare := bytes.TrimPrefix(line, bom)
		e, ok := parseEntry(bare)
		if !ok {
			out = append(out, line...)
			continue
		}
		overridden, err := c.overridden(e, number)
		if err != nil {
			return nil, err
		}
		if !overridden {
			if addr := string(e.addr); len(bare) == len(line) && (addr == "127.0.0.1" || addr == "::1") {
				c.mapped[addr] = true
			}
			out = append(out, line...)
			continue
		}
		out = append(out, asidePrefix...)
		out = append(out, line...)
		c.again = append(c.again, e)
	}
	return out, nil
}

// overridden reports whether a name of the outside line e is mapped elsewhere,
// and enters each such name in the plan.
func (c *composer) overridden(e entry, number int) (bool, error) {
	if len(c.index.names) == 0 {
		return false, nil
	}
	found := false
	no := c.index.number(e.addr)
	for word := range e.words() {
		m, ok := c.index.overrides(word, no)
		if !ok {
			continue
		}
		if name := foldName(word); name == "localhost" && isLocal(c.index.addrs[m.addr]) {
			continue // "::1 localhost" joins "127.0.0.1 localhost"
		}
		found = true
		o := Override{Name: foldName(word), Line: number, From: string(e.addr), To: c.index.addrs[m.addr], Profile: c.want[m.profile].Name}
		if isProtected(o.Name, c.platform.Hostname) {
			return false, &ProtectedError{Name: o.Name, Profile: o.Profile, To: o.To, From: o.From, Line: number}
		}
		c.plan.Overrides = append(c.plan.Overrides, o)
	}
	return found, nil
}

// appendSection writes the section behind the outside lines.
func (c *composer) appendSection(out []byte, added string) []byte {
	r := &renderer{eol: c.eol, maxNames: c.platform.MaxNames, loopback: map[string]bool{}}
	// The body has to be known before the header, which holds its hash, so the
	// header is written with a zero hash of the same length first.
	out = appendLine(out, beginLine, c.eol)
	for _, a := range c.plan.After {
		out = appendLine(out, a.format(), c.eol)
	}
	if added != "" {
		out = appendLine(out, addedPrefix+added, c.eol)
	}
	hashAt := len(out) + len(bodyPrefix)
	out = appendLine(out, bodyPrefix+Hash{}.String(), c.eol)
	bodyAt := len(out)

	if c.needsLocalhost() {
		// Rare enough to afford the copy: most files map localhost themselves.
		body := c.appendBlocks(c.appendAgain(nil, r), r)
		for _, addr := range []string{"127.0.0.1", "::1"} {
			if r.loopback[addr] && !c.mapped[addr] {
				out = appendLine(out, addr+" localhost"+madeSuffix, c.eol)
				c.plan.Localhost = append(c.plan.Localhost, addr)
			}
		}
		out = append(out, body...)
	} else {
		out = c.appendBlocks(c.appendAgain(out, r), r)
	}
	c.plan.LeftOut = nonNil(r.leftOut)

	hash := HashOf(canonical(out[bodyAt:]))
	copy(out[hashAt:], hash.String())
	return appendLine(out, endMark, c.eol)
}

// needsLocalhost reports whether the section may be the first to map a loopback
// address. The first line with an address decides its reverse look-up, and
// "127.0.0.1 shop.test" must not rename localhost.
func (c *composer) needsLocalhost() bool { return !c.mapped["127.0.0.1"] || !c.mapped["::1"] }

// appendAgain gives the other names of the lines that were set aside again.
func (c *composer) appendAgain(out []byte, r *renderer) []byte {
	for _, e := range c.again {
		no := c.index.number(e.addr)
		var kept [][]byte
		for word := range e.words() {
			if _, ok := c.index.overrides(word, no); !ok {
				kept = append(kept, word)
			}
		}
		if len(kept) > 0 {
			r.used(e.addr)
			if foldName(kept[0]) == "localhost" {
				c.mapped[string(e.addr)] = true
			}
		}
		out = r.appendEntry(out, e.addr, kept, madeSuffix)
	}
	return out
}

func (c *composer) appendBlocks(out []byte, r *renderer) []byte {
	for i, w := range c.want {
		out = r.appendBlock(out, w.Profile, func(addr, name []byte) bool { return c.isShadowed(addr, name, i) })
	}
	return out
}

// isShadowed reports whether a later profile maps the name in word to something
// else, so that the mapping of the profile at this place is left out.
func (c *composer) isShadowed(addr, word []byte, place int) bool {
	if place == len(c.want)-1 {
		return false
	}
	m, ok := c.index.overrides(word, c.index.number(addr))
	if !ok || int(m.profile) == place {
		return false
	}
	if s := (Shadow{Name: foldName(word), Loser: c.want[place].Name, Winner: c.want[m.profile].Name}); !c.shadowed[s.Name+" "+s.Loser] {
		if c.shadowed == nil {
			c.shadowed = map[string]bool{}
		}
		c.shadowed[s.Name+" "+s.Loser] = true
		c.plan.Shadowed = append(c.plan.Shadowed, s)
	}
	return true
}
