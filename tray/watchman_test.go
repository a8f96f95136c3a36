package tray

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fettle/hosts"
	"fettle/internal/notify"
)

// note waits until the desktop shows a notification, or none, about a subject.
func (b *bench) note(subject string) (n notify.Notification, shown bool) {
	b.t.Helper()
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	n, shown = b.notes[subject]
	return n, shown
}

func (b *bench) wantNote(about, subject, title string) {
	b.t.Helper()
	if n, _ := b.note(subject); n.Title != title {
		b.t.Errorf("%s: the notification says %q, want %q", about, n.Title, title)
	}
}

func (b *bench) elsewhere(w hosts.Switch) {
	b.t.Helper()
	w.Now = time.Now()
	_, err := b.System.Update(b.t.Context(), func(f *hosts.File) (*hosts.Plan, error) {
		return w.Plan(f, b.Library, b.System.Platform)
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.changed()
}

// The clock of the bubble runs ahead while all wait, so these take no time.

func TestDeskSwitchesBackWhenTheTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "127.0.0.1 localhost\n")
		b.await("at the start", on())
		b.elsewhere(hosts.Switch{Op: hosts.On, Names: []string{"ads"}})
		b.elsewhere(hosts.Switch{Op: hosts.On, Names: []string{"staging"}, Until: time.Now().Add(30 * time.Minute)})
		b.await("for a time", func(s State) bool { return on("ads", "staging")(s) && s.Left == "30 minutes" })
		time.Sleep(10 * time.Minute)
		b.await("later", func(s State) bool { return s.Left == "20 minutes" })
		time.Sleep(19*time.Minute + 59*time.Second)
		b.await("in the last minute", func(s State) bool { return on("ads", "staging")(s) })
		time.Sleep(2 * time.Second)
		b.await("when the time is over", func(s State) bool { return on("ads")(s) && s.Left == "" })
		b.wantNote("then", aboutEnd, "staging is off again")
	})
}

func TestDeskReminds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "127.0.0.1 localhost\n", func(b *bench) { b.Reminders = Reminders{After: 8 * time.Hour} })
		b.await("at the start", on())
		b.elsewhere(hosts.Switch{Op: hosts.On, Names: []string{"staging"}})
		b.await("on", on("staging"))
		time.Sleep(7*time.Hour + 58*time.Minute)
		if n, shown := b.note(aboutReminder); shown {
			t.Errorf("reminded too early: %q", n.Title)
		}
		time.Sleep(3 * time.Minute)
		b.wantNote("after 8 hours", aboutReminder, "staging is on since 00:00")
		b.Answer(aboutReminder, "0")
		b.await("switched back", on())
		if n, shown := b.note(aboutReminder); shown {
			t.Errorf("the notification %q stays", n.Title)
		}
	})
}

func TestDeskTellsWhatOthersDid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "127.0.0.1 localhost\n")
		b.await("at the start", on())
		b.elsewhere(hosts.Switch{Op: hosts.On, Names: []string{"staging"}})
		b.await("on", on("staging"))

		b.write("127.0.0.1 localhost\n")
		b.changed()
		b.await("removed", func(s State) bool { return s.Disturbance.Harm == hosts.Removed })
		b.wantNote("removed", aboutDisturbance, "Another program switched staging off")
		b.click(SlotRemedy, "Apply staging again")
		b.await("applied again", func(s State) bool { return on("staging")(s) && s.Disturbance.Harm == hosts.Unharmed })
		if n, shown := b.note(aboutDisturbance); shown {
			t.Errorf("the notification %q stays", n.Title)
		}

		data, err := os.ReadFile(b.path)
		if err != nil {
			t.Fatal(err)
		}
		edited := strings.Replace(string(data), "10.0.0.1 staging.test", "10.0.0.9 staging.test", 1)
		b.write(edited)
		b.changed()
		b.await("edited", func(s State) bool { return s.Disturbance.Harm == hosts.Edited })
		b.click(SlotRemedy, "Take the change over into staging")
		b.await("taken over", func(s State) bool { return on("staging")(s) && s.Disturbance.Harm == hosts.Unharmed })
		if p, err := b.Library.Load("staging"); err != nil || string(p.Text) != "10.0.0.9 staging.test\n" {
			t.Errorf("the profile holds %q, %v", p.Text, err)
		}

		b.write("127.0.0.1 localhost\n")
		b.changed()
		b.await("removed again", func(s State) bool { return s.Disturbance.Harm == hosts.Removed })
		b.click(SlotRemedy, "Leave it as it is")
		b.await("accepted", func(s State) bool { return on()(s) && s.Disturbance.Harm == hosts.Unharmed })
	})
}
