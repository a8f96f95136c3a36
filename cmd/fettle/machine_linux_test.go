package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"fettle/internal/need"
)

// installed is where the program stands on a machine.
const installed = "/usr/local/bin/fettle"

// machineHosts is the hosts file of a new machine. It ends without a newline.
const machineHosts = "127.0.0.1\tlocalhost\n1.1.1.1 shop.test other.test # old\n::1 localhost ip6-localhost"

// sudoLog is where sudo of a machine writes what it was asked for.
const sudoLog = "/etc/sudo.log"

// A machine is this one with folders of its own for all that a switch of the
// system's hosts file touches: /etc with users and rules for sudo, /home,
// /var/lib, and the installed program. It lives in a mount namespace.
type machine struct{ t *testing.T }

// A person has an account on a machine.
type person struct {
	name string
	uid  uint32
}

var (
	root  = person{"root", 0}
	alice = person{"alice", 4242} // may run the write step, and nothing else
	bob   = person{"bob", 4243}   // may run everything
	carol = person{"carol", 4244} // may run nothing
)

const machineSudoers = `Defaults env_reset, !lecture, !use_pty, logfile=` + sudoLog + `, loglinelen=0
root ALL=(ALL:ALL) ALL
alice ALL=(root) NOPASSWD: ` + installed + ` hosts write /etc/hosts
bob ALL=(root) NOPASSWD: ALL
@includedir /etc/sudoers.d
`

// newMachine makes a machine. It must be called in a mount namespace.
func newMachine(t *testing.T) machine {
	t.Helper()
	need.Tool(t, "sudo")
	layers := t.TempDir()
	// The users of the machine have to get through to what the test makes.
	if err := os.Chmod(filepath.Dir(layers), 0o755); err != nil {
		t.Fatal(err)
	}
	mount(t, "tmpfs", layers, "tmpfs", 0, "mode=755")
	m := machine{t}
	for _, dir := range []string{"/etc", "/var/lib"} {
		upper, work := filepath.Join(layers, dir, "upper"), filepath.Join(layers, dir, "work")
		m.mkdir(upper, work)
		mount(t, "overlay", dir, "overlay", 0, fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", dir, upper, work))
	}
	mount(t, "tmpfs", "/home", "tmpfs", 0, "mode=755")
	mount(t, "tmpfs", filepath.Dir(installed), "tmpfs", 0, "mode=755")
	m.copyProgram(installed)
	for _, p := range []person{alice, bob, carol} {
		m.addUser(p)
	}
	m.write("/etc/sudoers", machineSudoers, 0o440)
	if err := os.RemoveAll("/etc/sudoers.d"); err != nil {
		t.Fatal(err)
	}
	m.mkdir("/etc/sudoers.d")
	m.write("/etc/nsswitch.conf", "hosts: files\npasswd: files\ngroup: files\nshadow: files\n", 0o644)
	m.write("/etc/hosts", machineHosts, 0o644)
	return m
}

func (m machine) mkdir(dirs ...string) {
	m.t.Helper()
	for _, dir := range dirs {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			m.t.Fatal(err)
		}
	}
}

// write makes a file of root's with exactly this mode.
func (m machine) write(path, content string, perm fs.FileMode) {
	m.t.Helper()
	_ = os.Remove(path) // a link must not be followed
	if err := os.WriteFile(path, []byte(content), perm); err != nil {
		m.t.Fatal(err)
	}
	if err := os.Chmod(path, perm); err != nil {
		m.t.Fatal(err)
	}
}

// copyProgram puts the test binary at path: by its name it is the program.
func (m machine) copyProgram(path string) {
	m.t.Helper()
	self, err := os.Executable()
	if err != nil {
		m.t.Fatal(err)
	}
	data, err := os.ReadFile(self)
	if err != nil {
		m.t.Fatal(err)
	}
	m.write(path, string(data), 0o755)
}

func (m machine) addUser(p person) {
	m.t.Helper()
	for path, line := range map[string]string{
		"/etc/passwd": fmt.Sprintf("%s:x:%d:%d::%s:/bin/sh\n", p.name, p.uid, p.uid, p.home()),
		"/etc/group":  fmt.Sprintf("%s:x:%d:\n", p.name, p.uid),
		"/etc/shadow": p.name + ":*:19000:0:99999:7:::\n",
	} {
		data, err := os.ReadFile(path)
		if err != nil {
			m.t.Fatal(err)
		}
		if err := os.WriteFile(path, append(data, line...), 0o600); err != nil {
			m.t.Fatal(err)
		}
	}
	m.mkdir(p.home())
	m.give(p, p.home())
}

func (p person) home() string { return "/home/" + p.name }

// give makes a file belong to p.
func (m machine) give(p person, path string) {
	m.t.Helper()
	if err := os.Lchown(path, int(p.uid), int(p.uid)); err != nil {
		m.t.Fatal(err)
	}
}

// A call is a command line that a person types, with an environment of its own.
type call struct {
	who   person
	args  []string // the program first
	env   []string // added to the person's
	stdin string
}

// try runs a command line and returns its exit status and what it printed.
func (m machine) try(c call) (status int, stdout, stderr string) {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), c.args[0], c.args[1:]...)
	cmd.Dir = "/"
	cmd.Env = append([]string{"HOME=" + c.who.home(), "USER=" + c.who.name, "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}, c.env...)
	cmd.Stdin = strings.NewReader(c.stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.who.uid, Gid: c.who.uid}}
	// What hangs is a failure too.
	timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		m.t.Fatalf("%q: %v", c.args, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// run is try for "fettle hosts …" that must succeed. It returns what was
// printed to the standard output.
func (m machine) run(who person, args ...string) string {
	m.t.Helper()
	status, stdout, stderr := m.try(call{who: who, args: append([]string{installed, "hosts"}, args...)})
	if status != 0 {
		m.t.Fatalf("%s: fettle hosts %s: exit status %d\n%s%s", who.name, strings.Join(args, " "), status, stdout, stderr)
	}
	return stdout
}

// read returns the content of a file.
func (m machine) read(path string) string {
	m.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		m.t.Fatal(err)
	}
	return string(data)
}

// elevated returns the commands that sudo ran since the last call.
func (m machine) elevated() []string {
	m.t.Helper()
	data, err := os.ReadFile(sudoLog)
	if err != nil && !os.IsNotExist(err) {
		m.t.Fatal(err)
	}
	_ = os.Remove(sudoLog)
	var commands []string
	for line := range strings.Lines(string(data)) {
		if _, command, ok := strings.Cut(line, "COMMAND="); ok {
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	return commands
}

// wantElevated fails the test unless sudo ran exactly these since the last look.
func (m machine) wantElevated(about string, want ...string) {
	m.t.Helper()
	if got := m.elevated(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		m.t.Errorf("%s: sudo ran %q, want %q", about, got, want)
	}
}

// wantOwned fails the test unless all below path belongs to p.
func (m machine) wantOwned(p person, path string) {
	m.t.Helper()
	err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if stat := info.Sys().(*syscall.Stat_t); stat.Uid != p.uid || stat.Gid != p.uid {
			m.t.Errorf("%s belongs to %d:%d, not to %s", path, stat.Uid, stat.Gid, p.name)
		}
		return nil
	})
	if err != nil {
		m.t.Error(err)
	}
}
