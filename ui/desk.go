package ui

import (
	"context"
	"slices"
	"sync"
	"time"

	"fettle/hosts"
)

// A desk is the one goroutine that owns what the window of hosts profiles shows.
// The methods that the window calls return at once: they leave a note on the
// desk. What takes time (files, the dialog that asks for rights) runs elsewhere
// and comes back as another note.
type desk struct {
	system     *hosts.System
	library    hosts.Library
	subscriber *hosts.Subscriber
	elevate    hosts.Elevate
	show       func(State) // called on the desk's goroutine
	now        func() time.Time
	settle     time.Duration // of quiet before a text is checked

	notes chan func()
	ended <-chan struct{}
	ctx   context.Context
	work  sync.WaitGroup

	// What follows belongs to the goroutine of run.
	world     world
	documents map[string]*document // the selected one, and those with unsaved changes
	selected  string
	revision  int // the last that a document was given
	job       *job
	saveNext  bool     // a save was asked for while the job runs
	problem   *Problem // of the last thing that was done, until it is dismissed
	watchErr  error
	reads     reads
	checks    *time.Timer
}

// A job is the one piece of work that changes something.
type job struct {
	text    string // "Switching staging on"
	profile string // whose switch it is, or ""
	cancel  context.CancelFunc
}

// reads numbers the readings of the files: the result of an older one that
// comes in late is dropped.
type reads struct {
	started, shown int
	running, again bool
}

// newDesk returns a desk that does nothing until run is called.
func newDesk(ctx context.Context, o Options, show func(State)) *desk {
	return &desk{
		system: o.System, library: o.Library, subscriber: o.Subscriber, elevate: o.Elevate,
		show: show, now: time.Now, settle: 150 * time.Millisecond,
		notes: make(chan func(), 64), ctx: ctx, ended: ctx.Done(),
		documents: make(map[string]*document),
	}
}

// run works until the context ends, and then waits for what it started.
func (d *desk) run() {
	d.read()
	for {
		select {
		case note := <-d.notes:
			note()
		case <-d.ended:
			d.work.Wait()
			return
		}
	}
}

// tell leaves a note for the desk. After its end, nobody reads it.
func (d *desk) tell(note func()) {
	select {
	case d.notes <- note:
	case <-d.ended:
	}
}

// refresh says that a file may have changed.
func (d *desk) refresh() { d.tell(d.read) }

// watchFailed says that changes of the files are not noticed any more.
func (d *desk) watchFailed(err error) {
	d.tell(func() { d.watchErr = err; d.render() })
}

// choose opens a profile in the editor; "" is the hosts file itself.
func (d *desk) choose(name string) {
	d.tell(func() { d.open(name) })
}

// edit says what the editor holds. The revision is that of the document which
// the user changed: a key that was typed while another text came in is lost with
// the text that it was typed into.
func (d *desk) edit(name string, revision int, draft string) {
	d.tell(func() {
		doc := d.documents[name]
		if doc == nil || doc.revision != revision || doc.draft == draft {
			return
		}
		was := doc.dirty()
		doc.draft = draft
		d.checkSoon(name)
		if was != doc.dirty() {
			d.render()
		}
	})
}

// revert drops the unsaved changes of a profile.
func (d *desk) revert(name string) {
	d.tell(func() {
		if doc := d.documents[name]; doc != nil {
			if doc.reset() {
				d.replaced(name)
			}
			d.tidy()
			d.render()
		}
	})
}

// keep makes the unsaved changes of a profile win over what somebody else saved.
func (d *desk) keep(name string) {
	d.tell(func() {
		if doc := d.documents[name]; doc != nil {
			doc.keep()
			d.render()
		}
	})
}

// cancel stops the job that runs.
func (d *desk) cancel() {
	d.tell(func() {
		if d.job != nil {
			d.job.cancel()
		}
	})
}

// dismiss takes the last problem off the screen.
func (d *desk) dismiss() {
	d.tell(func() { d.problem = nil; d.render() })
}

// open selects a profile. The goroutine of run calls it.
func (d *desk) open(name string) {
	if d.selected == name && d.reads.shown > 0 {
		return
	}
	d.selected = name
	d.tidy()
	d.ensure()
	d.read()
	d.render()
}

// ensure makes the document of the selected profile, if its text has been read.
func (d *desk) ensure() {
	t, read := d.world.texts[d.selected]
	if d.selected == "" || d.documents[d.selected] != nil || !read {
		return
	}
	d.documents[d.selected] = newDocument(t)
	d.replaced(d.selected)
}

// replaced makes the editor show a text that did not come from it.
func (d *desk) replaced(name string) {
	d.revision++
	d.documents[name].revision = d.revision
	d.checkSoon(name)
}

// tidy closes the documents that are neither selected nor changed.
func (d *desk) tidy() {
	for name, doc := range d.documents {
		if name != d.selected && !doc.dirty() {
			delete(d.documents, name)
		}
	}
}

// openNames returns the profiles whose text the window needs.
func (d *desk) openNames() []string {
	var names []string
	for name := range d.documents {
		names = append(names, name)
	}
	if d.selected != "" && !slices.Contains(names, d.selected) {
		names = append(names, d.selected)
	}
	return names
}

// read reads the files again, off the desk. Calls while a reading runs make one
// more.
func (d *desk) read() {
	if d.reads.running {
		d.reads.again = true
		return
	}
	d.reads.running = true
	d.reads.started++
	number, open := d.reads.started, d.openNames()
	d.work.Go(func() {
		w := readWorld(d.system, d.subscriber, open)
		d.tell(func() {
			d.reads.running = false
			d.take(number, w)
			if d.reads.again {
				d.reads.again = false
				d.read()
			}
		})
	})
}

// take makes a reading of the files what the window shows.
func (d *desk) take(number int, w world) {
	if number < d.reads.shown {
		return
	}
	first := d.reads.shown == 0
	d.reads.shown = number
	w.revision = d.world.revision
	if d.world.file == nil || w.file == nil || d.world.file.Hash() != w.file.Hash() {
		w.revision++
	}
	d.world = w
	for name, doc := range d.documents {
		if t, ok := w.texts[name]; ok && doc.follow(t) {
			d.replaced(name)
		}
	}
	if first && d.selected == "" {
		d.selected = d.firstChoice()
		if d.selected != "" {
			d.reads.again = true
		}
	}
	// A profile that is gone, and that nobody holds changes of, is not shown.
	if _, listed := w.listed(d.selected); !listed && d.selected != "" && !d.kept(d.selected) {
		d.selected = ""
	}
	d.tidy()
	d.ensure()
	d.render()
}

// kept reports whether the list shows a profile that has no file.
func (d *desk) kept(name string) bool {
	_, on := d.world.active(name)
	doc := d.documents[name]
	_, waits := d.world.subscriptions[name]
	return on || waits || doc != nil && doc.dirty()
}

// firstChoice returns what the window opens with: what is in force, or else the
// first profile.
func (d *desk) firstChoice() string {
	if d.world.file != nil && len(d.world.file.Active()) > 0 {
		return d.world.file.Active()[0].Name
	}
	if len(d.world.profiles) > 0 {
		return d.world.profiles[0].Name
	}
	return ""
}

func (d *desk) render() {
	if d.show != nil {
		d.show(d.state())
	}
}
