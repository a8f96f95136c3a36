package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// advance makes the time of modification of f, which has just been written,
// later than before. The clock of most file systems moves in steps of some
// milliseconds, and Go's resolver keeps what it read while time and size of the
// hosts file stay the same (golang/go 81565).
//
// A file dated far ahead was written under a wrong clock. The present differs
// from that already, and is the better date.
func advance(f *os.File, before time.Time) error {
	const farAhead = time.Minute
	// The second step is for file systems that count whole seconds, or two.
	for _, step := range []time.Duration{0, time.Microsecond, 2 * time.Second} {
		if step > 0 {
			// Who may write a file need not own it, and only the owner sets times.
			err := os.Chtimes(f.Name(), time.Time{}, before.Add(step))
			if err != nil && !errors.Is(err, fs.ErrPermission) {
				return fmt.Errorf("dating the new content: %w", err)
			}
		}
		info, err := f.Stat()
		if err != nil {
			return fmt.Errorf("reading the date of the new content: %w", err)
		}
		if t := info.ModTime(); t.After(before) || before.Sub(t) > farAhead {
			return nil
		}
	}
	return nil
}
