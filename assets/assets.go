// Package assets holds the pictures of Fettle, and imports nothing of it. The
// PNGs are made from the SVGs beside them.
package assets

import _ "embed"

// App is the picture of the program, a PNG of 256 pixels.
//
//go:embed icons/fettle.png
var App []byte

// The pictures of the tray, PNGs of 64 pixels. They are told apart by shape, at
// 16 pixels, on light and on dark panels.
var (
	//go:embed icons/tray-original.png
	TrayOriginal []byte
	//go:embed icons/tray-profiles.png
	TrayProfiles []byte
	//go:embed icons/tray-attention.png
	TrayAttention []byte
)

// The same for macOS, which tints what is black to fit its menu bar.
var (
	//go:embed icons/tray-original-template.png
	TrayOriginalTemplate []byte
	//go:embed icons/tray-profiles-template.png
	TrayProfilesTemplate []byte
	//go:embed icons/tray-attention-template.png
	TrayAttentionTemplate []byte
)
