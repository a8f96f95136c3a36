package hosts

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"slices"
	"sync"
)

// A mapping says which profile maps a name, and to which address.
type mapping struct {
	profile int32 // its place in the order
	addr    int32 // the address, as numbered by nameIndex.number
}

// A nameIndex holds which profile maps a name, for the names that stand in more
// than one of the texts: the outside and the wanted profiles. Only those can be
// overridden or shadowed. Which they are is first sketched with a filter, so
// that the index of a list of hundreds of thousands of names stays small enough
// for the processor's cache: a third of the time of a map of all of them.
type nameIndex struct {
	seed    maphash.Seed
	outside filter   // the names of the outside lines
	hashes  []uint64 // of those names, in order
	texts   []filter // the names of each profile, when there are several
	names   map[uint64][]nameEntry

	addrs   []address // by number
	numbers map[string]int32
	last    []byte // the address that was numbered last, as written
	lastNo  int32
}

// A nameEntry is a name of a profile that may stand in another text too.
type nameEntry struct {
	name []byte // folded
	mapping
	more []int32 // its further addresses in the same profile
}

// A nameKey is a folded name with its hash.
type nameKey struct {
	name  []byte
	hash  uint64
	plain bool // whether the word was folded already, and so is ASCII
}

// An address is what stands in the place of one in a line.
type address struct {
	text  string // normalised
	valid bool   // whether it is an IP address
	local bool   // whether localhost may stand for it
}

// newNameIndex returns an index, still empty, for profiles over outside lines.
func newNameIndex(outside []byte, want []Want) *nameIndex {
	x := &nameIndex{seed: maphash.MakeSeed(), names: map[uint64][]nameEntry{}, numbers: map[string]int32{}}
	// The half of it at the same time as the other.
	head, tail := halves(outside)
	var inTail []uint64
	var work sync.WaitGroup
	work.Go(func() { inTail = x.nameHashes(tail) })
	x.hashes = x.nameHashes(head)
	work.Wait()
	x.hashes = append(x.hashes, inTail...)
	x.outside = sketch(x.hashes)
	if len(want) > 1 {
		for _, w := range want {
			x.texts = append(x.texts, sketch(x.nameHashes(w.Text)))
		}
	}
	return x
}

// halves cuts text in two of about the same size, at the end of a line.
func halves(text []byte) (head, tail []byte) {
	half := len(text) / 2
	half += len(firstLine(text[half:]))
	return text[:half], text[half:]
}

// nameHashes returns the hashes of the names in a text, in order.
func (x *nameIndex) nameHashes(text []byte) []uint64 {
	hashes := make([]uint64, 0, bytes.Count(text, []byte("\n"))+1)
	for line := range lines(text) {
		if e, ok := parseEntry(line); ok {
			for word := range e.words() {
				hashes = append(hashes, x.key(word).hash)
			}
		}
	}
	return hashes
}

// touchesOutside reports whether an outside line may map a name that the index
// holds. It never says no when one does.
func (x *nameIndex) touchesOutside() bool {
	return len(x.names) > 0 && slices.ContainsFunc(x.hashes, func(hash uint64) bool {
		_, ok := x.names[hash]
		return ok
	})
}

// key returns the key under which a word is found. Its name is word itself
// where that is folded already, as it is nearly always.
func (x *nameIndex) key(word []byte) nameKey {
	plain := isFolded(word)
	if !plain {
		word = []byte(foldName(word))
	}
	return nameKey{name: word, hash: maphash.Bytes(x.seed, word), plain: plain}
}

// contested reports whether a name of the profile at place may stand in another
// text too. It never says no to one that does.
func (x *nameIndex) contested(k nameKey, place int) bool {
	if x.outside.has(k.hash) {
		return true
	}
	for i, f := range x.texts {
		if i != place && f.has(k.hash) {
			return true
		}
	}
	return false
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

// add enters that a profile maps a name. Profiles are added from the last to
// the first, so that a name that is there already belongs to a later one, or
// has several addresses.
func (x *nameIndex) add(k nameKey, m mapping) {
	have := x.find(k)
	switch {
	case have == nil:
		x.names[k.hash] = append(x.names[k.hash], nameEntry{name: k.name, mapping: m})
	case have.profile == m.profile && !have.maps(m.addr):
		have.more = append(have.more, m.addr)
	}
}

// find returns the entry of a name, or nil.
func (x *nameIndex) find(k nameKey) *nameEntry {
	entries := x.names[k.hash]
	for i := range entries {
		if bytes.Equal(entries[i].name, k.name) {
			return &entries[i]
		}
	}
	return nil
}

// maps reports whether the profile maps the name to the address of this number.
func (e *nameEntry) maps(no int32) bool { return e.addr == no || slices.Contains(e.more, no) }

// overrides returns the mapping of a name that the index maps, but not to the
// address with this number.
func (x *nameIndex) overrides(k nameKey, no int32) (mapping, bool) {
	if e := x.find(k); e != nil && !e.maps(no) {
		return e.mapping, true
	}
	return mapping{}, false
}

// A filter sketches a set of hashes (Bloom 1970): it knows all that were added,
// and takes about one in seventy of the others for one of them.
type filter struct {
	bits []uint64
	mask uint64
}

// sketch returns the filter of these hashes.
func sketch(hashes []uint64) filter {
	words := 1 << bits.Len(uint(len(hashes)/4)) // 16 to 32 bits for each hash
	f := filter{bits: make([]uint64, words), mask: uint64(words)*64 - 1}
	for _, hash := range hashes {
		a, b := hash&f.mask, hash>>32&f.mask
		f.bits[a/64] |= 1 << (a % 64)
		f.bits[b/64] |= 1 << (b % 64)
	}
	return f
}

func (f filter) has(hash uint64) bool {
	a, b := hash&f.mask, hash>>32&f.mask
	return f.bits[a/64]&(1<<(a%64)) != 0 && f.bits[b/64]&(1<<(b%64)) != 0
}
