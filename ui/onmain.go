package ui

import "fyne.io/fyne/v2"

// onMain runs f on the goroutine that draws, where alone widgets may be touched.
// It does not wait for f.
func onMain(f func()) { fyne.Do(f) }
