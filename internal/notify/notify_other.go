//go:build !linux

package notify

import (
	"context"
	"fmt"

	"github.com/gen2brain/beeep"
)

// A Notifier shows notifications without buttons, which the library for macOS
// and Windows does not have. Its methods may be called by any goroutine.
type Notifier struct{ app string }

// New returns a Notifier for the program called app. OnAction is never called.
func New(app, _ string, _ func(subject, key string)) *Notifier {
	beeep.AppName = app
	return &Notifier{app: app}
}

// Show shows a notification, without its buttons.
func (n *Notifier) Show(_ context.Context, note Notification) error {
	if err := beeep.Notify(note.Title, note.Body, ""); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}

// Withdraw does nothing: the library cannot take a notification away.
func (n *Notifier) Withdraw(context.Context, string) {}

// Close does nothing.
func (n *Notifier) Close() error { return nil }
