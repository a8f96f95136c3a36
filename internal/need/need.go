// Package need decides what happens to a test when the machine lacks what it
// tests with: a skip with a reason on somebody's workstation, a failure where
// FETTLE_REQUIRE names the thing, as it does in CI. A test that silently does
// not run would otherwise look like one that passed.
package need

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Variable names what must be there, separated by commas: "strace,root,display".
const Variable = "FETTLE_REQUIRE"

// That skips the test when ok is false, or fails it when [Variable] lists what.
func That(t testing.TB, what string, ok bool, why string) {
	t.Helper()
	if ok {
		return
	}
	if slices.Contains(strings.Split(os.Getenv(Variable), ","), what) {
		t.Fatalf("%s is required here (%s) and is not there: %s", what, Variable, why)
	}
	t.Skipf("needs %s: %s", what, why)
}

// Tool is [That] for a program on the PATH, under the program's own name.
// It returns the program's path.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	That(t, name, err == nil, "the program "+name+" is not installed")
	return path
}

// Root is [That] for running as root, under the name "root".
func Root(t testing.TB) {
	t.Helper()
	That(t, "root", os.Geteuid() == 0, "the test makes mounts or changes users")
}
