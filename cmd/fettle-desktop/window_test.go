package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fettle/internal/desktoptest"
)

const windowTitle = "Hosts – Fettle"

// Where things are in the window, in pixels. The list begins with the hosts file
// itself; the profiles follow in alphabetical order.
const (
	rowHeight = 46
	firstRow  = 171 // the middle of the first profile's row
	nameX     = 60
	switchX   = 204
	onX       = 194 // blue when the switch is on
	editorX   = 600
	editorY   = 400
	bannerX   = 700
	questionY = 140 // in the banner over the text
	keepMineX = 806
)

func row(n int) int { return firstRow + n*rowHeight }

// A seat is a world with a screen, and the window on it.
type seat struct {
	*world
	screen *desktoptest.Screen
	window *desktoptest.Window
	*process
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	screen := desktoptest.StartScreen(t)
	s := &seat{world: newWorld(t), screen: screen}
	// In the environment of no desktop, and with the colours that the tests know.
	s.env = append(s.env, screen.Env(), "FYNE_THEME=light", "DBUS_SESSION_BUS_ADDRESS=unix:path="+s.path("nobody"))
	s.process = s.start("window", "hosts")
	t.Cleanup(screen.KeepPicture)
	s.window = screen.Window(windowTitle)
	s.wantSwitch(0, false)
	return s
}

// wantSwitch waits until the switch of a profile shows whether it is on.
func (s *seat) wantSwitch(n int, on bool) {
	s.world.t.Helper()
	desktoptest.Eventually(s.world.t, func() bool {
		c := s.window.Color(onX, row(n))
		blue := c.B > 150 && c.R < 100
		grey := c.R == c.G || c.B-c.R < 30 && c.R > 150 && c.R < 230
		return on && blue || !on && grey
	}, func() string {
		if on {
			return "the switch shows that the profile is on"
		}
		return "the switch shows that the profile is off"
	})
}

func TestWindowSwitches(t *testing.T) {
	s := newSeat(t)
	s.window.Click(switchX, row(0))
	s.wantMapped("0.0.0.0 tracker.test")
	s.wantSwitch(0, true)
	s.window.Click(switchX, row(1))
	s.wantMapped("10.0.0.1 shop.test")
	s.wantSwitch(1, true)

	s.cli("off", "--all")
	s.wantSwitch(0, false)
	s.wantSwitch(1, false)
	s.cli("on", "staging")
	s.wantSwitch(1, true)
	s.window.Click(switchX, row(1))
	s.wantOriginal()
}

func TestWindowEdits(t *testing.T) {
	s := newSeat(t)
	s.window.Click(switchX, row(0))
	s.wantMapped("0.0.0.0 tracker.test")
	s.window.Click(nameX, row(0))
	s.window.Click(editorX, editorY)
	s.window.Key("ctrl+End")
	s.window.Type("0.0.0.0 more.test")
	s.window.Key("ctrl+s")
	desktoptest.Eventually(t, func() bool { return s.read("config/hosts/ads.hosts") == "0.0.0.0 tracker.test\n0.0.0.0 more.test" },
		func() string { return fmt.Sprintf("the profile is saved: %q", s.read("config/hosts/ads.hosts")) })
	// A profile in force takes effect when it is saved.
	s.wantMapped("0.0.0.0 more.test")
}

// What another program saved meanwhile is not overwritten before the user has
// decided.
func TestWindowAsksBeforeItOverwrites(t *testing.T) {
	s := newSeat(t)
	s.window.Click(nameX, row(0))
	s.window.Click(editorX, editorY)
	s.window.Key("ctrl+End")
	s.window.Type("0.0.0.0 mine.test\n")
	s.profile("ads", "0.0.0.0 theirs.test\n")
	desktoptest.Eventually(t, func() bool { return s.window.Color(bannerX, questionY).B < 230 },
		func() string { return "a banner over the text asks which of the two stays" })
	s.window.Key("ctrl+s")
	if got := s.read("config/hosts/ads.hosts"); got != "0.0.0.0 theirs.test\n" {
		t.Errorf("the profile holds %q, want what the other program saved", got)
	}
	s.window.Click(keepMineX, questionY)
	s.window.Key("ctrl+s")
	desktoptest.Eventually(t, func() bool { return s.read("config/hosts/ads.hosts") == "0.0.0.0 tracker.test\n0.0.0.0 mine.test" },
		func() string { return fmt.Sprintf("the user's text is saved: %q", s.read("config/hosts/ads.hosts")) })
}

func TestWindowIsOneForAll(t *testing.T) {
	s := newSeat(t)
	s.start("window").wantExit(0)
	if windows := s.screen.Windows(windowTitle); len(windows) != 1 {
		t.Errorf("there are %d windows, want 1", len(windows))
	}
	s.window.Key("alt+F4")
	s.wantExit(0)
	if out := s.output.String(); strings.Contains(out, "panic") {
		t.Errorf("it printed %q", out)
	}
}

// The tray starts the window as a process of its own, which outlives it.
func TestTrayOpensTheWindow(t *testing.T) {
	screen := desktoptest.StartScreen(t)
	bus := desktoptest.StartBus(t)
	w := newWorld(t)
	w.env = append(w.env, screen.Env(), bus.Env(), "FYNE_THEME=light")
	tray := w.start()
	item := bus.StartTray().Item()
	desktoptest.Eventually(t, func() bool { return item.Tooltip() != "" }, item.Tooltip)
	item.Choose("Open Fettle…")
	window := screen.Window(windowTitle)
	item.Choose("Open Fettle…") // raises it
	time.Sleep(reading)
	if windows := screen.Windows(windowTitle); len(windows) != 1 {
		t.Errorf("there are %d windows, want 1", len(windows))
	}
	desktoptest.Eventually(t, func() bool { return window.Color(onX, row(0)).A != 0 }, func() string { return "it shows something" })
	window.Click(switchX, row(0))
	w.wantMapped("0.0.0.0 tracker.test")
	desktoptest.Eventually(t, func() bool { return item.Tooltip() == "ads on" }, item.Tooltip)
	w.start("quit").wantExit(0)
	tray.wantExit(0)
	desktoptest.Eventually(t, func() bool { return len(screen.Windows(windowTitle)) == 0 }, func() string { return "the window closes" })
}

// A start in the moment in which the old window goes opens a new one.
func TestWindowOpensWhileTheOldOneGoes(t *testing.T) {
	s := newSeat(t)
	s.start("quit").wantExit(0)
	again := s.start("window")
	s.wantExit(0)
	desktoptest.Eventually(t, func() bool { return len(s.screen.Windows(windowTitle)) == 1 }, func() string {
		return "a new window: " + again.output.String()
	})
}
