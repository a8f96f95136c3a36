package atomicfile

import "golang.org/x/sys/unix"

// replaceable finds out before any work what rename would only say at the end,
// and finds the right word for it. Without this look, a mounted file whose
// owner has no number in this container fails with "keeping its owner".
func replaceable(path string) error {
	if hasAttribute(path, unix.STATX_ATTR_MOUNT_ROOT) {
		return ErrBusy
	}
	return changeable(path)
}

// changeable refuses a file under chattr +i or +a, where rename and open say
// "operation not permitted" to root too.
func changeable(path string) error {
	if hasAttribute(path, unix.STATX_ATTR_IMMUTABLE|unix.STATX_ATTR_APPEND) {
		return ErrImmutable
	}
	return nil
}

// hasAttribute reports whether the file is known to have one of the attributes.
// Kernels before 5.8 and some sandboxes cannot tell; then the system call that
// meets the obstacle reports it.
func hasAttribute(path string, attributes uint64) bool {
	var stat unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, 0, &stat)
	return err == nil && stat.Attributes&attributes != 0
}
