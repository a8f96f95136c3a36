package atomicfile_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pkg/xattr"

	"fettle/internal/atomicfile"
	"fettle/internal/faults"
)

// helper is a process that does one operation on target.
func helper(operation, target string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), operationVariable+"="+operation, targetVariable+"="+target)
	return cmd
}

func TestReplaceUnderFaults(t *testing.T) { testUnderFaults(t, "replace", true) }

func TestCreateUnderFaults(t *testing.T) { testUnderFaults(t, "create", false) }

func TestCreateOverOldUnderFaults(t *testing.T) { testUnderFaults(t, "create", true) }

// testUnderFaults breaks every call of an operation. There must be the old file
// or the new one; an error must not pass for success; and only a kill may leave
// a temporary file, which Sweep finds.
func testUnderFaults(t *testing.T, operation string, exists bool) {
	var directorySynced atomic.Bool
	faults.Run(t, func(t *testing.T) faults.Trial {
		dir := t.TempDir()
		target := filepath.Join(dir, "hosts")
		if exists {
			writeWithAttributes(t, target)
		}
		return faults.Trial{Command: helper(operation, target), Check: func(o faults.Outcome) {
			content := readIfExists(t, target)
			switch {
			case content == newContent:
				wantAttributes(t, target, exists)
			case o.Err == nil:
				t.Errorf("%v: reported as success, without the new content", o.Fault)
			case exists && content != oldContent, !exists && content != "":
				t.Errorf("%v: got %d bytes %.60q…, want the old or the new ones", o.Fault, len(content), content)
			}
			wantReported(t, o, target)
			if o.Fault.Kind == faults.Kill && o.Fault.Call == "fsync" {
				wantOrder(t, o, content == newContent)
				directorySynced.CompareAndSwap(false, o.Fault.Nth == 2)
			}
			for _, name := range temporaryFiles(t, dir) {
				if o.Fault.Kind != faults.Kill {
					t.Errorf("%v: left %s", o.Fault, name)
				}
				if o.Fault.Call == "write" {
					wantMode(t, name, 0o600) // nobody reads it before it has the right mode
				}
			}
			wantSwept(t, target)
		}}
	})
	if !directorySynced.Load() {
		t.Error("there is no second fsync, of the directory")
	}
}

// wantReported fails the test if a call that changes something failed, and the
// operation did not say so, or did not say about which file.
func wantReported(t *testing.T, o faults.Outcome, target string) {
	t.Helper()
	changing := []string{
		"write", "pwrite64", "ftruncate", "fallocate", "fsync",
		"fchmod", "fchown", "fsetxattr", "renameat", "renameat2",
	}
	if o.Fault.Kind == faults.Kill || o.Fault.Kind == "" {
		return
	}
	if o.Err == nil && slices.Contains(changing, o.Fault.Call) {
		t.Errorf("%v: reported as success", o.Fault)
	}
	if o.Err != nil && !strings.Contains(o.Output, target) {
		t.Errorf("%v: the error does not name the file: %s", o.Fault, o.Output)
	}
}

// wantOrder fails the test if the content is not on the disk before it gets
// its name, or the name not before success is reported. No kill shows that,
// only a power cut would; but it shows in what a kill at each fsync leaves.
func wantOrder(t *testing.T, o faults.Outcome, renamed bool) {
	t.Helper()
	if want := o.Fault.Nth == 2; renamed != want {
		t.Errorf("%v: got renamed: %v, want %v", o.Fault, renamed, want)
	}
}

// In place, old and new bytes may mix, and the caller's journal repairs. What
// counts is that success means the new content, and that a disk that is full
// at the first step changes nothing.
func TestOverwriteUnderFaults(t *testing.T) {
	faults.Run(t, func(t *testing.T) faults.Trial {
		target := filepath.Join(t.TempDir(), "hosts")
		write(t, target, oldContent)
		return faults.Trial{Command: helper("overwrite", target), Check: func(o faults.Outcome) {
			content := readIfExists(t, target)
			if o.Err == nil && content != newContent {
				t.Errorf("%v: reported as success, without the new content", o.Fault)
			}
			if content == "" {
				t.Errorf("%v: the file is empty", o.Fault)
			}
			wantReported(t, o, target)
			if o.Fault.Call == "fallocate" && content != oldContent {
				t.Errorf("%v: got %d bytes %.60q…, want the old ones", o.Fault, len(content), content)
			}
			if o.Fault.Call == "" && content != newContent {
				t.Errorf("without a fault: got %d bytes %.60q…", len(content), content)
			}
		}}
	})
}

const testAttribute, testAttributeValue = "user.fettle.test", "kept"

// writeWithAttributes makes an old file with a mode and an extended attribute
// of its own, so that the calls that keep them are made, and broken.
func writeWithAttributes(t *testing.T, target string) {
	t.Helper()
	write(t, target, oldContent)
	if err := os.Chmod(target, 0o604); err != nil {
		t.Fatal(err)
	}
	if err := xattr.Set(target, testAttribute, []byte(testAttributeValue)); err != nil {
		t.Fatal(err)
	}
}

func wantAttributes(t *testing.T, target string, replaced bool) {
	t.Helper()
	if !replaced {
		wantMode(t, target, 0o640)
		return
	}
	wantMode(t, target, 0o604)
	if got, err := xattr.Get(target, testAttribute); err != nil || string(got) != testAttributeValue {
		t.Errorf("attribute %s: got %q, %v", testAttribute, got, err)
	}
}

// readIfExists returns "" for a missing file.
func readIfExists(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(content)
}

// temporaryFiles lists what is in dir beside the target.
func temporaryFiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wantSwept fails the test if Sweep leaves a temporary file.
func wantSwept(t *testing.T, target string) {
	t.Helper()
	if err := atomicfile.Sweep(target); err != nil {
		t.Error(err)
	}
	if left := temporaryFiles(t, filepath.Dir(target)); len(left) > 0 {
		t.Errorf("after Sweep: %q", left)
	}
}
