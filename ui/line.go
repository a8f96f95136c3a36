package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A line is one line of text without the padding that a label has, cut short
// with "…" where it does not fit.
type line struct {
	widget.BaseWidget
	text  string
	color fyne.ThemeColorName
	size  fyne.ThemeSizeName
	style fyne.TextStyle
}

func newLine(size fyne.ThemeSizeName, color fyne.ThemeColorName, style fyne.TextStyle) *line {
	l := &line{size: size, color: color, style: style}
	l.ExtendBaseWidget(l)
	return l
}

func (l *line) set(text string, color fyne.ThemeColorName, bold bool) {
	if l.text == text && l.color == color && l.style.Bold == bold {
		return
	}
	l.text, l.color, l.style.Bold = text, color, bold
	l.Refresh()
}

func (l *line) setText(text string) { l.set(text, l.color, l.style.Bold) }

// CreateRenderer implements fyne.Widget.
func (l *line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{line: l, text: canvas.NewText("", theme.Color(l.color))}
	r.Refresh()
	return r
}

type lineRenderer struct {
	line *line
	text *canvas.Text
}

func (r *lineRenderer) MinSize() fyne.Size {
	size := fyne.MeasureText("M", theme.Size(r.line.size), r.line.style)
	return fyne.NewSize(size.Height, size.Height) // any width will do
}

func (r *lineRenderer) Layout(size fyne.Size) {
	r.text.Text = shorten(r.line.text, func(s string) bool {
		return fyne.MeasureText(s, theme.Size(r.line.size), r.line.style).Width <= size.Width
	})
	r.text.Resize(size)
	r.text.Refresh()
}

func (r *lineRenderer) Refresh() {
	r.text.Color = theme.Color(r.line.color)
	r.text.TextSize = theme.Size(r.line.size)
	r.text.TextStyle = r.line.style
	r.Layout(r.line.Size())
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }

func (r *lineRenderer) Destroy() {}

// shorten returns text, or as much of its beginning as fits, with "…".
func shorten(text string, fits func(string) bool) string {
	if fits(text) {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		middle := (low + high + 1) / 2
		if fits(string(runes[:middle]) + "…") {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return string(runes[:low]) + "…"
}
