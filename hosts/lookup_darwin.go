package hosts

import (
	"context"
	"net/netip"
	"strings"
)

// lookUp asks the system's resolver, its cache included.
func lookUp(ctx context.Context, name string) ([]netip.Addr, error) {
	return ask(ctx, func(line string) string {
		key, value, _ := strings.Cut(line, ":")
		if key != "ip_address" && key != "ipv6_address" {
			return ""
		}
		return strings.TrimSpace(value)
	}, "dscacheutil", "-q", "host", "-a", "name", name)
}
