package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"fettle/hosts"
	"fettle/internal/desktoptest"
)

// A desk is a world with a session, a tray, and fettle-desktop in it.
type desk struct {
	*world
	bus  *desktoptest.Bus
	tray *desktoptest.Tray
	item *desktoptest.Item
	*process
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	bus := desktoptest.StartBus(t)
	d := &desk{world: newWorld(t), bus: bus, tray: bus.StartTray()}
	d.env = append(d.env, bus.Env())
	d.process = d.start()
	d.item = d.tray.Item()
	return d
}

// wantMenu waits until the menu is this, line by line, without the separators.
func (d *desk) wantMenu(lines ...string) {
	d.world.t.Helper()
	want := strings.Join(lines, "\n") + "\n"
	var got string
	desktoptest.Eventually(d.world.t, func() bool {
		got = strings.ReplaceAll(d.item.MenuText(), "----\n", "")
		return got == want
	}, func() string { return fmt.Sprintf("the menu is\n%s\nbut should be\n%s", got, want) })
}

// wantShown waits until the icon, the tooltip and the title tell a state.
func (d *desk) wantShown(tooltip, title string) {
	d.world.t.Helper()
	desktoptest.Eventually(d.world.t, func() bool { return d.item.Tooltip() == tooltip && d.item.Title() == title }, func() string {
		return fmt.Sprintf("the tooltip is %q and the title %q, but should be %q and %q", d.item.Tooltip(), d.item.Title(), tooltip, title)
	})
}

// choose clicks a line of the menu when a person could have read it.
func (d *desk) choose(label string) {
	d.world.t.Helper()
	time.Sleep(reading)
	d.item.Choose(label)
}

// reading is a little more than the time in which the tray takes a click on a
// line that has just changed for one on the line that was there before.
const reading = 350 * time.Millisecond

// iconOtherThan waits until the icon is another one, and returns it.
func (d *desk) iconOtherThan(old string) string {
	d.world.t.Helper()
	var icon string
	desktoptest.Eventually(d.world.t, func() bool { icon, _ = d.item.Icon(); return icon != old && icon != "" },
		func() string { return "the icon changes" })
	return icon
}

func TestTrayShowsAndSwitches(t *testing.T) {
	d := newDesk(t)
	d.wantMenu("(Original hosts file)", "[ ] ads", "[ ] staging", "(Original hosts only)", "(Undo)", "Open Fettle…", "Quit")
	d.wantShown("Original hosts file", "Fettle")
	atRest := d.iconOtherThan("")
	if _, width := d.item.Icon(); width != 64 {
		t.Errorf("the icon is %d pixels wide, want 64", width)
	}

	d.choose("staging")
	d.wantMapped("10.0.0.1 shop.test")
	d.wantMenu("(staging on)", "[ ] ads", "[x] staging", "Original hosts only", "Undo “on staging”", "Open Fettle…", "Quit")
	d.wantShown("staging on", "staging")
	d.iconOtherThan(atRest)

	d.choose("ads")
	d.wantMapped("0.0.0.0 tracker.test")
	d.wantShown("staging, ads on", "staging, ads")

	d.choose("Original hosts only")
	d.wantOriginal()
	d.wantMenu("(Original hosts file)", "[ ] ads", "[ ] staging", "Back to staging, ads", "Undo “off --all”", "Open Fettle…", "Quit")

	d.choose("Back to staging, ads")
	d.wantMapped("10.0.0.1 shop.test")
	d.wantMapped("0.0.0.0 tracker.test")

	d.wantShown("staging, ads on", "staging, ads")
	d.choose("Undo “use staging ads”")
	d.wantOriginal()
	d.wantShown("Original hosts file", "Fettle")
}

func TestTrayFollowsOthers(t *testing.T) {
	d := newDesk(t)
	d.cli("on", "staging")
	d.wantShown("staging on", "staging")
	ids := map[string]int32{}
	for _, item := range d.item.Menu() {
		ids[item.Label] = item.ID
	}
	d.cli("off", "--all")
	d.wantShown("Original hosts file", "Fettle")

	d.profile("vpn_eu", "10.9.9.9 a.test\n")
	d.wantMenu("(Original hosts file)", "[ ] ads", "[ ] staging", "[ ] vpn_eu", "Back to staging", "Undo “off --all”", "Open Fettle…", "Quit")
	d.remove("config/hosts/vpn_eu.hosts")
	d.remove("config/hosts/ads.hosts")
	d.wantMenu("(Original hosts file)", "[ ] staging", "Back to staging", "Undo “off --all”", "Open Fettle…", "Quit")
	for _, item := range d.item.Menu() {
		if id, ok := ids[item.Label]; ok && item.Label == "Quit" && id != item.ID {
			t.Errorf("the line %q had the id %d and has %d: a click on its way would be lost", item.Label, id, item.ID)
		}
	}
}

func TestTrayShowsTrouble(t *testing.T) {
	d := newDesk(t)
	d.cli("on", "staging")
	d.wantShown("staging on", "staging")
	fine, _ := d.item.Icon()

	whole := d.read("hosts")
	d.write("hosts", strings.Replace(whole, "# <<< fettle <<<", "", 1))
	d.wantMenu("(Hosts: unknown)", "⚠ Fettle's section of the hosts file is damaged", "([ ] ads)", "([ ] staging)",
		"(Back to staging)", "(Undo “on staging”)", "Open Fettle…", "Quit")
	trouble := d.iconOtherThan(fine)

	d.write("hosts", whole)
	d.wantShown("staging on", "staging")
	if d.iconOtherThan(trouble) != fine {
		t.Error("after the trouble the icon is not what it was before")
	}

	d.remove("hosts")
	d.iconOtherThan(fine)
	d.write("hosts", "127.0.0.1 localhost\n#~fettle~ 1.1.1.1 shop.test\n")
	d.wantShown("Original hosts file · Another program switched staging off", "Fettle")
}

func TestTrayKeepsRunningWhenTheOthersGo(t *testing.T) {
	d := newDesk(t)
	d.wantShown("Original hosts file", "Fettle")
	d.tray.Hide()
	d.cli("on", "ads")
	d.tray.Show()
	d.item = d.tray.Item()
	d.wantShown("ads on", "ads")
	d.choose("ads")
	d.wantOriginal()

	d.bus.Stop()
	d.cli("on", "ads")
	desktoptest.Eventually(t, func() bool { return strings.Contains(strings.ToLower(d.output.String()), "title") || !d.running() },
		func() string { return "the tray shows the last thing that it shows, in vain:\n" + d.output.String() })
	if !d.running() {
		t.Error("with the session gone the tray ended by itself")
	}
	d.signal(syscall.SIGTERM)
	d.wantExit(0)
}

func TestTrayIsThereBeforeThePanel(t *testing.T) {
	bus := desktoptest.StartBus(t)
	w := newWorld(t)
	w.env = append(w.env, bus.Env())
	p := w.start()
	desktoptest.Eventually(t, func() bool { return strings.Contains(p.output.String(), "nothing here shows tray icons yet") },
		func() string { return "it says that no icon can be seen yet: " + p.output.String() })
	item := bus.StartTray().Item()
	desktoptest.Eventually(t, func() bool { return item.Tooltip() == "Original hosts file" }, func() string { return item.Tooltip() })
}

func TestTrayWithoutASession(t *testing.T) {
	w := newWorld(t)
	w.env = append(w.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+w.path("nobody"))
	p := w.start()
	desktoptest.Eventually(t, func() bool { return strings.Contains(p.output.String(), "there is no D-Bus session") },
		func() string { return "it says why there is no icon: " + p.output.String() })
	p.signal(os.Interrupt)
	p.wantExit(0)
}

func TestTrayEnds(t *testing.T) {
	for about, end := range map[string]func(*desk){
		"by its menu":     func(d *desk) { d.choose("Quit") },
		"by the command":  func(d *desk) { d.start("quit").wantExit(0) },
		"by the session":  func(d *desk) { d.signal(syscall.SIGTERM) },
		"by the keyboard": func(d *desk) { d.signal(os.Interrupt) },
	} {
		t.Run(strings.ReplaceAll(about, " ", "_"), func(t *testing.T) {
			d := newDesk(t)
			d.wantShown("Original hosts file", "Fettle")
			end(d)
			d.wantExit(0)
			if out := d.output.String(); out != "" {
				t.Errorf("it printed %q, want nothing", out)
			}
		})
	}
}

// A click counts when it is made, whoever else holds the file at that moment.
func TestTrayClicksOfTwoTrays(t *testing.T) {
	d := newDesk(t)
	other := newDesk(t)
	other.signal(syscall.SIGTERM)
	other.wantExit(0)
	d.wantShown("Original hosts file", "Fettle")
	for range 5 {
		d.choose("staging")
		d.cli("toggle", "ads")
		d.wantMapped("10.0.0.1 shop.test")
		desktoptest.Eventually(t, func() bool { return strings.Contains(d.item.Tooltip(), "staging") }, d.item.Tooltip)
		d.choose("staging")
		desktoptest.Eventually(t, func() bool { return !strings.Contains(d.item.Tooltip(), "staging") }, d.item.Tooltip)
	}
}

func TestTrayWithManyProfiles(t *testing.T) {
	bus := desktoptest.StartBus(t)
	w := newWorld(t)
	for i := range 40 {
		w.profile(fmt.Sprintf("p%02d", i), "127.0.0.1 p.test\n")
	}
	w.profile("bad", "not an address at all\n")
	w.env = append(w.env, bus.Env())
	w.start()
	item := bus.StartTray().Item()
	desktoptest.Eventually(t, func() bool { return strings.Contains(item.MenuText(), "13 more…") }, item.MenuText)
	item.Choose("bad")
	desktoptest.Eventually(t, func() bool { return strings.Contains(item.Tooltip(), "bad on") }, item.Tooltip)
}

func TestTrayNotifies(t *testing.T) {
	bus := desktoptest.StartBus(t)
	d := &desk{world: newWorld(t), bus: bus, tray: bus.StartTray()}
	d.env = append(d.env, bus.Env())
	desktop := bus.StartNotifications()
	d.process = d.start()
	d.item = d.tray.Item()
	d.wantShown("Original hosts file", "Fettle")

	d.cli("on", "staging", "--for", "2s")
	desktop.Want("staging is off again")
	d.wantOriginal()

	d.cli("on", "staging")
	d.wantShown("staging on", "staging")
	d.write("hosts", original)
	gone := desktop.Want("Another program switched staging off")
	d.wantShown("Original hosts file · Another program switched staging off", "Fettle")
	desktop.Press(gone, "Apply staging again")
	d.wantMapped("10.0.0.1 shop.test")
	d.wantShown("staging on", "staging")
}

// Who comes to the machine is told what is still on.
func TestTrayRemindsAtItsStart(t *testing.T) {
	bus := desktoptest.StartBus(t)
	d := &desk{world: newWorld(t), bus: bus, tray: bus.StartTray()}
	d.env = append(d.env, bus.Env())
	desktop := bus.StartNotifications()
	d.cli("on", "staging")
	yesterday := time.Now().AddDate(0, 0, -1).UTC().Format(time.RFC3339)
	since := regexp.MustCompile(`since \S+`)
	d.write("hosts", since.ReplaceAllString(d.read("hosts"), "since "+yesterday))
	d.process = d.start()
	d.item = d.tray.Item()
	note := desktop.Want("staging is on since yesterday")
	desktop.Press(note, "Switch back")
	d.wantOriginal()
	d.wantShown("Original hosts file", "Fettle")
}

// The tray fetches what is due, takes over what is harmless, and asks about the
// rest.
func TestTrayKeepsSubscriptionsUpToDate(t *testing.T) {
	bus := desktoptest.StartBus(t)
	d := &desk{world: newWorld(t), bus: bus, tray: bus.StartTray()}
	d.env = append(d.env, bus.Env())
	lists := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := "0.0.0.0 newer.test\n"
		if r.URL.Path == "/team" {
			text = "203.0.113.6 bank.test\n"
		}
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(lists.Close)
	d.cli("on", "ads")
	for _, name := range []string{"ads", "team"} {
		// As it comes with a synced folder: this machine has never fetched it.
		d.write("config/hosts/"+name+".subscription", "url = '"+lists.URL+"/"+name+"'\ninsecure_http = true\nsha256 = '"+
			hosts.HashOf([]byte("0.0.0.0 tracker.test\n")).String()+"'\n")
	}
	desktop := bus.StartNotifications()
	d.process = d.start()
	d.item = d.tray.Item()
	d.wantMapped("0.0.0.0 newer.test")
	desktop.Want("An update of team is held back")
	d.wantShown("ads on · An update of team is held back", "ads")
	d.wantMenu("(ads on)", "An update of team is held back…", "[x] ads", "[ ] staging", "Original hosts only", "Undo “refresh ads”", "Open Fettle…", "Quit")
	d.cli("refresh", "team")
	d.cli("refresh", "--accept", "team")
	d.wantMenu("(ads on)", "[x] ads", "[ ] staging", "[ ] team", "Original hosts only", "Undo “refresh ads”", "Open Fettle…", "Quit")
}
