package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fettle/hosts"
)

// plainHosts is a hosts file in which no profile is on.
const plainHosts = "127.0.0.1 localhost\n"

// A world is a hosts file and a user's folders, for one test alone.
type world struct {
	t     testing.TB
	hosts string // a file
	vars  map[string]string
}

// newWorld makes a world whose hosts file has this content, in a folder of its
// own. There are no profiles yet.
func newWorld(t testing.TB, content string) world {
	t.Helper()
	dir := t.TempDir()
	w := world{t: t, hosts: filepath.Join(dir, "etc", "hosts"), vars: map[string]string{
		"FETTLE_CONFIG_DIR": filepath.Join(dir, "config"),
		"FETTLE_STATE_DIR":  filepath.Join(dir, "state"),
	}}
	if err := os.Mkdir(filepath.Dir(w.hosts), 0o755); err != nil {
		t.Fatal(err)
	}
	w.write(content)
	return w
}

// write replaces the content of the hosts file, as another program would.
func (w world) write(content string) {
	w.t.Helper()
	if err := os.WriteFile(w.hosts, []byte(content), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) content() string {
	w.t.Helper()
	data, err := os.ReadFile(w.hosts)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}

// profile saves a profile.
func (w world) profile(name, text string) {
	w.t.Helper()
	library := hosts.Library{Dir: filepath.Join(w.vars["FETTLE_CONFIG_DIR"], "hosts")}
	if err := library.Save(hosts.Profile{Name: name, Text: []byte(text)}); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) args(args []string) []string {
	return append([]string{"hosts", "--hosts-file", w.hosts}, args...)
}

// command returns "fettle hosts …" on the world's hosts file, as a process.
func (w world) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], w.args(args)...)
	cmd.Args[0] = "fettle" // by which TestMain knows that it is the program
	cmd.Env = os.Environ()
	for name, value := range w.vars {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// try runs "fettle hosts …" in this process, and returns its exit status and
// what it printed.
func (w world) try(args ...string) (status int, output string) {
	var out bytes.Buffer
	e := &env{stdin: strings.NewReader(""), stdout: &out, stderr: &out, now: time.Now, getenv: func(name string) string { return w.vars[name] }}
	status = run(w.t.Context(), e, w.args(args))
	return status, out.String()
}

// run is try for a command that must succeed.
func (w world) run(args ...string) string {
	w.t.Helper()
	status, output := w.try(args...)
	if status != 0 {
		w.t.Fatalf("fettle hosts %s: exit status %d\n%s", strings.Join(args, " "), status, output)
	}
	return output
}

// wantContent fails the test if the hosts file has another content, apart from
// the time of the switch.
func (w world) wantContent(about, want string) {
	w.t.Helper()
	if got := w.content(); timeless(got) != timeless(want) {
		w.t.Errorf("%s: the hosts file is %d bytes, %.200q… %.1000q, want %d bytes, %.200q", about, len(got), got, got[max(0, len(got)-1000):], len(want), want)
	}
}

var since = regexp.MustCompile(` since \S+`)

func timeless(content string) string { return since.ReplaceAllString(content, "") }

// temporaryFiles returns what an interrupted writer left anywhere in the world.
func (w world) temporaryFiles() []string {
	w.t.Helper()
	var found []string
	for path := range w.snapshot() {
		if strings.HasPrefix(filepath.Base(path), ".") {
			found = append(found, path)
		}
	}
	return found
}

// snapshot returns each file and folder of the world with all that a write
// would change.
func (w world) snapshot() map[string]string {
	w.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(filepath.Dir(filepath.Dir(w.hosts)), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files[path] = info.Mode().String() + " " + info.ModTime().String() + " " + inode(info)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}
