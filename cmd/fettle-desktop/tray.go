package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"sync"

	"fettle/assets"
	"fettle/internal/elevate"
	"fettle/internal/notify"
	"fettle/tray"
)

// appID is the name by which desktops know the program: of its desktop entry,
// its icon, and its windows.
const appID = "org.fettle.Fettle"

// runTray is the role that is there all day. A second start shows the window.
func (d *desktop) runTray(ctx context.Context) error {
	self, err := claimOrShow(ctx, d.runDir, trayRole, sections[0])
	if self == nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	desk := tray.NewDesk(ctx)
	desk.System, desk.Library, desk.Elevate = d.system, d.library, d.elevate
	desk.Subscriber = d.subscriber
	desk.Quietly, desk.Watch, desk.Reminders = d.elevateQuietly, d.watch, d.remind
	notifier := notify.New("Fettle", appID, desk.Answer)
	desk.Notify = func(n notify.Notification) {
		// A desktop without notifications has the icon, the tooltip and the menu.
		_ = notifier.Show(ctx, n)
	}
	desk.Withdraw = func(subject string) { notifier.Withdraw(ctx, subject) }
	desk.OpenWindow = func() error { return d.openWindow(ctx, sections[0]) }
	desk.Quit = cancel

	log.SetFlags(0)
	log.SetOutput(&trayLog{to: os.Stderr})
	var work sync.WaitGroup
	work.Go(func() { self.serve(ctx, d.answerAsTray(desk, cancel)) })
	context.AfterFunc(ctx, tray.Stop)
	tray.Run(icons(), desk.Do, func(render func(tray.State)) {
		desk.Render = render
		work.Go(desk.Run)
	})
	cancel()
	work.Wait()
	return errors.Join(notifier.Close(), self.close())
}

// answerAsTray returns what the tray does for the window and for other starts.
func (d *desktop) answerAsTray(desk *tray.Desk, quit func()) func(context.Context, message) answer {
	// One dialog at a time. The rights that it gives serve the tray for a while,
	// which is why the window does not ask for them itself.
	var elevating sync.Mutex
	return func(ctx context.Context, m message) answer {
		switch m.Do {
		case doShow:
			desk.Do(tray.Action{Kind: tray.OpenWindow})
		case doQuit:
			quit()
		case doWrite:
			elevating.Lock()
			defer elevating.Unlock()
			reply, err := d.elevate(ctx, m.Request)
			if err != nil {
				return answer{Reply: reply, Error: err.Error()}
			}
			return answer{Reply: reply}
		default:
			return answer{Error: fmt.Sprintf("the tray cannot %q", m.Do)}
		}
		return answer{}
	}
}

// openWindow raises the window, or starts the process that shows it.
func (d *desktop) openWindow(ctx context.Context, section string) error {
	if _, err := send(ctx, d.runDir, windowRole, message{Do: doShow, Section: section}); err == nil {
		return nil
	}
	self, err := elevate.Self()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "window", section)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	// Nobody waits for this goroutine: the window may outlive the tray. What goes
	// wrong there, the window says itself.
	go func() { _ = cmd.Wait() }()
	return nil
}

// icons returns the pictures of the tray.
func icons() map[tray.Icon]tray.IconSet {
	return map[tray.Icon]tray.IconSet{
		tray.IconOriginal:  {Image: trayImage(assets.TrayOriginal), Template: assets.TrayOriginalTemplate},
		tray.IconProfiles:  {Image: trayImage(assets.TrayProfiles), Template: assets.TrayProfilesTemplate},
		tray.IconAttention: {Image: trayImage(assets.TrayAttention), Template: assets.TrayAttentionTemplate},
	}
}

// A trayLog says in the user's words, and once, what the tray's library logs.
type trayLog struct {
	to   io.Writer
	once sync.Map
}

func (l *trayLog) Write(line []byte) (int, error) {
	text := "fettle-desktop: " + string(bytes.TrimSpace(line))
	switch {
	case bytes.Contains(line, []byte("connect to DBus")):
		text = "fettle-desktop: there is no D-Bus session, so no icon can be shown; start it from within a desktop, " +
			`or use the window: fettle-desktop window`
	case bytes.Contains(line, []byte("failed to register")):
		text = "fettle-desktop: nothing here shows tray icons yet; the icon appears when something does " +
			`(on GNOME: the AppIndicator extension). The window works all the same: fettle-desktop window`
	}
	if _, said := l.once.LoadOrStore(text, true); !said {
		fmt.Fprintln(l.to, text)
	}
	return len(line), nil
}
