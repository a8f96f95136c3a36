package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"fettle/hosts"
	"fettle/internal/elevate"
)

// cure returns the button of the problem that is shown.
func (f *fixture) cure() *widget.Button {
	f.t.Helper()
	if !f.problem.object.Visible() || len(f.problem.buttons.Objects) == 0 {
		f.t.Fatalf("no button is shown; problem: %+v", f.state.Problem)
	}
	return f.problem.buttons.Objects[0].(*widget.Button)
}

func TestDamagedSection(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	test.Tap(f.row("staging").flip)
	f.until("staging is on", func() bool { return f.state.Status.On && f.state.Busy == "" })
	torn, _, _ := strings.Cut(f.read(f.path), "# <<< fettle")
	f.write(f.path, torn)
	f.until("the damage is told", func() bool { return f.state.Problem != nil })
	if got := f.problem.title.Text + f.problem.lines.Text; !strings.Contains(got, "damaged") || !strings.Contains(got, "# >>> fettle") {
		t.Errorf("got %q, want the damage with its line", got)
	}
	if !f.row("staging").flip.Disabled() {
		t.Error("a damaged file has switches")
	}
	if f.read(f.path) != torn {
		t.Error("the damaged file was touched")
	}
	test.Tap(f.cure())
	if got := f.sheetText(); !strings.Contains(got, "becomes what it was before") {
		t.Fatalf("the cure: got %q, want a question", got)
	}
	f.Canvas().FocusNext()
	f.press("Return")
	f.until("it is well", func() bool { return f.state.Problem == nil && f.state.Busy == "" })
	if got := f.read(f.path); got != outside {
		t.Errorf("put back: got %q, want the original", got)
	}
}

func TestSectionChangedByOthers(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	test.Tap(f.row("staging").flip)
	f.until("staging is on", func() bool { return f.state.Status.On && f.state.Busy == "" })
	good := f.read(f.path)
	f.write(f.path, strings.Replace(good, "10.0.0.5", "10.0.0.99", 1))
	f.until("it is told", func() bool { return f.state.Problem != nil })
	test.Tap(f.cure())
	f.until("it is well", func() bool { return f.state.Problem == nil && f.state.Busy == "" })
	if got := f.read(f.path); strings.Contains(got, "10.0.0.99") {
		t.Errorf("the change is still there:\n%s", got)
	}
}

func TestHostsFileGone(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	if err := os.Remove(f.path); err != nil {
		t.Fatal(err)
	}
	f.until("it is told", func() bool { return f.state.Problem != nil })
	if got, want := f.problem.title.Text, "There is no hosts file."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	f.write(f.path, outside)
	f.until("it is well", func() bool { return f.state.Problem == nil && f.state.Status.Readable })
}

func TestUTF16(t *testing.T) {
	f := openWindow(t, "\xff\xfe1\x002\x00", "staging", staging)
	f.until("it is told", func() bool { return f.state.Problem != nil })
	if got, want := f.problem.title.Text, "The hosts file is in UTF-16."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFolderOfProfilesGone(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	if err := os.RemoveAll(f.library.Dir); err != nil {
		t.Fatal(err)
	}
	f.until("the first step is taught", func() bool { return f.state.Empty && f.empty.Visible() })
}

func TestProtectedName(t *testing.T) {
	f := openWindow(t, outside, "mine", "10.0.0.1 localhost\n")
	test.Tap(f.row("mine").flip)
	f.until("it is refused", func() bool { return f.state.Problem != nil })
	if got, want := f.problem.title.Text, "localhost cannot be overridden."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if f.row("mine").flip.on || f.read(f.path) != outside {
		t.Error("it was switched on all the same")
	}
	f.desk.dismiss()
	f.until("it is dismissed", func() bool { return f.state.Problem == nil })
}

// A system file cannot be written here, and its dialog not be shown; what the
// dialog answers reaches the window as an error of Apply.
func TestExplain(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	answer := elevate.ErrDenied
	tries := 0
	try := func(context.Context) error { tries++; return answer }
	f.desk.start(job{text: "Trying"}, try)
	f.until("it is told", func() bool { return f.state.Problem != nil })
	if got, want := f.problem.title.Text, "Nothing was changed."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	answer = nil
	test.Tap(f.cure())
	f.until("it went well", func() bool { return f.state.Problem == nil && f.state.Busy == "" })
	if tries != 2 {
		t.Errorf("tries: got %d, want 2", tries)
	}
}

func TestCancel(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	f.desk.start(job{text: "Waiting for the password", profile: "staging"}, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	f.until("it is busy", func() bool { return f.header.cancel.Visible() })
	if !f.row("staging").flip.Disabled() {
		t.Error("a switch can be tapped while another is moved")
	}
	test.Tap(f.header.cancel)
	f.idle()
	if f.state.Problem != nil {
		t.Errorf("cancelling is no problem: %+v", f.state.Problem)
	}
}

func TestLargeProfile(t *testing.T) {
	line := "0.0.0.0 tracker.example\n"
	f := openWindow(t, outside, "blocklist", strings.Repeat(line, 200_000))
	f.choose("blocklist")
	if !f.pane.shown.ReadOnly || !f.pane.external.Visible() {
		t.Error("a large profile is not shown read-only with a way to edit it")
	}
	if got := len(f.pane.editor.Text); got > head {
		t.Errorf("the editor holds %d bytes, want at most %d", got, head)
	}
	test.Tap(f.row("blocklist").flip)
	f.until("it is on", func() bool { return f.row("blocklist").flip.on && f.state.Busy == "" })
	if f.state.Document.Stale {
		t.Error("it is in force as saved, and the window says that it is not")
	}
}

func TestBadBytesAreNotSaved(t *testing.T) {
	f := openWindow(t, outside, "latin1", "# caf\xe9\n10.0.0.5 shop.test\n")
	f.choose("latin1")
	test.Type(f.pane.editor, "x")
	if !f.pane.shown.ReadOnly || strings.HasPrefix(f.pane.editor.Text, "x") {
		t.Error("a text that the editor would damage can be edited")
	}
}

func TestUnreadableProfile(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	if err := os.Mkdir(filepath.Join(f.library.Dir, "odd.hosts"), 0o755); err != nil {
		t.Fatal(err)
	}
	// A folder is passed over, and a file in UTF-16 says why it cannot be shown.
	f.write(f.library.Path("wide"), "\xff\xfe1\x002\x00")
	f.until("it is listed", func() bool { return f.listed() == "staging wide" })
	f.choose("wide")
	f.until("it says why", func() bool { return strings.Contains(f.pane.note.text, hosts.ErrUTF16.Error()) })
}
