package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A toggle is a switch that shows a state which somebody else decides: a tap
// asks for the other state, and moves nothing by itself. It takes no focus,
// because it stands in a list that has it.
type toggle struct {
	widget.DisableableWidget
	on      bool
	hovered bool
	ask     func(on bool)
}

var (
	_ fyne.Tappable      = (*toggle)(nil)
	_ desktop.Hoverable  = (*toggle)(nil)
	_ desktop.Cursorable = (*toggle)(nil)
)

func newToggle() *toggle {
	t := &toggle{}
	t.ExtendBaseWidget(t)
	return t
}

// set shows a state.
func (t *toggle) set(on, enabled bool) {
	if t.on == on && t.Disabled() == !enabled {
		return
	}
	t.on = on
	if enabled {
		t.Enable()
	} else {
		t.Disable()
	}
	t.Refresh()
}

// Tapped implements fyne.Tappable.
func (t *toggle) Tapped(*fyne.PointEvent) {
	if !t.Disabled() && t.ask != nil {
		t.ask(!t.on)
	}
}

// MouseIn implements desktop.Hoverable.
func (t *toggle) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (t *toggle) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *toggle) MouseOut() { t.hovered = false; t.Refresh() }

// Cursor implements desktop.Cursorable.
func (t *toggle) Cursor() desktop.Cursor {
	if t.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer implements fyne.Widget.
func (t *toggle) CreateRenderer() fyne.WidgetRenderer {
	r := &toggleRenderer{toggle: t, track: canvas.NewRectangle(nil), knob: canvas.NewCircle(nil)}
	r.track.FillColor, r.knob.FillColor = theme.Color(colorTrack), theme.Color(colorKnob)
	r.Refresh()
	return r
}

// The size of a switch; the area that takes the tap is larger.
const (
	toggleWidth, toggleHeight = 32, 18
	toggleMargin              = 6
	toggleGap                 = 2 // between knob and track
)

type toggleRenderer struct {
	toggle *toggle
	track  *canvas.Rectangle
	knob   *canvas.Circle
}

func (r *toggleRenderer) MinSize() fyne.Size {
	return fyne.NewSize(toggleWidth+2*toggleMargin, toggleHeight+2*toggleMargin)
}

func (r *toggleRenderer) Layout(size fyne.Size) {
	x, y := (size.Width-toggleWidth)/2, (size.Height-toggleHeight)/2
	r.track.CornerRadius = toggleHeight / 2
	r.track.Move(fyne.NewPos(x, y))
	r.track.Resize(fyne.NewSize(toggleWidth, toggleHeight))
	knob := float32(toggleHeight - 2*toggleGap)
	kx := x + toggleGap
	if r.toggle.on {
		kx = x + toggleWidth - toggleGap - knob
	}
	r.knob.Move(fyne.NewPos(kx, y+toggleGap))
	r.knob.Resize(fyne.NewSize(knob, knob))
}

func (r *toggleRenderer) Refresh() {
	name := colorTrack
	if r.toggle.on {
		name = theme.ColorNamePrimary
	}
	r.track.FillColor = theme.Color(name)
	r.track.StrokeWidth = 0
	if r.toggle.hovered && !r.toggle.Disabled() {
		r.track.StrokeWidth, r.track.StrokeColor = 2, theme.Color(theme.ColorNameFocus)
	}
	r.knob.FillColor = theme.Color(colorKnob)
	if r.toggle.Disabled() {
		r.track.FillColor = faded(r.track.FillColor)
	}
	r.Layout(r.toggle.Size())
	r.track.Refresh()
	r.knob.Refresh()
}

func (r *toggleRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.knob}
}

func (r *toggleRenderer) Destroy() {}
