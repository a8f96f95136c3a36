package main

import (
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
)

const limitHelp = `With --for or --until the profiles are on for a time; without, a limit that they
had is gone. When it has passed, the next command that changes the hosts file
switches them off, or the tray, or "fettle hosts expire".

`

// switchCommand builds a command that switches profiles.
func switchCommand(a *app, op hosts.Op, cmd *cobra.Command) *cobra.Command {
	var dryRun bool
	var limit limitFlags
	cmd.ValidArgsFunction = a.completeProfiles
	if op == hosts.Use || op == hosts.On {
		limit.add(cmd)
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the change of the hosts file, and change nothing")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		until, err := limit.end(cmd, a.now())
		if err != nil {
			return err
		}
		library, err := a.library()
		if err != nil {
			return err
		}
		w := hosts.Switch{Op: op, Names: names, Until: until, Now: a.utcSeconds()}
		err = a.carryOut(cmd.Context(), change{
			dryRun:  dryRun,
			lenient: op == hosts.Off,
			decide: func(s *hosts.System, f *hosts.File) (*hosts.Plan, error) {
				return w.Plan(f, library, s.Platform)
			},
		})
		return a.nearestProfile(err, library, names)
	}
	return cmd
}

func newHostsUseCommand(a *app) *cobra.Command {
	return switchCommand(a, hosts.Use, &cobra.Command{
		Use:   "use NAME…",
		Short: "Switch exactly these profiles on, and all others off",
		Long: `Switch exactly these profiles on, and all others off.

The order counts: where two profiles map the same name, the later one wins.
Where a profile maps a name that the hosts file maps elsewhere, that line is set
aside in place until the profile is off. localhost and the machine's own name
are never overridden.

` + limitHelp + exitHelp,
		Example: `  fettle hosts use staging
  fettle hosts use staging --until 18:00
  fettle hosts use ads staging --dry-run`,
		Args: cobra.MinimumNArgs(1),
	})
}

func newHostsOnCommand(a *app) *cobra.Command {
	return switchCommand(a, hosts.On, &cobra.Command{
		Use:   "on NAME…",
		Short: "Switch profiles on, beside those that are on",
		Long: `Switch profiles on, beside those that are on. A profile that is on already is
applied again, with the text that its file has now.

` + limitHelp + exitHelp,
		Example: `  fettle hosts on staging
  fettle hosts on staging --for 30m
  fettle hosts on ads staging`,
		Args: cobra.MinimumNArgs(1),
	})
}

func newHostsToggleCommand(a *app) *cobra.Command {
	return switchCommand(a, hosts.Toggle, &cobra.Command{
		Use:   "toggle NAME…",
		Short: "Switch a profile on if it is off, and off if it is on",
		Long:  "Switch a profile on if it is off, and off if it is on. Good for a hotkey.\n\n" + exitHelp,
		Example: `  fettle hosts toggle staging
  fettle hosts toggle staging --quiet`,
		Args: cobra.MinimumNArgs(1),
	})
}

func newHostsOffCommand(a *app) *cobra.Command {
	var all bool
	cmd := switchCommand(a, hosts.Off, &cobra.Command{
		Use:   "off NAME…|--all",
		Short: "Switch profiles off",
		Long: `Switch profiles off. Lines of the hosts file that they overrode are in force
again. With --all, nothing of Fettle's stays in the file.

` + exitHelp,
		Example: `  fettle hosts off staging
  fettle hosts off --all`,
	})
	cmd.Args = func(cmd *cobra.Command, names []string) error {
		switch {
		case all && len(names) > 0:
			return &usageError{text: "--all and names of profiles contradict each other", command: cmd.CommandPath(),
				hint: `either "fettle hosts off --all" or "fettle hosts off ` + strings.Join(names, " ") + `"`}
		case !all && len(names) == 0:
			return &usageError{text: "which profiles?", command: cmd.CommandPath(), hint: `name them, or say "fettle hosts off --all"`}
		}
		return nil
	}
	cmd.Flags().BoolVarP(&all, "all", "a", false, "switch all profiles off")
	return cmd
}

func newHostsDiffCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "diff [NAME…]",
		Short: "Show how switching would change the hosts file",
		Long: `Show how "fettle hosts use NAME…" would change the hosts file, as a unified diff.
Without a name: how switching the profiles that are on again would, which shows
what was edited since. It changes nothing.

` + exitHelp,
		Example: `  fettle hosts diff staging
  fettle hosts diff`,
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, names []string) error {
			system, err := a.openHosts(true)
			if err != nil {
				return err
			}
			library, err := a.library()
			if err != nil {
				return err
			}
			err = a.preview(system, func(f *hosts.File) (*hosts.Plan, error) {
				if len(names) == 0 {
					names = hosts.Names(f.Active())
				}
				return hosts.Switch{Op: hosts.Use, Names: names, Now: a.utcSeconds()}.Plan(f, library, system.Platform)
			})
			return a.nearestProfile(err, library, names)
		},
	}
}
