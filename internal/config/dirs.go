package config

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Dirs are the folders in which Fettle keeps what belongs to its user. They
// need not exist.
type Dirs struct {
	Config string // config.toml and the profiles
	State  string // history and journals

	// Chown gives a new file or folder to the user for whom the program runs
	// as root, as in "sudo fettle …". It is nil when there is no such user.
	Chown func(path string) error
}

// Hosts returns the folder of the hosts profiles.
func (d Dirs) Hosts() string { return filepath.Join(d.Config, "hosts") }

// File returns the path of config.toml.
func (d Dirs) File() string { return filepath.Join(d.Config, "config.toml") }

// FindDirs returns the folders of the user, from the environment that env
// reads. FETTLE_CONFIG_DIR and FETTLE_STATE_DIR come first, then the platform's
// own folders. Under sudo they are those of the user who typed the command: a
// profile made as root would be lost to them, or not theirs to change. A
// relative path is an error, because it would name another folder after a cd.
func FindDirs(env func(string) string) (Dirs, error) {
	w := world{goos: runtime.GOOS, euid: os.Geteuid(), env: env, lookup: lookupUser}
	return w.dirs()
}

// HostsFile returns the hosts file that FETTLE_HOSTS_FILE names in place of the
// system's own, or "". A relative path is an error.
func HostsFile(env func(string) string) (string, error) {
	return absolute("FETTLE_HOSTS_FILE", env("FETTLE_HOSTS_FILE"))
}

// A world is what the folders depend on.
type world struct {
	goos   string
	euid   int
	env    func(string) string
	lookup func(uid string) (account, error)
}

// An account is what the system knows of a user.
type account struct {
	uid, gid int
	home     string
}

func (w world) dirs() (Dirs, error) {
	owner, sudo, err := w.invoker()
	if err != nil {
		return Dirs{}, err
	}
	var d Dirs
	if sudo {
		d.Chown = func(path string) error { return os.Lchown(path, owner.uid, owner.gid) }
	}
	home := w.env("HOME")
	if sudo {
		home = owner.home
	}
	if d.Config, err = w.find("FETTLE_CONFIG_DIR", w.configDirs(), home, sudo); err != nil {
		return Dirs{}, err
	}
	if d.State, err = w.find("FETTLE_STATE_DIR", w.stateDirs(), home, sudo); err != nil {
		return Dirs{}, err
	}
	return d, nil
}

// A base is a folder of the platform, and where Fettle's lies in it.
type base struct {
	variable string // names the folder, if set; "" for none
	fallback string // below the home folder; "" for none
	below    string
}

func (w world) configDirs() base {
	switch w.goos {
	case "windows":
		return base{variable: "AppData", below: "fettle"}
	case "darwin":
		return base{fallback: "Library/Application Support", below: "fettle"}
	}
	return base{variable: "XDG_CONFIG_HOME", fallback: ".config", below: "fettle"}
}

func (w world) stateDirs() base {
	switch w.goos {
	case "windows":
		return base{variable: "LocalAppData", below: "fettle"}
	case "darwin":
		return base{fallback: "Library/Application Support", below: "fettle/state"}
	}
	return base{variable: "XDG_STATE_HOME", fallback: ".local/state", below: "fettle"}
}

// find returns the folder that override names, or Fettle's folder in b. Under
// sudo a variable of the platform counts only if it points into the home of
// the user: otherwise it is root's.
func (w world) find(override string, b base, home string, sudo bool) (string, error) {
	if dir, err := absolute(override, w.env(override)); err != nil || dir != "" {
		return dir, err
	}
	if b.variable != "" {
		dir := w.env(b.variable)
		if sudo && !isBelow(dir, home) {
			dir = ""
		}
		if dir, err := absolute(b.variable, dir); err != nil {
			return "", err
		} else if dir != "" {
			return filepath.Join(dir, filepath.FromSlash(b.below)), nil
		}
	}
	if b.fallback == "" {
		return "", fmt.Errorf("neither %s nor %s is set, so there is no folder for Fettle's files", override, b.variable)
	}
	if home == "" {
		return "", fmt.Errorf("neither %s nor HOME is set, so there is no folder for Fettle's files", override)
	}
	home, err := absolute("HOME", home)
	if err != nil {
		return "", err
	}
	return filepath.Join(home, filepath.FromSlash(b.fallback), filepath.FromSlash(b.below)), nil
}

// absolute returns the path that a variable holds, or an error when it is
// relative. An empty one stays empty.
func absolute(variable, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	if !filepath.IsAbs(path) {
		return "", fmt.Errorf("%s is %q, which is not an absolute path", variable, path)
	}
	return filepath.Clean(path), nil
}

// isBelow reports whether path is dir or lies in it, by name.
func isBelow(path, dir string) bool {
	if !filepath.IsAbs(path) || !filepath.IsAbs(dir) {
		return false
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}
