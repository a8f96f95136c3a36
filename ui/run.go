package ui

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"fettle/hosts"
)

// Options say what the windows work on.
type Options struct {
	System  *hosts.System
	Library hosts.Library
	// Subscriber accepts updates of subscribed profiles of the library.
	Subscriber *hosts.Subscriber
	Elevate    hosts.Elevate // for a hosts file that belongs to root
	// Watch calls changed after each change of the hosts file and of the folder
	// of profiles, until ctx ends.
	Watch func(ctx context.Context, changed func()) error
	// Show tells which window to raise, as other starts of the program ask for
	// it. It may be nil.
	Show <-chan string
}

// Run shows the window and returns when it is closed. The end of ctx closes it,
// after a question if there are unsaved changes. Run must be called from the main
// goroutine, with an app that nobody runs yet.
func Run(ctx context.Context, app fyne.App, o Options) error {
	// The desk must outlive ctx: the answer may be to save.
	open, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	app.Settings().SetTheme(Theme{})
	win := app.NewWindow("Hosts – Fettle")
	win.SetMaster()
	win.SetPadded(false)
	win.Resize(fyne.NewSize(960, 600))

	var w *hostsWindow
	d := newDesk(open, o, func(s State) { onMain(func() { w.render(s) }) })
	w = newHostsWindow(win, d, onMain)

	var work sync.WaitGroup
	app.Lifecycle().SetOnStarted(func() {
		work.Go(d.run)
		work.Go(func() { follow(open, o, d) })
		work.Go(func() { raise(open, o.Show, win) })
	})
	forget := context.AfterFunc(ctx, func() {
		onMain(func() {
			win.RequestFocus()
			w.close()
		})
	})
	win.ShowAndRun()
	forget()
	stop()
	work.Wait()
	return nil
}

// follow tells the desk of changes of the files.
func follow(ctx context.Context, o Options, d *desk) {
	if err := o.Watch(ctx, d.refresh); err != nil && ctx.Err() == nil {
		d.watchFailed(err)
	}
}

// raise shows the window again whenever somebody asks for it.
func raise(ctx context.Context, show <-chan string, win fyne.Window) {
	for {
		select {
		case _, ok := <-show:
			if !ok {
				return
			}
			onMain(func() {
				win.Show()
				win.RequestFocus()
			})
		case <-ctx.Done():
			return
		}
	}
}
