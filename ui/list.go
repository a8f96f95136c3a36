package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A profileList is the hosts file and below it the profiles, each with its
// switch. Up and Down select, Space flips the switch, Return goes to the text,
// Delete asks whether to delete.
type profileList struct {
	widget.List
	rows     []Row
	selected int // 0 is the hosts file, n is rows[n-1]
	path     string
	busy     bool
	focused  bool

	onSelect func(name string)
	onFlip   func(name string, on bool)
	onOpen   func()
	onDelete func(name string)
}

func newProfileList(path string) *profileList {
	l := &profileList{path: path}
	l.Length = func() int { return len(l.rows) + 1 }
	l.CreateItem = func() fyne.CanvasObject { return newRowView() }
	l.UpdateItem = l.update
	l.HideSeparators = true
	l.OnSelected = func(id widget.ListItemID) {
		if id != l.selected {
			l.selected = id
			l.onSelect(l.name(id))
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

// show takes over what the state says.
func (l *profileList) show(s State, enabled bool) {
	l.rows, l.busy = s.Rows, !enabled
	l.selected = s.row(s.Selected) + 1
	l.Select(l.selected)
	l.Refresh()
}

// name returns the profile at a place of the list; "" is the hosts file.
func (l *profileList) name(id int) string {
	if id < 1 || id > len(l.rows) {
		return ""
	}
	return l.rows[id-1].Name
}

func (l *profileList) update(id widget.ListItemID, item fyne.CanvasObject) {
	v := item.(*rowView)
	v.ring.Hidden = !l.focused || id != l.selected
	if id == 0 {
		v.showFile(l.path)
		return
	}
	if id > len(l.rows) {
		return
	}
	row := l.rows[id-1]
	v.showRow(row, !l.busy)
	v.flip.ask = func(on bool) { l.onFlip(row.Name, on) }
}

// FocusGained implements fyne.Focusable.
func (l *profileList) FocusGained() {
	l.focused = true
	l.Refresh()
}

// FocusLost implements fyne.Focusable.
func (l *profileList) FocusLost() {
	l.focused = false
	l.Refresh()
}

// TypedKey implements fyne.Focusable.
func (l *profileList) TypedKey(event *fyne.KeyEvent) {
	name := l.name(l.selected)
	switch event.Name {
	case fyne.KeyUp:
		l.Select(max(0, l.selected-1))
	case fyne.KeyDown:
		l.Select(min(len(l.rows), l.selected+1))
	case fyne.KeyHome:
		l.Select(0)
	case fyne.KeyEnd:
		l.Select(len(l.rows))
	case fyne.KeySpace:
		if name != "" && !l.busy {
			l.onFlip(name, !l.rows[l.selected-1].On)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		l.onOpen()
	case fyne.KeyDelete:
		if name != "" {
			l.onDelete(name)
		}
	}
}

// A rowView draws a row of the list.
type rowView struct {
	widget.BaseWidget
	name, note *line
	flip       *toggle
	ring       *canvas.Rectangle // around the row that keys act on
}

func newRowView() *rowView {
	v := &rowView{
		name: newLine(theme.SizeNameText, theme.ColorNameForeground, fyne.TextStyle{}),
		note: newLine(theme.SizeNameCaptionText, colorMuted, fyne.TextStyle{}),
		flip: newToggle(),
		ring: canvas.NewRectangle(theme.Color(colorNone)),
	}
	v.ExtendBaseWidget(v)
	return v
}

func (v *rowView) showFile(path string) {
	v.name.set("Hosts file", theme.ColorNameForeground, false)
	v.note.set(path, colorMuted, false)
	v.flip.Hide()
	v.Refresh()
}

func (v *rowView) showRow(row Row, enabled bool) {
	name, note, color := row.Name, row.Note, colorMuted
	if row.Warn {
		color = theme.ColorNameWarning
	}
	if row.Unsaved {
		note, color = "Unsaved  ·  "+note, theme.ColorNamePrimary
	}
	v.name.set(name, theme.ColorNameForeground, row.On)
	v.note.set(note, color, false)
	v.flip.Show()
	v.flip.set(row.On, enabled && !row.Busy)
	v.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (v *rowView) CreateRenderer() fyne.WidgetRenderer { return &rowRenderer{v} }

const (
	rowHeight = 42
	rowMargin = 10
)

type rowRenderer struct{ v *rowView }

func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(140, rowHeight) }

func (r *rowRenderer) Layout(size fyne.Size) {
	v := r.v
	v.ring.Resize(size)
	flip := v.flip.MinSize()
	v.flip.Resize(flip)
	v.flip.Move(fyne.NewPos(size.Width-flip.Width-rowMargin+toggleMargin, (size.Height-flip.Height)/2))
	width := size.Width - 2*rowMargin
	if v.flip.Visible() {
		width -= toggleWidth + rowMargin
	}
	name, note := v.name.MinSize().Height, v.note.MinSize().Height
	top := (size.Height - name - note) / 2
	v.name.Resize(fyne.NewSize(width, name))
	v.name.Move(fyne.NewPos(rowMargin, top))
	v.note.Resize(fyne.NewSize(width, note))
	v.note.Move(fyne.NewPos(rowMargin, top+name))
}

func (r *rowRenderer) Refresh() {
	r.v.ring.FillColor = theme.Color(colorNone)
	r.v.ring.StrokeColor = theme.Color(theme.ColorNamePrimary)
	r.v.ring.StrokeWidth = 1.5
	r.v.ring.CornerRadius = theme.Size(theme.SizeNameSelectionRadius)
	r.Layout(r.v.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *rowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.v.ring, r.v.name, r.v.note, r.v.flip}
}

func (r *rowRenderer) Destroy() {}
