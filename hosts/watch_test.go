package hosts

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

func TestSettle(t *testing.T) {
	const ms = time.Millisecond
	for _, row := range []struct {
		name   string
		events []time.Duration // since the start
		want   []time.Duration // when fn is called
	}{
		{"none", nil, nil},
		{"one", []time.Duration{0}, []time.Duration{100 * ms}},
		{"a burst", []time.Duration{0, 50 * ms, 140 * ms}, []time.Duration{240 * ms}},
		{"two bursts", []time.Duration{0, 101 * ms}, []time.Duration{100 * ms, 201 * ms}},
		{"no quiet", []time.Duration{0, 90 * ms, 180 * ms, 270 * ms, 360 * ms, 450 * ms, 540 * ms}, []time.Duration{500 * ms, 640 * ms}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				start := time.Now()
				events := make(chan struct{}, 1)
				go func() {
					for _, at := range row.events {
						time.Sleep(at - time.Since(start))
						events <- struct{}{}
					}
				}()
				var got []time.Duration
				settle(ctx, events, 100*ms, 500*ms, func() { got = append(got, time.Since(start)) })
				if len(got) != len(row.want) {
					t.Fatalf("got %v, want %v", got, row.want)
				}
				for i := range got {
					if got[i] != row.want[i] {
						t.Errorf("got %v, want %v", got, row.want)
					}
				}
			})
		})
	}
}

func TestSettleEndsWithTheEvents(t *testing.T) {
	events := make(chan struct{})
	close(events)
	settle(t.Context(), events, quiet, restless, func() { t.Error("called without an event") })
}

// A watched world: calls counts what Watch tells.
type watched struct {
	t     *testing.T
	calls chan struct{}
}

func watchFor(t *testing.T, file string, library Library) *watched {
	t.Helper()
	w := &watched{t: t, calls: make(chan struct{}, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- Watch(ctx, file, library, func() { w.calls <- struct{}{} }) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Watch: got %v, want nil after the end of its context", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("Watch goes on after the end of its context")
		}
	})
	w.told("the beginning")
	return w
}

// told waits for a call, for which a user would wait a second at most. The
// machine of a test may be slow.
func (w *watched) told(what string) {
	w.t.Helper()
	select {
	case <-w.calls:
	case <-time.After(10 * time.Second):
		w.t.Fatalf("%s: not told", what)
	}
}

// silent waits for a call that must not come.
func (w *watched) silent(what string) {
	w.t.Helper()
	select {
	case <-w.calls:
		w.t.Errorf("%s: told, but it is no change of ours", what)
	case <-time.After(3 * quiet):
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWatchFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "hosts")
	write(t, file, "1")
	w := watchFor(t, file, Library{Dir: filepath.Join(t.TempDir(), "profiles")})
	// The second replacement shows that the watch outlived the first.
	for _, text := range []string{"2", "3"} {
		write(t, file+".new", text)
		must(t, os.Rename(file+".new", file))
		w.told("a replaced file")
	}
	write(t, file, "4")
	w.told("a file written in place")
	write(t, filepath.Join(dir, "passwd"), "x")
	w.silent("a neighbour")
	must(t, os.Remove(file))
	w.told("a removed file")
	write(t, file, "5")
	w.told("a file that is there again")
}

func TestWatchLibrary(t *testing.T) {
	top := t.TempDir()
	library := Library{Dir: filepath.Join(top, "config", "fettle", "hosts")}
	file := filepath.Join(t.TempDir(), "hosts")
	write(t, file, "")
	w := watchFor(t, file, library)

	must(t, library.Save(Profile{Name: "dev", Text: []byte("127.0.0.1 x.test\n")}))
	w.told("the first profile, with its folders")
	must(t, library.Save(Profile{Name: "dev", Text: []byte("127.0.0.1 y.test\n")}))
	w.told("a profile saved again")
	write(t, filepath.Join(library.Dir, "notes.txt"), "x")
	w.silent("a file that is no profile")

	must(t, os.RemoveAll(filepath.Join(top, "config")))
	w.told("a folder removed")
	// The events of a removed tree may come in two bursts.
	time.Sleep(2 * quiet)
	for len(w.calls) > 0 {
		<-w.calls
	}
	must(t, library.Save(Profile{Name: "dev"}))
	w.told("a folder made again")
	must(t, library.Remove("dev"))
	w.told("a profile removed")

	must(t, os.Rename(library.Dir, library.Dir+".old"))
	w.told("a folder moved away")
	must(t, os.Mkdir(library.Dir, 0o700))
	w.told("a folder in its place")
	write(t, library.Path("new"), "x")
	w.told("a profile in it")
}

func TestWatchLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights that few users have")
	}
	real, links, library := t.TempDir(), t.TempDir(), Library{Dir: t.TempDir()}
	file := filepath.Join(links, "hosts")
	write(t, filepath.Join(real, "hosts.real"), "1")
	write(t, filepath.Join(real, "other"), "1")
	write(t, filepath.Join(real, "dev"), "1")
	must(t, os.Symlink(filepath.Join(real, "hosts.real"), filepath.Join(links, "hop")))
	must(t, os.Symlink("hop", file))
	must(t, os.Symlink(filepath.Join(real, "dev"), library.Path("dev")))
	w := watchFor(t, file, library)

	write(t, filepath.Join(real, "hosts.real"), "2")
	w.told("the real file")
	must(t, os.Rename(filepath.Join(real, "other"), filepath.Join(real, "hosts.real")))
	w.told("the real file replaced")
	write(t, filepath.Join(real, "dev"), "2")
	w.told("the real file of a profile")
	must(t, os.Remove(file))
	w.told("a link removed")
	must(t, os.Symlink("elsewhere", file))
	w.told("a link that leads elsewhere")
	write(t, filepath.Join(links, "elsewhere"), "3")
	w.told("the file elsewhere")
}
