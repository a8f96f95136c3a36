package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/pkg/xattr"
	"golang.org/x/sys/unix"

	"fettle/internal/atomicfile"
	"fettle/internal/need"
)

// umask changes the mask of the process for the time of the test, which
// therefore must not run in parallel with others.
func umask(t *testing.T, mask int) {
	old := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(old) })
}

func TestModeSurvivesUmask(t *testing.T) {
	umask(t, 0o077)
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		for _, mode := range []fs.FileMode{0o644, 0o664, 0o600, 0o777} {
			target := filepath.Join(dir, "hosts")
			write(t, target, "old")
			if err := os.Chmod(target, mode); err != nil {
				t.Fatal(err)
			}
			if err := writer(target, []byte("new")); err != nil {
				t.Fatal(err)
			}
			wantMode(t, target, mode)
		}
	})
	target := filepath.Join(t.TempDir(), "new")
	if err := atomicfile.Create(target, nil, 0o664); err != nil {
		t.Fatal(err)
	}
	wantMode(t, target, 0o664)
}

func TestOwnerAndGroupAreKept(t *testing.T) {
	need.Root(t)
	umask(t, 0o077)
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		write(t, target, "old")
		if err := os.Chown(target, 1234, 2345); err != nil {
			t.Fatal(err)
		}
		// A directory that hands its group down must not change the file's.
		if err := os.Chown(dir, 0, 3456); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755|fs.ModeSetgid); err != nil {
			t.Fatal(err)
		}
		if err := writer(target, []byte("new")); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(target)
		if err != nil {
			t.Fatal(err)
		}
		stat := info.Sys().(*syscall.Stat_t)
		if stat.Uid != 1234 || stat.Gid != 2345 {
			t.Errorf("got owner %d, group %d, want 1234, 2345", stat.Uid, stat.Gid)
		}
		wantMode(t, target, 0o644)
	})
}

// A user who may write to the directory could replace a file of root's, which
// would then be the user's own.
func TestOwnerThatCannotBeKept(t *testing.T) {
	need.Root(t)
	for _, operation := range []string{"replace", "create", "overwrite"} {
		t.Run(operation, func(t *testing.T) {
			// The helper runs from a place where an ordinary user can reach it.
			dir := publicDirectory(t)
			program := filepath.Join(dir, "program")
			copyProgram(t, program)
			work := filepath.Join(dir, "work")
			if err := os.Mkdir(work, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(work, 0o777); err != nil {
				t.Fatal(err)
			}
			target := filepath.Join(work, "hosts")
			write(t, target, oldContent)

			cmd := helper(operation, target)
			cmd.Path = program
			const nobody = 65534
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
			out, err := cmd.CombinedOutput()
			if _, ok := errors.AsType[*exec.ExitError](err); !ok {
				t.Fatalf("got error %v, want an exit status", err)
			}
			if !strings.Contains(string(out), "not permitted") && !strings.Contains(string(out), "permission denied") {
				t.Errorf("got message %q", out)
			}
			wantContent(t, target, oldContent)
			wantAlone(t, work, "hosts")
		})
	}
}

// publicDirectory makes a directory that every user can enter.
func publicDirectory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "atomicfile") //nolint:usetesting // t.TempDir lies below a folder of 0700
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, program, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestExtendedAttributesAreKept(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		write(t, target, "old")
		want := map[string]string{"user.empty": "", "user.long": strings.Repeat("x", 3000), "user.bytes": "\x00\xff"}
		for name, value := range want {
			err := xattr.Set(target, name, []byte(value))
			need.That(t, "xattr", !errors.Is(err, syscall.ENOTSUP), "the temporary directory keeps no user attributes")
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := writer(target, []byte("new")); err != nil {
			t.Fatal(err)
		}
		for name, value := range want {
			if got, err := xattr.Get(target, name); err != nil || string(got) != value {
				t.Errorf("%s: got %.20q, %v, want %.20q", name, got, err, value)
			}
		}
	})
}

func TestACLIsKept(t *testing.T) {
	setfacl := need.Tool(t, "setfacl")
	need.Tool(t, "getfacl")
	umask(t, 0o077)
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		write(t, target, "old")
		run(t, setfacl, "-m", "u:1234:rw,g:2345:r", target)
		want := getfacl(t, target)
		if err := writer(target, []byte("new")); err != nil {
			t.Fatal(err)
		}
		if got := getfacl(t, target); got != want {
			t.Errorf("got ACL\n%s\nwant\n%s", got, want)
		}
	})
}

// A directory's default ACL goes to every new file in it, but not to one that
// takes the place of a file without.
func TestInheritedACLIsNotAdded(t *testing.T) {
	setfacl := need.Tool(t, "setfacl")
	need.Tool(t, "getfacl")
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		write(t, target, "old")
		want := getfacl(t, target)
		run(t, setfacl, "-d", "-m", "u:1234:rwx", dir)
		if err := writer(target, []byte("new")); err != nil {
			t.Fatal(err)
		}
		if got := getfacl(t, target); got != want {
			t.Errorf("got ACL\n%s\nwant\n%s", got, want)
		}
	})
}

func getfacl(t *testing.T, name string) string {
	t.Helper()
	return run(t, "getfacl", "--numeric", "--absolute-names", name)
}

func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestNamedPipeRefused(t *testing.T) {
	eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
		target := filepath.Join(dir, "hosts")
		if err := unix.Mkfifo(target, 0o644); err != nil {
			t.Fatal(err)
		}
		// Opening it would wait for a reader for ever.
		if err := writer(target, []byte("new")); err == nil || !strings.Contains(err.Error(), "named pipe") {
			t.Errorf("got error %v, want one about a named pipe", err)
		}
		wantAlone(t, dir, "hosts")
	})
}

func TestImmutable(t *testing.T) {
	need.Root(t)
	chattr := need.Tool(t, "chattr")
	for _, flag := range []string{"i", "a"} {
		eachWriter(t, func(t *testing.T, dir string, writer func(string, []byte) error) {
			target := filepath.Join(dir, "hosts")
			write(t, target, "old")
			out, err := exec.Command(chattr, "+"+flag, target).CombinedOutput()
			need.That(t, "chattr", err == nil, "the temporary directory has no such flags: "+string(out))
			t.Cleanup(func() { run(t, chattr, "-"+flag, target) })
			if err := writer(target, []byte("new")); !errors.Is(err, atomicfile.ErrImmutable) {
				t.Errorf("chattr +%s: got error %v, want ErrImmutable", flag, err)
			}
			wantContent(t, target, "old")
			wantAlone(t, dir, "hosts")
		})
	}
}

func TestHardLinkKeepsOldContent(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "hosts"), filepath.Join(dir, "link")
	write(t, target, "old")
	if err := os.Link(target, link); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(target, []byte("new")); err != nil {
		t.Fatal(err)
	}
	wantContent(t, target, "new")
	wantContent(t, link, "old")
}
