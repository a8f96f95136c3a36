package atomicfile_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"fettle/internal/atomicfile"
	"fettle/internal/faults"
)

// The test binary is its own helper: a process that does one operation on one
// file, under faults or under another user.
const (
	operationVariable = "ATOMICFILE_OPERATION" // replace, create or overwrite
	targetVariable    = "ATOMICFILE_TARGET"
)

// newContent is what the helper writes: longer than the old content, and over
// a page, so that a write cut short would show.
var (
	oldContent = strings.Repeat("127.0.0.1 old.test\n", 300)
	newContent = strings.Repeat("127.0.0.1 new.test\n", 600)
)

func TestMain(m *testing.M) {
	if faults.Helping() {
		faults.Helper(operate)
	}
	if os.Getenv(operationVariable) != "" {
		if err := operate(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// operate does what the environment says.
func operate() error {
	target, data := os.Getenv(targetVariable), []byte(newContent)
	switch operation := os.Getenv(operationVariable); operation {
	case "replace":
		return atomicfile.Replace(target, data)
	case "create":
		return atomicfile.Create(target, data, 0o640)
	case "overwrite":
		return atomicfile.Overwrite(target, data)
	default:
		return errors.New("unknown operation " + operation)
	}
}

// write makes a file with mode 0644, whatever the umask is.
func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
}

// wantContent fails the test if the file has another content. It shows the
// beginning only.
func wantContent(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s: got %d bytes %.60q…, want %d bytes %.60q…", name, len(got), got, len(want), want)
	}
}

// wantAlone fails the test if there is anything in the directory but the names.
func wantAlone(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("in %s: got %q, want %q", dir, got, names)
	}
}
