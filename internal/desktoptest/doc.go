// Package desktoptest gives tests a desktop of their own: a D-Bus session with a
// tray that shows status items, as the specifications of freedesktop.org and KDE
// have it, and a screen. The tests' programs meet on it what they meet on a real
// one, and nothing reaches the desktop of the person who runs the tests.
package desktoptest

import (
	"testing"
	"time"
)

// patience is how long something may take that is expected to happen: far
// longer than it takes on a busy machine.
const patience = 20 * time.Second

// Eventually waits until ok reports true, and fails the test when it does not.
// What says what was expected; it is called at the end.
func Eventually(t testing.TB, ok func() bool, what func() string) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("did not happen within %v: %s", patience, what())
		}
	}
}
