// Package tray is Fettle's place in the menu bar: what it shows is a pure
// function of a [State] ([Menu], [Tooltip], [Title], [IconOf]), one goroutine
// owns that state ([Desk]), and one page binds it to the desktop ([Run]).
//
// It is resident all day, so it must stay small: it knows fyne.io/systray, and
// nothing of the toolkit that the windows are made with.
package tray
