package tray

import (
	"context"
	"errors"
	"sync"
	"time"

	"fettle/hosts"
	"fettle/internal/notify"
)

// A Desk owns the state of the tray. One goroutine, that of [Desk.Run], changes
// it; everything else sends to it: the watcher of the files, clicks, and work
// that has ended. Set the fields before Run.
type Desk struct {
	System  *hosts.System
	Library hosts.Library
	// Subscriber keeps the subscribed profiles of the library up to date.
	Subscriber *hosts.Subscriber
	Elevate    hosts.Elevate
	// Quietly runs the write step where that needs no dialog, and fails where it
	// does.
	Quietly hosts.Elevate

	// Watch calls changed whenever the hosts file or a profile may have
	// changed, until the context ends.
	Watch func(ctx context.Context, changed func()) error
	// Render shows a state. It is called by Run's goroutine alone.
	Render func(State)
	// Notify shows a notification, and Withdraw takes one away that is no longer
	// true. They may take a while.
	Notify    func(notify.Notification)
	Withdraw  func(subject string)
	Reminders Reminders

	// Now tells the time; nil is the clock.
	Now func() time.Time

	// OpenWindow shows the window. It returns at once.
	OpenWindow func() error
	// Quit ends the program. It returns at once.
	Quit func()

	inputs chan func()
	ctx    context.Context
	work   sync.WaitGroup

	state   State
	busy    bool
	reading bool
	again   bool // a file changed while it was read

	watchman watchman
	fetching fetching
}

// NewDesk returns a Desk without any of its fields set, which works until the
// context ends.
func NewDesk(ctx context.Context) *Desk { return &Desk{inputs: make(chan func(), 16), ctx: ctx} }

// Run shows the state, and keeps it true, until the context ends. It waits for
// the work that it has started.
func (d *Desk) Run() {
	d.work.Go(func() {
		if err := d.Watch(d.ctx, func() { d.send(d.read) }); err != nil && d.ctx.Err() == nil {
			d.send(func() { d.fail("Changes are not noticed: " + err.Error()) })
		}
	})
	d.watchman.start()
	d.fetching.asked, d.fetching.told = map[string]time.Time{}, map[string]hosts.Hash{}
	defer d.watchman.timer.Stop()
	d.read()
	for {
		select {
		case input := <-d.inputs:
			input()
		case <-d.watchman.timer.C:
			d.look()
		case <-d.ctx.Done():
			d.work.Wait()
			return
		}
	}
}

// Do carries an action out. Any goroutine may call it; it returns at once.
func (d *Desk) Do(a Action) {
	d.send(func() { d.do(a) })
}

// send hands an input to Run's goroutine, unless that has ended.
func (d *Desk) send(input func()) {
	select {
	case d.inputs <- input:
	case <-d.ctx.Done():
	}
}

func (d *Desk) do(a Action) {
	switch a.Kind {
	case Switch:
		a.Switch.Now = d.now()
		d.change(busyText(a.Switch), func(f *hosts.File) (*hosts.Plan, error) {
			return a.Switch.Plan(f, d.Library, d.System.Platform)
		})
	case Undo:
		d.change("Undoing “"+d.state.Undo+"”", d.System.PlanUndo)
	case Expire:
		d.change("Switching back", d.planExpire)
	case Accept:
		d.change("Noting it", func(f *hosts.File) (*hosts.Plan, error) { return hosts.PlanAccept(f), nil })
	case PutInForce:
		d.change("Putting the new text in force", d.planPending)
	case Adopt:
		d.adopt(a.Names)
	case OpenWindow:
		if err := d.OpenWindow(); err != nil {
			d.fail("The window does not open: " + err.Error())
		}
	case Quit:
		d.Quit()
	}
}

// busyText says what a switch does, while it is done.
func busyText(s hosts.Switch) string {
	switch {
	case len(s.Names) == 0:
		return "Going back to the original"
	case len(s.Names) == 1 && s.Op == hosts.Off:
		return "Switching " + s.Names[0] + " off"
	case len(s.Names) == 1:
		return "Switching " + s.Names[0] + " on"
	}
	return "Switching profiles"
}

// change plans and writes what the user asked for.
func (d *Desk) change(what string, decide func(*hosts.File) (*hosts.Plan, error)) {
	d.apply(what, d.write(decide, d.Elevate), d.complain)
}

// complain shows why something that was asked for was not done.
func (d *Desk) complain(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		d.state.Failure = err.Error()
	}
}

// write returns the work of planning and writing.
func (d *Desk) write(decide func(*hosts.File) (*hosts.Plan, error), elevate hosts.Elevate) func() error {
	return func() error {
		_, err := d.System.Apply(d.ctx, decide, elevate)
		return err
	}
}

// apply works off Run's goroutine: the user may take a minute to type a
// password. Ended is called on it. A click that comes in meanwhile does nothing;
// the menu shows its items disabled.
func (d *Desk) apply(what string, work func() error, ended func(error)) {
	if d.busy {
		return
	}
	d.busy, d.state.Busy, d.state.Failure = true, what, ""
	d.Render(d.state)
	d.work.Go(func() {
		err := work()
		d.send(func() {
			d.busy, d.state.Busy = false, ""
			ended(err)
			d.read()
		})
	})
}

// adopt takes what another program made of profiles over into the library, and
// notes in the hosts file that they are what they are.
func (d *Desk) adopt(names []string) {
	save := func() error {
		f, err := d.System.Read()
		for _, name := range names {
			if err == nil {
				_, err = d.Library.Adopt(f, name)
			}
		}
		return err
	}
	note := d.write(func(f *hosts.File) (*hosts.Plan, error) {
		return hosts.PlanAdopt(f, d.Library, names, d.System.Platform, hosts.Moment{Time: d.now()})
	}, d.Elevate)
	d.apply("Taking the change over", func() error {
		if err := save(); err != nil {
			return err
		}
		return note()
	}, d.complain)
}

func (d *Desk) now() time.Time {
	if d.Now != nil {
		return d.Now()
	}
	return time.Now()
}

// fail shows why something was not done.
func (d *Desk) fail(why string) {
	d.state.Failure = why
	d.Render(d.state)
}

// read reads the files again off Run's goroutine, and shows what they say.
func (d *Desk) read() {
	if d.reading {
		d.again = true
		return
	}
	d.reading = true
	d.work.Go(func() {
		s := readState(d.System, d.Subscriber)
		d.send(func() {
			d.reading = false
			s.Busy, s.Failure = d.state.Busy, d.state.Failure
			d.state = s
			d.look()
			if d.again {
				d.again = false
				d.read()
			}
		})
	})
}

// readState reads what the tray shows.
func readState(system *hosts.System, subscriber *hosts.Subscriber) State {
	s := State{Path: system.Path}
	f, err := system.Read()
	if err != nil {
		s.Unreadable = err.Error()
		return s
	}
	s.Damaged, s.Interrupted = f.Damage != nil, system.Interrupted()
	s.inForce, s.Active = f.Active(), hosts.Names(f.Active())
	s.Orphaned = len(s.Active) == 0 && f.Asides() > 0
	list, err := subscriber.Library.List()
	if err != nil {
		s.Unreadable = err.Error()
		return s
	}
	for _, p := range list {
		s.Profiles = append(s.Profiles, p.Name)
	}
	// A subscription that cannot be read costs its news, and nothing else; the
	// command line says why.
	s.subscriptions, _ = subscriber.Standings(f)
	// A history that cannot be read costs undo, and nothing else.
	if entries, err := system.History(); err == nil {
		s.LastSet = hosts.LastSet(entries)
		s.Disturbance = hosts.Disturbed(f, entries)
		if e, ok := hosts.ToUndo(entries, f.Hash()); ok {
			s.Undo = e.Action
		}
	}
	return s
}
