package tray

import (
	"slices"
	"time"

	"fettle/hosts"
	"fettle/internal/human"
)

// A watchman remembers what the desk has told the user, and when it looked at
// the clock last. It belongs to the goroutine of the desk.
type watchman struct {
	timer  *time.Timer
	looked time.Time            // the wall clock at the last look
	told   map[string]time.Time // see [Reminders]
	tried  []string             // profiles whose time is over, and that were tried to be switched off
	harm   hosts.Harm           // the disturbance that was told
	notes  map[string]note      // what is shown, by subject
}

const (
	// round is how often the watchman looks while a profile is on. At rest, with
	// the original hosts file, the tray sleeps.
	round = time.Minute
	// asleep is how much longer than a round must have passed for the machine to
	// have slept.
	asleep = 2 * time.Minute
)

func (w *watchman) start() {
	w.timer = time.NewTimer(0)
	if !w.timer.Stop() {
		<-w.timer.C
	}
	w.told, w.notes = map[string]time.Time{}, map[string]note{}
}

// look compares the state with the clock, shows it, and does and says what is
// due. The state must have been read.
func (d *Desk) look() {
	now := d.now()
	// The wall clock: the other one stands still while the machine sleeps.
	justCame := d.watchman.looked.IsZero() || now.Round(0).Sub(d.watchman.looked) > round+asleep
	d.watchman.looked = now.Round(0)

	var limit time.Time
	d.state.Over, limit = timeLeft(d.state.inForce, now)
	d.state.Left = ""
	if !limit.IsZero() {
		d.state.Left = human.Left(limit.Sub(now))
	}
	d.Render(d.state)
	d.tellDisturbance()
	d.endWhatIsOver()
	d.remind(now, justCame)
	d.keepUpToDate(now)

	d.watchman.timer.Stop()
	wait := time.Duration(0)
	switch {
	case len(d.state.inForce) > 0 && !limit.IsZero():
		wait = min(round, limit.Sub(now))
	case len(d.state.inForce) > 0:
		wait = round
	case len(d.state.subscriptions) > 0:
		wait = glance
	}
	if wait > 0 {
		d.watchman.timer.Reset(wait)
	}
}

// timeLeft returns the profiles whose time is over, and when the next limit
// passes, or the zero time.
func timeLeft(inForce []hosts.Active, now time.Time) (over []string, limit time.Time) {
	for _, a := range inForce {
		switch {
		case a.Over(hosts.Moment{Time: now}):
			over = append(over, a.Name)
		case a.Until.After(now) && (limit.IsZero() || a.Until.Before(limit)):
			limit = a.Until
		}
	}
	return over, limit
}

// endWhatIsOver switches off what is on although its time is over, if that
// needs no dialog: nobody may be there to answer it. Otherwise it says so, once.
func (d *Desk) endWhatIsOver() {
	over := d.state.Over
	if len(over) == 0 {
		d.watchman.tried = nil
		d.withdraw(aboutTimeIsOver)
		return
	}
	if d.busy || slices.Equal(over, d.watchman.tried) {
		return
	}
	d.watchman.tried = slices.Clone(over)
	d.apply("Switching "+join(over)+" off", d.write(d.planExpire, d.Quietly), func(err error) {
		if err != nil {
			d.tell(overNote(over, err))
			return
		}
		d.tell(endedNote(over))
	})
}

func (d *Desk) planExpire(f *hosts.File) (*hosts.Plan, error) {
	return hosts.PlanExpire(f, d.Library, d.System.Platform, hosts.Moment{Time: d.now()})
}

// tellDisturbance says what another program did, once.
func (d *Desk) tellDisturbance() {
	harm := d.state.Disturbance.Harm
	if harm == d.watchman.harm {
		return
	}
	d.watchman.harm = harm
	if harm == hosts.Unharmed {
		d.withdraw(aboutDisturbance)
		return
	}
	d.tell(disturbanceNote(d.state.Disturbance))
}

// remind says what is still on.
func (d *Desk) remind(now time.Time, justCame bool) {
	due := d.Reminders.due(d.state.inForce, d.watchman.told, now, justCame)
	for _, a := range due {
		d.watchman.told[a.Name] = a.Since
	}
	switch {
	case len(due) > 0:
		d.tell(reminderNote(due, now))
	case len(d.state.inForce) == 0:
		d.withdraw(aboutReminder)
	}
}

// tell shows a notification. The desktop may take its time for it.
func (d *Desk) tell(n note) {
	d.watchman.notes[n.subject] = n
	d.work.Go(func() { d.Notify(n.notification()) })
}

func (d *Desk) withdraw(subject string) {
	if _, shown := d.watchman.notes[subject]; shown {
		delete(d.watchman.notes, subject)
		d.work.Go(func() { d.Withdraw(subject) })
	}
}

// Answer takes a click on a button of a notification. Any goroutine may call
// it; it returns at once.
func (d *Desk) Answer(subject, key string) {
	d.send(func() {
		if n, ok := d.watchman.notes[subject]; ok {
			d.do(n.answer(key))
		}
	})
}
