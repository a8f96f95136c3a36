package hosts

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// badAddress reports the first word of the line at hand, which is no address,
// and says which one its author likely meant.
func (c *checker) badAddress(start int, word string, rest []byte) {
	report := func(rule, message, cure string) { c.report(start, SeverityError, rule, quote(word)+" "+message, cure) }
	names := strings.Fields(string(rest[:min(len(rest), maxText)]))
	if plain, ok := withoutZeros(word); ok {
		message := "has zeros in front, and resolvers refuse it"
		if octal, ok := classicAddr(word); ok && octal != plain {
			message += fmt.Sprintf("; some programs would read it as octal, as %s", octal)
		}
		report("octal-address", message, fmt.Sprintf("write %s", plain))
		return
	}
	if full, ok := classicAddr(word); ok {
		report("short-address", "is not a full IPv4 address, and resolvers refuse it", fmt.Sprintf("write %s", full))
		return
	}
	if len(names) > 0 && isAddr(names[0]) {
		report("swapped", "stands where the address belongs", fmt.Sprintf("write \"%s %s\"", names[0], word))
		return
	}
	if parts := strings.FieldsFunc(word, isSeparator); len(parts) > 0 && isAddr(parts[0]) {
		report("bad-address", "is not an IP address; only spaces and tabs separate the words of a line",
			fmt.Sprintf("write %q", strings.Join(append(parts, names[:min(1, len(names))]...), " ")))
		return
	}
	if addr, ok := insideAddr(word); ok {
		report("bad-address", "is not an IP address; a hosts file knows no ports, networks or brackets", fmt.Sprintf("write %s", addr))
		return
	}
	report("bad-address", "is not an IP address", "begin the line with an address, or with # for a comment")
}

func isAddr(word string) bool {
	_, err := netip.ParseAddr(word)
	return err == nil
}

// withoutZeros reads four decimal numbers as an address, of which at least one
// has zeros in front.
func withoutZeros(word string) (netip.Addr, bool) {
	parts := strings.Split(word, ".")
	if len(parts) != 4 || len(word) > 64 {
		return netip.Addr{}, false
	}
	for i, part := range parts {
		if strings.Trim(part, "0123456789") != "" || part == "" {
			return netip.Addr{}, false
		}
		if parts[i] = strings.TrimLeft(part, "0"); parts[i] == "" {
			parts[i] = "0"
		}
	}
	addr, err := netip.ParseAddr(strings.Join(parts, "."))
	return addr, err == nil && addr.String() != word
}

// classicAddr reads an IPv4 address as inet_aton does: in one to four numbers,
// decimal, octal with a leading 0 or hexadecimal with a leading 0x, the last of
// which fills what is left. Resolvers do not read a hosts file so.
func classicAddr(word string) (netip.Addr, bool) {
	parts := strings.Split(word, ".")
	if len(parts) > 4 || len(word) > 64 {
		return netip.Addr{}, false
	}
	var value uint64
	for i, part := range parts {
		n, ok := classicNumber(part)
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts))
		}
		if !ok || n >= 1<<bits {
			return netip.Addr{}, false
		}
		value = value<<bits | n
	}
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, uint32(value)))), true
}

func classicNumber(part string) (uint64, bool) {
	base := 10
	if hex, ok := strings.CutPrefix(strings.ToLower(part), "0x"); ok {
		part, base = hex, 16
	} else if len(part) > 1 && part[0] == '0' {
		base = 8
	}
	n, err := strconv.ParseUint(part, base, 32)
	return n, err == nil
}

// insideAddr finds the address in "127.0.0.1:80", "[::1]:80", "10.0.0.0/8" and
// the like.
func insideAddr(word string) (netip.Addr, bool) {
	_, rest, found := strings.Cut(word, "://")
	if !found {
		rest = word
	}
	rest, _, _ = strings.Cut(rest, "/")
	rest = strings.Trim(rest, ",;:()<>\"'")
	if ap, err := netip.ParseAddrPort(rest); err == nil {
		return ap.Addr(), true
	}
	addr, err := netip.ParseAddr(strings.Trim(rest, "[]"))
	return addr, err == nil
}
