package hosts

import (
	"crypto/sha256"
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

func (c *content) hash() Hash {
	h := sha256.New()
	for _, part := range c.all() {
		h.Write(part) // never returns an error
	}
	return Hash(h.Sum(nil))
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
