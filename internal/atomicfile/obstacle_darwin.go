package atomicfile

import "golang.org/x/sys/unix"

// replaceable is [changeable]: macOS mounts nothing over a single file.
func replaceable(path string) error { return changeable(path) }

// changeable refuses a file under chflags uchg, uappnd and their system-wide
// kin, where rename and open say "operation not permitted" to root too.
func changeable(path string) error {
	const protected = unix.UF_IMMUTABLE | unix.UF_APPEND | unix.SF_IMMUTABLE | unix.SF_APPEND
	var stat unix.Stat_t
	// When the file cannot be looked at, the system calls to come say why.
	if err := unix.Lstat(path, &stat); err == nil && stat.Flags&protected != 0 {
		return ErrImmutable
	}
	return nil
}
