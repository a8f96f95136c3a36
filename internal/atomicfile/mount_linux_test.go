package atomicfile_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"fettle/internal/atomicfile"
	"fettle/internal/need"
)

// inNamespace runs the calling test once more in a mount namespace of its own,
// and reports whether this is that second run. Mounts made there are seen by
// nobody else and end with the process.
func inNamespace(t *testing.T) bool {
	t.Helper()
	const variable = "ATOMICFILE_NAMESPACE"
	if os.Getenv(variable) == t.Name() {
		return true
	}
	need.Root(t)
	unshare := need.Tool(t, "unshare")
	cmd := exec.Command(unshare, "--mount", "--propagation", "private", "--",
		os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), variable+"="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("in a mount namespace: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "--- PASS: "+t.Name()+" ") {
		t.Fatalf("did not run in the mount namespace:\n%s", out)
	}
	return false
}

func TestBindMount(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	source, target := filepath.Join(dir, "source"), filepath.Join(dir, "hosts")
	write(t, source, "old")
	write(t, target, "hidden")
	mount(t, source, target, "", unix.MS_BIND, "")

	err := atomicfile.Replace(target, []byte("new"))
	if !errors.Is(err, atomicfile.ErrBusy) {
		t.Fatalf("Replace: got error %v, want ErrBusy", err)
	}
	err = atomicfile.Create(target, []byte("new"), 0o644)
	if !errors.Is(err, atomicfile.ErrBusy) {
		t.Fatalf("Create: got error %v, want ErrBusy", err)
	}
	wantContent(t, target, "old")
	wantAlone(t, dir, "hosts", "source")

	if err := atomicfile.Overwrite(target, []byte("new content")); err != nil {
		t.Fatal(err)
	}
	wantContent(t, target, "new content")
	wantContent(t, source, "new content")
	if err := unix.Unmount(target, 0); err != nil {
		t.Fatal(err)
	}
	wantContent(t, target, "hidden")
}

// A container may have a root file system that is read-only, or full, and still
// a hosts file that can be written: Replace must not stumble over the first.
func TestBindMountInReadOnlyDirectory(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	mount(t, "tmpfs", dir, "tmpfs", 0, "")
	source, target := filepath.Join(t.TempDir(), "source"), filepath.Join(dir, "hosts")
	write(t, source, "old")
	write(t, target, "hidden")
	mount(t, "", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, "")
	mount(t, source, target, "", unix.MS_BIND, "")
	if err := atomicfile.Replace(target, []byte("new")); !errors.Is(err, atomicfile.ErrBusy) {
		t.Errorf("got error %v, want ErrBusy", err)
	}
	if err := atomicfile.Overwrite(target, []byte("new")); err != nil {
		t.Error(err)
	}
	wantContent(t, source, "new")
}

// Old kernels, and sandboxes that forbid statx, cannot tell a mount point
// beforehand. Then the rename does.
func TestBindMountWithoutStatx(t *testing.T) {
	strace := need.Tool(t, "strace")
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	source, target := filepath.Join(dir, "source"), filepath.Join(dir, "hosts")
	write(t, source, oldContent)
	write(t, target, "hidden")
	mount(t, source, target, "", unix.MS_BIND, "")
	cmd := helper("replace", target)
	cmd.Path = strace
	cmd.Args = []string{strace, "-f", "-o", "/dev/null", "-e", "trace=statx", "-e", "inject=statx:error=ENOSYS", os.Args[0]}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), atomicfile.ErrBusy.Error()) {
		t.Errorf("got %v and %q, want ErrBusy", err, out)
	}
	wantContent(t, target, oldContent)
	wantAlone(t, dir, "hosts", "source")
}

// A disk that is really full, not one that says so.
func TestFullDisk(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	disk := t.TempDir()
	mount(t, "tmpfs", disk, "tmpfs", 0, "size=256k")
	target := filepath.Join(disk, "hosts")
	old := strings.Repeat("old\n", 10_000)
	write(t, target, old)
	write(t, filepath.Join(disk, "other"), strings.Repeat("x", 150_000))
	large := []byte(strings.Repeat("new\n", 40_000)) // fits neither beside the old content nor in its place

	eachWriter(t, func(t *testing.T, _ string, writer func(string, []byte) error) {
		if err := writer(target, large); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("got error %v, want ENOSPC", err)
		}
		wantContent(t, target, old)
		wantAlone(t, disk, "hosts", "other")
	})

	// What was reserved before the failure has been given back.
	if err := atomicfile.Overwrite(target, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(target, []byte("newer")); err != nil {
		t.Fatal(err)
	}
	wantContent(t, target, "newer")
}

// Where SELinux is on, its label is restored under the final name. There is no
// SELinux in a test, but the signs of it can be had: its file and its tool.
func TestRelabel(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	mount(t, "tmpfs", "/sys/fs", "tmpfs", 0, "")
	if err := os.Mkdir("/sys/fs/selinux", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, "/sys/fs/selinux/enforce", "1")
	tools, dir := t.TempDir(), t.TempDir()
	record := filepath.Join(tools, "record")
	script := "#!/bin/sh\n{ echo \"$@\"; cat \"$1\"; } >" + record + "\nexit 1\n"
	if err := os.WriteFile(filepath.Join(tools, "restorecon"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", tools+":"+os.Getenv("PATH"))
	target := filepath.Join(dir, "hosts")
	write(t, target, "old")
	if err := atomicfile.Replace(target, []byte("new")); err != nil {
		t.Fatalf("a failing restorecon must not matter: %v", err)
	}
	wantContent(t, record, target+"\nnew")
}

func mount(t *testing.T, source, target, kind string, flags uintptr, options string) {
	t.Helper()
	if err := unix.Mount(source, target, kind, flags, options); err != nil {
		t.Fatalf("mounting %s on %s: %v", source, target, err)
	}
	// The temporary directory has to be empty of mounts before it is removed.
	t.Cleanup(func() { _ = unix.Unmount(target, unix.MNT_DETACH) })
}
