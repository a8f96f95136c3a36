// Package ui is the windows of Fettle: what fettle-desktop shows when it is
// asked for more than the menu in the tray.
//
// One goroutine, the desk, owns what a window shows. It takes in changes of the
// files, what the user does, and the results of work, and hands the window a new
// State, which the window draws. A switch in the window moves when the file has
// changed, and never before.
//
// The package does not import fyne.io/fyne/v2/app, which needs cgo and OpenGL:
// the program hands the fyne.App in. So everything here builds and is tested
// without a display.
package ui
