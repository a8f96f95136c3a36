package config

import (
	"fmt"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
)

// invoker returns the account of the user who runs the program as root through
// sudo, and whether there is one. Its home comes from the system's user
// database, since sudo may have set HOME to root's. An account without a known
// home is no error as long as nobody needs it.
func (w world) invoker() (account, bool, error) {
	uid := w.env("SUDO_UID")
	if w.euid != 0 || uid == "" || uid == "0" {
		return account{}, false, nil
	}
	if _, err := strconv.ParseUint(uid, 10, 32); err != nil {
		return account{}, false, fmt.Errorf("SUDO_UID is %q, which is not a user's number", uid)
	}
	owner, err := w.lookup(uid)
	if err != nil {
		return account{}, false, fmt.Errorf("looking up the user who called sudo: %w", err)
	}
	if gid := w.env("SUDO_GID"); gid != "" {
		n, err := strconv.ParseUint(gid, 10, 32)
		if err != nil {
			return account{}, false, fmt.Errorf("SUDO_GID is %q, which is not a group's number", gid)
		}
		owner.gid = int(n)
	}
	return owner, true, nil
}

// lookupUser asks the system for an account. Built without cgo, os/user reads
// /etc/passwd alone on Linux; getent asks the directories (LDAP, AD) as well.
func lookupUser(uid string) (account, error) {
	u, err := user.LookupId(uid)
	if err == nil {
		return newAccount(u.Uid, u.Gid, u.HomeDir)
	}
	out, getentErr := exec.Command("getent", "passwd", uid).Output()
	// name:password:uid:gid:comment:home:shell
	fields := strings.Split(strings.TrimSpace(string(out)), ":")
	if getentErr != nil || len(fields) != 7 {
		return account{}, err
	}
	return newAccount(fields[2], fields[3], fields[5])
}

func newAccount(uid, gid, home string) (account, error) {
	u, err := strconv.Atoi(uid)
	if err != nil {
		return account{}, fmt.Errorf("user number %q: %w", uid, err)
	}
	g, err := strconv.Atoi(gid)
	if err != nil {
		return account{}, fmt.Errorf("group number %q: %w", gid, err)
	}
	return account{uid: u, gid: g, home: home}, nil
}
