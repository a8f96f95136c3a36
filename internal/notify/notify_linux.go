package notify

import (
	"context"
	"errors"
	"fmt"
	"html"
	"slices"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// The names of the Desktop Notifications Specification 1.3.
const (
	busName   = "org.freedesktop.Notifications"
	busPath   = dbus.ObjectPath("/org/freedesktop/Notifications")
	busMethod = busName + "."
)

// callTimeout bounds each call to the program that shows notifications.
const callTimeout = 5 * time.Second

// A Notifier shows notifications over the session bus. Its methods may be
// called by any goroutine.
type Notifier struct {
	app, icon string
	onAction  func(subject, key string)

	mu    sync.Mutex
	conn  *dbus.Conn
	done  chan struct{}     // closed when nothing of conn is read any more
	shown map[string]uint32 // the number of what is shown, by subject
}

// New returns a Notifier for the program called app, with the icon of this
// name. It connects when it first shows something. OnAction is called, by a
// goroutine of the Notifier, when the user clicks a button.
func New(app, icon string, onAction func(subject, key string)) *Notifier {
	return &Notifier{app: app, icon: icon, onAction: onAction, shown: map[string]uint32{}}
}

// Show shows a notification. Where the desktop has no buttons, it shows the
// notification without them. The error is [ErrUnavailable] where nothing shows
// notifications.
func (n *Notifier) Show(ctx context.Context, note Notification) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.connect(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	server := n.conn.Object(busName, busPath)
	var can []string
	if err := server.CallWithContext(ctx, busMethod+"GetCapabilities", 0).Store(&can); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	body, actions := note.Body, []string{}
	if slices.Contains(can, "body-markup") {
		body = html.EscapeString(body)
	}
	if slices.Contains(can, "actions") {
		for _, a := range note.Actions {
			actions = append(actions, a.Key, a.Label)
		}
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant(n.icon)}
	var id uint32
	err := server.CallWithContext(ctx, busMethod+"Notify", 0,
		n.app, n.shown[note.Subject], n.icon, note.Title, body, actions, hints, int32(-1)).Store(&id)
	if err != nil {
		return fmt.Errorf("showing a notification: %w", err)
	}
	n.shown[note.Subject] = id
	return nil
}

// Withdraw takes a notification away that is no longer true, if it is shown.
func (n *Notifier) Withdraw(ctx context.Context, subject string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id, ok := n.shown[subject]
	if !ok || n.conn == nil {
		return
	}
	delete(n.shown, subject)
	// The server answers with an error when it is gone already.
	_ = n.conn.Object(busName, busPath).CallWithContext(ctx, busMethod+"CloseNotification", dbus.FlagNoReplyExpected, id).Err
}

// Close takes the connection down. What is shown stays, without its buttons.
func (n *Notifier) Close() error {
	n.mu.Lock()
	conn, done := n.conn, n.done
	n.conn = nil
	n.mu.Unlock()
	if conn == nil {
		return nil
	}
	err := conn.Close()
	<-done
	return err
}

// connect connects to the session bus, if that is not done. The lock is held.
func (n *Notifier) connect() error {
	if n.conn != nil && n.conn.Connected() {
		return nil
	}
	// The bus that systray uses is shared by the whole process, and closed by it.
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return err
	}
	if err := conn.AddMatchSignal(dbus.WithMatchInterface(busName), dbus.WithMatchObjectPath(busPath)); err != nil {
		return errors.Join(err, conn.Close())
	}
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	n.conn, n.done = conn, make(chan struct{})
	done := n.done
	go func() {
		defer close(done)
		for s := range signals { // closed with the connection
			n.signal(s)
		}
	}()
	return nil
}

// signal takes what the server tells of a notification of ours.
func (n *Notifier) signal(s *dbus.Signal) {
	var id uint32
	var key string
	switch s.Name {
	case busMethod + "ActionInvoked":
		if dbus.Store(s.Body, &id, &key) != nil {
			return
		}
		if subject, ok := n.subject(id); ok {
			n.onAction(subject, key)
		}
	case busMethod + "NotificationClosed":
		var reason uint32
		if dbus.Store(s.Body, &id, &reason) != nil {
			return
		}
		if subject, ok := n.subject(id); ok {
			n.mu.Lock()
			delete(n.shown, subject)
			n.mu.Unlock()
		}
	}
}

// subject returns what the notification with this number is about. The server
// tells everybody about all of them.
func (n *Notifier) subject(id uint32) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for subject, shown := range n.shown {
		if shown == id {
			return subject, true
		}
	}
	return "", false
}
