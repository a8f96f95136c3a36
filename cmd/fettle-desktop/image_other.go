//go:build !windows

package main

// trayImage returns a picture in the form that the tray takes.
func trayImage(png []byte) []byte { return png }
