package tray

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fettle/hosts"
	"fettle/internal/human"
)

// fetching is what the desk remembers of keeping subscriptions up to date. It
// belongs to the goroutine of the desk.
type fetching struct {
	busy bool
	// asked has when each server was asked last. The library remembers it too,
	// but not on a full disk, where the desk must not ask without a pause.
	asked map[string]time.Time
	tried []string              // texts that could not be put in force without a dialog
	told  map[string]hosts.Hash // texts held back that the user was told of
}

const (
	// glance is how often the clock is looked at while there are subscriptions:
	// a timer stands still while the machine sleeps.
	glance = 15 * time.Minute
	// maxHeld is how many updates that are held back the menu lists. The command
	// line lists all.
	maxHeld = 4
	// atOnce is how many servers are asked at the same time.
	atOnce = 4
)

// keepUpToDate fetches the subscriptions that are due, puts accepted texts in
// force where that needs no dialog, and says what waits for the user.
func (d *Desk) keepUpToDate(now time.Time) {
	d.putInForce()
	d.tellHeld()
	if d.fetching.busy {
		return
	}
	var due []string
	for _, s := range d.state.subscriptions {
		if s.Due(s.State, now) && now.Sub(d.fetching.asked[s.Name]) >= hosts.MinEvery {
			due = append(due, s.Name)
		}
	}
	if len(due) == 0 {
		return
	}
	for _, name := range due {
		d.fetching.asked[name] = now
	}
	d.fetching.busy = true
	d.work.Go(func() {
		refreshAll(d.ctx, d.Subscriber, due)
		d.send(func() {
			d.fetching.busy = false
			d.read() // what came of it stands in the files
		})
	})
}

// refreshAll fetches subscriptions, several at a time. What went wrong is
// remembered by the library, and told when it lasts.
func refreshAll(ctx context.Context, s *hosts.Subscriber, names []string) {
	slots := make(chan struct{}, atOnce)
	for _, name := range names {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			s.Refresh(ctx, name, hosts.RefreshOptions{})
		}()
	}
	for range cap(slots) {
		slots <- struct{}{}
	}
}

// putInForce puts accepted texts in force if that needs no dialog, once: else
// they wait for a click.
func (d *Desk) putInForce() {
	waiting := d.state.pending()
	if len(waiting) == 0 {
		d.fetching.tried = nil
		d.withdraw(aboutPending)
		return
	}
	if d.busy || !d.state.canSwitch() || slices.Equal(waiting, d.fetching.tried) {
		return
	}
	d.fetching.tried = waiting
	d.apply("Putting the new text of "+join(waiting)+" in force", d.write(d.planPending, d.Quietly), func(err error) {
		if err != nil {
			d.tell(pendingNote(waiting, err))
		}
	})
}

func (d *Desk) planPending(f *hosts.File) (*hosts.Plan, error) {
	return hosts.PlanPending(f, d.Library, d.System.Platform, hosts.Moment{Time: d.now()})
}

// tellHeld says which updates are held back, each once. One that the user has
// seen elsewhere is no news.
func (d *Desk) tellHeld() {
	held := d.state.held()
	if len(held) == 0 {
		d.withdraw(aboutHeld)
	}
	for _, s := range held {
		if s.State.Shown != s.State.Held && d.fetching.told[s.Name] != s.State.Held {
			d.fetching.told[s.Name] = s.State.Held
			d.tell(heldNote(s.Name))
		}
	}
}

// pending returns the names of the profiles whose accepted text waits to be put
// in force.
func (s State) pending() []string {
	var names []string
	for _, sub := range s.subscriptions {
		if sub.Pending {
			names = append(names, sub.Name)
		}
	}
	return names
}

// held returns the subscriptions whose update waits to be accepted.
func (s State) held() []hosts.Standing {
	var list []hosts.Standing
	for _, sub := range s.subscriptions {
		if sub.Held() {
			list = append(list, sub)
		}
	}
	return list
}

// waiting says in words what waits for the user, a text for each.
func (s State) waiting() []string {
	var texts []string
	if names := s.pending(); len(names) > 0 {
		texts = append(texts, "New text of "+join(names)+" waits")
	}
	switch held := s.held(); len(held) {
	case 0:
	case 1:
		texts = append(texts, "An update of "+held[0].Name+" is held back")
	default:
		texts = append(texts, human.Count(len(held), "update")+" are held back")
	}
	return texts
}

// updateItems returns the lines of the menu for what waits.
func updateItems(s State) []Item {
	var items []Item
	if names := s.pending(); len(names) > 0 {
		items = append(items, Item{Slot: SlotUpdates, Label: "Put the new text of " + join(names) + " in force",
			Enabled: s.canSwitch(), Action: Action{Kind: PutInForce}})
	}
	held := s.held()
	for _, sub := range held[:min(len(held), maxHeld)] {
		items = append(items, Item{Slot: SlotUpdates, Label: fmt.Sprintf("An update of %s is held back…", sub.Name),
			Enabled: true, Action: Action{Kind: OpenWindow}})
	}
	return items
}
