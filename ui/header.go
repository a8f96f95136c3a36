package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A header says what is in force, and takes it back.
type header struct {
	object fyne.CanvasObject

	mark   *mark
	text   *line
	detail *line
	busy   *widget.Label
	wait   *widget.Activity
	cancel *widget.Button
	all    *widget.Button // original ↔ last set
	undo   *widget.Button
}

func newHeader(d *desk) *header {
	h := &header{
		mark:   newMark(),
		text:   newLine(theme.SizeNameSubHeadingText, theme.ColorNameForeground, fyne.TextStyle{Bold: true}),
		detail: newLine(theme.SizeNameCaptionText, colorMuted, fyne.TextStyle{}),
		busy:   widget.NewLabel(""),
		wait:   widget.NewActivity(),
		cancel: widget.NewButton("Cancel", d.cancel),
		all:    widget.NewButton("", d.toggleAll),
		undo:   widget.NewButtonWithIcon("Undo", theme.ContentUndoIcon(), d.undo),
	}
	text := container.New(layout.NewCustomPaddedVBoxLayout(1), h.text, h.detail)
	right := container.NewHBox(h.wait, h.busy, h.cancel, h.all, h.undo)
	h.object = padded(container.NewBorder(nil, nil, padded(h.mark, 0, 0, 0, 8), container.NewVBox(layout.NewSpacer(), right, layout.NewSpacer()), text), 10, 10, 14, 12)
	return h
}

func (h *header) render(s State) {
	color := colorTrack
	switch {
	case s.Loaded && !s.Status.Readable:
		color = theme.ColorNameError
	case s.Status.On:
		color = theme.ColorNamePrimary
	}
	h.mark.set(s.Status.On, color)
	h.text.setText(s.Status.Text)
	h.detail.setText(s.Status.Detail)

	working := s.Busy != ""
	h.busy.SetText(s.Busy + "…")
	for _, o := range []fyne.CanvasObject{h.busy, h.wait, h.cancel} {
		if working {
			o.Show()
		} else {
			o.Hide()
		}
	}
	if working {
		h.wait.Start()
	} else {
		h.wait.Stop()
	}
	h.all.Hidden = working || !s.Status.On && len(s.Status.LastSet) == 0
	h.all.SetText("All off")
	if !s.Status.On {
		h.all.SetText("Back to " + sentence(s.Status.LastSet))
		if len(s.Status.LastSet) > 2 {
			h.all.SetText("Back to the last set")
		}
	}
	enable(h.all, s.Status.Readable)
	h.undo.Hidden = working
	enable(h.undo, s.Undo != "")
}

func enable(o fyne.Disableable, on bool) {
	if on {
		o.Enable()
	} else {
		o.Disable()
	}
}

// A mark tells at a glance, by shape and colour, whether any profile is on: a
// ring for the original hosts file, a disc for profiles.
type mark struct {
	widget.BaseWidget
	filled bool
	color  fyne.ThemeColorName
}

func newMark() *mark {
	m := &mark{color: colorTrack}
	m.ExtendBaseWidget(m)
	return m
}

func (m *mark) set(filled bool, color fyne.ThemeColorName) {
	m.filled, m.color = filled, color
	m.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	r := &markRenderer{mark: m, ring: canvas.NewCircle(theme.Color(colorNone)), disc: canvas.NewCircle(theme.Color(colorNone))}
	r.Refresh()
	return r
}

const markSize = 24

type markRenderer struct {
	mark       *mark
	ring, disc *canvas.Circle
}

func (r *markRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(markSize) }

func (r *markRenderer) Layout(size fyne.Size) {
	center := func(c *canvas.Circle, diameter float32) {
		c.Resize(fyne.NewSquareSize(diameter))
		c.Move(fyne.NewPos((size.Width-diameter)/2, (size.Height-diameter)/2))
	}
	center(r.ring, markSize)
	center(r.disc, markSize-10)
}

func (r *markRenderer) Refresh() {
	r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(r.mark.color), 2.5
	r.disc.FillColor = theme.Color(colorNone)
	if r.mark.filled {
		r.disc.FillColor = theme.Color(r.mark.color)
	}
	r.ring.Refresh()
	r.disc.Refresh()
}

func (r *markRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.ring, r.disc} }

func (r *markRenderer) Destroy() {}
