package hosts

import (
	"bytes"
	"slices"
	"sync"
)

// A composer builds the new file of one plan.
type composer struct {
	plan     *Plan
	platform Platform
	want     []Want
	eol      string // of the outside

	hashes sync.WaitGroup // until the plan has those of the file and the profiles
	index  *nameIndex
	blocks []block   // the profiles as the section holds them, in order
	again  []entry   // outside lines that were set aside
	used   loopbacks // the section uses them
	mapped loopbacks // the outside maps them, which decides their reverse look-up
}

// A block is one profile of the section, and what its rendering had to change.
type block struct {
	text     []byte
	leftOut  []LeftOut
	shadowed []Shadow
}

// compose returns the new file: the outside, with the lines that are overridden
// set aside, and the section behind it.
func (c *composer) compose(f *File) (content, error) {
	// Hashing takes about as long as all the rest, and needs nothing of it.
	c.hashes.Go(func() {
		c.plan.Base = f.Hash()
		for i, w := range c.want {
			c.plan.After[i].Hash = w.Hash()
		}
	})
	defer c.hashes.Wait()
	outside := f.Outside()
	c.eol = eolOf(outside)
	c.index = newNameIndex(outside, c.want)
	c.blocks = make([]block, len(c.want))
	// The last profile wins a name, so it is entered first.
	for i := range slices.Backward(c.want) {
		if err := c.renderProfile(i); err != nil {
			return content{}, err
		}
	}
	out, err := c.setAside(outside)
	if err != nil {
		return content{}, err
	}
	added := ""
	if !out.endsLine() {
		out.add([]byte(c.eol))
		added = map[string]string{"\n": "lf", "\r\n": "crlf"}[c.eol]
	}
	body := c.body()
	c.hashes.Wait()
	out.add(c.header(added, bodySum(body.all()...)))
	for _, part := range body.all() {
		out.add(part)
	}
	out.add([]byte(endMark + c.eol))
	return out, nil
}

// setAside copies the outside lines, those with the prefix that a profile
// overrides. It keeps the lines, whose other names the section gives again.
func (c *composer) setAside(outside []byte) (content, error) {
	var out content
	number, copied, at := 0, 0, 0
	touched := c.index.touchesOutside()
	for line := range lines(outside) {
		if !touched && c.used.in(c.mapped) {
			break // nothing that the rest could say matters
		}
		number++
		start := at
		at += len(line)
		// No resolver here reads the line behind a byte order mark, but another
		// system's may.
		bare := bytes.TrimPrefix(line, bom)
		e, ok := parseEntry(bare)
		if !ok {
			continue
		}
		overridden := false
		if touched {
			var err error
			if overridden, err = c.overridden(e, number); err != nil {
				return content{}, err
			}
		}
		if !overridden {
			if len(bare) == len(line) && len(bytes.TrimLeft(e.names, blanks)) > 0 {
				c.mapped.add(c.addr(e))
			}
			continue
		}
		out.add(outside[copied:start])
		out.add([]byte(asidePrefix))
		copied = start
		c.again = append(c.again, e)
	}
	out.add(outside[copied:])
	return out, nil
}

// overridden reports whether a name of the outside line e is mapped elsewhere,
// and enters each such name in the plan.
func (c *composer) overridden(e entry, number int) (bool, error) {
	found := false
	no := c.index.number(e.addr)
	for word := range e.words() {
		k := c.index.key(word)
		m, ok := c.displaces(k, no)
		if !ok {
			continue
		}
		found = true
		o := Override{Name: string(k.name), Line: number, From: string(e.addr), To: c.index.addrs[m.addr].text, Profile: c.want[m.profile].Name}
		if isProtected(o.Name, c.platform.Hostname) {
			return false, &ProtectedError{Name: o.Name, Profile: o.Profile, To: o.To, From: o.From, Line: number}
		}
		c.plan.Overrides = append(c.plan.Overrides, o)
	}
	return found, nil
}

// displaces returns the mapping that a name of an outside line gives way to.
// "::1 localhost" does not: it joins "127.0.0.1 localhost".
func (c *composer) displaces(k nameKey, no int32) (mapping, bool) {
	m, ok := c.index.overrides(k, no)
	return m, ok && !(string(k.name) == "localhost" && c.index.addrs[m.addr].local)
}

// addr returns the address of a line, written as all are that are the same.
func (c *composer) addr(e entry) string { return c.index.addrs[c.index.number(e.addr)].text }

// header returns the first lines of the section, up to the sum of its body.
func (c *composer) header(added, sum string) []byte {
	out := appendLine(nil, beginLine, c.eol)
	for _, a := range c.plan.After {
		out = appendLine(out, a.format(), c.eol)
	}
	if added != "" {
		out = appendLine(out, addedPrefix+added, c.eol)
	}
	return appendLine(out, bodyPrefix+sum, c.eol)
}

// body returns the lines of the section that resolvers read.
func (c *composer) body() content {
	var out content
	again := c.appendAgain(nil)
	// The first line with an address decides its reverse look-up, and
	// "127.0.0.1 shop.test" must not rename localhost.
	for i, addr := range loopbackAddrs {
		if c.used[i] && !c.mapped[i] {
			out.add([]byte(addr + " localhost" + madeSuffix + c.eol))
			c.plan.Localhost = append(c.plan.Localhost, addr)
		}
	}
	out.add(again)
	for i, b := range c.blocks {
		out.add([]byte(blockPrefix + c.want[i].Name + blockSuffix + c.eol))
		out.add(b.text)
		c.plan.LeftOut = append(c.plan.LeftOut, b.leftOut...)
		c.plan.Shadowed = append(c.plan.Shadowed, b.shadowed...)
	}
	return out
}

// appendAgain gives the other names of the lines that were set aside again.
func (c *composer) appendAgain(out []byte) []byte {
	for _, e := range c.again {
		no := c.index.number(e.addr)
		var kept [][]byte
		for word := range e.words() {
			if _, ok := c.displaces(c.index.key(word), no); !ok {
				kept = append(kept, word)
			}
		}
		if len(kept) == 0 {
			continue
		}
		if foldName(kept[0]) == "localhost" {
			c.mapped.add(c.addr(e))
		}
		c.used.add(c.addr(e))
		out = c.appendEntry(out, e.addr, kept)
	}
	return out
}

// loopbackAddrs are the addresses whose reverse look-up must stay localhost.
var loopbackAddrs = [...]string{"127.0.0.1", "::1"}

// loopbacks is a set of loopbackAddrs.
type loopbacks [len(loopbackAddrs)]bool

// in reports whether all of the set are in other.
func (l loopbacks) in(other loopbacks) bool {
	for i, in := range l {
		if in && !other[i] {
			return false
		}
	}
	return true
}

// add puts an address into the set, if it is a loopback address.
func (l *loopbacks) add(addr string) {
	for i, loopback := range loopbackAddrs {
		if addr == loopback {
			l[i] = true
		}
	}
}
