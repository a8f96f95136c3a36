//go:build unix

package tray

import (
	"os"
	"path/filepath"
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
