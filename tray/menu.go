package tray

import (
	"fmt"
	"slices"
	"strings"

	"fettle/hosts"
)

// A State is all that the tray shows.
type State struct {
	Path     string   // the hosts file
	Profiles []string // of the library, in order
	Active   []string // in force, in order
	Over     []string // in force, although their time is over
	Left     string   // how long the next that has a limit stays on, "" for none
	LastSet  []string // what was in force before the original
	Undo     string   // the change that undo takes back, "" for none

	Busy    string // what is being done now, "" for nothing
	Failure string // why the last thing that was asked for was not done

	// What is not as it should be. Unreadable and Damaged leave nothing to
	// switch.
	Unreadable  string // why the hosts file or the profiles cannot be read
	Damaged     bool   // the section's markers do not stand as they should
	Interrupted bool   // a writer died half way
	Orphaned    bool   // lines are set aside, but the section is gone
	Disturbance hosts.Disturbance

	inForce       []hosts.Active // from which Over and Left follow as time goes by
	subscriptions []hosts.Standing
}

// trouble returns what needs attention, in words, or "".
func (s State) trouble() string {
	switch {
	case s.Unreadable != "":
		return s.Unreadable
	case s.Damaged:
		return "Fettle's section of the hosts file is damaged"
	case s.Interrupted:
		return "A write was interrupted; the next switch repairs the file"
	case s.Disturbance.Harm != hosts.Unharmed:
		return disturbanceText(s.Disturbance)
	case len(s.Over) > 0:
		return "The time of " + join(s.Over) + " is over"
	case s.Orphaned:
		return "Another program removed Fettle's section"
	}
	return ""
}

// canSwitch reports whether a click can change what is in force.
func (s State) canSwitch() bool { return s.Unreadable == "" && !s.Damaged && s.Busy == "" }

// summary says what is in force.
func (s State) summary() string {
	switch {
	case s.Unreadable != "" || s.Damaged:
		return "Hosts: unknown"
	case len(s.Active) == 0:
		return "Original hosts file"
	}
	text := strings.Join(s.Active, ", ") + " on"
	if s.Left != "" {
		text += " · " + s.Left + " left"
	}
	return text
}

// Tooltip returns what hovering over the icon shows: what is in force, and what
// needs attention.
func Tooltip(s State) string {
	text := s.summary()
	for _, part := range append([]string{s.trouble(), s.Failure, s.Busy}, s.waiting()...) {
		if part != "" {
			text += " · " + part
		}
	}
	return text
}

// Title returns the text beside the icon, where the desktop shows one: the
// profiles in force, or nothing for the original.
func Title(s State) string { return strings.Join(s.Active, ", ") }

// An Icon is one of the pictures of the tray. They differ by shape, so that
// they are told apart without colour.
type Icon int

// The icons.
const (
	IconOriginal  Icon = iota // the hosts file is as it was before Fettle
	IconProfiles              // profiles are in force
	IconAttention             // something is not as it should be
)

// IconOf returns the icon for a state.
func IconOf(s State) Icon {
	switch {
	case s.trouble() != "" || s.Failure != "":
		return IconAttention
	case len(s.Active) > 0:
		return IconProfiles
	}
	return IconOriginal
}

// An ActionKind is what a click asks for.
type ActionKind int

// The kinds of actions.
const (
	NoAction ActionKind = iota
	Switch              // carry out Action.Switch, whose time is still to be set
	Undo
	Expire     // switch off what is on although its time is over
	Accept     // leave the hosts file as another program made it
	Adopt      // take what another program made of Action.Names over into the profiles
	PutInForce // give profiles that are on the text that their subscription brought
	OpenWindow
	Quit
)

// An Action is what a click on an item asks for.
type Action struct {
	Kind   ActionKind
	Switch hosts.Switch
	Names  []string
}

// A Slot is a place in the menu. Items of a slot follow each other; an empty
// slot takes no space.
type Slot int

// The slots, from top to bottom.
const (
	SlotStatus Slot = iota
	SlotTrouble
	SlotRemedy
	SlotUpdates
	SlotProfiles
	SlotMore
	SlotOriginal
	SlotUndo
	SlotOpen
	SlotQuit
)

// An Item is one line of the menu.
type Item struct {
	Slot    Slot
	Label   string
	Check   bool // whether it has a check mark at all
	Checked bool
	Enabled bool
	Action  Action
}

// MaxProfiles is how many profiles the menu lists. The window lists all.
const MaxProfiles = 30

// Menu returns the items for a state, from top to bottom.
func Menu(s State) []Item {
	open := Action{Kind: OpenWindow}
	items := []Item{{Slot: SlotStatus, Label: s.summary()}}
	if s.Busy != "" {
		items[0].Label = s.Busy + "…"
	}
	for _, text := range []string{s.trouble(), s.Failure} {
		if text != "" {
			items = append(items, Item{Slot: SlotTrouble, Label: "⚠ " + text, Enabled: true, Action: open})
		}
	}
	items = append(items, remedyItems(s)...)
	items = append(items, updateItems(s)...)
	items = append(items, profileItems(s)...)
	items = append(items, originalItem(s))
	undo := Item{Slot: SlotUndo, Label: "Undo", Action: Action{Kind: Undo}}
	if s.Undo != "" {
		undo.Label, undo.Enabled = fmt.Sprintf("Undo “%s”", s.Undo), s.canSwitch()
	}
	return append(items, undo,
		Item{Slot: SlotOpen, Label: "Open Fettle…", Enabled: true, Action: open},
		Item{Slot: SlotQuit, Label: "Quit", Enabled: true, Action: Action{Kind: Quit}},
	)
}

// remedyItems returns what can be done about the trouble.
func remedyItems(s State) []Item {
	items := remedies(s.Disturbance)
	if len(items) == 0 && len(s.Over) > 0 {
		items = []Item{
			{Slot: SlotRemedy, Label: "Switch " + join(s.Over) + " off", Action: Action{Kind: Expire}},
			{Slot: SlotRemedy, Label: "Keep " + join(s.Over) + " on", Action: keepOn(s.Over)},
		}
	}
	for i := range items {
		items[i].Enabled = s.canSwitch()
	}
	return items
}

// profileItems returns a line with a check mark for each profile: those of the
// library, and those in force whose file is gone.
func profileItems(s State) []Item {
	names := slices.Clone(s.Profiles)
	for _, name := range s.Active {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	open := Action{Kind: OpenWindow}
	if len(names) == 0 {
		return []Item{{Slot: SlotMore, Label: "No profile yet: make one…", Enabled: true, Action: open}}
	}
	var items []Item
	for _, name := range names[:min(len(names), MaxProfiles)] {
		// A click does what the menu shows: it does not toggle what another
		// program has switched meanwhile.
		on, op := slices.Contains(s.Active, name), hosts.On
		if on {
			op = hosts.Off
		}
		items = append(items, Item{
			Slot: SlotProfiles, Label: name, Check: true, Checked: on, Enabled: s.canSwitch(),
			Action: Action{Kind: Switch, Switch: hosts.Switch{Op: op, Names: []string{name}}},
		})
	}
	if more := len(names) - MaxProfiles; more > 0 {
		items = append(items, Item{Slot: SlotMore, Label: fmt.Sprintf("%d more…", more), Enabled: true, Action: open})
	}
	return items
}

// originalItem returns the one item that goes from the profiles to the original
// hosts file, and back.
func originalItem(s State) Item {
	item := Item{Slot: SlotOriginal, Label: "Original hosts only", Enabled: s.canSwitch()}
	switch {
	case len(s.Active) > 0 || s.Orphaned:
		item.Action = Action{Kind: Switch, Switch: hosts.Switch{Op: hosts.Off}}
	case len(s.LastSet) > 0:
		item.Label = "Back to " + strings.Join(s.LastSet, ", ")
		item.Action = Action{Kind: Switch, Switch: hosts.Switch{Op: hosts.Use, Names: s.LastSet}}
	default:
		item.Enabled = false
	}
	return item
}
