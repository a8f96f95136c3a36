package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var replaceFileW = windows.NewLazySystemDLL("kernel32.dll").NewProc("ReplaceFileW")

// rename gives the file tmp the name path. ReplaceFile keeps the ACL, the
// attributes and the alternate streams of the file that was there.
//
// Virus scanners and indexers hold files open for moments, so it is tried again
// for about two seconds.
func rename(tmp, path string) error {
	var err error
	for wait := 10 * time.Millisecond; wait < time.Second; wait *= 2 {
		err = renameOnce(tmp, path)
		if !heldOpen(err) {
			break
		}
		time.Sleep(wait)
	}
	if errors.Is(err, windows.ERROR_NOT_SAME_DEVICE) {
		return fmt.Errorf("%w: %v", ErrBusy, err)
	}
	return err
}

// renameOnce tries once. ReplaceFile wants a file to replace. There is none
// when the file is new, and also after a ReplaceFile that failed half-way with
// ERROR_UNABLE_TO_MOVE_REPLACEMENT; a plain rename finishes that one.
func renameOnce(tmp, path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(tmp, path)
	}
	target, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return &os.LinkError{Op: "ReplaceFile", Old: tmp, New: path, Err: err}
	}
	source, err := windows.UTF16PtrFromString(tmp)
	if err != nil {
		return &os.LinkError{Op: "ReplaceFile", Old: tmp, New: path, Err: err}
	}
	done, _, err := replaceFileW.Call(
		uintptr(unsafe.Pointer(target)), uintptr(unsafe.Pointer(source)),
		0, // no backup
		0, // no flags: an ACL that cannot be kept is an error
		0, 0)
	if done == 0 {
		return &os.LinkError{Op: "ReplaceFile", Old: tmp, New: path, Err: err}
	}
	return nil
}

// heldOpen reports whether err may be due to another program's open handle.
func heldOpen(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) ||
		errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED) ||
		errors.Is(err, windows.ERROR_UNABLE_TO_REMOVE_REPLACED) ||
		errors.Is(err, windows.ERROR_UNABLE_TO_MOVE_REPLACEMENT) ||
		errors.Is(err, windows.ERROR_UNABLE_TO_MOVE_REPLACEMENT_2)
}

// discard removes a temporary file that did not become path, unless a failed
// ReplaceFile took path away: then tmp is the only copy there is.
func discard(tmp, path string) {
	if _, err := os.Lstat(path); err == nil {
		os.Remove(tmp)
	}
}

// directory stands for one. Windows has no call that writes one to the disk;
// NTFS keeps a journal of its renames.
type directory struct{}

func openDirectory(string) (directory, error) { return directory{}, nil }

func (directory) Close() error { return nil }

func (directory) Sync() error { return nil }
