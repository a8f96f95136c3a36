package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/hosts/transfer"
	"fettle/internal/human"
)

// importOptions are the flags of "fettle hosts import".
type importOptions struct {
	name   string
	dryRun bool
}

func newHostsImportCommand(a *app) *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import FILE|FOLDER",
		Short: "Make profiles of what another program has",
		Long: `Make profiles of what another program, or Fettle on another machine, has. It
recognises by itself

  - a hosts file, complete or not, and the blocks that hostctl marks in one:
    for those, fettle hosts import /etc/hosts
  - the export of SwitchHosts (swh_data.json and its later form), with its lists
    from the network, which become subscriptions
  - the folder of Gas Mask, ~/Library/"Gas Mask"
  - what "fettle hosts export" wrote, and any folder or zip of .hosts files

Lines that every hosts file has for itself, such as 127.0.0.1 localhost, are
left out. No profile is overwritten: one with another text gets another name.
What was imported is off, and the hosts file stays as it is.

` + exitHelp,
		Example: `  fettle hosts import ~/Downloads/swh_data.json --dry-run
  fettle hosts import /etc/hosts
  fettle hosts import team.txt --name team`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.runHostsImport(cmd.Context(), args[0], o) },
	}
	cmd.Flags().StringVar(&o.name, "name", "", "the `name` of the profile, where it is one")
	cmd.Flags().BoolVarP(&o.dryRun, "dry-run", "n", false, "say what would be made, and make nothing")
	return cmd
}

func (a *app) runHostsImport(ctx context.Context, path string, o importOptions) error {
	library, err := a.library()
	if err != nil {
		return err
	}
	system, err := a.hostsPath()
	if err != nil {
		return err
	}
	source, err := transfer.Read(path, system)
	if err != nil {
		return importError(err)
	}
	plan, err := transfer.PlanImport(source, library, hosts.ThisPlatform(), o.name)
	if err != nil {
		return importError(err)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var done []string
	if !o.dryRun {
		done, err = plan.Execute(library)
	}
	if a.json {
		return errors.Join(err, a.printJSON(struct {
			*transfer.Plan
			Done []string `json:"done"`
		}{plan, append([]string{}, done...)}))
	}
	refused := 0
	for _, step := range plan.Steps {
		if step.Outcome == transfer.Refuse {
			refused++
		}
		if err := a.printImported(step, o.dryRun); err != nil {
			return err
		}
	}
	a.explainImport(plan, o.dryRun)
	switch {
	case err != nil && len(done) == 0:
		return err
	case err != nil:
		a.reportError(err)
		return &exitError{status: 3}
	case refused == len(plan.Steps) && refused > 0:
		return &exitError{status: 1}
	case refused > 0:
		return &exitError{status: 3}
	}
	return nil
}

// importError adds what can be imported to why this cannot.
func importError(err error) error {
	if _, ok := errors.AsType[*transfer.FormatError](err); ok {
		return &hinted{error: err, hint: `"fettle hosts import --help" says what can be imported`}
	}
	return err
}

// printImported says what became of one profile.
func (a *app) printImported(step transfer.Step, dryRun bool) error {
	from := ""
	if step.Title != step.Name {
		from = fmt.Sprintf(", from %q", safe(step.Title))
	}
	for _, line := range head(step.LeftOut) {
		a.note("  %s: left out %s (line %d): the hosts file has this name for itself", step.Name, safe(line.Text), line.Number)
	}
	a.noteRest(len(step.LeftOut), "line")
	if step.Unsubscribed != "" {
		a.note("  %s: not subscribed: %s", step.Name, step.Unsubscribed)
	}
	what := "made"
	if dryRun {
		what = "would be made"
	}
	switch {
	case step.Outcome == transfer.Refuse:
		a.warn("%s is left out: %s", safe(step.Title), step.Reason)
		return nil
	case a.quiet:
		return nil
	case step.Outcome == transfer.Same:
		return a.printf("%s: there already, with this text\n", step.Name)
	case step.Source != "":
		return a.printf("%s: %s, %s%s, subscribed to %s\n", step.Name, what, human.Count(step.Lines, "line"), from, step.Source)
	}
	return a.printf("%s: %s, %s%s\n", step.Name, what, human.Count(step.Lines, "line"), from)
}

// explainImport says what was not taken over, and what to do next.
func (a *app) explainImport(plan *transfer.Plan, dryRun bool) {
	for _, omitted := range plan.Omitted {
		a.note("not taken over: %s", human.Printable(omitted))
	}
	on := plan.WereOn()
	if dryRun || len(on) == 0 {
		return
	}
	a.note("Switch on what was on there: fettle hosts use %s", strings.Join(on, " "))
	if plan.Program == transfer.Hostctl {
		a.note("Take the blocks of hostctl out first, as names in them count as the hosts file's own: hostctl remove NAME")
	}
}
