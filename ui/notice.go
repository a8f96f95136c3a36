package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A notice is a coloured box that says one thing and offers what to do about it.
type notice struct {
	object  *fyne.Container
	panel   *panel
	icon    *widget.Icon
	title   *widget.Label
	detail  *widget.Label
	lines   *widget.Label
	buttons *fyne.Container
}

// newNotice returns a notice that is hidden, with space around it.
func newNotice(top, bottom, left, right float32) *notice {
	n := &notice{
		icon: widget.NewIcon(nil), title: widget.NewLabel(""), detail: widget.NewLabel(""), lines: widget.NewLabel(""),
		buttons: container.NewHBox(),
	}
	n.title.TextStyle.Bold = true
	n.title.Wrapping, n.detail.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	n.lines.TextStyle.Monospace = true
	n.lines.Truncation = fyne.TextTruncateEllipsis
	text := container.New(layout.NewCustomPaddedVBoxLayout(-10), n.title, n.detail, n.lines)
	icon := container.NewVBox(container.New(layout.NewCustomPaddedLayout(9, 0, 8, 0), n.icon))
	buttons := container.NewVBox(container.New(layout.NewCustomPaddedLayout(5, 5, 4, 8), n.buttons))
	n.panel = newPanel(colorNotice, theme.Size(theme.SizeNameInputRadius), container.NewBorder(nil, nil, icon, buttons, text))
	n.object = padded(n.panel, top, bottom, left, right)
	n.hide()
	return n
}

func (n *notice) hide() { n.object.Hide() }

// say shows a sentence, a detail, and the buttons.
func (n *notice) say(color fyne.ThemeColorName, icon fyne.Resource, title, detail string, buttons ...fyne.CanvasObject) {
	n.panel.color = color
	n.icon.SetResource(icon)
	n.title.SetText(title)
	n.detail.SetText(detail)
	n.detail.Hidden = detail == ""
	n.lines.Hide()
	n.buttons.Objects = buttons
	n.object.Show()
	n.panel.Refresh()
}

// problem shows what is wrong; nil shows nothing. Ask puts a question before a
// cure that cannot be undone.
func (n *notice) problem(p *Problem, busy bool, ask func(p *Problem)) {
	if p == nil {
		n.hide()
		return
	}
	var buttons []fyne.CanvasObject
	if p.Cure != "" {
		cure := widget.NewButton(p.Cure, p.Apply)
		if p.Sure != "" {
			cure.OnTapped = func() { ask(p) }
		}
		if busy {
			cure.Disable()
		}
		buttons = append(buttons, cure)
	}
	if p.Dismiss != nil {
		close := widget.NewButtonWithIcon("", theme.CancelIcon(), p.Dismiss)
		close.Importance = widget.LowImportance
		buttons = append(buttons, close)
	}
	if p.Severe {
		n.say(colorNoticeError, theme.NewErrorThemedResource(theme.ErrorIcon()), p.Title, p.Detail, buttons...)
	} else {
		n.say(colorNoticeWarning, theme.NewWarningThemedResource(theme.WarningIcon()), p.Title, p.Detail, buttons...)
	}
	if len(p.Lines) > 0 {
		var text []string
		for _, l := range p.Lines {
			text = append(text, fmt.Sprintf("%6d  %s", l.Number, l.Text))
		}
		n.lines.SetText(strings.Join(text, "\n"))
		n.lines.Show()
	}
}
