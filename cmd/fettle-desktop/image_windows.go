package main

import "fettle/assets"

// trayImage returns a picture in the form that the tray takes.
func trayImage(png []byte) []byte { return assets.ICO(png) }
