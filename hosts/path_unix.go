//go:build unix

package hosts

import (
	"os"
	"runtime"
)

// SystemPath returns where the operating system keeps its hosts file. The
// environment has no say in it.
func SystemPath() string { return "/etc/hosts" }

// systemStateDir returns the folder, owned by root, that keeps the history of
// the system's hosts file.
func systemStateDir() string {
	if runtime.GOOS == "darwin" {
		return "/Library/Application Support/fettle"
	}
	return "/var/lib/fettle"
}

// isPrivileged reports whether the process may write the system's hosts file.
func isPrivileged() bool { return os.Geteuid() == 0 }
