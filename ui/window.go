package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A hostsWindow draws the States of a desk, and tells the desk what the user
// does. All of it belongs to the goroutine that draws.
type hostsWindow struct {
	fyne.Window
	desk  *desk
	main  func(func()) // runs a function on the goroutine that draws
	state State

	header  *header
	problem *notice
	list    *profileList
	empty   *fyne.Container
	add     *widget.Button
	pane    *pane

	sheet     *sheet // the dialog that is open, or nil
	shortcuts map[string]func()
}

// newHostsWindow fills a window. It shows nothing of the files until render is
// called with the desk's first State.
func newHostsWindow(win fyne.Window, d *desk, main func(func())) *hostsWindow {
	w := &hostsWindow{Window: win, desk: d, main: main}
	w.header = newHeader(d)
	w.problem = newNotice(0, 10, 12, 12)
	w.list = w.newList()
	w.pane = newPane(w)
	w.empty = w.newEmpty()
	w.empty.Hide()
	win.SetContent(w.layout())
	w.addShortcuts()
	win.SetCloseIntercept(w.close)
	win.Canvas().Focus(w.list)
	return w
}

const sidebarWidth = 236

func (w *hostsWindow) layout() fyne.CanvasObject {
	title := newLine(theme.SizeNameCaptionText, colorMuted, fyne.TextStyle{Bold: true})
	title.setText("PROFILES")
	w.add = widget.NewButtonWithIcon("", theme.ContentAddIcon(), w.newProfile)
	w.add.Importance = widget.LowImportance
	bar := container.NewBorder(nil, nil, nil, w.add, container.New(layout.NewCustomPaddedLayout(9, 0, 10, 0), title))
	side := container.NewBorder(bar, nil, nil, nil, container.NewStack(w.list, container.NewVBox(gap(0, 52), w.empty)))
	sidebar := newPanel(colorSidebar, 0, container.New(layout.NewCustomPaddedLayout(4, 6, 6, 6), side))
	width := gap(sidebarWidth, 0)
	top := container.New(layout.NewCustomPaddedVBoxLayout(0), w.header.object, w.problem.object)
	body := container.NewBorder(nil, nil, container.NewStack(width, sidebar), nil, w.pane.object)
	return container.NewBorder(container.New(layout.NewCustomPaddedVBoxLayout(0), top, widget.NewSeparator()), nil, nil, nil, body)
}

func (w *hostsWindow) newList() *profileList {
	l := newProfileList(w.desk.system.Path)
	l.onSelect = func(name string) {
		w.desk.choose(name)
		w.Canvas().Focus(l)
	}
	l.onFlip = w.desk.flip
	l.onOpen = func() { w.Canvas().Focus(w.pane.editor) }
	l.onDelete = w.delete
	return l
}

// newEmpty is what stands in the place of the profiles when there are none.
func (w *hostsWindow) newEmpty() *fyne.Container {
	text := widget.NewLabel("No profiles yet. A profile is a list of addresses and names, such as “127.0.0.1 shop.test”, " +
		"that you switch on and off with one click. The rest of your hosts file stays as it is.")
	text.Wrapping = fyne.TextWrapWord
	text.Importance = widget.LowImportance
	create := widget.NewButtonWithIcon("New profile", theme.ContentAddIcon(), w.newProfile)
	create.Importance = widget.HighImportance
	return container.NewVBox(text, padded(create, 4, 0, 8, 8))
}

// render draws a state.
func (w *hostsWindow) render(s State) {
	w.state = s
	w.SetTitle("Hosts – Fettle")
	idle := s.Busy == "" && s.Status.Readable
	w.header.render(s)
	w.problem.problem(s.Problem, s.Busy != "", func(p *Problem) {
		w.sheet = ask(w.Canvas(), p.Title, p.Sure, p.Cure, p.Apply)
	})
	w.list.show(s, idle)
	w.empty.Hidden = !s.Empty
	w.pane.render(s)
}

// addShortcuts wires the keys of the window. They work in the editor too, except
// for those that the editor has itself.
func (w *hostsWindow) addShortcuts() {
	w.shortcuts = make(map[string]func())
	on := func(s fyne.Shortcut, f func()) {
		w.shortcuts[s.ShortcutName()] = f
		w.Canvas().AddShortcut(s, func(s fyne.Shortcut) { w.typed(s) })
	}
	for key, f := range map[fyne.KeyName]func(){
		fyne.KeyN: w.newProfile,
		fyne.KeyS: w.desk.saveOpen,
		fyne.KeyE: w.pane.openFile,
		fyne.KeyL: func() { w.Canvas().Focus(w.list) },
		fyne.KeyW: w.close,
		fyne.KeyQ: w.close,
	} {
		on(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, f)
	}
	on(&fyne.ShortcutUndo{}, w.desk.undo) // in the editor it takes back what was typed
	w.pane.editor.shortcut = w.typed
	w.pane.editor.leave = func() { w.Canvas().Focus(w.list) }
	w.Canvas().SetOnTypedKey(func(event *fyne.KeyEvent) {
		if event.Name == fyne.KeyEscape && w.asking() {
			w.sheet.close()
		}
	})
}

// typed does what keys stand for, unless a dialog waits for an answer. It reports
// whether they stand for anything.
func (w *hostsWindow) typed(s fyne.Shortcut) bool {
	f, ok := w.shortcuts[s.ShortcutName()]
	if ok && !w.asking() {
		f()
	}
	return ok
}

// asking reports whether a dialog is open.
func (w *hostsWindow) asking() bool { return w.sheet != nil && w.sheet.popup.Visible() }

func (w *hostsWindow) newProfile() {
	var names []string
	for _, row := range w.state.Rows {
		names = append(names, row.Name)
	}
	w.sheet = askName(w.Canvas(), names, func(name string, done func(error)) {
		w.desk.create(name, []byte(template), func(err error) {
			w.main(func() {
				done(err)
				if err == nil {
					w.Canvas().Focus(w.pane.editor)
				}
			})
		})
	})
}

// delete asks whether to delete a profile. One that is on is refused: what is in
// force has a file.
func (w *hostsWindow) delete(name string) {
	i := w.state.row(name)
	if i < 0 || w.state.Busy != "" || w.asking() {
		return
	}
	if w.state.Rows[i].On {
		w.sheet = tell(w.Canvas(), name+" is on.", "Switch it off before you delete it.")
		return
	}
	w.sheet = ask(w.Canvas(), "Delete "+name+"?",
		"The file of the profile is deleted. That cannot be undone.", "Delete", func() { w.desk.remove(name) })
}

// close closes the window, unless there are changes that would be lost.
func (w *hostsWindow) close() {
	names := w.state.unsaved()
	if len(names) == 0 {
		w.Close()
		return
	}
	if w.asking() {
		w.sheet.close()
	}
	w.sheet = askUnsaved(w.Canvas(), fmt.Sprintf("Save the changes of %s?", sentence(names)),
		func() { w.desk.save(names, func() { w.main(w.Close) }) }, w.Close)
}

// gap is empty space of at least this size.
func gap(width, height float32) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSize(width, height), layout.NewSpacer())
}

func padded(o fyne.CanvasObject, top, bottom, left, right float32) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}
