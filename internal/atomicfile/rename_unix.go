//go:build !windows

package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// rename gives the file tmp the name path, in one step.
func rename(tmp, path string) error {
	err := os.Rename(tmp, path)
	if errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV) {
		return fmt.Errorf("%w: %v", ErrBusy, err)
	}
	return err
}

// discard removes a temporary file that did not become path. If that fails too,
// as on a disk that went away, Sweep is left.
func discard(tmp, _ string) { os.Remove(tmp) }

// directory is an open directory, whose entries can be written to the disk.
type directory struct{ *os.File }

func openDirectory(path string) (directory, error) {
	f, err := os.Open(path)
	return directory{f}, err
}

// Sync writes the directory to the disk, so that a rename in it survives a
// power cut. Some network and user-space file systems know no such thing.
func (d directory) Sync() error {
	err := d.File.Sync()
	if errors.Is(err, syscall.EINVAL) || unsupported(err) {
		return nil
	}
	return err
}
