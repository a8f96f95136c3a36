package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A panel is content on a colour of the theme, which it follows.
type panel struct {
	widget.BaseWidget
	content fyne.CanvasObject
	color   fyne.ThemeColorName
	radius  float32
}

func newPanel(color fyne.ThemeColorName, radius float32, content fyne.CanvasObject) *panel {
	p := &panel{content: content, color: color, radius: radius}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(theme.Color(p.color))
	back.CornerRadius = p.radius
	return &panelRenderer{panel: p, back: back}
}

type panelRenderer struct {
	panel *panel
	back  *canvas.Rectangle
}

func (r *panelRenderer) MinSize() fyne.Size { return r.panel.content.MinSize() }

func (r *panelRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.panel.content.Resize(size)
}

func (r *panelRenderer) Refresh() {
	r.back.FillColor = theme.Color(r.panel.color)
	r.back.Refresh()
	r.panel.content.Refresh()
}

func (r *panelRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.panel.content}
}

func (r *panelRenderer) Destroy() {}
