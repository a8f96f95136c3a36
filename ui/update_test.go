package ui

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"fettle/hosts"
)

const (
	blocking = "0.0.0.0 tracker.test\n"
	evil     = blocking + "203.0.113.6 bank.test\n"
)

// subscribe makes a subscribed profile "list", and returns what sets the text
// that its server sends.
func (f *fixture) subscribe(text string) (serve func(text string)) {
	f.t.Helper()
	var now atomic.Pointer[string]
	now.Store(&text)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, *now.Load())
	}))
	f.t.Cleanup(server.Close)
	sub := hosts.Subscription{Name: "list", URL: server.URL + "/hosts?key=secret", InsecureHTTP: true}
	if r := f.subscriber.Subscribe(f.t.Context(), sub, hosts.RefreshOptions{}); r.Err != nil {
		f.t.Fatal(r.Err)
	}
	return func(text string) { now.Store(&text) }
}

func (f *fixture) refresh() {
	f.t.Helper()
	if r := f.subscriber.Refresh(f.t.Context(), "list", hosts.RefreshOptions{}); r.Err != nil {
		f.t.Fatal(r.Err)
	}
	f.desk.refresh()
}

func (f *fixture) tap(o fyne.CanvasObject) {
	f.t.Helper()
	button, ok := o.(fyne.Tappable)
	if !ok {
		f.t.Fatalf("%T is no button", o)
	}
	test.Tap(button)
}

// answer presses a button of the open dialog.
func (f *fixture) answer(label string) {
	f.t.Helper()
	for _, o := range test.LaidOutObjects(f.sheet.popup) {
		if b, ok := o.(*keyButton); ok && b.Text == label {
			test.Tap(b)
			return
		}
	}
	f.t.Fatalf("the dialog has no button %q", label)
}

func TestSubscribedProfileIsNotEdited(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	f.subscribe(blocking)
	f.until("it is listed", func() bool { return f.listed() == "list staging" })
	f.choose("list")
	f.until("it says where it is from", func() bool { return strings.HasPrefix(f.pane.note.text, "From http://127.0.0.1") })
	if strings.Contains(f.pane.note.text, "secret") {
		t.Errorf("the key of the URL is shown: %s", f.pane.note.text)
	}
	test.Type(f.pane.editor, "x")
	if got := f.pane.editor.Text; got != blocking {
		t.Errorf("it can be typed into: %q", got)
	}
	if f.pane.external.Visible() {
		t.Error("it offers an editor, whose changes the next refresh would lose")
	}
}

func TestUpdateIsLookedAtAndAccepted(t *testing.T) {
	f := openWindow(t, outside, "staging", staging)
	serve := f.subscribe(blocking)
	f.until("it is listed", func() bool { return f.listed() == "list staging" })
	test.Tap(f.row("list").flip)
	f.until("it is on", func() bool { return f.active() == "list" && f.state.Busy == "" })
	f.choose("list")
	serve(evil)
	f.refresh()
	f.until("it is offered", func() bool { return f.pane.conflict.object.Visible() })
	if got := f.row("list").note.text; got != "An update is held back" {
		t.Errorf("the list says %q", got)
	}
	if got := f.pane.conflict.detail.Text; !strings.Contains(got, "bank.test to 203.0.113.6") {
		t.Errorf("it does not say where names lead: %q", got)
	}
	look := f.pane.conflict.buttons.Objects[0]
	f.tap(look)
	if got := f.sheetText(); !strings.Contains(got, "Accept the update of list?") || !strings.Contains(got, "bank.test") {
		t.Errorf("the dialog says %q", got)
	}
	f.press(fyne.KeyEscape)
	if f.asking() || strings.Contains(f.read(f.path), "bank.test") {
		t.Error("Escape does not mean no")
	}
	f.tap(look)
	f.answer("Accept")
	f.until("it is in force", func() bool { return strings.Contains(f.read(f.path), "203.0.113.6 bank.test") && f.state.Busy == "" })
	f.until("the editor shows it", func() bool { return f.pane.editor.Text == evil && !f.pane.conflict.object.Visible() })
}

// A subscription whose first text is held back has no profile yet.
func TestFirstTextIsAccepted(t *testing.T) {
	f := openWindow(t, outside)
	f.subscribe(evil)
	f.until("it is listed", func() bool { return f.listed() == "list" })
	if got := f.row("list").note.text; got != "Waits to be accepted" {
		t.Errorf("the list says %q", got)
	}
	f.choose("list")
	f.until("it is offered", func() bool { return f.pane.conflict.object.Visible() })
	f.tap(f.pane.conflict.buttons.Objects[0])
	f.answer("Accept")
	f.until("the editor shows it", func() bool { return f.pane.editor.Text == evil })
	if p, err := f.library.Load("list"); err != nil || string(p.Text) != evil {
		t.Errorf("the profile holds %q, %v", p.Text, err)
	}
}
