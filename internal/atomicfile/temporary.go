package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// A temporary file is called ".<base>.fettle-<16 hex digits>": hidden, beside
// its target, and recognisable to Sweep and to a person who finds one.
const (
	temporaryInfix  = ".fettle-"
	temporaryDigits = 16
)

// createTemporary makes an empty file beside path that nobody else may read
// before it has the mode it shall have.
func createTemporary(path string) (*os.File, error) {
	dir, base := filepath.Split(path)
	const attempts = 100
	var err error
	for range attempts {
		name := fmt.Sprintf("%s.%s%s%0*x", dir, base, temporaryInfix, temporaryDigits, rand.Uint64())
		var f *os.File
		f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, err
}

// isTemporary reports whether a file called name was made by createTemporary
// for a file called base.
func isTemporary(name, base string) bool {
	digits, ok := strings.CutPrefix(name, "."+base+temporaryInfix)
	return ok && len(digits) == temporaryDigits && strings.Trim(digits, "0123456789abcdef") == ""
}

// Sweep removes the temporary files that a killed [Replace] or [Create] of name
// left behind. It must only be called while the caller's lock keeps every other
// writer of name away: their files look the same. A missing directory is not an
// error. Files that could not be removed do not stop the others.
func Sweep(name string) error {
	// The temporary files lie beside the real file, not beside a link to it.
	if path, err := filepath.EvalSymlinks(name); err == nil {
		name = path
	}
	dir, base := filepath.Dir(name), filepath.Base(name)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for temporary files of %q: %w", name, err)
	}
	var errs []error
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !isTemporary(entry.Name(), base) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("removing a temporary file of %q: %w", name, err))
		}
	}
	return errors.Join(errs...)
}
