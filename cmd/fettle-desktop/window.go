package main

import (
	"context"
	"errors"
	"os"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"fettle/assets"
	"fettle/ui"
)

// runWindow is the role that shows the windows, all of them in one process,
// which ends with the last. Another start raises what is there.
func (d *desktop) runWindow(ctx context.Context, section string) error {
	self, err := claimOrShow(ctx, d.runDir, windowRole, section)
	if self == nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	show := make(chan string)
	var work sync.WaitGroup
	work.Go(func() {
		self.serve(ctx, func(ctx context.Context, m message) answer {
			switch m.Do {
			case doShow:
				select {
				case show <- m.Section:
				case <-ctx.Done():
				}
			case doQuit:
				cancel()
			}
			return answer{}
		})
	})
	makeCacheDir()
	a := app.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("fettle.png", assets.App))
	err = ui.Run(ctx, a, ui.Options{
		System: d.system, Library: d.library, Subscriber: d.subscriber, Elevate: d.elevateThroughTray, Watch: d.watch, Show: show,
	})
	cancel()
	work.Wait()
	return errors.Join(err, self.close())
}

// makeCacheDir makes the folder in which fyne makes its own, and complains when
// it cannot: a new user does not have one. Fyne says what is wrong, if it is.
func makeCacheDir() {
	if dir, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(dir, 0o700)
	}
}

// elevateThroughTray lets the tray ask for the rights: its dialog's answer is
// kept for a while, so that one password serves several switches. Without a
// tray the window asks itself.
func (d *desktop) elevateThroughTray(ctx context.Context, request []byte) ([]byte, error) {
	a, err := send(ctx, d.runDir, trayRole, message{Do: doWrite, Request: request})
	if errors.Is(err, errNotRunning) {
		return d.elevate(ctx, request)
	}
	return a.Reply, err
}
