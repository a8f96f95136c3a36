package ui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"fettle/hosts"
)

// outside is a hosts file before Fettle, of a kind that everybody has.
const outside = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n\n192.0.2.7\tprinter\n"

// A fixture is a window on real files, in a folder of the test.
type fixture struct {
	*hostsWindow
	t          *testing.T
	path       string // of the hosts file
	library    hosts.Library
	subscriber *hosts.Subscriber
	drawing    chan func() // what fyne.Do would run
}

// openWindow shows a window on a hosts file of this content, and on profiles
// given as name and text. The window has drawn what the files say.
func openWindow(t *testing.T, content string, profiles ...string) *fixture {
	t.Helper()
	dir := t.TempDir()
	f := &fixture{
		t: t, path: filepath.Join(dir, "hosts"),
		library: hosts.Library{Dir: filepath.Join(dir, "config", "hosts")},
		drawing: make(chan func(), 1000),
	}
	f.subscriber = &hosts.Subscriber{
		Library: f.library, StateDir: filepath.Join(dir, "state"), Fetcher: hosts.NewFetcher(hosts.FetchLimits{}, "test"),
	}
	f.write(f.path, content)
	for i := 0; i < len(profiles); i += 2 {
		if err := f.library.Save(hosts.Profile{Name: profiles[i], Text: []byte(profiles[i+1])}); err != nil {
			t.Fatal(err)
		}
	}
	system, err := hosts.Open(f.path, hosts.Options{StateDir: filepath.Join(dir, "state")})
	if err != nil {
		t.Fatal(err)
	}
	f.show(Options{System: system, Library: f.library, Subscriber: f.subscriber, Watch: func(ctx context.Context, changed func()) error {
		return hosts.Watch(ctx, f.path, f.library, changed)
	}})
	return f
}

func (f *fixture) show(o Options) {
	f.t.Helper()
	app := test.NewTempApp(f.t)
	app.Settings().SetTheme(Theme{})
	win := test.NewWindow(nil) // a temporary one could not be closed by the test
	main := func(draw func()) { f.drawing <- draw }

	ctx, stop := context.WithCancel(f.t.Context())
	d := newDesk(ctx, o, func(s State) { main(func() { f.render(s) }) })
	d.settle = time.Millisecond
	f.hostsWindow = newHostsWindow(win, d, main)
	win.Resize(fyne.NewSize(960, 600))
	var work sync.WaitGroup
	work.Go(d.run)
	work.Go(func() { follow(ctx, o, d) })
	f.t.Cleanup(func() {
		stop()
		work.Wait()
	})
	f.until("the files are shown", func() bool { return f.state.Loaded })
}

// until draws what is to be drawn until ok holds.
func (f *fixture) until(what string, ok func() bool) {
	f.t.Helper()
	deadline := time.After(10 * time.Second)
	for !ok() {
		select {
		case draw := <-f.drawing:
			draw()
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			f.t.Fatalf("not seen within 10 s: %s\nstate: %+v\nproblem: %+v", what, f.state, f.state.Problem)
		}
	}
}

// idle waits for the end of the job that runs.
func (f *fixture) idle() {
	f.t.Helper()
	f.until("the job has ended", func() bool { return f.state.Busy == "" })
}

func (f *fixture) write(path, content string) {
	f.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) read(path string) string {
	f.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(data)
}

// active returns what the hosts file itself says is in force.
func (f *fixture) active() string {
	f.t.Helper()
	return strings.Join(hosts.Names(hosts.Parse([]byte(f.read(f.path))).Active()), " ")
}

// row returns how the list draws a profile.
func (f *fixture) row(name string) *rowView {
	f.t.Helper()
	for _, o := range test.LaidOutObjects(f.list) {
		if v, ok := o.(*rowView); ok && v.name.text == name {
			return v
		}
	}
	f.t.Fatalf("the list does not show %q", name)
	return nil
}

// listed returns the names that the list draws, below the hosts file.
func (f *fixture) listed() string {
	var names []string
	for _, o := range test.LaidOutObjects(f.list) {
		if v, ok := o.(*rowView); ok && v.flip.Visible() {
			names = append(names, v.name.text)
		}
	}
	return strings.Join(names, " ")
}

// choose selects a profile with a click, and waits for its text.
func (f *fixture) choose(name string) {
	f.t.Helper()
	f.list.Select(f.state.row(name) + 1)
	f.until(name+" is in the editor", func() bool { return f.pane.shown.Name == name && f.pane.shown.Revision >= 0 })
}

// key presses a key with the shortcut modifier of the system, as the driver
// delivers it: to the focused widget if that takes shortcuts, else to the window.
func (f *fixture) key(name fyne.KeyName) {
	var s fyne.Shortcut = &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}
	if name == fyne.KeyZ {
		s = &fyne.ShortcutUndo{}
	}
	if focused, ok := f.Canvas().Focused().(fyne.Shortcutable); ok {
		focused.TypedShortcut(s)
		return
	}
	f.typed(s)
}

// press sends a key to the focused widget.
func (f *fixture) press(name fyne.KeyName) {
	f.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// sheetText returns everything that the open dialog says.
func (f *fixture) sheetText() string {
	if !f.asking() {
		return ""
	}
	return texts(f.sheet.popup)
}

// texts returns what an object says, in the order in which it is drawn.
func texts(o fyne.CanvasObject) string {
	var b bytes.Buffer
	for _, o := range test.LaidOutObjects(o) {
		if t, ok := o.(interface{ String() string }); ok {
			b.WriteString(t.String() + "\n")
		}
	}
	return b.String()
}
