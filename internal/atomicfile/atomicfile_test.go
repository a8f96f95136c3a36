package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"fettle/internal/atomicfile"
)

// writers are the three ways to give an existing file new content.
var writers = map[string]func(name string, data []byte) error{
	"Replace":   replaceInParts,
	"Overwrite": atomicfile.Overwrite,
	"Create":    func(name string, data []byte) error { return atomicfile.Create(name, data, 0o600) },
}

// replaceInParts hands the content over in two parts, as one that is put
// together from long pieces is.
func replaceInParts(name string, data []byte) error {
	half := len(data) / 2
	return atomicfile.Replace(name, data[:half], data[half:])
}

// eachWriter runs test once for every writer, each in a directory of its own.
func eachWriter(t *testing.T, test func(t *testing.T, dir string, write func(string, []byte) error)) {
	for name, writer := range writers {
		t.Run(name, func(t *testing.T) { test(t, t.TempDir(), writer) })
	}
}

func TestNewContent(t *testing.T) {
	for _, row := range []struct{ name, old, new string }{
		{"longer", "old", "new content"},
		{"shorter", "old content", "new"},
		{"from empty", "", "new"},
		{"to empty", "old", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
				target := filepath.Join(dir, "hosts")
				write(t, target, row.old)
				if err := writer(target, []byte(row.new)); err != nil {
					t.Fatal(err)
				}
				wantContent(t, target, row.new)
				wantAlone(t, dir, "hosts")
			})
		})
	}
}

func TestMissing(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "no such directory", "hosts")
		if err := writer(target, []byte("new")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("in a missing directory: got error %v, want fs.ErrNotExist", err)
		}
		wantAlone(t, dir)
	})
	dir := t.TempDir()
	for _, name := range []string{"Replace", "Overwrite"} {
		if err := writers[name](filepath.Join(dir, "hosts"), []byte("new")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got error %v, want fs.ErrNotExist", name, err)
		}
	}
	wantAlone(t, dir)
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "dev.hosts")
	if err := atomicfile.Create(target, []byte("new"), 0o666); err != nil {
		t.Fatal(err)
	}
	wantContent(t, target, "new")
	wantAlone(t, dir, "dev.hosts")
	wantMode(t, target, 0o666) // more than the usual umask lets through

	// A mode that the user chose later is not taken back.
	if err := os.Chmod(target, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Create(target, []byte("newer"), 0o666); err != nil {
		t.Fatal(err)
	}
	wantContent(t, target, "newer")
	wantMode(t, target, 0o600)
}

func wantMode(t *testing.T, name string, want fs.FileMode) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return // its files have no such mode
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode(); got != want {
		t.Errorf("mode of %s: got %v, want %v", name, got, want)
	}
}

func TestSymlinkStays(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		real := filepath.Join(dir, "real")
		if err := os.Mkdir(real, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(real, "hosts"), "old")
		link := filepath.Join(dir, "hosts")
		symlink(t, filepath.Join("real", "hosts"), link)

		if err := writer(link, []byte("new")); err != nil {
			t.Fatal(err)
		}
		if got, err := os.Readlink(link); err != nil || got != filepath.Join("real", "hosts") {
			t.Errorf("the link: got %q, %v", got, err)
		}
		wantContent(t, filepath.Join(real, "hosts"), "new")
		wantAlone(t, dir, "hosts", "real")
		wantAlone(t, real, "hosts")
	})
}

func TestDanglingSymlink(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		link := filepath.Join(dir, "hosts")
		symlink(t, "gone", link)
		if err := writer(link, []byte("new")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got error %v, want fs.ErrNotExist", err)
		}
		wantAlone(t, dir, "hosts")
	})
}

// symlink skips the test where users may not make symbolic links.
func symlink(t *testing.T, target, link string) {
	t.Helper()
	err := os.Symlink(target, link)
	if err != nil && runtime.GOOS == "windows" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestDirectoryRefused(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		if err := os.Mkdir(target, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := writer(target, []byte("new")); err == nil {
			t.Error("a directory: got no error")
		}
		wantAlone(t, dir, "hosts")
	})
}

// A resolver that remembers the file by time and size must see each of many
// quick writes (golang/go 81565), whatever the resolution of the clock.
func TestModTimeAdvances(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		write(t, target, "a")
		// As if the clock stood still: the last write was a moment from now.
		before := time.Now().Add(2 * time.Second).Truncate(time.Second)
		if err := os.Chtimes(target, time.Time{}, before); err != nil {
			t.Fatal(err)
		}
		for _, content := range []string{"b", "a", "c"} {
			if err := writer(target, []byte(content)); err != nil {
				t.Fatal(err)
			}
			after := modTime(t, target)
			if !after.After(before) {
				t.Errorf("writing %q: time was %v, is %v", content, before, after)
			}
			before = after
		}
	})
}

func TestModTimeFarAhead(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		write(t, target, "a")
		tomorrow := time.Now().Add(24 * time.Hour)
		if err := os.Chtimes(target, time.Time{}, tomorrow); err != nil {
			t.Fatal(err)
		}
		if err := writer(target, []byte("b")); err != nil {
			t.Fatal(err)
		}
		if got := modTime(t, target); got.After(time.Now().Add(time.Minute)) {
			t.Errorf("got %v, want about now", got)
		}
	})
}

func modTime(t *testing.T, name string) time.Time {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	keep := []string{
		".dev.hosts.fettle-0123456789abcdef", // another file's
		".hosts.fettle-0123",
		".hosts.fettle-0123456789abcdef0",
		".hosts.fettle-0123456789abcdeg",
		"hosts",
		"hosts.fettle-0123456789abcdef",
	}
	for _, name := range append(keep, ".hosts.fettle-0123456789abcdef", ".hosts.fettle-ffffffffffffffff") {
		write(t, filepath.Join(dir, name), "old")
	}
	elsewhere := t.TempDir()
	link := filepath.Join(elsewhere, "link")
	symlink(t, filepath.Join(dir, "hosts"), link)
	if err := atomicfile.Sweep(link); err != nil {
		t.Fatal(err)
	}
	wantAlone(t, dir, keep...)
	wantAlone(t, elsewhere, "link")

	if err := atomicfile.Sweep(filepath.Join(dir, "missing", "hosts")); err != nil {
		t.Errorf("a missing directory: %v", err)
	}
}

func BenchmarkReplace(b *testing.B) { benchmark(b, replaceInParts) }

func BenchmarkOverwrite(b *testing.B) { benchmark(b, atomicfile.Overwrite) }

// BenchmarkPlain is the limit: the same bytes, written and synced, nothing more.
func BenchmarkPlain(b *testing.B) {
	benchmark(b, func(name string, data []byte) error {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		defer f.Close()
		if _, err := f.Write(data); err != nil {
			return err
		}
		return f.Sync()
	})
}

func benchmark(b *testing.B, writer func(string, []byte) error) {
	target := filepath.Join(b.TempDir(), "hosts")
	data := make([]byte, 9_000_000)
	if err := os.WriteFile(target, data, 0o644); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := writer(target, data); err != nil {
			b.Fatal(err)
		}
	}
}
