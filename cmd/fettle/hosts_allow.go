package main

import (
	"errors"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/elevate"
)

func newHostsAllowCommand(a *app) *cobra.Command {
	var revoke, dryRun bool
	cmd := &cobra.Command{
		Use:   "allow",
		Short: "Let this user switch profiles without a password",
		Long: `Let this user switch profiles without a password, by a rule for sudo that names
exactly the installed "fettle hosts write ` + hosts.SystemPath() + `". It asks for the
password one last time. --revoke takes the rule away.

The risk: every program that runs as this user can then change what names lead
where, without asking. The hosts file keeps its history, and nothing else of the
system is opened.

` + exitHelp,
		Example: `  fettle hosts allow
  fettle hosts allow --revoke`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.runHostsAllow(cmd, revoke, dryRun)
		},
	}
	cmd.Flags().BoolVar(&revoke, "revoke", false, "take the rule away")
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the rule, and change nothing")
	return cmd
}

func (a *app) runHostsAllow(cmd *cobra.Command, revoke, dryRun bool) error {
	self, err := elevate.Self()
	if err != nil {
		return err
	}
	rule, err := elevate.NewRule(elevate.Step{Program: self, Target: hosts.SystemPath()}, a.getenv)
	if err != nil {
		return err
	}
	if dryRun {
		return a.printf("%s", rule.Text())
	}
	if !rule.IsRoot() {
		args := []string{"hosts", "allow"}
		if revoke {
			args = append(args, "--revoke")
		}
		return elevate.Again(cmd.Context(), self, args, a.stdin, a.stdout, a.stderr)
	}
	if revoke {
		if err := rule.Revoke(); err != nil {
			return err
		}
		return a.printf("%s is asked for a password again\n", rule.User)
	}
	err = rule.Install(cmd.Context())
	if errors.Is(err, elevate.ErrNotInstalled) {
		return &hinted{error: err, hint: "install Fettle for all users first: sudo make install, or the package"}
	}
	if err != nil {
		return err
	}
	return a.printf("%s may switch profiles without a password (%s)\n", rule.User, rule.Path())
}
