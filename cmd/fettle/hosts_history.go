package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/human"
)

func newHostsUndoCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "undo",
		Short: "Take the last change of the hosts file back",
		Long: `Take Fettle's last change of the hosts file back. Once more takes the one before
back, and so on. Where nobody else wrote the file since, it gets the bytes that
it had. Otherwise what others wrote stays, and the profiles that were on come
back with the text that they had.

` + exitHelp,
		Example: `  fettle hosts undo
  fettle hosts undo --dry-run`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.carryOut(cmd.Context(), change{dryRun: dryRun, lenient: true, decide: (*hosts.System).PlanUndo})
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the change of the hosts file, and change nothing")
	return cmd
}

func newHostsRestoreCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "restore N|original",
		Short: "Put an earlier state of the hosts file back",
		Long: `Put the hosts file back as it was before change N of the history, or as it was
before Fettle's very first change. The whole file is replaced, with what other
programs wrote since; the state that goes is kept, and "undo" brings it back.
This works for a file whose section is damaged, too.

` + exitHelp,
		Example: `  fettle hosts restore 12 --dry-run
  fettle hosts restore original`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			decide := (*hosts.System).PlanRestoreOriginal
			if args[0] != "original" {
				number, err := strconv.Atoi(args[0])
				if err != nil || number < 1 {
					return &usageError{text: fmt.Sprintf("%q is neither a number of the history nor \"original\"", args[0]),
						command: cmd.CommandPath(), hint: `"fettle hosts history" lists the numbers`}
				}
				decide = func(s *hosts.System, f *hosts.File) (*hosts.Plan, error) { return s.PlanRestoreEntry(f, number) }
			}
			return a.carryOut(cmd.Context(), change{dryRun: dryRun, lenient: true, decide: decide})
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the change of the hosts file, and change nothing")
	return cmd
}

func newHostsHistoryCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List the changes of the hosts file, newest first",
		Long: `List Fettle's changes of the hosts file, newest first. The state that each change
replaced is kept, and "fettle hosts restore N" puts the one from before change N
back.

` + exitHelp,
		Example: `  fettle hosts history
  fettle hosts history show 12`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.runHostsHistory() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "show N|original",
		Short: "Print the hosts file as it was before change N",
		Long:  "Print the hosts file as it was before change N, or before Fettle's first change.\n\n" + exitHelp,
		Example: `  fettle hosts history show 12
  fettle hosts history show original | diff - /etc/hosts`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.runHostsHistoryShow(cmd, args[0]) },
	})
	return cmd
}

func (a *app) runHostsHistory() error {
	system, err := a.openHosts(true)
	if err != nil {
		return err
	}
	entries, err := system.History()
	if err != nil {
		return err
	}
	slices.Reverse(entries)
	if a.json {
		if entries == nil {
			entries = []hosts.Entry{}
		}
		return a.printJSON(entries)
	}
	if len(entries) == 0 {
		a.note("Fettle has not changed %s yet.", system.Path)
		return nil
	}
	return a.table(func(row func(...string)) {
		for _, e := range entries {
			row(strconv.Itoa(e.Number), human.Age(a.now().Sub(e.Time))+" ago", e.Action, setText(e.Was)+" → "+setText(e.Now))
		}
	})
}

// setText names a set of profiles.
func setText(names []string) string {
	if len(names) == 0 {
		return "original"
	}
	return strings.Join(names, ", ")
}

func (a *app) runHostsHistoryShow(cmd *cobra.Command, which string) error {
	system, err := a.openHosts(true)
	if err != nil {
		return err
	}
	data, err := system.Original()
	if which != "original" {
		number, convErr := strconv.Atoi(which)
		if convErr != nil {
			return &usageError{text: fmt.Sprintf("%q is neither a number of the history nor \"original\"", which), command: cmd.CommandPath()}
		}
		data, err = system.StateBefore(number)
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(struct {
			Text string `json:"text"`
		}{string(data)})
	}
	_, err = a.stdout.Write(data)
	return err
}
