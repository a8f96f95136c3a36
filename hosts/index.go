package hosts

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"slices"
)

// A mapping says which profile maps a name, and to which address.
type mapping struct {
	profile int32 // its place in the order
	addr    int32 // the address, as numbered by nameIndex.number
}

// A nameIndex holds what the wanted profiles map. A profile may be a list of
// hundreds of thousands of names, nearly all with one address, so it is a flat
// table that keeps slices of the profiles' texts instead of copies: a quarter
// of the time and half of the memory of a map of strings.
type nameIndex struct {
	slots   []int32 // open addressing: 1 + the place in entries, or 0
	seed    maphash.Seed
	entries []nameEntry
	more    map[string][]int32 // the further addresses of a name

	addrs   []address // by number
	numbers map[string]int32
	last    []byte // the address that was numbered last, as written
	lastNo  int32
}

// An address is what stands in the place of one in a line.
type address struct {
	text  string // normalised
	valid bool   // whether it is an IP address
	local bool   // whether localhost may stand for it
}

type nameEntry struct {
	name []byte // folded
	mapping
}

// newNameIndex returns an index with room for size names; it grows beyond.
func newNameIndex(size int) *nameIndex {
	return &nameIndex{
		slots: make([]int32, 1<<bits.Len(uint(size+size/2)|15)), seed: maphash.MakeSeed(), entries: make([]nameEntry, 0, size),
		more: map[string][]int32{}, numbers: map[string]int32{},
	}
}

// number returns the number of an address, the same one for each way to write
// it. A word that is no address stands for itself.
func (x *nameIndex) number(word []byte) int32 {
	if x.last != nil && bytes.Equal(word, x.last) {
		return x.lastNo
	}
	a := address{text: string(word)}
	if addr, err := parseAddr(word); err == nil {
		// One with a zone is "fe80::1%lo0 localhost", as macOS has it.
		a = address{text: addr.String(), valid: true, local: addr.IsLoopback() || addr.Zone() != ""}
	}
	no, ok := x.numbers[a.text]
	if !ok {
		no = int32(len(x.addrs))
		x.addrs = append(x.addrs, a)
		x.numbers[a.text] = no
	}
	x.last, x.lastNo = word, no
	return no
}

// slot returns the slot of a folded name: the one that holds it, or the free
// one where it would stand.
func (x *nameIndex) slot(name []byte) *int32 {
	mask := len(x.slots) - 1
	for i := int(maphash.Bytes(x.seed, name)) & mask; ; i = (i + 1) & mask {
		at := &x.slots[i]
		if *at == 0 || bytes.Equal(x.entries[*at-1].name, name) {
			return at
		}
	}
}

// add enters that the profile at place maps name. Profiles are added from the
// last to the first, so that a name that is there already belongs to a later
// one, or has several addresses.
func (x *nameIndex) add(name []byte, m mapping) {
	at := x.slot(name)
	if *at == 0 {
		x.entries = append(x.entries, nameEntry{name, m})
		*at = int32(len(x.entries))
		if len(x.entries) > len(x.slots)/4*3 {
			x.grow()
		}
		return
	}
	have := x.entries[*at-1].mapping
	if have.profile == m.profile && have.addr != m.addr && !slices.Contains(x.more[string(name)], m.addr) {
		x.more[string(name)] = append(x.more[string(name)], m.addr)
	}
}

func (x *nameIndex) grow() {
	x.slots = make([]int32, 2*len(x.slots))
	for i, e := range x.entries {
		*x.slot(e.name) = int32(i + 1)
	}
}

// fold returns the name under which a word is found. It is word itself where
// that is folded already, as it is nearly always.
func fold(word []byte) []byte {
	if isFolded(word) {
		return word
	}
	return []byte(foldName(word))
}

// find returns the mapping of a folded name.
func (x *nameIndex) find(name []byte) (mapping, bool) {
	if at := *x.slot(name); at > 0 {
		return x.entries[at-1].mapping, true
	}
	return mapping{}, false
}

// overrides reports whether the index maps a folded name, but not to the
// address with this number.
func (x *nameIndex) overrides(name []byte, no int32) (mapping, bool) {
	m, ok := x.find(name)
	if !ok || m.addr == no || len(x.more) > 0 && slices.Contains(x.more[string(name)], no) {
		return m, false
	}
	return m, true
}
