package main

import (
	"errors"
	"fmt"
	"io/fs"

	"fettle/hosts"
	"fettle/internal/atomicfile"
	"fettle/internal/elevate"
)

// A hinted error knows what to type next.
type hinted struct {
	error
	hint string
}

func (e *hinted) Unwrap() error { return e.error }

// hintFor returns what to do about an error, or "".
func hintFor(err error) string {
	var own *hinted
	var usage *usageError
	var damage *hosts.DamageError
	var name *hosts.NameError
	var protected *hosts.ProtectedError
	switch {
	case errors.As(err, &own):
		return own.hint
	case errors.As(err, &usage):
		if usage.hint != "" {
			return usage.hint
		}
		return fmt.Sprintf("see %q", usage.command+" --help")
	case errors.As(err, &damage):
		return "take the lines of the section out of the file with an editor, markers included,\n" +
			`or put an earlier state back: "fettle hosts history" lists them, "fettle hosts restore N" does it`
	case errors.As(err, &name):
		return "choose another name, of letters, digits, '.', '_' and '-'"
	case errors.As(err, &protected):
		return fmt.Sprintf("take the name out of the profile: fettle hosts unmap %s %s", protected.Profile, protected.Name)
	case errors.Is(err, hosts.ErrNoProfile):
		return `"fettle hosts list" shows the profiles, "fettle hosts new NAME" makes one`
	case errors.Is(err, hosts.ErrExists):
		return `"fettle hosts edit NAME" changes it, "fettle hosts rm NAME" deletes it`
	case errors.Is(err, hosts.ErrBinary), errors.Is(err, hosts.ErrUTF16):
		return "profiles are plain text in UTF-8"
	case errors.Is(err, hosts.ErrNoHistory):
		return `"fettle hosts history" lists what can be restored`
	case errors.Is(err, hosts.ErrChanged):
		return "another program wrote the hosts file in between; try again"
	case errors.Is(err, hosts.ErrNoFile):
		return `make it (every hosts file has "127.0.0.1 localhost"), or name another with --hosts-file or FETTLE_HOSTS_FILE`
	case errors.Is(err, hosts.ErrBusy):
		return "see which process holds the folder of the hosts file: lsof +d /etc, or fuser /etc"
	case errors.Is(err, elevate.ErrDenied):
		return "nothing was changed; try again on a terminal, or as root: sudo fettle …"
	case errors.Is(err, elevate.ErrNoWay):
		return "run it as root"
	case errors.Is(err, atomicfile.ErrImmutable):
		return "somebody has locked the file on purpose; lsattr shows it, and chattr -i unlocks it (chflags nouchg on macOS)"
	case errors.Is(err, fs.ErrPermission):
		return "the file belongs to somebody else; run it with sudo if it should be changed all the same"
	}
	return ""
}
