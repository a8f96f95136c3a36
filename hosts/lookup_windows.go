package hosts

import (
	"context"
	"errors"
	"net"
	"net/netip"
)

// lookUp asks the system's resolver, its cache included: on Windows the net
// package does so by GetAddrInfoW.
func lookUp(ctx context.Context, name string) ([]netip.Addr, error) {
	addrs, err := new(net.Resolver).LookupNetIP(ctx, "ip", name)
	var unknown *net.DNSError
	if errors.As(err, &unknown) && unknown.IsNotFound {
		return nil, nil
	}
	for i := range addrs {
		addrs[i] = addrs[i].WithZone("").Unmap()
	}
	return addrs, err
}
