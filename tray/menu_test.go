package tray

import (
	"fmt"
	"strings"
	"testing"

	"fettle/hosts"
)

// text writes a menu as a person sees it: a line for each item.
func text(items []Item) string {
	var b strings.Builder
	for _, i := range items {
		mark := ""
		if i.Check {
			mark = "[ ] "
		}
		if i.Checked {
			mark = "[x] "
		}
		if !i.Enabled {
			mark = "- " + mark
		}
		fmt.Fprintf(&b, "%s%s\n", mark, i.Label)
	}
	return b.String()
}

func TestMenu(t *testing.T) {
	for _, test := range []struct {
		name    string
		state   State
		menu    string
		tooltip string
		title   string
		icon    Icon
	}{
		{
			name:    "nothing yet",
			menu:    "- Original hosts file\nNo profile yet: make one…\n- Original hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "Original hosts file",
		},
		{
			name:    "original, with a last set",
			state:   State{Profiles: []string{"ads", "staging"}, LastSet: []string{"staging", "ads"}, Undo: "off --all"},
			menu:    "- Original hosts file\n[ ] ads\n[ ] staging\nBack to staging, ads\nUndo “off --all”\nOpen Fettle…\nQuit\n",
			tooltip: "Original hosts file",
		},
		{
			name:    "profiles on",
			state:   State{Profiles: []string{"ads", "staging"}, Active: []string{"staging"}, Undo: "on staging"},
			menu:    "- staging on\n[ ] ads\n[x] staging\nOriginal hosts only\nUndo “on staging”\nOpen Fettle…\nQuit\n",
			tooltip: "staging on",
			title:   "staging",
			icon:    IconProfiles,
		},
		{
			name:    "a profile whose file is gone can be switched off",
			state:   State{Active: []string{"gone"}},
			menu:    "- gone on\n[x] gone\nOriginal hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "gone on",
			title:   "gone",
			icon:    IconProfiles,
		},
		{
			name:    "busy",
			state:   State{Profiles: []string{"ads"}, Busy: "Switching ads on"},
			menu:    "- Switching ads on…\n- [ ] ads\n- Original hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "Original hosts file · Switching ads on",
		},
		{
			name:    "damaged",
			state:   State{Profiles: []string{"ads"}, Damaged: true, Undo: "on ads"},
			menu:    "- Hosts: unknown\n⚠ Fettle's section of the hosts file is damaged\n- [ ] ads\n- Original hosts only\n- Undo “on ads”\nOpen Fettle…\nQuit\n",
			tooltip: "Hosts: unknown · Fettle's section of the hosts file is damaged",
			icon:    IconAttention,
		},
		{
			name:    "changed by others, and a failure",
			state:   State{Profiles: []string{"ads"}, Active: []string{"ads"}, Disturbance: hosts.Disturbance{Harm: hosts.Edited, Now: []string{"ads"}, Edited: []string{"ads"}}, Failure: "the dialog was closed"},
			menu:    "- ads on\n⚠ Another program changed ads in the hosts file\n⚠ the dialog was closed\nApply ads again\nTake the change over into ads\nLeave it as it is\n[x] ads\nOriginal hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "ads on · Another program changed ads in the hosts file · the dialog was closed",
			title:   "ads",
			icon:    IconAttention,
		},
		{
			name:    "the section is gone, and the history knows of it",
			state:   State{Profiles: []string{"ads"}, Disturbance: hosts.Disturbance{Harm: hosts.Removed, Was: []string{"ads"}}},
			menu:    "- Original hosts file\n⚠ Another program switched ads off\nApply ads again\nLeave it as it is\n[ ] ads\n- Original hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "Original hosts file · Another program switched ads off",
			icon:    IconAttention,
		},
		{
			name:    "for a time",
			state:   State{Profiles: []string{"ads"}, Active: []string{"ads"}, Left: "24 minutes"},
			menu:    "- ads on · 24 minutes left\n[x] ads\nOriginal hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "ads on · 24 minutes left",
			title:   "ads",
			icon:    IconProfiles,
		},
		{
			name:    "the time is over",
			state:   State{Profiles: []string{"ads"}, Active: []string{"ads"}, Over: []string{"ads"}},
			menu:    "- ads on\n⚠ The time of ads is over\nSwitch ads off\nKeep ads on\n[x] ads\nOriginal hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "ads on · The time of ads is over",
			title:   "ads",
			icon:    IconAttention,
		},
		{
			name:    "the section is gone",
			state:   State{Profiles: []string{"ads"}, Orphaned: true},
			menu:    "- Original hosts file\n⚠ Another program removed Fettle's section\n[ ] ads\nOriginal hosts only\n- Undo\nOpen Fettle…\nQuit\n",
			tooltip: "Original hosts file · Another program removed Fettle's section",
			icon:    IconAttention,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := text(Menu(test.state)); got != test.menu {
				t.Errorf("menu: got\n%swant\n%s", got, test.menu)
			}
			if got := Tooltip(test.state); got != test.tooltip {
				t.Errorf("tooltip: got %q, want %q", got, test.tooltip)
			}
			if got := Title(test.state); got != test.title {
				t.Errorf("title: got %q, want %q", got, test.title)
			}
			if got := IconOf(test.state); got != test.icon {
				t.Errorf("icon: got %v, want %v", got, test.icon)
			}
		})
	}
}

// A click must do what the item says, also when another program has switched
// the profile meanwhile: so it names a direction, and no toggle.
func TestClicksNameTheDirection(t *testing.T) {
	items := Menu(State{Profiles: []string{"ads", "staging"}, Active: []string{"staging"}})
	var got []hosts.Op
	for _, i := range items {
		if i.Slot == SlotProfiles {
			got = append(got, i.Action.Switch.Op)
		}
	}
	if want := []hosts.Op{hosts.On, hosts.Off}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMenuListsAFewProfilesOfMany(t *testing.T) {
	var s State
	for i := range MaxProfiles + 5 {
		s.Profiles = append(s.Profiles, fmt.Sprintf("p%d", i))
	}
	profiles, more := 0, ""
	for _, i := range Menu(s) {
		switch i.Slot {
		case SlotProfiles:
			profiles++
		case SlotMore:
			more = i.Label
		}
	}
	if profiles != MaxProfiles || more != "5 more…" {
		t.Errorf("got %d profiles and %q, want %d and %q", profiles, more, MaxProfiles, "5 more…")
	}
}
