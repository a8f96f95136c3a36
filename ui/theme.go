package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours that fyne's own widgets do not have.
const (
	colorNone          fyne.ThemeColorName = "fettleNone" // see-through; a nil colour would stop the software painter
	colorSidebar       fyne.ThemeColorName = "fettleSidebar"
	colorTrack         fyne.ThemeColorName = "fettleTrack"         // of a switch that is off
	colorKnob          fyne.ThemeColorName = "fettleKnob"          // of any switch
	colorMuted         fyne.ThemeColorName = "fettleMuted"         // second lines
	colorNotice        fyne.ThemeColorName = "fettleNotice"        // behind what the user should know
	colorNoticeWarning fyne.ThemeColorName = "fettleNoticeWarning" // behind what is not as it should be
	colorNoticeError   fyne.ThemeColorName = "fettleNoticeError"   // behind what stops work
)

// Theme is Fettle's look. It is light or dark as the system is, and takes from
// fyne what it does not decide itself.
type Theme struct{}

var _ fyne.Theme = Theme{}

// Color implements fyne.Theme.
func (Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	colors := dark
	if variant == theme.VariantLight {
		colors = light
	}
	if c, ok := colors[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Font implements fyne.Theme.
func (Theme) Font(style fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(style) }

// Icon implements fyne.Theme.
func (Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size implements fyne.Theme.
func (Theme) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := sizes[name]; ok {
		return size
	}
	return theme.DefaultTheme().Size(name)
}

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:            13,
	theme.SizeNameCaptionText:     11,
	theme.SizeNameSubHeadingText:  17,
	theme.SizeNameInnerPadding:    7,
	theme.SizeNameInputRadius:     6,
	theme.SizeNameSelectionRadius: 6,
	theme.SizeNameInlineIcon:      17,
}

var light = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0xffffff),
	theme.ColorNameForeground:          rgb(0x1d2129),
	theme.ColorNameDisabled:            rgb(0x9aa1ad),
	theme.ColorNamePlaceHolder:         rgb(0x7a8290),
	theme.ColorNameButton:              rgb(0xeef0f3),
	theme.ColorNameDisabledButton:      rgb(0xf3f4f6),
	theme.ColorNameHover:               alpha(0x1d2129, 0x0f),
	theme.ColorNamePressed:             alpha(0x1d2129, 0x1f),
	theme.ColorNameFocus:               alpha(0x1f6feb, 0x38),
	theme.ColorNameSelection:           alpha(0x1f6feb, 0x24),
	theme.ColorNamePrimary:             rgb(0x1a66d6),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameHyperlink:           rgb(0x1a66d6),
	theme.ColorNameInputBackground:     rgb(0xffffff),
	theme.ColorNameInputBorder:         rgb(0xd3d8df),
	theme.ColorNameSeparator:           rgb(0xe2e5ea),
	theme.ColorNameScrollBar:           alpha(0x1d2129, 0x55),
	theme.ColorNameMenuBackground:      rgb(0xffffff),
	theme.ColorNameOverlayBackground:   rgb(0xffffff),
	theme.ColorNameError:               rgb(0xc62828),
	theme.ColorNameWarning:             rgb(0xb26a00),
	theme.ColorNameSuccess:             rgb(0x1d8348),
	colorNone:                          alpha(0, 0),
	colorSidebar:                       rgb(0xf5f6f8),
	colorTrack:                         rgb(0xc3c9d2),
	colorKnob:                          rgb(0xffffff),
	colorMuted:                         rgb(0x667080),
	colorNotice:                        rgb(0xe8f0fd),
	colorNoticeWarning:                 rgb(0xfff3d9),
	colorNoticeError:                   rgb(0xfde8e8),
}

var dark = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0x1c1f24),
	theme.ColorNameForeground:          rgb(0xe4e7ec),
	theme.ColorNameDisabled:            rgb(0x6b7380),
	theme.ColorNamePlaceHolder:         rgb(0x858e9c),
	theme.ColorNameButton:              rgb(0x2c3138),
	theme.ColorNameDisabledButton:      rgb(0x24282e),
	theme.ColorNameHover:               alpha(0xffffff, 0x10),
	theme.ColorNamePressed:             alpha(0xffffff, 0x22),
	theme.ColorNameFocus:               alpha(0x4c8df6, 0x4a),
	theme.ColorNameSelection:           alpha(0x4c8df6, 0x3a),
	theme.ColorNamePrimary:             rgb(0x4c8df6),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameHyperlink:           rgb(0x7aaeff),
	theme.ColorNameInputBackground:     rgb(0x17191d),
	theme.ColorNameInputBorder:         rgb(0x383e47),
	theme.ColorNameSeparator:           rgb(0x2d3239),
	theme.ColorNameScrollBar:           alpha(0xffffff, 0x50),
	theme.ColorNameMenuBackground:      rgb(0x272b31),
	theme.ColorNameOverlayBackground:   rgb(0x272b31),
	theme.ColorNameError:               rgb(0xf0716b),
	theme.ColorNameWarning:             rgb(0xe8ab4a),
	theme.ColorNameSuccess:             rgb(0x55b97c),
	colorNone:                          alpha(0, 0),
	colorSidebar:                       rgb(0x23272d),
	colorTrack:                         rgb(0x4a515c),
	colorKnob:                          rgb(0xf4f6f9),
	colorMuted:                         rgb(0x98a1af),
	colorNotice:                        rgb(0x22344f),
	colorNoticeWarning:                 rgb(0x3d3220),
	colorNoticeError:                   rgb(0x452a2b),
}

func rgb(hex uint32) color.Color { return alpha(hex, 0xff) }

func alpha(hex uint32, a uint8) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: a}
}

// faded returns c as it looks on what cannot be used now.
func faded(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A /= 2
	return n
}
