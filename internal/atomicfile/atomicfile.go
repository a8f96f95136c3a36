// Package atomicfile replaces the content of files so that a reader, a crash
// or a full disk finds the old bytes or the new ones and nothing between.
//
// It replaces, and never rewrites: a temporary file beside the target gets the
// content and everything else that the target has, reaches the disk, and takes
// the target's name. Where a file cannot be replaced because it is a mount
// point, as /etc/hosts is in every container, [Replace] says [ErrBusy] and
// leaves the decision to its caller; [Overwrite] is the other way, and its
// comment says what that loses.
//
// The package takes no locks: who calls it makes sure that there is one writer.
// It makes no directories, keeps no backups and does not compare contents.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

var (
	// ErrBusy says that the file cannot be replaced by rename, because it is a
	// mount point (moby 28187) or because the rename would cross file systems.
	// Nothing has changed; [Overwrite] may still work.
	ErrBusy = errors.New("the file is a mount point and cannot be replaced")

	// ErrImmutable says that somebody protected the file from every change,
	// root's included. Asking for more rights does not help.
	ErrImmutable = errors.New("the file is marked immutable or append-only (see lsattr, chattr; on macOS ls -lO, chflags)")
)

// Resolve follows symbolic links to the real file and refuses anything but a
// regular file. When there is no file, or the link leads nowhere, the error
// wraps [fs.ErrNotExist].
func Resolve(name string) (string, error) {
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", fmt.Errorf("resolving %q: %w", name, err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return "", fmt.Errorf("resolving %q: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%q is not a regular file but %s", path, kind(info.Mode()))
	}
	return path, nil
}

// kind names the type of a file that is not a regular one.
func kind(mode fs.FileMode) string {
	switch mode.Type() {
	case fs.ModeDir:
		return "a directory"
	case fs.ModeSymlink:
		return "a symbolic link"
	case fs.ModeNamedPipe:
		return "a named pipe"
	case fs.ModeSocket:
		return "a socket"
	case fs.ModeDevice, fs.ModeDevice | fs.ModeCharDevice:
		return "a device"
	default:
		return "something else (" + mode.Type().String() + ")"
	}
}

// Replace replaces the content of the existing regular file name in one step,
// by the parts of data, one after the other.
// Symbolic links are followed, so a link stays a link.
//
// The new file has the mode, owner, group, extended attributes and ACL of the
// old one whatever the umask is; where they cannot be kept, for example because
// the file belongs to somebody else, Replace fails rather than change them. (On
// macOS an ACL is not an extended attribute, and is lost.) Its time of
// modification is later than the old one's even when the clock stands still
// between two writes. What cannot be kept is the identity: another hard link to
// the file goes on showing the old content, and who holds the file open goes on
// reading it.
//
// When Replace fails, the file is as it was, with one exception: if the very
// last step, writing the directory to the disk, fails, the new content is in
// place but may not survive a power cut. The error says so.
// [ErrBusy] and [ErrImmutable] have names because callers act on them.
func Replace(name string, data ...[]byte) error {
	path, err := Resolve(name)
	if err != nil {
		return err
	}
	if err := replace(path, data...); err != nil {
		return fmt.Errorf("replacing %q: %w", path, err)
	}
	relabel(path)
	return nil
}

// Create writes a file that may or may not be there yet. It makes no
// directories. Like [os.WriteFile] it uses perm for a new file only, but then
// exactly, whatever the umask is; an existing file is treated as by [Replace].
// A symbolic link that leads nowhere is refused.
func Create(name string, data []byte, perm fs.FileMode) error {
	path, err := Resolve(name)
	switch {
	case err == nil:
		err = replace(path, data)
	case errors.Is(err, fs.ErrNotExist):
		if _, lerr := os.Lstat(name); lerr == nil {
			return fmt.Errorf("creating %q: the symbolic link leads nowhere: %w", name, err)
		}
		path = name
		err = install(path, func(tmp *os.File) error { return tmp.Chmod(perm.Perm()) }, data)
	default:
		return err
	}
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return nil
}

// replace is [Replace] for a path without symbolic links.
func replace(path string, data ...[]byte) error {
	if err := replaceable(path); err != nil {
		return err
	}
	old, err := readAttributes(path)
	if err != nil {
		return err
	}
	return install(path, func(tmp *os.File) error {
		if err := old.apply(tmp); err != nil {
			return err
		}
		return advance(tmp, old.info.ModTime())
	}, data...)
}

// install puts a new file with data at path, over what may be there. The file
// is handed to prepare before it reaches the disk and gets its name.
func install(path string, prepare func(tmp *os.File) error, data ...[]byte) (err error) {
	// The directory is opened first: when that fails, nothing has happened yet.
	dir, err := openDirectory(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("opening its directory: %w", err)
	}
	defer dir.Close()

	tmp, err := createTemporary(path)
	if err != nil {
		return fmt.Errorf("creating a temporary file beside it: %w", err)
	}
	if err := fill(tmp, prepare, data); err != nil {
		// If the removal fails too, as on a disk that went away, Sweep is left.
		os.Remove(tmp.Name())
		return err
	}
	if err := rename(tmp.Name(), path); err != nil {
		discard(tmp.Name(), path)
		return err
	}
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("the new content is in place, but may not survive a power cut: %w", err)
	}
	return nil
}

// fill writes data and what prepare adds to the disk, and closes tmp.
func fill(tmp *os.File, prepare func(tmp *os.File) error, data [][]byte) error {
	err := func() error {
		for _, part := range data {
			if _, err := tmp.Write(part); err != nil {
				return fmt.Errorf("writing the new content: %w", err)
			}
		}
		if err := prepare(tmp); err != nil {
			return err
		}
		if err := tmp.Sync(); err != nil {
			return fmt.Errorf("writing the new content to the disk: %w", err)
		}
		return nil
	}()
	// Network file systems report a failed write as late as at close.
	if cerr := tmp.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("closing the new file: %w", cerr)
	}
	return err
}
