package desktoptest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// The names of the Desktop Notifications Specification 1.3.
const (
	notifyName = "org.freedesktop.Notifications"
	notifyPath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// Notifications is the part of a desktop that shows notifications.
type Notifications struct {
	t    testing.TB
	conn *dbus.Conn

	mu    sync.Mutex
	last  uint32
	shown []Notification
}

// A Notification is one that a program shows.
type Notification struct {
	ID      uint32
	Title   string
	Body    string
	Buttons []Button // without the click on the notification itself
}

// A Button is one of a notification.
type Button struct{ Key, Label string }

// StartNotifications puts a program on the bus that shows notifications, with
// buttons, and with text that may hold markup.
func (b *Bus) StartNotifications() *Notifications {
	b.t.Helper()
	n := &Notifications{t: b.t, conn: b.Connect()}
	if err := n.conn.Export(notificationServer{n}, notifyPath, notifyName); err != nil {
		b.t.Fatal(err)
	}
	if reply, err := n.conn.RequestName(notifyName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		b.t.Fatalf("taking the name of the notifications: %v, %v", reply, err)
	}
	return n
}

// notificationServer holds what programs may call.
type notificationServer struct{ n *Notifications }

// GetCapabilities says what the server can do.
func (s notificationServer) GetCapabilities() ([]string, *dbus.Error) {
	return []string{"actions", "body", "body-markup"}, nil
}

// Notify shows a notification, in the place of an earlier one where one is
// named.
func (s notificationServer) Notify(_ string, replaces uint32, _, title, body string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	note := Notification{ID: replaces, Title: title, Body: body}
	for pair := range slices.Chunk(actions, 2) {
		if len(pair) == 2 && pair[0] != "default" {
			note.Buttons = append(note.Buttons, Button{pair[0], pair[1]})
		}
	}
	if replaces == 0 {
		s.n.last++
		note.ID = s.n.last
	}
	s.n.remove(note.ID)
	s.n.shown = append(s.n.shown, note)
	return note.ID, nil
}

// CloseNotification takes a notification away.
func (s notificationServer) CloseNotification(id uint32) *dbus.Error {
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	s.n.remove(id)
	return nil
}

func (n *Notifications) remove(id uint32) {
	n.shown = slices.DeleteFunc(n.shown, func(have Notification) bool { return have.ID == id })
}

// Shown returns what is shown, the oldest first.
func (n *Notifications) Shown() []Notification {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.shown)
}

// Want waits until a notification with this title is shown, and returns it.
func (n *Notifications) Want(title string) Notification {
	n.t.Helper()
	var found Notification
	Eventually(n.t, func() bool {
		for _, note := range n.Shown() {
			if note.Title == title {
				found = note
				return true
			}
		}
		return false
	}, func() string { return fmt.Sprintf("a notification %q is shown: %+v", title, n.Shown()) })
	return found
}

// WantNone waits until no notification is shown.
func (n *Notifications) WantNone() {
	n.t.Helper()
	Eventually(n.t, func() bool { return len(n.Shown()) == 0 }, func() string { return fmt.Sprintf("no notification is shown: %+v", n.Shown()) })
}

// Press clicks a button of a notification, which then goes, as on most desktops.
func (n *Notifications) Press(note Notification, label string) {
	n.t.Helper()
	i := slices.IndexFunc(note.Buttons, func(b Button) bool { return b.Label == label })
	if i < 0 {
		n.t.Fatalf("the notification has no button %q: %+v", label, note)
	}
	n.emit("ActionInvoked", note.ID, note.Buttons[i].Key)
	n.mu.Lock()
	n.remove(note.ID)
	n.mu.Unlock()
	n.emit("NotificationClosed", note.ID, uint32(2)) // 2: the user closed it
}

func (n *Notifications) emit(signal string, values ...any) {
	n.t.Helper()
	if err := n.conn.Emit(notifyPath, notifyName+"."+signal, values...); err != nil {
		n.t.Fatal(err)
	}
}
