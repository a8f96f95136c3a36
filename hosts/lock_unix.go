//go:build unix

package hosts

import (
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// newLock returns the lock that all writers of the file share: an flock on its
// folder. Root and users find the same one there, it needs no file of ours, and
// it outlives a hosts file that is replaced.
func (s *System) newLock() (*flock.Flock, error) {
	return flock.New(filepath.Dir(s.Path), flock.SetFlag(os.O_RDONLY)), nil
}
