package hosts

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// SystemPath returns where the operating system keeps its hosts file. The
// environment has no say in it.
func SystemPath() string {
	dir, err := windows.GetSystemDirectory()
	if err != nil {
		dir = `C:\Windows\System32` // where it has been since Windows XP
	}
	return filepath.Join(dir, "drivers", "etc", "hosts")
}

// systemStateDir returns the folder that keeps the history of the system's
// hosts file. Users may read what administrators put there.
func systemStateDir() string {
	dir, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		dir = `C:\ProgramData`
	}
	return filepath.Join(dir, "fettle")
}

// isPrivileged reports whether the process may write the system's hosts file:
// whether UAC has elevated it.
func isPrivileged() bool { return windows.GetCurrentProcessToken().IsElevated() }
