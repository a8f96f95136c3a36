package ui

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"fettle/hosts"
)

// A sheet is a dialog whose first field has the focus and that Escape closes;
// fyne's own do neither.
type sheet struct {
	popup  *widget.PopUp
	canvas fyne.Canvas
	before fyne.Focusable
}

const sheetWidth = 420

// showSheet shows a dialog. The focus goes to first.
func showSheet(c fyne.Canvas, title string, content fyne.CanvasObject, first fyne.Focusable, buttons ...fyne.CanvasObject) *sheet {
	head := widget.NewLabel(title)
	head.TextStyle.Bold = true
	head.SizeName = theme.SizeNameSubHeadingText
	head.Wrapping = fyne.TextWrapWord
	bar := container.NewHBox(append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
	box := container.New(layout.NewCustomPaddedLayout(8, 10, 10, 10),
		container.NewVBox(head, content, container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), bar)))
	s := &sheet{canvas: c, before: c.Focused()}
	s.popup = widget.NewModalPopUp(box, c)
	width := min(max(sheetWidth, content.MinSize().Width+20), c.Size().Width-40)
	s.popup.Resize(fyne.NewSize(width, 0))
	s.popup.Show()
	// A label learns how high it is from its width.
	s.popup.Resize(fyne.NewSize(width, box.MinSize().Height))
	c.Focus(first)
	return s
}

func (s *sheet) close() {
	s.popup.Hide()
	if s.before != nil {
		s.canvas.Focus(s.before)
	}
}

// A keyButton is a button that Return presses, as Space does, and that tells of
// Escape.
type keyButton struct {
	widget.Button
	escape func()
}

func newKeyButton(text string, tapped, escape func()) *keyButton {
	b := &keyButton{escape: escape}
	b.Text, b.OnTapped = text, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey implements fyne.Focusable.
func (b *keyButton) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyEscape:
		b.escape()
	case fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() {
			b.OnTapped()
		}
	default:
		b.Button.TypedKey(event)
	}
}

// A keyEntry is a text field that tells of Escape.
type keyEntry struct {
	widget.Entry
	escape func()
}

func newKeyEntry(escape func()) *keyEntry {
	e := &keyEntry{escape: escape}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *keyEntry) TypedKey(event *fyne.KeyEvent) {
	if event.Name == fyne.KeyEscape {
		e.escape()
		return
	}
	e.Entry.TypedKey(event)
}

// ask puts a question. The focus is on the answer that changes nothing.
func ask(c fyne.Canvas, title, text, yes string, do func()) *sheet {
	var s *sheet
	closing := func() { s.close() }
	no := newKeyButton("Cancel", closing, closing)
	ok := newKeyButton(yes, func() { s.close(); do() }, closing)
	ok.Importance = widget.DangerImportance
	detail := widget.NewLabel(text)
	detail.Wrapping = fyne.TextWrapWord
	s = showSheet(c, title, detail, no, no, ok)
	return s
}

// template is the text of a new profile: it teaches the form by an example.
const template = "# One line for each address: the address, then its names.\n" +
	"# 127.0.0.1\tshop.test api.shop.test\n"

// askName asks for the name of a new profile. Create makes it, and calls done on
// the goroutine that draws.
func askName(c fyne.Canvas, taken []string, create func(name string, done func(error))) *sheet {
	var s *sheet
	closing := func() { s.close() }
	name := newKeyEntry(closing)
	name.SetPlaceHolder("staging")
	hint := widget.NewLabel("Letters, digits, “.”, “_” and “-”.")
	hint.SizeName = theme.SizeNameCaptionText
	hint.Wrapping = fyne.TextWrapWord
	complain := func(err error) {
		hint.Importance = widget.DangerImportance
		hint.SetText(nameTrouble(err))
	}
	var ok *keyButton
	submit := func() {
		if ok.Disabled() {
			return
		}
		create(strings.TrimSpace(name.Text), func(err error) {
			if err != nil {
				complain(err)
				return
			}
			s.close()
		})
	}
	ok = newKeyButton("Create", submit, closing)
	ok.Importance = widget.HighImportance
	ok.Disable()
	name.OnSubmitted = func(string) { submit() }
	name.OnChanged = func(typed string) {
		typed = strings.TrimSpace(typed)
		err := checkNewName(typed, taken)
		if err == nil {
			ok.Enable()
		} else {
			ok.Disable()
		}
		if err != nil && typed != "" {
			complain(err)
			return
		}
		hint.Importance = widget.MediumImportance
		hint.SetText("Letters, digits, “.”, “_” and “-”.")
	}
	cancel := newKeyButton("Cancel", closing, closing)
	s = showSheet(c, "New profile", container.NewVBox(name, hint), name, cancel, ok)
	return s
}

func checkNewName(name string, taken []string) error {
	if err := hosts.CheckName(name); err != nil {
		return err
	}
	for _, have := range taken {
		if strings.EqualFold(have, name) {
			return hosts.ErrExists
		}
	}
	return nil
}

// nameTrouble says why a profile cannot be made.
func nameTrouble(err error) string {
	var bad *hosts.NameError
	switch {
	case errors.Is(err, hosts.ErrExists):
		return "There is a profile of this name already."
	case errors.As(err, &bad):
		return "This cannot be a name: " + bad.Reason + "."
	}
	return err.Error()
}

// tell says something that leaves nothing to decide.
func tell(c fyne.Canvas, title, text string) *sheet {
	var s *sheet
	closing := func() { s.close() }
	ok := newKeyButton("OK", closing, closing)
	ok.Importance = widget.HighImportance
	detail := widget.NewLabel(text)
	detail.Wrapping = fyne.TextWrapWord
	s = showSheet(c, title, detail, ok, ok)
	return s
}

// askUnsaved asks what becomes of unsaved changes.
func askUnsaved(c fyne.Canvas, title string, save, drop func()) *sheet {
	var s *sheet
	closing := func() { s.close() }
	no := newKeyButton("Cancel", closing, closing)
	discard := newKeyButton("Discard", func() { s.close(); drop() }, closing)
	ok := newKeyButton("Save", func() { s.close(); save() }, closing)
	ok.Importance = widget.HighImportance
	detail := widget.NewLabel("Otherwise they are lost.")
	s = showSheet(c, title, detail, ok, no, discard, ok)
	return s
}
