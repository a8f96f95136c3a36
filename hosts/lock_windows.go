package hosts

import (
	"path/filepath"

	"github.com/gofrs/flock"
)

// newLock returns the lock that all writers of the file share. Windows locks
// files only, so it is one in the state folder.
func (s *System) newLock() (*flock.Flock, error) {
	if err := s.history.makeDirs(); err != nil {
		return nil, err
	}
	return flock.New(filepath.Join(s.history.dir, "lock")), nil
}
