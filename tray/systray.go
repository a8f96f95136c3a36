package tray

import (
	"runtime"
	"strings"
	"sync"
	"time"

	"fyne.io/systray"
)

// An IconSet holds the picture of one Icon, as PNG (as ICO on Windows). The
// template, black with transparency, is what macOS tints to fit its menu bar.
type IconSet struct{ Image, Template []byte }

// Run shows the tray until [Stop] is called. It must have the main goroutine:
// macOS wants it so. It calls ready with the function that renders a state and
// with nothing on the screen yet; click is called for every click.
func Run(icons map[Icon]IconSet, click func(Action), ready func(render func(State))) {
	b := &binding{icons: icons, click: click, icon: -1}
	// The first title becomes the name under which desktops remember the icon.
	systray.SetTitle("Fettle")
	systray.SetOnTapped(func() { click(Action{Kind: OpenWindow}) })
	systray.Run(func() {
		// It must return, or the desktop waits for the menu for ever.
		b.build()
		ready(b.render)
		time.AfterFunc(time.Second, b.repeat)
	}, nil)
}

// Stop ends Run.
func Stop() { systray.Quit() }

// A binding changes the items of one menu in place. A menu that was built anew
// would give every item another id, and lose the click that is on its way.
type binding struct {
	icons map[Icon]IconSet
	click func(Action)

	mu    sync.Mutex
	slots map[Slot][]*line
	state State
	icon  Icon
	shown struct{ tooltip, title string }
}

// A line is an item of the menu, with what it shows now.
type line struct {
	*systray.MenuItem
	item    Item
	visible bool
	since   time.Time // when the action became what it is, if it was another before
}

// capacity is how many items a slot can have.
var capacity = map[Slot]int{SlotTrouble: 2, SlotRemedy: 3, SlotUpdates: 1 + maxHeld, SlotProfiles: MaxProfiles}

// separated are the slots above which a line is drawn.
var separated = map[Slot]bool{SlotProfiles: true, SlotOriginal: true, SlotOpen: true}

// build makes all the items there can be, hidden.
func (b *binding) build() {
	b.slots = map[Slot][]*line{}
	for slot := SlotStatus; slot <= SlotQuit; slot++ {
		if separated[slot] {
			systray.AddSeparator()
		}
		for range max(1, capacity[slot]) {
			l := &line{}
			if slot == SlotProfiles {
				l.MenuItem = systray.AddMenuItemCheckbox("", "", false)
			} else {
				l.MenuItem = systray.AddMenuItem("", "")
			}
			l.Hide()
			b.slots[slot] = append(b.slots[slot], l)
			go b.listen(l)
		}
	}
}

// settle is how long an item must have meant what it means before a click on it
// counts: somebody who clicks just when the profiles of the menu change meant
// the item that was there before.
const settle = 300 * time.Millisecond

// listen waits for the clicks on an item as long as the program runs: systray
// drops a click that nobody waits for.
func (b *binding) listen(l *line) {
	for range l.ClickedCh {
		b.mu.Lock()
		action, settled := l.item.Action, time.Since(l.since) > settle
		b.mu.Unlock()
		if settled && action.Kind != NoAction {
			b.click(action)
		}
	}
}

// render shows a state. It touches only what has changed.
func (b *binding) render(s State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state = s
	used := map[Slot]int{}
	for _, item := range Menu(s) {
		if n := used[item.Slot]; n < len(b.slots[item.Slot]) {
			b.slots[item.Slot][n].show(item)
			used[item.Slot]++
		}
	}
	for slot, lines := range b.slots {
		for _, l := range lines[used[slot]:] {
			l.hide()
		}
	}
	// Setting the same icon again leaks on macOS (getlantern/systray 135).
	if icon := IconOf(s); icon != b.icon {
		b.icon = icon
		setIcon(b.icons[icon])
	}
	if tooltip := Tooltip(s); tooltip != b.shown.tooltip {
		b.shown.tooltip = tooltip
		systray.SetTooltip(tooltip)
	}
	title := Title(s)
	if runtime.GOOS != "darwin" && title == "" {
		title = "Fettle" // elsewhere it is a name, and not a text in the bar
	}
	if title != b.shown.title {
		b.shown.title = title
		systray.SetTitle(title)
	}
}

// setIcon outlives a session bus that is gone: of all that systray sets, the icon
// alone makes it panic then. It logs the rest, so that this need not be said again.
func setIcon(icon IconSet) {
	defer func() { _ = recover() }()
	systray.SetTemplateIcon(icon.Template, icon.Image)
}

// repeat sets everything once more. What was set in the moment in which systray
// connects to the bus is lost otherwise (fyne-io/systray 122).
func (b *binding) repeat() {
	b.mu.Lock()
	state := b.state
	b.icon = -1
	b.shown.tooltip, b.shown.title = "", ""
	b.mu.Unlock()
	b.render(state)
}

func (l *line) show(item Item) {
	if item.Label != l.item.Label {
		l.SetTitle(escapeLabel(item.Label))
		if l.visible {
			l.since = time.Now()
		}
	}
	if item.Checked != l.item.Checked {
		if item.Checked {
			l.Check()
		} else {
			l.Uncheck()
		}
	}
	if !l.visible || item.Enabled != l.item.Enabled {
		if item.Enabled {
			l.Enable()
		} else {
			l.Disable()
		}
	}
	if !l.visible {
		l.Show()
	}
	l.item, l.visible = item, true
}

// escapeLabel keeps a desktop from taking characters of a label for the marks of
// shortcuts.
func escapeLabel(label string) string {
	switch runtime.GOOS {
	case "darwin":
		return label
	case "windows":
		return strings.ReplaceAll(label, "&", "&&")
	}
	return strings.ReplaceAll(label, "_", "__")
}

func (l *line) hide() {
	if l.visible {
		l.Hide()
		l.visible = false
	}
}
