package main

import "github.com/spf13/cobra"

func newStatusCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say at a glance how the workstation is",
		Long: `Say at a glance how the workstation is: which profiles of the hosts file are on,
and what needs attention. It changes nothing.

` + exitHelp,
		Example: `  fettle status
  fettle status --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if !a.json {
				return a.runHostsStatus()
			}
			s, err := a.readHostsStatus()
			if err != nil {
				return err
			}
			return a.printJSON(struct {
				Hosts hostsStatus `json:"hosts"`
			}{s})
		},
	}
	cmd.Flags().StringVar(&a.hostsFile, "hosts-file", "", "use this `file` instead of the system's hosts file")
	return cmd
}
