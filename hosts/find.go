package hosts

import (
	"bytes"
	"net/netip"
	"slices"
)

// A Mapped is one line of the hosts file that maps a name.
type Mapped struct {
	Addr netip.Addr `json:"addr"`
	Line int        `json:"line"` // from 1
	// Profile is the profile in force that the line comes from. It is "" for
	// a line outside the section, and for one of the section that gives the
	// other names of an outside line again which is set aside.
	Profile string `json:"profile,omitempty"`
}

// Find returns the lines that map each of the names, in the order of the file,
// as a resolver reads them. Names are compared without case.
func (f *File) Find(names ...string) map[string][]Mapped {
	folded := map[string][]string{}
	for _, name := range names {
		key := foldName([]byte(name))
		folded[key] = append(folded[key], name)
	}
	found := map[string][]Mapped{}
	number, at, profile, ended := 0, 0, "", false
	for line := range lines(f.Data) {
		number++
		inside := f.section != nil && at >= len(f.before)
		at += len(line)
		if inside && !ended {
			text := trimEOL(line)
			if name, ok := blockName(text); ok {
				profile = name
			} else if ended = bytes.HasPrefix(text, []byte(endMark)); ended {
				profile = ""
			}
		}
		e, ok := parseEntry(line)
		if !ok {
			continue
		}
		addr, err := parseAddr(e.addr)
		if err != nil {
			continue
		}
		for word := range e.words() {
			for _, name := range folded[foldName(word)] {
				found[name] = append(found[name], Mapped{Addr: addr, Line: number, Profile: profile})
			}
		}
	}
	return found
}

// Sample returns a few names by which it can be seen whether a switch took
// effect: names that the new file maps, and that the plan changed. Overridden
// ones come first, as something else was known for them before.
func (p *Plan) Sample(max int) []string {
	var names []string
	take := func(name string) {
		if len(names) < max && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, o := range p.Overrides[:min(len(p.Overrides), (max+1)/2)] {
		take(o.Name)
	}
	for _, a := range p.After {
		same := func(b Active) bool { return b.Name == a.Name && b.Hash == a.Hash }
		if slices.ContainsFunc(p.Before, same) {
			continue
		}
		for name := range p.profile(a.Name).names() {
			take(name)
			if len(names) == max {
				break
			}
		}
	}
	return names
}

// profile returns a profile that the plan puts in force. Only a plan that
// restores a state has to read it from there.
func (p *Plan) profile(name string) Profile {
	for _, w := range p.want {
		if w.Name == name {
			return w.Profile
		}
	}
	text, _ := Parse(p.Content()).Applied(name)
	return text
}

// names yields the names that the profile maps, folded.
func (p Profile) names() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range lines(p.Text) {
			e, ok := parseEntry(line)
			if !ok {
				continue
			}
			if addr, err := parseAddr(e.addr); err != nil || addr.Zone() != "" {
				continue
			}
			for word := range e.words() {
				if !yield(foldName(word)) {
					return
				}
			}
		}
	}
}
