package hosts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long nothing must happen before a change counts as done: a
	// file that is replaced gives several events.
	quiet = 100 * time.Millisecond
	// restless is when a change is told although there is no quiet.
	restless = 500 * time.Millisecond
)

// Watch calls changed when the hosts file or a profile may have changed, and
// once at the beginning, so that nothing gets lost between an earlier read and
// the watch. It knows nothing of contents: the caller reads again and compares,
// which makes its own writes harmless too. Changed is called by the goroutine of
// Watch, never twice at a time.
//
// Folders may be missing, come and go. The file may be a link. Watch returns
// nil when ctx ends, or else why the system cannot watch.
func Watch(ctx context.Context, file string, library Library, changed func()) error {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return watchError(err)
	}
	w := &watcher{notify: notify, file: file, library: library, events: make(chan struct{}, 1)}
	if err := w.arrange(); err != nil {
		return errors.Join(watchError(err), notify.Close())
	}
	w.tell()
	failed := make(chan error, 1)
	go func() {
		defer close(w.events)
		failed <- w.run(ctx)
	}()
	settle(ctx, w.events, quiet, restless, changed)
	return errors.Join(<-failed, notify.Close())
}

func watchError(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		// The kernel means its table of watches, not a disk.
		err = fmt.Errorf("this user has no watches left (fs.inotify.max_user_watches): %w", err)
	case errors.Is(err, syscall.EMFILE):
		err = fmt.Errorf("this user has no watchers left (fs.inotify.max_user_instances): %w", err)
	}
	return fmt.Errorf("watching the hosts file: %w", err)
}

// A watcher keeps watches on folders, not on files: a file that is replaced by
// a rename takes a watch on it along.
type watcher struct {
	notify  *fsnotify.Watcher
	file    string
	library Library
	names   []string // last elements of the paths whose events count
	events  chan struct{}
}

// tell says that something happened, unless that is known already.
func (w *watcher) tell() {
	select {
	case w.events <- struct{}{}:
	default:
	}
}

func (w *watcher) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-w.notify.Events:
			if !w.concerns(event.Name) {
				continue
			}
		case err := <-w.notify.Errors:
			// With too many events at once some are lost; one is enough for us.
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return watchError(err)
			}
		}
		if err := w.arrange(); err != nil {
			return watchError(err)
		}
		w.tell()
	}
}

// concerns reports whether an event at path may be about the hosts file, a
// profile, or a folder on the way to them. It looks at the last element alone,
// because a folder that is reached by two paths tells its events by one.
func (w *watcher) concerns(path string) bool {
	name := filepath.Base(path)
	return strings.EqualFold(filepath.Ext(name), extension) ||
		slices.ContainsFunc(w.names, func(n string) bool { return strings.EqualFold(n, name) })
}

// arrange makes the watches those that are needed now. A folder that came while
// they were made needs another round.
func (w *watcher) arrange() error {
	for range 10 {
		want := w.wanted()
		have := w.notify.WatchList()
		done := true
		for _, path := range have {
			if !slices.Contains(want, path) {
				// One that the kernel has dropped by itself is gone just as well.
				_ = w.notify.Remove(path)
			}
		}
		for _, path := range want {
			if slices.Contains(have, path) {
				continue
			}
			done = false
			if err := w.notify.Add(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		if done {
			break
		}
	}
	return nil
}

// wanted returns the paths to watch, and sets the names that count.
func (w *watcher) wanted() []string {
	files := followLinks(w.file)
	entries, _ := os.ReadDir(w.library.Dir) // a missing folder has none
	for _, entry := range entries {
		// A profile may be a link into a folder of dotfiles.
		if entry.Type()&fs.ModeSymlink != 0 && filepath.Ext(entry.Name()) == extension {
			files = append(files, followLinks(filepath.Join(w.library.Dir, entry.Name()))...)
		}
	}
	w.names = nil
	var want []string
	for _, file := range files {
		w.names = append(w.names, filepath.Base(file))
		want = append(want, w.existing(filepath.Dir(file)))
	}
	want = append(want, w.existing(w.library.Dir))
	// A hosts file that is a bind mount, as in containers, lies in another
	// folder than its path says, and the kernel tells its writes there. It
	// cannot be replaced either, so a watch on the file itself holds.
	if real := files[0]; runtime.GOOS == "linux" && isRegular(real) {
		want = append(want, real)
	}
	slices.Sort(want)
	return slices.Compact(want)
}

// existing returns dir, or the nearest folder above that exists, and adds the
// names on the way to those that count.
func (w *watcher) existing(dir string) string {
	for {
		w.names = append(w.names, filepath.Base(dir))
		info, err := os.Stat(dir)
		if above := filepath.Dir(dir); (err != nil || !info.IsDir()) && above != dir {
			dir = above
			continue
		}
		return dir
	}
}

func isRegular(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

// maxLinks is how many links Linux follows from one path.
const maxLinks = 40

// followLinks returns the paths that lead to a file, each a link to the one
// before, the file itself first.
func followLinks(path string) []string {
	var paths []string
	for range maxLinks {
		paths = append(paths, path)
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	slices.Reverse(paths)
	return paths
}
