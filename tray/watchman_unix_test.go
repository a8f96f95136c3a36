//go:build unix

package tray

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"fettle/hosts"
)

// holdLock keeps everybody from writing the hosts file.
func holdLock(t *testing.T, path string) (release func()) {
	t.Helper()
	dir, err := os.Open(filepath.Dir(path))
	if err == nil {
		err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { dir.Close() }
}

func TestDeskAsksWhereItCannotSwitchBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "127.0.0.1 localhost\n")
		b.await("at the start", on())
		b.elsewhere(hosts.Switch{Op: hosts.On, Names: []string{"staging"}, Until: time.Now().Add(time.Minute)})
		b.await("for a time", on("staging"))
		release := holdLock(t, b.path)
		time.Sleep(time.Hour)
		b.await("over", func(s State) bool { return on("staging")(s) && len(s.Over) == 1 && IconOf(s) == IconAttention })
		b.wantNote("over", aboutTimeIsOver, "The time of staging is over")
		release()
		b.Answer(aboutTimeIsOver, "1") // keep on
		b.await("kept on", func(s State) bool { return on("staging")(s) && len(s.Over) == 0 })
		if n, shown := b.note(aboutTimeIsOver); shown {
			t.Errorf("the notification %q stays", n.Title)
		}
	})
}

// A new text that cannot be put in force without a question waits for a click.
func TestDeskSaysWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "127.0.0.1 localhost\n")
		b.await("at the start", on())
		b.elsewhere(hosts.Switch{Op: hosts.On, Names: []string{"ads"}})
		b.await("on", on("ads"))
		release := holdLock(t, b.path)
		// As a refresh of the command line leaves it.
		p := hosts.Profile{Name: "ads", Text: []byte("0.0.0.0 newer.test\n")}
		sidecar := "url = 'https://lists.test/ads'\nevery = 'never'\nsha256 = '" + p.Hash().String() + "'\n"
		if err := os.WriteFile(b.Library.SubscriptionPath("ads"), []byte(sidecar), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := b.Library.Save(p); err != nil {
			t.Fatal(err)
		}
		b.changed()
		time.Sleep(time.Minute)
		b.await("waiting", func(s State) bool { return on("ads")(s) && Tooltip(s) == "ads on · New text of ads waits" })
		b.wantNote("waiting", aboutPending, "New text of ads waits")
		release()
		b.click(SlotUpdates, "Put the new text of ads in force")
		b.await("in force", func(s State) bool { return on("ads")(s) && Tooltip(s) == "ads on" })
		if n, shown := b.note(aboutPending); shown {
			t.Errorf("the notification %q stays", n.Title)
		}
		if data, err := os.ReadFile(b.path); err != nil || !strings.Contains(string(data), "newer.test") {
			t.Errorf("the hosts file holds %q, %v, want the new text", data, err)
		}
	})
}
