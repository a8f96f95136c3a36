package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"fettle/hosts"
)

// A pane is the right side of the window: the text of the selected profile, what
// is wrong with it, and what can be done with it.
type pane struct {
	window *hostsWindow
	object fyne.CanvasObject
	shown  Document // what was drawn last

	title    *line
	note     *line
	revert   *widget.Button
	saving   *widget.Button
	more     *widget.Button
	external *widget.Button
	conflict *notice
	editor   *editor
	findings *findings
}

func newPane(w *hostsWindow) *pane {
	p := &pane{
		window:   w,
		title:    newLine(theme.SizeNameText, theme.ColorNameForeground, fyne.TextStyle{Bold: true}),
		note:     newLine(theme.SizeNameCaptionText, colorMuted, fyne.TextStyle{}),
		conflict: newNotice(2, 8, 0, 0),
		editor:   newEditor(),
	}
	p.shown.Revision = -2 // no document has it
	p.findings = newFindings(func(row, column int) {
		w.Canvas().Focus(p.editor)
		p.editor.goTo(row, column)
	})
	p.revert = widget.NewButton("Revert", func() { w.desk.revert(p.shown.Name) })
	p.saving = widget.NewButtonWithIcon("Save", theme.DocumentSaveIcon(), w.desk.saveOpen)
	p.external = widget.NewButton("Open in editor", p.openFile)
	p.more = widget.NewButtonWithIcon("", theme.MoreHorizontalIcon(), p.menu)
	p.more.Importance = widget.LowImportance
	p.editor.OnChanged = func(text string) { w.desk.edit(p.shown.Name, p.shown.Revision, text) }

	buttons := container.NewHBox(p.external, p.revert, p.saving, p.more)
	text := container.NewVBox(layout.NewSpacer(), container.New(layout.NewCustomPaddedVBoxLayout(1), p.title, p.note), layout.NewSpacer())
	bar := container.NewBorder(nil, nil, nil, buttons, text)
	top := container.NewVBox(bar, p.conflict.object)
	p.object = padded(container.NewBorder(top, p.findings.object, nil, nil, p.editor), 8, 10, 12, 12)
	return p
}

func (p *pane) render(s State) {
	doc := s.Document
	if doc.Name != p.shown.Name || doc.Revision != p.shown.Revision {
		p.editor.put(doc.Text)
	}
	p.shown = doc
	p.editor.readOnly = doc.ReadOnly
	p.title.setText(doc.Name)
	color := colorMuted
	if doc.Dirty {
		color = theme.ColorNamePrimary
	} else if doc.Stale {
		color = theme.ColorNameWarning
	}
	if doc.Name == "" {
		p.title.setText(doc.Path)
	}
	p.note.set(doc.Note, color, false)

	own := doc.Name != ""
	p.external.Hidden = !own || !doc.ReadOnly || doc.Subscribed
	p.revert.Hidden = !doc.Dirty
	p.saving.Hidden = !own || doc.ReadOnly
	p.more.Hidden = !own
	p.saving.SetText("Save")
	p.saving.Importance = widget.MediumImportance
	if doc.Dirty || doc.Stale {
		p.saving.Importance = widget.HighImportance
	}
	if doc.On && doc.Dirty {
		p.saving.SetText("Save and apply")
	} else if doc.Stale {
		p.saving.SetText("Apply")
	}
	enable(p.saving, (doc.Dirty || doc.Stale) && s.Busy == "" && doc.Conflict == noConflict)
	p.showConflict(doc)
	p.findings.show(doc.Findings)
}

func (p *pane) showConflict(doc Document) {
	d, name := p.window.desk, doc.Name
	keep := widget.NewButton("Keep mine", func() { d.keep(name) })
	theirs := widget.NewButton("Load theirs", func() { d.revert(name) })
	switch doc.Conflict {
	case changedOnDisk:
		p.conflict.say(colorNoticeWarning, theme.NewWarningThemedResource(theme.WarningIcon()),
			"Another program saved "+name+" meanwhile.",
			"Keep what is here, to save it over theirs, or drop it and load theirs.", keep, theirs)
	case removedOnDisk:
		theirs.SetText("Drop it")
		p.conflict.say(colorNoticeWarning, theme.NewWarningThemedResource(theme.WarningIcon()),
			"Another program deleted "+name+" meanwhile.",
			"What is here is in no file any more.", keep, theirs)
	default:
		p.conflict.hide()
		if doc.Update != nil {
			p.showUpdate(*doc.Update)
		}
	}
}

// showUpdate offers an update that was held back.
func (p *pane) showUpdate(update hosts.Refreshed) {
	look := widget.NewButton("Look at it…", func() {
		p.window.sheet = askUpdate(p.window.Canvas(), update, func() { p.window.desk.accept(update) })
	})
	p.conflict.say(colorNoticeWarning, theme.NewWarningThemedResource(theme.WarningIcon()),
		"An update is held back.", "It leads "+leads(update.Redirects)+".", look)
}

func (p *pane) openFile() {
	if p.shown.Name == "" || p.shown.Subscribed {
		return
	}
	if err := openExternally(p.shown.Path); err != nil {
		p.window.sheet = tell(p.window.Canvas(), "No editor could be started.", err.Error()+". The file is "+p.shown.Path+".")
	}
}

// menu shows what is done with a profile now and then.
func (p *pane) menu() {
	name := p.shown.Name
	open := fyne.NewMenuItem("Open in editor", p.openFile)
	open.Disabled = p.shown.Subscribed
	path := fyne.NewMenuItem("Copy path", func() { fyne.CurrentApp().Clipboard().SetContent(p.shown.Path) })
	remove := fyne.NewMenuItem("Delete…", func() { p.window.delete(name) })
	c := p.window.Canvas()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.more).AddXY(0, p.more.Size().Height)
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", open, path, fyne.NewMenuItemSeparator(), remove), c, at)
}
