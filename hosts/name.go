package hosts

import (
	"fmt"
	"strings"
)

// maxName keeps a profile's file name, with its ending and the few bytes that
// a temporary file adds, far below the 255 bytes that file systems allow.
const maxName = 100

// A NameError says why a text cannot name a profile.
type NameError struct {
	Name   string
	Reason string
}

func (e *NameError) Error() string {
	return fmt.Sprintf("%q cannot name a profile: %s", e.Name, e.Reason)
}

// CheckName returns a [*NameError] unless name can name a profile on every
// system: letters, digits, '.', '_' and '-', no leading dot or dash, and none
// of the names that Windows reserves for devices. Such a name cannot lead out
// of the folder of profiles either.
func CheckName(name string) error {
	refuse := func(reason string) error { return &NameError{Name: name, Reason: reason} }
	if name == "" {
		return refuse("it is empty")
	}
	if len(name) > maxName {
		return refuse(fmt.Sprintf("it is longer than %d bytes", maxName))
	}
	for _, r := range name {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '_', r == '-':
		default:
			return refuse(fmt.Sprintf("%q is not a letter, a digit, '.', '_' or '-'", r))
		}
	}
	if name[0] == '.' {
		return refuse("it starts with a dot")
	}
	if name[0] == '-' {
		return refuse("it starts with a dash, as an option does")
	}
	// Windows reserves these with any ending too: "con.staging" opens the console.
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base {
	case "CON", "PRN", "AUX", "NUL":
		return refuse("Windows reserves it for a device")
	}
	if len(base) == 4 && (base[:3] == "COM" || base[:3] == "LPT") && '0' <= base[3] && base[3] <= '9' {
		return refuse("Windows reserves it for a device")
	}
	return nil
}
