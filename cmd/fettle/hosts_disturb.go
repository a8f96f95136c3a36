package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"fettle/hosts"
)

// disturbanceWarnings says what another program did to the section, and what
// can be done about it.
func (s hostsStatus) disturbanceWarnings() []string {
	d := s.Disturbance
	if d == nil {
		return nil
	}
	const again, keep = "  apply it again:      fettle hosts ", "  leave it as it is:   fettle hosts accept"
	was := strings.Join(d.Was, " ")
	var lines []string
	switch d.Harm {
	case hosts.Removed:
		lines = []string{fmt.Sprintf("another program removed Fettle's section, and with it %s, on when Fettle last wrote, at %s",
			strings.Join(d.Was, ", "), d.Left.Local().Format("2006-01-02 15:04")), again + "use " + was, keep}
	case hosts.Replaced:
		lines = []string{fmt.Sprintf("another program changed which profiles are on: Fettle left %s, and the file has %s", setText(d.Was), setText(d.Now)), keep}
		if was != "" {
			lines = slices.Insert(lines, 1, again+"use "+was)
		}
	case hosts.Edited:
		lines = []string{`another program changed Fettle's section; "fettle hosts diff" shows what switching again would change`,
			again + "use " + strings.Join(d.Now, " ")}
		if len(d.Edited) > 0 {
			lines[0] = fmt.Sprintf(`another program changed %s in Fettle's section; "fettle hosts diff" shows what switching again would change`, strings.Join(d.Edited, ", "))
			lines = append(lines, "  take it over:        fettle hosts adopt "+strings.Join(d.Edited, " "))
		}
		lines = append(lines, keep)
	case hosts.Damaged, hosts.Unharmed:
		return nil // the damage itself is told, with what mends it
	}
	return []string{strings.Join(lines, "\n")}
}

func newHostsAcceptCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "accept",
		Short: "Leave the hosts file as another program made it",
		Long: `Note in the history that the hosts file shall be as it is, after another program
changed or removed Fettle's section. "fettle hosts" then says no more about it.
The file itself is not changed.

` + exitHelp,
		Example: `  fettle hosts
  fettle hosts accept`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.carryOut(cmd.Context(), change{lenient: true, decide: func(s *hosts.System, f *hosts.File) (*hosts.Plan, error) {
				entries, err := s.History()
				if err != nil {
					return nil, err
				}
				if hosts.Disturbed(f, entries).Harm == hosts.Unharmed {
					p := hosts.PlanRestore(f, f.Data) // nothing to note
					return p, nil
				}
				return hosts.PlanAccept(f), nil
			}})
		},
	}
}

func newHostsAdoptCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "adopt NAME…",
		Short: "Take over into a profile what another program made of it",
		Long: `Make the text of a profile what stands for it in the hosts file, after another
program, or you, changed it there. The old text is kept beside it, in a file
NAME.hosts.replaced.

` + exitHelp,
		Example: `  fettle hosts diff
  fettle hosts adopt staging`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, names []string) error {
			for _, name := range names {
				if err := a.runHostsAdopt(cmd.Context(), name, dryRun); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the changes, and change nothing")
	return cmd
}

func (a *app) runHostsAdopt(ctx context.Context, name string, dryRun bool) error {
	p, err := a.profileText(name, true)
	if err != nil {
		return err
	}
	library, err := a.library()
	if err != nil {
		return err
	}
	if dryRun {
		path := library.Path(name)
		old, err := library.Load(name)
		if err != nil && !errors.Is(err, hosts.ErrNoProfile) {
			return err
		}
		if err := a.printDiff(diff.Diff(path, old.Text, path, p.Text)); err != nil {
			return err
		}
		return a.applyIfOn(ctx, library, p, true)
	}
	system, err := a.openHosts(true)
	if err != nil {
		return err
	}
	f, err := system.Read()
	if err != nil {
		return err
	}
	kept, err := library.Adopt(f, name)
	if err != nil {
		return err
	}
	if kept != "" {
		a.note("the old text is in %s", kept)
	}
	a.warnOfProblems(name, errorsIn(p))
	return a.applyIfOn(ctx, library, p, false)
}
