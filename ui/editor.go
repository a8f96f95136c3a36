package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// An editor is a multi-line text in a fixed-width font. The keys of the window
// work in it too. Tab writes a tab, as hosts files use them; Shift+Tab and
// Escape leave it.
type editor struct {
	widget.Entry
	readOnly bool
	shortcut func(fyne.Shortcut) bool // reports whether the window knows it
	leave    func()
}

func newEditor() *editor {
	e := &editor{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapOff
	e.Scroll = fyne.ScrollBoth
	e.TextStyle = fyne.TextStyle{Monospace: true}
	e.ExtendBaseWidget(e)
	return e
}

// put shows another text, at its beginning.
func (e *editor) put(text string) {
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(text)
	e.OnChanged = changed
	e.CursorRow, e.CursorColumn = 0, 0
	e.Refresh()
}

// goTo moves the cursor to a place, counted from 1.
func (e *editor) goTo(row, column int) {
	e.CursorRow, e.CursorColumn = row-1, max(0, column-1)
	e.Refresh()
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft}) // the widget scrolls to its cursor after a key
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
}

// AcceptsTab implements fyne.Tabbable.
func (e *editor) AcceptsTab() bool { return !e.readOnly && !shiftHeld() }

// TypedRune implements fyne.Focusable.
func (e *editor) TypedRune(r rune) {
	if !e.readOnly {
		e.Entry.TypedRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (e *editor) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyEscape:
		e.leave()
		return
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		if e.readOnly {
			return
		}
	}
	e.Entry.TypedKey(event)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *editor) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutUndo, *fyne.ShortcutRedo, *fyne.ShortcutCut, *fyne.ShortcutPaste:
		if e.readOnly {
			return
		}
	case *fyne.ShortcutCopy, *fyne.ShortcutSelectAll:
	default:
		if e.shortcut(s) {
			return
		}
	}
	e.Entry.TypedShortcut(s)
}

// TappedSecondary implements fyne.SecondaryTappable.
func (e *editor) TappedSecondary(event *fyne.PointEvent) {
	if !e.readOnly { // the widget's menu would offer to cut and paste
		e.Entry.TappedSecondary(event)
	}
}

// shiftHeld reports whether Shift is down, on drivers that know.
func shiftHeld() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}
