package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
)

func newHostsRunCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "run NAME… -- COMMAND [ARG…]",
		Short: "Switch profiles on while a command runs",
		Long: `Switch profiles on beside those that are on, run a command, and switch off again
what was switched on, however the command ends: by itself, by Ctrl-C, or by a
signal to Fettle, which is passed on. A profile that is on already stays as it
is. What you or other programs change in the meantime stays, and of several runs
with the same profile the last one takes it out.

If Fettle is killed the profiles stay behind; "fettle hosts" says so, and the next
change takes them out. The same happens if the rights to switch back are not given
at the end: they may be asked for at the beginning and at the end.

Exit status: that of the command, 128 and the number of the signal that ended it,
126 or 127 if it cannot be started; 1 or 2 if the profiles cannot be switched on.`,
		Example: `  fettle hosts run staging -- npm test
  fettle hosts run ads staging -- sh -c 'curl -s http://shop.test | grep title'`,
		ValidArgsFunction: a.completeProfiles,
		Args: func(cmd *cobra.Command, args []string) error {
			dash := cmd.ArgsLenAtDash()
			switch {
			case dash < 0 || dash == len(args):
				return &usageError{text: "which command?", command: cmd.CommandPath(), hint: "put it behind two dashes: fettle hosts run NAME -- COMMAND"}
			case dash == 0:
				return &usageError{text: "which profiles?", command: cmd.CommandPath(), hint: "name them before the two dashes: fettle hosts run NAME -- COMMAND"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			dash := cmd.ArgsLenAtDash()
			return a.runHostsRun(cmd.Context(), args[:dash], args[dash:])
		},
	}
}

func (a *app) runHostsRun(ctx context.Context, names, command []string) error {
	path, err := exec.LookPath(command[0])
	if err != nil {
		a.reportError(err)
		return &exitError{status: cannotStart(err)}
	}
	library, err := a.library()
	if err != nil {
		return err
	}
	system, err := a.openHosts(false)
	if err != nil {
		return err
	}
	run, err := hosts.ThisRun()
	if err != nil {
		return err
	}
	// From here on nothing but a kill ends Fettle without a switch back.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, passedOn...)
	defer signal.Stop(signals)
	on := hosts.Switch{Op: hosts.On, Names: names, Now: a.utcSeconds(), Run: run}
	p, err := system.Apply(ctx, func(f *hosts.File) (*hosts.Plan, error) { return on.Plan(f, library, system.Platform) }, a.elevation())
	if err != nil {
		return a.nearestProfile(err, library, names)
	}
	a.explain(p)
	a.noteKept(p, names, run)
	a.verify(ctx, system, p)

	status := a.runChild(ctx, path, command, signals)
	// What was switched on goes off however the command ended, and when Fettle
	// itself was told to end.
	a.endRun(context.WithoutCancel(ctx), system, library, run)
	return status
}

// noteKept says which profiles the run has not switched on, as they were on.
func (a *app) noteKept(p *hosts.Plan, names []string, run hosts.Run) {
	for _, is := range p.After {
		for _, name := range names {
			if name == is.Name && len(is.Runs) == 0 {
				a.note("  %s is on already, and stays on", name)
			}
		}
	}
}

// endRun takes out what the run had switched on. A failure is told, and does not
// change the exit status, which is the command's.
func (a *app) endRun(ctx context.Context, system *hosts.System, library hosts.Library, run hosts.Run) {
	p, err := system.Apply(ctx, func(f *hosts.File) (*hosts.Plan, error) {
		return hosts.PlanRunEnd(f, library, system.Platform, a.moment(), run)
	}, a.elevation())
	if err == nil {
		// That these go is what the command is for.
		p.Ended = slices.DeleteFunc(p.Ended, func(gone hosts.Active) bool { return slices.Contains(gone.Runs, run) })
		a.explain(p)
		return
	}
	a.warn("what was switched on for the run could not be switched off: %v", err)
	a.warn(`it is on until the next change of the hosts file; "fettle hosts expire" takes it out now`)
}

// runChild runs the command, passes signals on to it, and returns nil or its
// exit status.
func (a *app) runChild(ctx context.Context, path string, command []string, signals <-chan os.Signal) error {
	// Without its context: the signal that ends it goes to the command too,
	// which ends in its own time.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), path, command[1:]...)
	cmd.Args[0] = command[0]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.stdin, a.stdout, a.stderr
	if ctx.Err() != nil { // told to end before it began
		return ctx.Err()
	}
	if err := cmd.Start(); err != nil {
		a.reportError(err)
		return &exitError{status: cannotStart(err)}
	}
	ended := make(chan struct{})
	passing := make(chan struct{})
	go func() {
		defer close(passing)
		for {
			select {
			case s := <-signals:
				if !reachesAll(s) {
					_ = cmd.Process.Signal(s) // a process that has ended needs none
				}
			case <-ended:
				return
			}
		}
	}()
	err := cmd.Wait()
	close(ended)
	<-passing
	if status := statusOf(cmd.ProcessState); status != 0 {
		return &exitError{status: status}
	}
	if err != nil {
		return fmt.Errorf("running %s: %w", strings.Join(command, " "), err)
	}
	return nil
}

// cannotStart returns the exit status for a command that cannot be started, as
// shells have it.
func cannotStart(err error) int {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return 127
	}
	return 126
}
