package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fettle/hosts"
)

// start runs do off the desk, unless something runs already. The controls that
// start anything are disabled meanwhile, so that nothing is asked for in vain.
// When do has ended the files are read before the job is over, so that what the
// window shows next is what the job left behind.
func (d *desk) start(j job, do func(context.Context) error) {
	d.tell(func() { d.begin(j, do, nil) })
}

// begin is start on the goroutine of run. After is called there when do went
// well, before the window is drawn.
func (d *desk) begin(j job, do func(context.Context) error, after func()) {
	if d.job != nil {
		return
	}
	ctx, cancel := context.WithCancel(d.ctx)
	j.cancel = cancel
	d.job, d.problem = &j, nil
	d.render()
	d.reads.started++
	number, open := d.reads.started, d.openNames()
	d.work.Go(func() {
		defer cancel()
		err := do(ctx)
		if j.profile != "" && !slices.Contains(open, j.profile) {
			open = append(open, j.profile)
		}
		w := readWorld(d.system, d.subscriber, open)
		d.tell(func() {
			d.job = nil
			if err != nil && !errors.Is(err, context.Canceled) {
				d.problem = d.explain(err, func() { d.start(j, do) })
			}
			if err == nil && after != nil {
				after()
			}
			d.take(number, w)
			if d.saveNext && err == nil {
				d.beginSaveOpen()
			}
			d.saveNext = false
		})
	})
}

// flip puts a profile in force, beside the others, or takes it out.
func (d *desk) flip(name string, on bool) {
	op, text := hosts.On, "Switching "+name+" on"
	if !on {
		op, text = hosts.Off, "Switching "+name+" off"
	}
	d.start(job{text: text, profile: name}, func(ctx context.Context) error {
		return d.apply(ctx, hosts.Switch{Op: op, Names: []string{name}})
	})
}

// toggleAll goes from any profiles to the original hosts file, and back to those
// that were in force last.
func (d *desk) toggleAll() {
	d.tell(func() {
		s := d.state().Status
		switch {
		case s.On:
			d.begin(job{text: "Switching everything off"}, func(ctx context.Context) error {
				return d.apply(ctx, hosts.Switch{Op: hosts.Off})
			}, nil)
		case len(s.LastSet) > 0:
			d.begin(job{text: "Switching " + sentence(s.LastSet) + " on"}, func(ctx context.Context) error {
				return d.apply(ctx, hosts.Switch{Op: hosts.Use, Names: s.LastSet})
			}, nil)
		}
	})
}

// apply switches profiles, and waits for the file to be written.
func (d *desk) apply(ctx context.Context, w hosts.Switch) error {
	w.Now = d.now().UTC().Truncate(time.Second)
	_, err := d.system.Apply(ctx, func(f *hosts.File) (*hosts.Plan, error) {
		return w.Plan(f, d.library, d.system.Platform)
	}, d.elevate)
	return err
}

// undo takes the last change of the hosts file back.
func (d *desk) undo() {
	d.tell(func() {
		if d.world.undo == nil || d.world.damage() != nil {
			return
		}
		d.begin(job{text: "Undoing " + d.world.undo.Action}, func(ctx context.Context) error {
			_, err := d.system.Apply(ctx, d.system.PlanUndo, d.elevate)
			return err
		}, nil)
	})
}

// putBack restores the whole file as it was before a change of the history.
func (d *desk) putBack(number int) {
	d.start(job{text: "Putting the hosts file back"}, func(ctx context.Context) error {
		_, err := d.system.Apply(ctx, func(f *hosts.File) (*hosts.Plan, error) {
			return d.system.PlanRestoreEntry(f, number)
		}, d.elevate)
		return err
	})
}

// A conflictError stops a save over a text that the user has not seen.
type conflictError struct{ name string }

func (e *conflictError) Error() string {
	return fmt.Sprintf("profile %q has changed on disk since it was opened", e.name)
}

// saveOpen saves the open profile, or puts it in force if somebody else saved it.
// It comes after all that was typed before it, and while something runs, it waits
// for that to end well.
func (d *desk) saveOpen() {
	d.tell(func() {
		if d.saveNext = d.job != nil; !d.saveNext {
			d.beginSaveOpen()
		}
	})
}

func (d *desk) beginSaveOpen() {
	switch doc := d.document(); {
	case doc.ReadOnly || doc.Conflict != noConflict:
	case doc.Dirty:
		d.beginSave([]string{doc.Name}, nil)
	case doc.Stale:
		d.beginApply(doc.Name)
	}
}

// save writes the unsaved changes of profiles. Those that are in force are put
// in force with their new text. When all of it went well, then is called, on the
// desk; it may be nil.
func (d *desk) save(names []string, then func()) {
	d.tell(func() { d.beginSave(names, then) })
}

func (d *desk) beginSave(names []string, then func()) {
	type draft struct {
		profile hosts.Profile
		base    text
		text    string
	}
	var drafts []draft
	for _, name := range names {
		if doc := d.documents[name]; doc != nil && doc.dirty() {
			drafts = append(drafts, draft{hosts.Profile{Name: name, Text: doc.content()}, doc.base, doc.draft})
		}
	}
	if len(drafts) == 0 {
		return
	}
	j := job{text: "Saving " + sentence(names)}
	d.begin(j, func(ctx context.Context) error {
		for _, draft := range drafts {
			// The watcher may not have told of it yet.
			have := readText(d.library, draft.profile.Name)
			changed := have.body != draft.base.body || have.gone != draft.base.gone
			if have.err == nil && changed && have.body != draft.text {
				return &conflictError{draft.profile.Name}
			}
			if err := d.library.Save(draft.profile); err != nil {
				return err
			}
			if err := d.reload(ctx, draft.profile); err != nil {
				return &savedError{draft.profile.Name, err}
			}
		}
		return nil
	}, then)
}

// A savedError says that a profile was saved, and is not in force as saved.
type savedError struct {
	name string
	err  error
}

func (e *savedError) Error() string {
	return fmt.Sprintf("profile %q is saved, but not in force: %v", e.name, e.err)
}

func (e *savedError) Unwrap() error { return e.err }

// reload puts the text of a profile in force, if the profile is.
func (d *desk) reload(ctx context.Context, p hosts.Profile) error {
	_, err := d.system.Apply(ctx, func(f *hosts.File) (*hosts.Plan, error) {
		if !slices.Contains(hosts.Names(f.Active()), p.Name) {
			return &hosts.Plan{}, nil
		}
		return hosts.PlanReload(f, d.library, p, d.system.Platform, hosts.Moment{Time: d.now()})
	}, d.elevate)
	return err
}

// beginApply puts a profile in force with the text that its file holds.
func (d *desk) beginApply(name string) {
	d.begin(job{text: "Applying " + name, profile: name}, func(ctx context.Context) error {
		p, err := d.library.Load(name)
		if err != nil {
			return err
		}
		return d.reload(ctx, p)
	}, nil)
}

// accept takes over an update of a subscribed profile that was held back, as it
// was shown, and puts it in force if the profile is.
func (d *desk) accept(update hosts.Refreshed) {
	name := update.Name
	d.start(job{text: "Accepting the update of " + name, profile: name}, func(ctx context.Context) error {
		if err := d.subscriber.MarkShown(ctx, name, update.New); err != nil {
			return err
		}
		r := d.subscriber.Accept(ctx, name, hosts.RefreshOptions{})
		if r.Err != nil {
			return r.Err
		}
		if err := d.reload(ctx, r.Profile); err != nil {
			return &savedError{name, err}
		}
		return nil
	})
}

// create makes a profile and opens it. It reports the error to done, on the
// desk, so that the dialog that asked for the name can show it.
func (d *desk) create(name string, body []byte, done func(error)) {
	d.tell(func() {
		d.work.Go(func() {
			err := d.library.Create(hosts.Profile{Name: name, Text: body})
			d.tell(func() {
				if err == nil {
					d.open(name)
				}
				done(err)
			})
		})
	})
}

// remove deletes a profile that is off, and its unsaved changes.
func (d *desk) remove(name string) {
	d.tell(func() {
		if _, on := d.world.active(name); on {
			return
		}
		d.begin(job{text: "Deleting " + name}, func(context.Context) error {
			if err := d.library.Remove(name); !errors.Is(err, hosts.ErrNoProfile) {
				return err
			}
			return nil // gone already, and only its unsaved changes were left
		}, func() {
			delete(d.documents, name)
			if d.selected == name {
				d.selected = ""
			}
		})
	})
}
