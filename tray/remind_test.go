package tray

import (
	"slices"
	"testing"
	"time"

	"fettle/hosts"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) // a Friday

func TestReminders(t *testing.T) {
	r := Reminders{After: 8 * time.Hour, AlwaysOn: []string{"ads"}}
	old := hosts.Active{Name: "staging", Since: noon.Add(-9 * time.Hour)}
	young := hosts.Active{Name: "vpn", Since: noon.Add(-time.Hour)}
	justNow := hosts.Active{Name: "new", Since: noon.Add(-time.Minute)}
	limited := hosts.Active{Name: "limited", Since: old.Since, Until: noon.Add(time.Hour)}
	run := hosts.Active{Name: "run", Since: old.Since, Runs: []hosts.Run{{PID: 1, Mark: "1"}}}
	always := hosts.Active{Name: "ads", Since: old.Since}
	all := []hosts.Active{old, young, justNow, limited, run, always}
	for _, row := range []struct {
		about    string
		r        Reminders
		told     map[string]time.Time
		justCame bool
		want     []string
	}{
		{"in the course of the day", r, nil, false, []string{"staging"}},
		{"once", r, map[string]time.Time{"staging": old.Since}, false, nil},
		{"again after it was off", r, map[string]time.Time{"staging": old.Since.Add(-time.Hour)}, false, []string{"staging"}},
		{"to somebody who comes", r, nil, true, []string{"staging", "vpn"}},
		{"again to somebody who comes", r, map[string]time.Time{"staging": old.Since}, true, []string{"staging", "vpn"}},
		{"never", Reminders{}, nil, true, nil},
	} {
		if got := hosts.Names(row.r.due(all, row.told, noon, row.justCame)); !slices.Equal(got, row.want) {
			t.Errorf("%s: got %q, want %q", row.about, got, row.want)
		}
	}
}

func TestSinceText(t *testing.T) {
	for since, want := range map[time.Time]string{
		noon.Add(-time.Hour):            "since 11:00",
		noon.Add(-12 * time.Hour):       "since 00:00",
		noon.Add(-12*time.Hour - 1):     "since yesterday",
		noon.Add(-36*time.Hour - 1):     "since Wednesday",
		noon.Add(-6 * 24 * time.Hour):   "since Saturday",
		noon.Add(-7 * 24 * time.Hour):   "since 13 November",
		noon.Add(time.Hour):             "since 13:00", // the clock was put back
		noon.Add(-300 * 24 * time.Hour): "since 24 January",
	} {
		if got := sinceText(since, noon); got != want {
			t.Errorf("%v: got %q, want %q", since, got, want)
		}
	}
}

func TestReminderNote(t *testing.T) {
	one := reminderNote([]hosts.Active{{Name: "staging", Since: noon.Add(-24 * time.Hour)}}, noon)
	if one.title != "staging is on since yesterday" {
		t.Errorf("got %q", one.title)
	}
	two := reminderNote([]hosts.Active{{Name: "a", Since: noon.Add(-time.Hour)}, {Name: "b", Since: noon.Add(-24 * time.Hour)}}, noon)
	if two.title != "a and b are on" || two.body != "a since 11:00\nb since yesterday" {
		t.Errorf("got %q, %q", two.title, two.body)
	}
	if a := two.answer("0"); a.Kind != Switch || a.Switch.Op != hosts.Off || !slices.Equal(a.Switch.Names, []string{"a", "b"}) {
		t.Errorf("the button does %+v", a)
	}
	for _, key := range []string{"default", "1", "-1", ""} {
		if a := two.answer(key); a.Kind != OpenWindow {
			t.Errorf("the key %q does %+v, want the window", key, a)
		}
	}
}
