package atomicfile

import (
	"fmt"
	"os"
)

// Overwrite writes data over the content of the existing regular file name, in
// place. It is meant for files that [Replace] finds to be [ErrBusy], and keeps
// everything about the file but its content.
//
// It is not atomic. A reader may see a mix of both contents, and so does
// everybody after a crash or an error in the middle: the caller keeps the old
// content in a journal first, and repairs. Where the system can do so, the
// space is reserved before the first byte changes, so that a full disk leaves
// the file as it was; file systems that never write in place, such as btrfs,
// may run full later all the same.
//
// A nil error means that the content is on the disk.
func Overwrite(name string, data []byte) error {
	path, err := Resolve(name)
	if err != nil {
		return err
	}
	if err := overwrite(path, data); err != nil {
		return fmt.Errorf("overwriting %q: %w", path, err)
	}
	return nil
}

func overwrite(path string, data []byte) (err error) {
	if err := changeable(path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil && cerr != nil {
			err = cerr
		}
	}()
	old, err := f.Stat()
	if err != nil {
		return err
	}
	if err := reserve(f, int64(len(data))); err != nil {
		// What was reserved beyond the end is given back. There is nothing to do
		// when that fails: the content is as it was.
		_ = f.Truncate(old.Size())
		return fmt.Errorf("reserving %d bytes: %w", len(data), err)
	}
	if _, err := f.WriteAt(data, 0); err != nil {
		return err
	}
	if err := f.Truncate(int64(len(data))); err != nil {
		return err
	}
	if err := advance(f, old.ModTime()); err != nil {
		return err
	}
	return f.Sync()
}
