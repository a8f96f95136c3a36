// Package assets holds the pictures that the desktop program carries inside it.
// The script .ci/icons draws them from the SVG files beside them.
package assets

import _ "embed"

// App is the icon of the program: PNG, 256 pixels.
//
//go:embed icons/fettle.png
var App []byte

// The icons of the tray: PNG, 64 pixels, in tones that are seen on light and on
// dark panels. They differ by shape, so that they are told apart without colour.
var (
	// TrayOriginal is an open frame: the original hosts file is in force.
	//
	//go:embed icons/tray-original.png
	TrayOriginal []byte
	// TrayProfiles is a full square: profiles are in force.
	//
	//go:embed icons/tray-profiles.png
	TrayProfiles []byte
	// TrayAttention is a warning sign before the frame: somebody is needed.
	//
	//go:embed icons/tray-attention.png
	TrayAttention []byte
)

// The same icons in black with transparency, which macOS tints to fit its menu
// bar: PNG, 64 pixels.
var (
	//go:embed icons/tray-original-template.png
	TrayOriginalTemplate []byte
	//go:embed icons/tray-profiles-template.png
	TrayProfilesTemplate []byte
	//go:embed icons/tray-attention-template.png
	TrayAttentionTemplate []byte
)
