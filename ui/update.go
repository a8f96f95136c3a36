package ui

import (
	"bytes"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"fettle/hosts"
	"fettle/internal/human"
)

// leads says where an update leads names: "bank.test to 203.0.113.6", "2 names to
// other machines, such as bank.test to 203.0.113.6".
func leads(redirects []hosts.Redirect) string {
	if len(redirects) == 0 {
		return "no name elsewhere any more"
	}
	first := human.Printable(redirects[0].Name) + " to " + redirects[0].To
	if len(redirects) == 1 {
		return first
	}
	return fmt.Sprintf("%s to other machines, such as %s", human.Count(len(redirects), "name"), first)
}

// maxDiff is how many lines of a difference the dialog shows. A list that is
// longer is for "fettle hosts refresh --dry-run".
const maxDiff = 2000

// askUpdate shows what an update changes, and asks whether to accept it. The
// focus is on the answer that changes nothing.
func askUpdate(c fyne.Canvas, update hosts.Refreshed, accept func()) *sheet {
	var s *sheet
	closing := func() { s.close() }
	no := newKeyButton("Not now", closing, closing)
	ok := newKeyButton("Accept", func() { s.close(); accept() }, closing)
	ok.Importance = widget.DangerImportance
	about := widget.NewLabel("From " + update.Source + ". It leads " + leads(update.Redirects) +
		". Whoever can change the list decides where these names lead.")
	about.Wrapping = fyne.TextWrapWord
	diff := diffView(update.Diff())
	size := fyne.NewSize(min(640, c.Size().Width-80), min(diff.MinSize().Height+16, c.Size().Height-260))
	panel := newPanel(colorSidebar, theme.Size(theme.SizeNameInputRadius), container.NewVScroll(padded(diff, 8, 8, 10, 10)))
	text := padded(container.NewGridWrap(size, panel), 4, 0, 6, 6)
	s = showSheet(c, "Accept the update of "+update.Name+"?", container.NewVBox(about, text), no, no, ok)
	return s
}

// diffView draws a unified diff without its names, with the lines that come and
// go in their colours.
func diffView(diff []byte) fyne.CanvasObject {
	if i := bytes.Index(diff, []byte("\n@@")); i >= 0 {
		diff = diff[i+1:]
	}
	lines := bytes.Split(bytes.TrimSuffix(diff, []byte("\n")), []byte("\n"))
	box := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for _, l := range lines[:min(len(lines), maxDiff)] {
		color := theme.ColorNameForeground
		switch {
		case bytes.HasPrefix(l, []byte("@@")):
			color = colorMuted
		case bytes.HasPrefix(l, []byte("+")):
			color = theme.ColorNameSuccess
		case bytes.HasPrefix(l, []byte("-")):
			color = theme.ColorNameError
		}
		row := newLine(theme.SizeNameCaptionText, color, fyne.TextStyle{Monospace: true})
		row.setText(string(l))
		box.Add(row)
	}
	if more := len(lines) - maxDiff; more > 0 {
		box.Add(widget.NewLabel(fmt.Sprintf("and %s more", human.Count(more, "line"))))
	}
	return box
}
