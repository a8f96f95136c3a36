package atomicfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// reserve makes sure that size bytes from the start of f have their place on
// the disk, without changing content or size. A file system that cannot promise
// that is no error.
func reserve(f *os.File, size int64) error {
	if size == 0 {
		return nil
	}
	for {
		err := unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, size)
		switch {
		case errors.Is(err, unix.EINTR):
			// tmpfs gives up at any signal, and Go's scheduler sends itself many.
			continue
		case unsupported(err), errors.Is(err, unix.ENOSYS):
			return nil
		}
		return err
	}
}
