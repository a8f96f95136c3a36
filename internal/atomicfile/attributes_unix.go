//go:build !windows

package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/pkg/xattr"
)

// attributes is what a file that takes another's place must share with it.
type attributes struct {
	info     fs.FileInfo
	extended map[string][]byte
}

// readAttributes reads the attributes of the file at path.
func readAttributes(path string) (attributes, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return attributes{}, fmt.Errorf("reading its attributes: %w", err)
	}
	names, err := xattr.LList(path)
	if err != nil && !unsupported(err) {
		return attributes{}, fmt.Errorf("listing its extended attributes: %w", err)
	}
	extended := make(map[string][]byte, len(names))
	for _, name := range names {
		if ofContent(name) {
			continue
		}
		value, err := xattr.LGet(path, name)
		if err != nil {
			return attributes{}, fmt.Errorf("reading its extended attribute %q: %w", name, err)
		}
		extended[name] = value
	}
	return attributes{info, extended}, nil
}

// apply gives f the attributes. The order matters: a change of owner may clear
// mode bits, and an ACL sets some of them.
func (a attributes) apply(f *os.File) error {
	if err := a.applyOwner(f); err != nil {
		return err
	}
	if err := a.applyExtended(f); err != nil {
		return err
	}
	if err := f.Chmod(a.info.Mode().Perm()); err != nil {
		return fmt.Errorf("keeping its mode %v: %w", a.info.Mode().Perm(), err)
	}
	return nil
}

func (a attributes) applyOwner(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	want, got := a.info.Sys().(*syscall.Stat_t), info.Sys().(*syscall.Stat_t)
	if want.Uid == got.Uid && want.Gid == got.Gid {
		return nil
	}
	if err := f.Chown(int(want.Uid), int(want.Gid)); err != nil {
		return fmt.Errorf("keeping its owner %d and group %d: %w", want.Uid, want.Gid, err)
	}
	return nil
}

func (a attributes) applyExtended(f *os.File) error {
	// A new file may have attributes from the start: a security label, or an ACL
	// that the directory hands down and the old file does not have.
	names, err := xattr.FList(f)
	if err != nil && !unsupported(err) {
		return fmt.Errorf("listing the extended attributes of the new file: %w", err)
	}
	for _, name := range names {
		if _, ok := a.extended[name]; ok || isSecurity(name) {
			continue
		}
		if err := xattr.FRemove(f, name); err != nil {
			return fmt.Errorf("removing the inherited extended attribute %q: %w", name, err)
		}
	}
	for name, value := range a.extended {
		err := xattr.FSet(f, name, value)
		if err != nil && !unsupported(err) && !(isSecurity(name) && errors.Is(err, fs.ErrPermission)) {
			return fmt.Errorf("keeping its extended attribute %q: %w", name, err)
		}
	}
	return nil
}

// isSecurity reports whether the attribute belongs to a security module. In a
// container not even root may set those, and the module gives a new file the
// label that its policy wants.
func isSecurity(name string) bool { return strings.HasPrefix(name, "security.") }

// ofContent reports whether the attribute vouches for the content or the inode,
// so that a copy would be a lie: the kernel's integrity measurements compute
// their own for the new file.
func ofContent(name string) bool { return name == "security.ima" || name == "security.evm" }

// unsupported reports whether err says that the file system has no such
// attributes.
func unsupported(err error) bool {
	return errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.EOPNOTSUPP)
}
