package hosts

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"fettle/internal/need"
)

// In a container the hosts file is a bind mount: a file of another folder.
func TestWatchBindMount(t *testing.T) {
	need.Root(t)
	file, source := filepath.Join(t.TempDir(), "hosts"), filepath.Join(t.TempDir(), "source")
	write(t, file, "")
	write(t, source, "1")
	must(t, unix.Mount(source, file, "", unix.MS_BIND, ""))
	t.Cleanup(func() {
		if err := unix.Unmount(file, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	w := watchFor(t, file, Library{Dir: filepath.Join(t.TempDir(), "profiles")})
	for _, text := range []string{"2", "3"} {
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		must(t, err)
		_, err = f.WriteString(text)
		must(t, err)
		must(t, f.Close())
		w.told("a write in place")
	}
}
