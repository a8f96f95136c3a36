// Fettle-desktop shows in the menu bar which profiles of the hosts file are in
// force, and switches them.
//
// It is one program with two roles. Without arguments it is the tray: small,
// idle, there all day. "fettle-desktop window" shows the windows; it is a
// process of its own, which the tray starts when somebody wants one, and whose
// memory is gone when the last window closes.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"fettle/hosts"
	"fettle/internal/config"
	"fettle/internal/elevate"
	"fettle/tray"
)

const usage = `fettle-desktop shows in the menu bar which profiles of the hosts file are on.

Usage:
  fettle-desktop                 start the tray; a second start opens the window
  fettle-desktop window [hosts]  open the window alone
  fettle-desktop quit            end the tray and the window

The command line program is fettle: see "fettle --help".
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends a program that hangs
	err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "fettle-desktop:", err)
	}
	switch {
	case err == nil:
		os.Exit(0)
	case errors.Is(err, errUsage):
		os.Exit(2)
	}
	os.Exit(1)
}

var errUsage = errors.New(`see "fettle-desktop --help"`)

// sections are the windows there are.
var sections = []string{"hosts"}

func run(ctx context.Context, args []string) error {
	if len(args) == 1 && slices.Contains([]string{"help", "--help", "-h"}, args[0]) {
		fmt.Print(usage)
		return nil
	}
	d, err := newDesktop(os.Getenv)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0:
		return d.runTray(ctx)
	case args[0] == "window" && len(args) <= 2:
		section := sections[0]
		if len(args) == 2 {
			section = args[1]
		}
		if !slices.Contains(sections, section) {
			return fmt.Errorf("there is no window %q; %w", section, errUsage)
		}
		return d.runWindow(ctx, section)
	case args[0] == "quit" && len(args) == 1:
		return d.quitAll(ctx)
	}
	return fmt.Errorf("%q is not known here; %w", args[0], errUsage)
}

// A desktop holds what both roles work on.
type desktop struct {
	system     *hosts.System
	file       string // as it was named, so that a link which is changed is noticed
	library    hosts.Library
	subscriber *hosts.Subscriber
	runDir     string // for locks and sockets
	remind     tray.Reminders
}

func newDesktop(getenv func(string) string) (*desktop, error) {
	dirs, err := config.FindDirs(getenv)
	if err != nil {
		return nil, err
	}
	hostsFile, err := config.HostsFile(getenv)
	if err != nil {
		return nil, err
	}
	options := hosts.Options{StateDir: dirs.State, Chown: dirs.Chown}
	// A slip in the settings must not cost the tray: what is not wrong counts.
	settings, err := loadSettings(dirs)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fettle-desktop: warning:", err)
	}
	options.Limits = hosts.Limits{Entries: settings.History, Bytes: settings.HistorySize}
	system, err := hosts.Open(hostsFile, options)
	if err != nil {
		return nil, err
	}
	runDir, err := findRunDir(getenv, dirs.State)
	if err != nil {
		return nil, err
	}
	if hostsFile == "" {
		hostsFile = hosts.SystemPath()
	}
	library := hosts.Library{Dir: dirs.Hosts(), Chown: dirs.Chown}
	return &desktop{
		system: system, file: hostsFile, library: library, runDir: runDir,
		subscriber: &hosts.Subscriber{
			Library: library, StateDir: dirs.State,
			Fetcher: hosts.NewFetcher(hosts.FetchLimits{Size: settings.SubscriptionMax}, "fettle-desktop"),
		},
		remind: tray.Reminders{After: settings.Remind, AlwaysOn: settings.AlwaysOn},
	}, nil
}

func loadSettings(dirs config.Dirs) (config.Hosts, error) {
	c, err := config.Load(dirs)
	if err != nil {
		return config.Hosts{}, err
	}
	return c.HostsSection()
}

// watch calls changed when the hosts file or a profile may have changed.
func (d *desktop) watch(ctx context.Context, changed func()) error {
	return hosts.Watch(ctx, d.file, d.library, changed)
}

// elevate runs the write step with more rights, and a dialog where one is
// needed.
func (d *desktop) elevate(ctx context.Context, request []byte) ([]byte, error) {
	step, err := writeStep()
	if err != nil {
		return nil, err
	}
	return step.Graphical()(ctx, request)
}

// elevateQuietly runs the write step where that needs no dialog.
func (d *desktop) elevateQuietly(ctx context.Context, request []byte) ([]byte, error) {
	step, err := writeStep()
	if err != nil {
		return nil, err
	}
	return step.Silent()(ctx, request)
}

func writeStep() (elevate.Step, error) {
	program, err := elevate.Beside("fettle")
	return elevate.Step{Program: program, Target: hosts.SystemPath()}, err
}

// quitAll ends both roles.
func (d *desktop) quitAll(ctx context.Context) error {
	for _, role := range []string{windowRole, trayRole} {
		if _, err := send(ctx, d.runDir, role, message{Do: doQuit}); err != nil && !errors.Is(err, errNotRunning) {
			return err
		}
	}
	return nil
}
