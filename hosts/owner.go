package hosts

import (
	"os"
	"path/filepath"
	"slices"
)

// makeDirs makes a folder, and those above it that are missing, and gives each
// to the user for whom chown is. It returns those that it made, the topmost
// first.
func makeDirs(dir string, perm os.FileMode, chown func(path string) error) ([]string, error) {
	var made []string
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		made = append(made, dir)
	}
	slices.Reverse(made)
	for _, dir := range made {
		if err := os.Mkdir(dir, perm); err != nil && !os.IsExist(err) {
			return nil, err
		}
		if err := give(dir, chown); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// give gives a new file or folder to its user. A chown of nil leaves it.
func give(path string, chown func(path string) error) error {
	if chown == nil {
		return nil
	}
	return chown(path)
}
