//go:build unix && !darwin

package hosts

import (
	"context"
	"net/netip"
	"strings"
)

// lookUp asks the system's resolver, caches included, through getent.
func lookUp(ctx context.Context, name string) ([]netip.Addr, error) {
	addrs, err := ask(ctx, firstField, "getent", "ahosts", name)
	if err != nil || len(addrs) > 0 {
		return addrs, err
	}
	// getaddrinfo hides IPv6 from a machine without an IPv6 address;
	// gethostbyname, by which "hosts" asks, does not.
	return ask(ctx, firstField, "getent", "hosts", name)
}

func firstField(line string) string {
	field, _, _ := strings.Cut(line, " ")
	return field
}
