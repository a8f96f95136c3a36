package notify

import (
	"errors"
	"strings"
	"testing"

	"fettle/internal/desktoptest"
)

func TestShow(t *testing.T) {
	bus := desktoptest.StartBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus.Address)
	type click struct{ subject, key string }
	clicks := make(chan click, 10)
	n := New("Fettle", "org.fettle.Fettle", func(subject, key string) { clicks <- click{subject, key} })
	note := Notification{Subject: "a", Title: "staging is on", Body: "1 < 2 & 3",
		Actions: []Action{{DefaultAction, "Open"}, {"0", "Switch back"}}}
	if err := n.Show(t.Context(), note); !errors.Is(err, ErrUnavailable) {
		t.Errorf("with nothing that shows notifications: got %v, want ErrUnavailable", err)
	}

	desktop := bus.StartNotifications()
	if err := n.Show(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	shown := desktop.Want("staging is on")
	if shown.Body != "1 &lt; 2 &amp; 3" {
		t.Errorf("the body is %q; where it may hold markup, text must not", shown.Body)
	}
	desktop.Press(shown, "Switch back")
	if got := <-clicks; got != (click{"a", "0"}) {
		t.Errorf("got the click %v", got)
	}

	for _, title := range []string{"one", "two"} {
		if err := n.Show(t.Context(), Notification{Subject: "b", Title: title}); err != nil {
			t.Fatal(err)
		}
	}
	desktop.Want("two")
	if got := desktop.Shown(); len(got) != 1 {
		t.Errorf("got %+v, want the later one in the place of the earlier", got)
	}
	n.Withdraw(t.Context(), "b")
	n.Withdraw(t.Context(), "nothing")
	desktop.WantNone()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestShowWithoutASession(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/nobody")
	err := New("Fettle", "", nil).Show(t.Context(), Notification{Title: "x"})
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "shows no notifications") {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
}
