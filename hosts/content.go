package hosts

import (
	"crypto/sha256"
	"hash"
	"slices"
)

// A content is the bytes of a new hosts file, in parts. The long ones are parts
// of the file and the profiles that it is made from: copying them would double
// the memory that a large list takes.
type content struct {
	parts [][]byte
	tail  []byte // the last part, still growing
}

// smallPart is the size up to which a part is copied, in bytes.
const smallPart = 4096

// add appends data, which must not change any more.
func (c *content) add(data []byte) {
	if len(data) <= smallPart {
		c.tail = append(c.tail, data...)
		return
	}
	c.flush()
	c.parts = append(c.parts, data)
}

func (c *content) flush() {
	if len(c.tail) > 0 {
		c.parts = append(c.parts, c.tail)
		c.tail = nil
	}
}

// all returns the parts.
func (c *content) all() [][]byte {
	c.flush()
	return c.parts
}

// bytes returns the content in one piece.
func (c *content) bytes() []byte {
	parts := c.all()
	if len(parts) == 1 {
		return parts[0]
	}
	return slices.Concat(parts...)
}

// hash returns the hash of the content, which is made for old. What stands
// before the section is mostly the same in both, and is not read twice.
func (c *content) hash(old *File) Hash {
	parts := c.all()
	if len(parts) > 0 && isSame(parts[0], old.before) {
		return old.digest().before.followedBy(parts[1:]...)
	}
	return partialHash{sha256.New()}.followedBy(parts...)
}

// isSame reports whether two slices are the same memory.
func isSame(a, b []byte) bool { return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0] }

// A digest is the hash of a file, and how far it was behind what stands before
// the section.
type digest struct {
	all    Hash
	before partialHash
}

func newDigest(before, rest []byte) digest {
	d := digest{before: partialHash{sha256.New()}}
	d.before.state.Write(before) // never returns an error
	d.all = d.before.followedBy(rest)
	return d
}

// A partialHash is the hash of some content, if nothing followed.
type partialHash struct{ state hash.Hash }

// followedBy returns the hash of the content and the parts. It leaves p as it
// is, so that any number of ends can follow.
func (p partialHash) followedBy(parts ...[]byte) Hash {
	end, err := p.state.(hash.Cloner).Clone()
	if err != nil {
		panic(err) // SHA-256 can always be cloned
	}
	for _, part := range parts {
		end.Write(part) // never returns an error
	}
	return Hash(end.Sum(nil))
}

// endsLine reports whether the content is empty or ends in a newline.
func (c *content) endsLine() bool {
	parts := c.all()
	if len(parts) == 0 {
		return true
	}
	last := parts[len(parts)-1]
	return last[len(last)-1] == '\n'
}
