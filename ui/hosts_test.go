package ui

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"fettle/hosts"
)

const staging = "10.0.0.5\tshop.test\n"

func TestWindowShowsProfiles(t *testing.T) {
	f := openWindow(t, outside, "staging", staging, "ads", "0.0.0.0 ads.example\n")
	if got, want := f.listed(), "ads staging"; got != want {
		t.Errorf("profiles: got %q, want %q", got, want)
	}
	if got, want := f.header.text.text, "Original hosts file"; got != want {
		t.Errorf("status: got %q, want %q", got, want)
	}
	f.choose("staging")
	if got := f.pane.editor.Text; got != staging {
		t.Errorf("editor: got %q, want %q", got, staging)
	}
	f.choose("")
	if got := f.pane.editor.Text; got != outside {
		t.Errorf("the hosts file itself: got %q, want %q", got, outside)
	}
	test.Type(f.pane.editor, "x")
	if got := f.pane.editor.Text; got != outside {
		t.Errorf("the hosts file can be typed into: %q", got)
	}
}

func TestSwitch(t *testing.T) {
	f := openWindow(t, outside, "staging", staging, "ads", "0.0.0.0 ads.example\n")
	test.Tap(f.row("staging").flip)
	if f.row("staging").flip.on {
		t.Error("the switch moved before the file did")
	}
	f.until("staging is shown as on", func() bool { return f.row("staging").flip.on })
	if got := f.active(); got != "staging" {
		t.Errorf("in force: got %q, want staging", got)
	}
	if got, want := f.header.text.text, "staging is on"; got != want {
		t.Errorf("status: got %q, want %q", got, want)
	}
	f.idle()
	test.Tap(f.row("ads").flip)
	f.until("ads is shown as on", func() bool { return f.row("ads").flip.on })
	f.idle()
	test.Tap(f.row("staging").flip)
	f.until("staging is shown as off", func() bool { return !f.row("staging").flip.on })
	if got := f.active(); got != "ads" {
		t.Errorf("in force: got %q, want ads", got)
	}
	f.idle()
	test.Tap(f.header.all)
	f.until("all is off", func() bool { return !f.state.Status.On })
	if got := f.read(f.path); got != outside {
		t.Errorf("all off: got %q, want the original", got)
	}
	f.idle()
	test.Tap(f.header.all)
	f.until("the last set is back", func() bool { return f.state.Status.On })
	if got := f.active(); got != "ads" {
		t.Errorf("in force: got %q, want ads", got)
	}
}

func TestUndo(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	if !f.header.undo.Disabled() {
		t.Error("there is nothing to undo, and the button is enabled")
	}
	test.Tap(f.row("staging").flip)
	f.until("staging is on", func() bool { return f.state.Status.On && f.state.Busy == "" })
	f.Canvas().Focus(f.list)
	f.key(fyne.KeyZ)
	f.until("staging is off", func() bool { return !f.state.Status.On && f.state.Busy == "" })
	if got := f.read(f.path); got != outside {
		t.Errorf("after undo: got %q, want the original", got)
	}

	// In the editor the same key takes back typing alone.
	test.Tap(f.row("staging").flip)
	f.until("staging is on", func() bool { return f.state.Status.On && f.state.Busy == "" })
	f.Canvas().Focus(f.pane.editor)
	test.Type(f.pane.editor, "#")
	f.key(fyne.KeyZ)
	f.until("the text is as it was", func() bool { return f.pane.editor.Text == staging && !f.state.Document.Dirty })
	if got := f.active(); got != "staging" {
		t.Errorf("in force: got %q, want staging", got)
	}
}

func TestOthersChangeTheFiles(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	// As the command line does it: another System on the same file.
	system, err := hosts.Open(f.path, hosts.Options{StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = system.Apply(t.Context(), func(file *hosts.File) (*hosts.Plan, error) {
		return hosts.Switch{Op: hosts.On, Names: []string{"staging"}}.Plan(file, f.library, system.Platform)
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f.until("staging is shown as on", func() bool { return f.row("staging").flip.on })

	if err := f.library.Save(hosts.Profile{Name: "new", Text: []byte(staging)}); err != nil {
		t.Fatal(err)
	}
	f.until("the new profile is listed", func() bool { return f.listed() == "new staging" })

	f.write(f.library.Path("staging"), "10.0.0.6\tshop.test\n")
	f.until("the editor shows the new text", func() bool { return strings.HasPrefix(f.pane.editor.Text, "10.0.0.6") })
	f.until("it says what is not in force", func() bool { return f.state.Document.Stale })
	test.Tap(f.pane.saving)
	f.until("it is in force", func() bool { return !f.state.Document.Stale && f.state.Busy == "" })
	if got := f.read(f.path); !strings.Contains(got, "10.0.0.6") {
		t.Errorf("the hosts file does not hold the new text:\n%s", got)
	}
}

func TestSave(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	f.choose("staging")
	test.Type(f.pane.editor, "10.0.0.9 first.test\n")
	f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
	if got := f.read(f.library.Path("staging")); got != staging {
		t.Errorf("typing wrote the file: %q", got)
	}
	f.key(fyne.KeyS)
	f.until("it is saved", func() bool { return !f.state.Document.Dirty && f.state.Busy == "" })
	want := "10.0.0.9 first.test\n" + staging
	if got := f.read(f.library.Path("staging")); got != want {
		t.Errorf("saved: got %q, want %q", got, want)
	}
	if got := f.read(f.path); got != outside {
		t.Errorf("saving a profile that is off changed the hosts file: %q", got)
	}

	test.Tap(f.row("staging").flip)
	f.until("staging is on", func() bool { return f.state.Status.On && f.state.Busy == "" })
	test.Type(f.pane.editor, "10.0.0.8 second.test\n")
	f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
	test.Tap(f.pane.saving)
	f.until("it is saved", func() bool { return !f.state.Document.Dirty && f.state.Busy == "" })
	if got := f.read(f.path); !strings.Contains(got, "second.test") {
		t.Errorf("saving a profile that is on did not apply it:\n%s", got)
	}
}

func TestSaveKeepsLineEndings(t *testing.T) {
	f := openWindow(t, outside, "windows", "10.0.0.5 a.test\r\n10.0.0.6 b.test\r\n")
	f.choose("windows")
	test.Type(f.pane.editor, "# x\n")
	f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
	f.key(fyne.KeyS)
	f.until("it is saved", func() bool { return !f.state.Document.Dirty && f.state.Busy == "" })
	want := "# x\r\n10.0.0.5 a.test\r\n10.0.0.6 b.test\r\n"
	if got := f.read(f.library.Path("windows")); got != want {
		t.Errorf("saved: got %q, want %q", got, want)
	}
}

func TestRevertAndDrafts(t *testing.T) {
	f := openWindow(t, outside, "ads", "0.0.0.0 ads.example\n", "staging", staging)
	f.choose("staging")
	test.Type(f.pane.editor, "#")
	f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
	// What was typed waits while another profile is looked at.
	f.choose("ads")
	f.choose("staging")
	if got, want := f.pane.editor.Text, "#"+staging; got != want {
		t.Errorf("draft: got %q, want %q", got, want)
	}
	f.until("the list says so", func() bool { return f.state.Rows[1].Unsaved })
	test.Tap(f.pane.revert)
	f.until("it is as saved", func() bool { return f.pane.editor.Text == staging && !f.state.Document.Dirty })
}

func TestTheyChangeWhatIsEdited(t *testing.T) {
	const theirs = "10.9.9.9\ttheirs.test\n"
	start := func(t *testing.T) *fixture {
		f := openWindow(t, outside, "staging", staging)
		f.choose("staging")
		test.Type(f.pane.editor, "#")
		f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
		f.write(f.library.Path("staging"), theirs)
		f.until("the conflict is shown", func() bool { return f.state.Document.Conflict == changedOnDisk })
		if got, want := f.pane.editor.Text, "#"+staging; got != want {
			t.Fatalf("the draft: got %q, want %q", got, want)
		}
		if !f.pane.saving.Disabled() {
			t.Fatal("the conflict is not decided, and Save is enabled")
		}
		return f
	}
	t.Run("keep mine", func(t *testing.T) {
		f := start(t)
		f.desk.keep("staging")
		f.until("it is decided", func() bool { return f.state.Document.Conflict == noConflict })
		f.key(fyne.KeyS)
		f.until("it is saved", func() bool { return !f.state.Document.Dirty && f.state.Busy == "" })
		if got, want := f.read(f.library.Path("staging")), "#"+staging; got != want {
			t.Errorf("saved: got %q, want %q", got, want)
		}
	})
	t.Run("load theirs", func(t *testing.T) {
		f := start(t)
		f.desk.revert("staging")
		f.until("theirs is shown", func() bool { return f.pane.editor.Text == theirs && !f.state.Document.Dirty })
	})
	t.Run("not noticed yet", func(t *testing.T) {
		f := openWindow(t, outside, "staging", staging)
		f.choose("staging")
		test.Type(f.pane.editor, "#")
		f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
		f.write(f.library.Path("staging"), theirs)
		f.desk.save([]string{"staging"}, nil)
		f.until("the conflict is shown", func() bool { return f.state.Document.Conflict == changedOnDisk })
		if got := f.read(f.library.Path("staging")); got != theirs {
			t.Errorf("their text is lost: the file holds %q", got)
		}
	})
	t.Run("deleted", func(t *testing.T) {
		f := openWindow(t, outside, "staging", staging)
		f.choose("staging")
		test.Type(f.pane.editor, "#")
		f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
		if err := f.library.Remove("staging"); err != nil {
			t.Fatal(err)
		}
		f.until("the conflict is shown", func() bool { return f.state.Document.Conflict == removedOnDisk })
		f.desk.keep("staging")
		f.until("it is decided", func() bool { return f.state.Document.Conflict == noConflict })
		f.key(fyne.KeyS)
		f.until("it is saved", func() bool { return !f.state.Document.Dirty && f.state.Busy == "" })
		if got, want := f.read(f.library.Path("staging")), "#"+staging; got != want {
			t.Errorf("saved: got %q, want %q", got, want)
		}
	})
}

// A save counts, however fast it follows the typing, and while something runs.
func TestSaveIsNeverLost(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	f.choose("staging")
	test.Type(f.pane.editor, "#")
	f.key(fyne.KeyS)
	f.until("it is saved", func() bool { return f.read(f.library.Path("staging")) == "#"+staging })
	f.idle()

	release := make(chan struct{})
	f.desk.start(job{text: "Waiting"}, func(context.Context) error { <-release; return nil })
	f.until("it is busy", func() bool { return f.state.Busy != "" })
	test.Type(f.pane.editor, "#")
	f.key(fyne.KeyS)
	close(release)
	f.until("it is saved after what ran", func() bool { return f.read(f.library.Path("staging")) == "##"+staging })
}

func TestNewProfile(t *testing.T) {
	f := openWindow(t, outside)
	if !f.empty.Visible() {
		t.Error("without profiles the window does not say what to do")
	}
	f.key(fyne.KeyN)
	name, ok := f.Canvas().Focused().(*keyEntry)
	if !ok {
		t.Fatalf("focus: got %T, want the name", f.Canvas().Focused())
	}
	test.Type(name, "no/slash")
	if got := f.sheetText(); !strings.Contains(got, "cannot be a name") {
		t.Errorf("a bad name: got %q", got)
	}
	f.press(fyne.KeyReturn)
	f.press(fyne.KeyEscape)
	if f.asking() {
		t.Error("Escape does not close the dialog")
	}
	f.key(fyne.KeyN)
	test.Type(f.Canvas().Focused(), "shop")
	f.press(fyne.KeyReturn)
	f.until("the profile is open", func() bool { return f.pane.shown.Name == "shop" && !f.pane.shown.ReadOnly })
	if got := f.read(f.library.Path("shop")); got != template {
		t.Errorf("the new file: got %q", got)
	}
	f.until("the editor has the focus", func() bool { return f.Canvas().Focused() == f.pane.editor })
	if f.empty.Visible() {
		t.Error("there is a profile, and the window says that there is none")
	}
}

func TestDelete(t *testing.T) {
	f := openWindow(t, outside, "ads", "0.0.0.0 ads.example\n", "staging", staging)
	test.Tap(f.row("staging").flip)
	f.until("staging is on", func() bool { return f.state.Status.On && f.state.Busy == "" })
	f.choose("staging")
	f.Canvas().Focus(f.list)
	f.press(fyne.KeyDelete)
	if got := f.sheetText(); !strings.Contains(got, "staging is on.") {
		t.Errorf("deleting a profile that is on: got %q", got)
	}
	f.press(fyne.KeyEscape)

	f.choose("ads")
	f.Canvas().Focus(f.list)
	f.press(fyne.KeyDelete)
	if got := f.sheetText(); !strings.Contains(got, "cannot be undone") {
		t.Errorf("deleting: got %q", got)
	}
	f.press(fyne.KeyReturn) // the focus is on Cancel
	if f.asking() {
		t.Fatal("Return does not press the button")
	}
	f.read(f.library.Path("ads"))

	f.press(fyne.KeyDelete)
	f.Canvas().FocusNext()
	f.press(fyne.KeyReturn)
	f.until("it is gone", func() bool { return f.listed() == "staging" })
	if list, err := f.library.List(); err != nil || len(list) != 1 {
		t.Errorf("the folder holds %v, %v", list, err)
	}
}

func TestKeys(t *testing.T) {
	f := openWindow(t, outside, "ads", "0.0.0.0 ads.example\n", "staging", staging)
	f.Canvas().Focus(f.list)
	f.press(fyne.KeyDown)
	f.until("staging is chosen", func() bool { return f.pane.shown.Name == "staging" })
	f.press(fyne.KeySpace)
	f.until("staging is on", func() bool { return f.row("staging").flip.on && f.state.Busy == "" })
	f.press(fyne.KeySpace)
	f.until("staging is off", func() bool { return !f.row("staging").flip.on && f.state.Busy == "" })
	f.press(fyne.KeyUp)
	f.until("ads is chosen", func() bool { return f.pane.shown.Name == "ads" })
	f.press(fyne.KeyReturn)
	if f.Canvas().Focused() != f.pane.editor {
		t.Error("Return does not lead to the text")
	}
	f.press(fyne.KeyEscape)
	if f.Canvas().Focused() != f.list {
		t.Error("Escape does not lead back to the list")
	}
	f.Canvas().FocusNext()
	if f.Canvas().Focused() == f.list {
		t.Error("Tab does not leave the list")
	}
}

func TestCloseAsksForUnsaved(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	closed := false
	f.SetOnClosed(func() { closed = true })
	f.choose("staging")
	test.Type(f.pane.editor, "#")
	f.until("it is marked unsaved", func() bool { return f.state.Document.Dirty })
	f.close()
	if got := f.sheetText(); !strings.Contains(got, "Save the changes of staging?") {
		t.Fatalf("closing: got %q", got)
	}
	f.press(fyne.KeyReturn)
	f.until("it is closed", func() bool { return closed })
	if got, want := f.read(f.library.Path("staging")), "#"+staging; got != want {
		t.Errorf("saved: got %q, want %q", got, want)
	}
}

func TestFindings(t *testing.T) {
	f := openWindow(t, outside, "bad", "127.0.0.1 good.test\n127.0.0.1 http://shop.test:8080\n")
	f.choose("bad")
	f.until("the bad line is listed", func() bool { return f.pane.findings.object.Visible() })
	if got := f.pane.findings.found[0]; got.Line != 2 || got.Severity != hosts.SeverityError {
		t.Errorf("first finding: got %+v, want the error in line 2", got)
	}
	f.pane.findings.list.OnSelected(0)
	if got := f.pane.editor.CursorRow; got != 1 {
		t.Errorf("cursor: got row %d, want 1", got)
	}
	f.pane.editor.SetText("127.0.0.1 good.test\n")
	f.until("nothing is listed", func() bool { return !f.pane.findings.object.Visible() })
}
