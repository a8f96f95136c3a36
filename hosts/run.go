package hosts

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A Run names a process for as long as which profiles are in force. Process
// numbers are used again, so Mark tells the process apart from a later one of
// the same number: when it started, and since which start of the machine that
// is counted. The zero Run is none.
type Run struct {
	PID  int    `json:"pid"`
	Mark string `json:"mark"`
}

// ThisRun returns the Run of this process.
func ThisRun() (Run, error) {
	mark, err := processMark(os.Getpid())
	if err != nil {
		return Run{}, fmt.Errorf("finding out when this process started: %w", err)
	}
	return Run{PID: os.Getpid(), Mark: mark}, nil
}

// errNoProcess is the error of processMark for a process that has ended.
var errNoProcess = errors.New("there is no such process")

// Alive reports whether the process goes on. One that cannot be looked at, as
// that of another user may be, counts as one that does.
func (r Run) Alive() bool {
	mark, err := processMark(r.PID)
	if err != nil {
		return !errors.Is(err, errNoProcess)
	}
	return mark == r.Mark
}

// IsZero reports whether r is none.
func (r Run) IsZero() bool { return r == Run{} }

// String returns what ParseRun reads: "4711:8234567.1f3c5a7e".
func (r Run) String() string { return strconv.Itoa(r.PID) + ":" + r.Mark }

// ParseRun reads what [Run.String] writes.
func ParseRun(text string) (Run, error) {
	number, mark, _ := strings.Cut(text, ":")
	pid, err := strconv.Atoi(number)
	r := Run{PID: pid, Mark: mark}
	if err != nil {
		return Run{}, fmt.Errorf("%q does not name a run", text)
	}
	return r, r.check()
}

// maxMark is the length of the longest mark, in bytes.
const maxMark = 64

// check refuses a run that could not be read back from the header.
func (r Run) check() error {
	strange := strings.IndexFunc(r.Mark, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'f') && c != '.'
	})
	if r.PID < 1 || r.Mark == "" || len(r.Mark) > maxMark || strange >= 0 {
		return fmt.Errorf("%q does not name a run", r.String())
	}
	return nil
}
