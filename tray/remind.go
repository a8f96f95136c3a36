package tray

import (
	"slices"
	"time"

	"fettle/hosts"
)

// Reminders say when the user is told of a profile that is still on, and that
// nothing will switch off: what one forgets, and hunts for as a bug.
type Reminders struct {
	After    time.Duration // how long it must have been on; 0: no reminders
	AlwaysOn []string      // profiles that are meant to be on all the time
}

// fresh is how long a profile must have been on for somebody who has just come
// to the machine to be told of it.
const fresh = 10 * time.Minute

// due returns the profiles to remind of now. Told has those that the user was
// reminded of, with when they came into force: once is enough, but whoever just
// came, at the start of the tray or after a sleep, is told again.
func (r Reminders) due(active []hosts.Active, told map[string]time.Time, now time.Time, justCame bool) []hosts.Active {
	if r.After == 0 {
		return nil
	}
	var due []hosts.Active
	for _, a := range active {
		limited := !a.Until.IsZero() || len(a.Runs) > 0
		if limited || slices.Contains(r.AlwaysOn, a.Name) {
			continue
		}
		on := now.Sub(a.Since)
		if justCame && on >= fresh || on >= r.After && !told[a.Name].Equal(a.Since) {
			due = append(due, a)
		}
	}
	return due
}

// sinceText says since when a profile is on: "since 14:02", "since yesterday",
// "since Monday", "since 3 March".
func sinceText(since, now time.Time) string {
	since = since.In(now.Location())
	midnight := func(t time.Time) time.Time {
		year, month, day := t.Date()
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	switch days := int(midnight(now).Sub(midnight(since)) / (24 * time.Hour)); {
	case days <= 0:
		return "since " + since.Format("15:04")
	case days == 1:
		return "since yesterday"
	case days < 7:
		return "since " + since.Format("Monday")
	}
	return "since " + since.Format("2 January")
}
