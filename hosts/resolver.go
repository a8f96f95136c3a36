package hosts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrNoResolver is the error where the system has no program by which its
// resolver could be asked.
var ErrNoResolver = errors.New("there is no program here that asks the system's resolver")

// askWait bounds all questions of one Ask together. A switch is done by then,
// and must not seem to hang because a name server does.
const askWait = 2 * time.Second

// An Answer compares what the hosts file says of a name with what the operating
// system's resolver says.
type Answer struct {
	Name     string       `json:"name"`
	File     []Mapped     `json:"file"`     // the lines that map it
	Resolver []netip.Addr `json:"resolver"` // none when it is not known
	// Agree reports whether programs get what the file says. For a name that
	// the file does not map it is true, whatever the resolver says.
	Agree bool `json:"agree"`
	// Problem says why the resolver could not be asked, or "".
	Problem string `json:"problem,omitempty"`
}

// Ask asks the operating system's resolver for each of the names, all at the
// same time, and compares the answers with the file. Go's own resolver would
// only read the file again. The file must be the system's own. The error is
// [ErrNoResolver], or that of ctx.
func Ask(ctx context.Context, f *File, names []string) ([]Answer, error) {
	found := f.Find(names...)
	answers, errs := make([]Answer, len(names)), make([]error, len(names))
	waiting, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	var work sync.WaitGroup
	for i, name := range names {
		work.Go(func() {
			addrs, err := lookUp(waiting, foldName([]byte(name)))
			answers[i], errs[i] = newAnswer(name, found[name], addrs, err), err
		})
	}
	work.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(errs, func(err error) bool { return errors.Is(err, ErrNoResolver) }) {
		return nil, ErrNoResolver
	}
	return answers, nil
}

func newAnswer(name string, file []Mapped, addrs []netip.Addr, err error) Answer {
	a := Answer{Name: name, File: nonNil(file), Resolver: nonNil(addrs)}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.Problem = fmt.Sprintf("no answer within %d seconds", int(askWait.Seconds()))
	case err != nil:
		a.Problem = err.Error()
	}
	a.Agree = len(file) == 0 || err == nil && isFrom(addrs, file)
	return a
}

// isFrom reports whether the resolver's addresses come from these lines. It may
// know fewer: getaddrinfo leaves those of a family out that the machine has no
// address of. But one that is not in the file comes from somewhere else.
func isFrom(addrs []netip.Addr, file []Mapped) bool {
	for _, addr := range addrs {
		known := slices.ContainsFunc(file, func(m Mapped) bool {
			mapped := m.Addr.WithZone("").Unmap()
			// glibc gives 127.0.0.1 to who asks for IPv4 and the file has ::1.
			return mapped == addr || mapped == netip.IPv6Loopback() && addr.IsLoopback()
		})
		if !known {
			return false
		}
	}
	return len(addrs) > 0
}

// ask runs a program and returns the addresses that read finds in each line of
// its output. One that ends with a failure without having said anything knows
// none.
func ask(ctx context.Context, read func(line string) string, name string, args ...string) ([]netip.Addr, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, ErrNoResolver
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = 100 * time.Millisecond
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	var addrs []netip.Addr
	for line := range strings.Lines(string(out)) {
		addr, err := netip.ParseAddr(read(line))
		if err != nil {
			continue
		}
		if addr = addr.WithZone("").Unmap(); !slices.Contains(addrs, addr) {
			addrs = append(addrs, addr)
		}
	}
	return addrs, nil
}

// Causes returns what may keep the system's resolver from saying what the hosts
// file says, the likeliest first.
func Causes(getenv func(string) string) []string {
	var causes []string
	// A system without the file has no such switch.
	conf, err := os.ReadFile(nsswitchPath)
	if cause := nsswitchCause(conf); err == nil && cause != "" {
		causes = append(causes, cause)
	}
	if aliases := getenv("HOSTALIASES"); aliases != "" {
		causes = append(causes, "HOSTALIASES is set, and "+aliases+" gives names a meaning of its own")
	}
	for _, socket := range []string{"/run/nscd/socket", "/var/run/nscd/socket"} {
		if _, err := os.Stat(socket); err == nil {
			causes = append(causes, "nscd runs, and may hold old answers; sudo nscd -i hosts makes it forget them")
			break
		}
	}
	return append(causes, "a cache, a VPN or a container's own hosts file may stand between")
}

const nsswitchPath = "/etc/nsswitch.conf"

// nsswitchCause says why a name service switch (nsswitch.conf(5)) does not let
// the hosts file have its say, or "".
func nsswitchCause(conf []byte) string {
	for line := range bytes.Lines(conf) {
		line, _, _ = bytes.Cut(line, []byte("#"))
		services, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "hosts:")
		if !ok {
			continue
		}
		words := strings.Fields(services)
		switch place := slices.Index(words, "files"); {
		case place < 0:
			return nsswitchPath + ` has no "files" in its line "hosts:", so nobody reads the hosts file`
		case place > 0:
			return fmt.Sprintf(`%s has "files" behind %q in its line "hosts:", so that is asked first`, nsswitchPath, words[0])
		}
		return ""
	}
	return ""
}
