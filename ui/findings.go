package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"fettle/hosts"
	"fettle/internal/human"
)

// Findings are the lines of a profile that do not work, below its text. A click
// on one leads to its place.
type findings struct {
	object *fyne.Container
	title  *line
	list   *widget.List
	space  *fyne.Container // keeps the list as high as its first rows
	found  []hosts.Problem
}

// findingsShown is how many findings are seen without scrolling.
const findingsShown = 3

func newFindings(goTo func(row, column int)) *findings {
	f := &findings{title: newLine(theme.SizeNameCaptionText, colorMuted, fyne.TextStyle{Bold: true})}
	f.list = widget.NewList(func() int { return len(f.found) }, newFindingRow, func(id widget.ListItemID, o fyne.CanvasObject) {
		showFinding(o, f.found[id])
	})
	f.list.HideSeparators = true
	f.list.OnSelected = func(id widget.ListItemID) {
		f.list.Unselect(id)
		goTo(f.found[id].Line, f.found[id].Column)
	}
	f.space = container.NewStack()
	f.object = container.NewVBox(padded(f.title, 6, 2, 2, 0), container.NewStack(f.space, f.list))
	f.object.Hide()
	return f
}

// show lists what was found, the worst first.
func (f *findings) show(found []hosts.Problem) {
	if slices.Equal(f.found, found) {
		return
	}
	f.found = found
	f.object.Hidden = len(found) == 0
	if len(found) == 0 {
		f.object.Refresh()
		return
	}
	f.title.setText(tally(found))
	row := newFindingRow().MinSize().Height + theme.Padding()
	f.space.Objects = []fyne.CanvasObject{gap(0, row*float32(min(len(found), findingsShown)))}
	f.list.ScrollTo(0)
	f.list.Refresh()
	f.object.Refresh()
}

// severities orders findings.
var severities = []hosts.Severity{hosts.SeverityError, hosts.SeverityWarning, hosts.SeverityInfo}

// worstFirst orders findings by severity, and then by line as they come.
func worstFirst(found []hosts.Problem) {
	slices.SortStableFunc(found, func(a, b hosts.Problem) int {
		return cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity))
	})
}

// tally counts findings: "1 error, 3 warnings".
func tally(found []hosts.Problem) string {
	nouns := []string{"error", "warning", "hint"}
	var parts []string
	for i, severity := range severities {
		n := 0
		for _, p := range found {
			if p.Severity == severity {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, human.Count(n, nouns[i]))
		}
	}
	return strings.Join(parts, ", ")
}

func newFindingRow() fyne.CanvasObject {
	text := newLine(theme.SizeNameText, theme.ColorNameForeground, fyne.TextStyle{})
	cure := newLine(theme.SizeNameCaptionText, colorMuted, fyne.TextStyle{})
	lines := container.New(layout.NewCustomPaddedVBoxLayout(0), text, cure)
	return container.NewBorder(nil, nil, padded(widget.NewIcon(theme.WarningIcon()), 0, 0, 4, 2), nil, padded(lines, 2, 2, 0, 4))
}

func showFinding(o fyne.CanvasObject, p hosts.Problem) {
	row := o.(*fyne.Container)
	lines := row.Objects[0].(*fyne.Container).Objects[0].(*fyne.Container)
	icon := row.Objects[1].(*fyne.Container).Objects[0].(*widget.Icon)
	lines.Objects[0].(*line).setText(fmt.Sprintf("Line %d: %s", p.Line, p.Message))
	cure := p.Cure
	if cure == "" {
		cure = p.Text
	}
	lines.Objects[1].(*line).setText(cure)
	switch p.Severity {
	case hosts.SeverityError:
		icon.SetResource(theme.NewErrorThemedResource(theme.ErrorIcon()))
	case hosts.SeverityWarning:
		icon.SetResource(theme.NewWarningThemedResource(theme.WarningIcon()))
	default:
		icon.SetResource(theme.InfoIcon())
	}
}
