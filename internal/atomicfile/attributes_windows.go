package atomicfile

import (
	"fmt"
	"io/fs"
	"os"
)

// attributes holds the file's date. All else is kept by ReplaceFile.
type attributes struct {
	info fs.FileInfo
}

func readAttributes(path string) (attributes, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return attributes{}, fmt.Errorf("reading its attributes: %w", err)
	}
	return attributes{info}, nil
}

func (attributes) apply(*os.File) error { return nil }
