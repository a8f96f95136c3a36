package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
)

// activeNames returns the names of the profiles in force.
func (a *app) activeNames() ([]string, error) {
	system, err := a.openHosts(true)
	if err != nil {
		return nil, err
	}
	f, err := system.Read()
	if err != nil {
		return nil, err
	}
	// With a damaged section nobody knows what is on.
	return hosts.Names(f.Active()), f.Damage
}

func newHostsRenameCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "rename NAME NEW-NAME",
		Short: "Give a profile another name",
		Long:  "Give a profile another name. If it is on, it stays on under the new one.\n\n" + exitHelp,
		Example: `  fettle hosts rename staging staging-eu
  fettle hosts rename staging staging-eu --dry-run`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: a.completeOneProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runHostsRename(cmd.Context(), args[0], args[1], dryRun)
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the change of the hosts file, and change nothing")
	return cmd
}

func (a *app) runHostsRename(ctx context.Context, from, to string, dryRun bool) error {
	library, err := a.library()
	if err != nil {
		return err
	}
	active, err := a.activeNames()
	if err != nil {
		return err
	}
	isOn := slices.Contains(active, from)
	if dryRun {
		if _, err := library.Load(from); err != nil {
			return a.nearestProfile(err, library, []string{from})
		}
		if err := library.CheckNew(to); err != nil {
			return err
		}
	} else if err := library.Rename(from, to); err != nil {
		return a.nearestProfile(err, library, []string{from})
	}
	if isOn {
		err = a.carryOut(ctx, change{dryRun: dryRun, decide: func(s *hosts.System, f *hosts.File) (*hosts.Plan, error) {
			return hosts.PlanRename(f, library, from, to, s.Platform, a.moment())
		}})
		if err != nil && !dryRun {
			// The hosts file still has the old name, so the profile gets it back.
			return errors.Join(err, library.Rename(to, from))
		}
		return err
	}
	return a.reportProfile(to, library.Path(to), "renamed to", dryRun)
}

// reportProfile says what was done to a profile that is off.
func (a *app) reportProfile(name, path, what string, dryRun bool) error {
	switch {
	case a.json:
		return a.printJSON(struct {
			Name string `json:"name"`
			Path string `json:"path"`
			Done bool   `json:"done"`
		}{name, path, !dryRun})
	case a.quiet:
		return nil
	case dryRun:
		return a.printf("would be %s %s\n", what, path)
	}
	return a.printf("%s %s\n", what, path)
}

func newHostsCopyCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:     "copy NAME NEW-NAME",
		Aliases: []string{"cp"},
		Short:   "Make a copy of a profile",
		Long:    "Make a copy of a profile. It is off until it is switched on. The copy of a\nsubscribed profile is an ordinary one.\n\n" + exitHelp,
		Example: `  fettle hosts copy staging production
  fettle hosts copy staging production --dry-run`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: a.completeOneProfile,
		RunE: func(_ *cobra.Command, args []string) error {
			library, err := a.library()
			if err != nil {
				return err
			}
			p, err := library.Load(args[0])
			if err != nil {
				return a.nearestProfile(err, library, args[:1])
			}
			p.Name = args[1]
			if dryRun {
				err = library.CheckNew(p.Name)
			} else {
				err = library.Create(p)
			}
			if err != nil {
				return err
			}
			if library.Subscribed(args[0]) {
				a.note("the copy is an ordinary profile; only %s is fetched again", args[0])
			}
			return a.reportProfile(p.Name, library.Path(p.Name), "copied to", dryRun)
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "say what would be made, and make nothing")
	return cmd
}

func newHostsRemoveCommand(a *app) *cobra.Command {
	var dryRun, off bool
	cmd := &cobra.Command{
		Use:     "rm NAME…",
		Aliases: []string{"remove"},
		Short:   "Delete profiles",
		Long: `Delete profiles. It asks first, since a deleted profile does not come back. A
profile that is on is refused, unless --off switches it off first.

` + exitHelp,
		Example: `  fettle hosts rm staging
  fettle hosts rm staging ads --off --yes`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.runHostsRemove(cmd.Context(), names, off, dryRun)
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "switch the profiles off first")
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "say what would go, and change nothing")
	return cmd
}

func (a *app) runHostsRemove(ctx context.Context, names []string, off, dryRun bool) error {
	library, err := a.library()
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := library.Load(name); err != nil {
			return a.nearestProfile(err, library, []string{name})
		}
	}
	active, err := a.activeNames()
	if err != nil {
		return err
	}
	on := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(active, name) })
	if len(on) > 0 && !off {
		return &hinted{error: fmt.Errorf("%s on, so nothing was deleted", isOrAre(on)),
			hint: "switch off and delete: fettle hosts rm --off " + strings.Join(names, " ")}
	}
	switchOff := hosts.Switch{Op: hosts.Off, Names: on, Now: a.utcSeconds()}
	decide := func(s *hosts.System, f *hosts.File) (*hosts.Plan, error) {
		return switchOff.Plan(f, library, s.Platform)
	}
	if dryRun {
		for _, name := range names {
			a.note("would delete %s", library.Path(name))
		}
		if len(on) == 0 {
			return nil
		}
		return a.carryOut(ctx, change{dryRun: true, decide: decide})
	}
	if err := a.confirm(fmt.Sprintf("Delete %s for ever?", strings.Join(names, ", "))); err != nil {
		return err
	}
	if len(on) > 0 {
		if err := a.carryOut(ctx, change{decide: decide}); err != nil {
			return err
		}
	}
	return a.removeProfiles(library, names)
}

// removeProfiles deletes what it can: one profile that cannot be deleted does
// not keep the others.
func (a *app) removeProfiles(library hosts.Library, names []string) error {
	failed := 0
	for _, name := range names {
		if err := library.Remove(name); err != nil {
			failed++
			a.reportError(err)
		} else {
			a.note("deleted %s", library.Path(name))
		}
	}
	switch failed {
	case 0:
		return nil
	case len(names):
		return &exitError{status: 1}
	}
	return &exitError{status: 3}
}

func isOrAre(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("profile %q is", names[0])
	}
	return fmt.Sprintf("the profiles %s are", strings.Join(names, ", "))
}
