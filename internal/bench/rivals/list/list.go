// Package list reads the generated profiles, in which every line has the same
// address and one name.
package list

import (
	"fmt"
	"os"
	"strings"
)

// Read returns the address and all names of the file.
func Read(file string) (address string, names []string, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", nil, err
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return "", nil, fmt.Errorf("%s holds no line", file)
	}
	for i := 1; i < len(fields); i += 2 {
		names = append(names, fields[i])
	}
	return fields[0], names, nil
}
