package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/config"
	"fettle/internal/human"
)

// An app holds the flags that all commands have, and builds what they need
// when they first need it.
type app struct {
	*env

	json  bool
	quiet bool
	yes   bool

	hostsFile string // --hosts-file

	dirs   *config.Dirs
	config *config.Config
}

// run runs one command line and returns the exit status.
func run(ctx context.Context, e *env, args []string) int {
	a := &app{env: e}
	root := newRootCommand(a)
	root.SetArgs(args)
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	err := root.ExecuteContext(ctx)
	var exit *exitError
	if ctx.Err() != nil && err != nil && !errors.As(err, &exit) {
		err = context.Canceled
	}
	a.reportError(err)
	return exitStatus(err)
}

const exitHelp = `Exit status: 0 done, 1 failed, 2 wrong usage, 3 some steps failed, 130 interrupted.`

func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "fettle",
		Short: "Keep a workstation in fine fettle",
		Long: `Fettle keeps a developer's workstation in fine fettle. It switches profiles of
the hosts file on and off, and always says which are in force.

` + exitHelp,
		Example: `  fettle hosts map staging 10.0.0.1 shop.test
  fettle hosts on staging`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.checkPkexec(cmd)
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{text: err.Error(), command: cmd.CommandPath()}
	})
	flags := root.PersistentFlags()
	flags.BoolVar(&a.json, "json", false, "print one JSON document")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print nothing but results and errors")
	flags.BoolVarP(&a.yes, "yes", "y", false, "answer every question with yes")
	root.AddCommand(newStatusCommand(a), newHostsCommand(a), newVersionCommand(a))
	root.CompletionOptions.HiddenDefaultCmd = false
	wrapArgs(root)
	return root
}

// wrapArgs makes wrong arguments of every command a usage error.
func wrapArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			var usage *usageError
			if err == nil || errors.As(err, &usage) {
				return err
			}
			return &usageError{text: operandsText(cmd, args), command: cmd.CommandPath()}
		}
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}

// operandsText says what a command wants, and what it was given.
func operandsText(cmd *cobra.Command, args []string) string {
	_, operands, _ := strings.Cut(cmd.Use, " ")
	text := fmt.Sprintf("%q wants %s", cmd.CommandPath(), operands)
	if len(args) > 0 {
		text += fmt.Sprintf(", and was given %q", strings.Join(args, " "))
	}
	return text
}

// noArgs refuses arguments, which for a command with subcommands are most
// likely a misspelt one.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.HasAvailableSubCommands() {
		return &usageError{text: fmt.Sprintf("%q is one argument too many", args[0]), command: cmd.CommandPath()}
	}
	usage := &usageError{text: fmt.Sprintf("%q is not a command of %s", args[0], cmd.CommandPath()), command: cmd.CommandPath()}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		usage.hint = fmt.Sprintf("did you mean %q?", cmd.CommandPath()+" "+near[0])
	}
	return usage
}

// A usageError is a command line that cannot be carried out as it was typed.
type usageError struct {
	text    string
	command string
	hint    string // what to type instead; "" points at the help
}

func (e *usageError) Error() string { return e.text }

// An exitError ends the program with a status of its own, after the command has
// said all there is to say.
type exitError struct{ status int }

func (e *exitError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

func exitStatus(err error) int {
	var usage *usageError
	var exit *exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.status
	case errors.As(err, &usage):
		return 2
	case errors.Is(err, context.Canceled):
		return 130
	}
	return 1
}

// reportError prints an error with its hint, as text or as JSON, to the
// standard error.
func (a *app) reportError(err error) {
	var exit *exitError
	if err == nil || errors.As(err, &exit) {
		return
	}
	text, hint := err.Error(), hintFor(err)
	if errors.Is(err, context.Canceled) {
		text = "interrupted; nothing was changed"
	}
	if a.json {
		_ = json.NewEncoder(a.stderr).Encode(struct { // a stream that is gone cannot be told
			Error      string `json:"error"`
			Hint       string `json:"hint,omitempty"`
			ExitStatus int    `json:"exit_status"`
		}{text, hint, exitStatus(err)})
		return
	}
	fmt.Fprintln(a.stderr, "fettle:", human.Printable(text))
	for line := range strings.Lines(hint) {
		fmt.Fprintln(a.stderr, "fettle: hint:", human.Printable(strings.TrimSuffix(line, "\n")))
	}
}

// warn prints a warning to the standard error.
func (a *app) warn(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintln(a.stderr, human.Printable(fmt.Sprintf("fettle: warning: "+format, args...)))
	}
}

// note prints what a person may want to know, to the standard error.
func (a *app) note(format string, args ...any) {
	if !a.quiet && !a.json {
		fmt.Fprintln(a.stderr, human.Printable(fmt.Sprintf(format, args...)))
	}
}

// findDirs returns the user's folders.
func (a *app) findDirs() (config.Dirs, error) {
	if a.dirs == nil {
		dirs, err := config.FindDirs(a.getenv)
		if err != nil {
			return config.Dirs{}, err
		}
		a.dirs = &dirs
	}
	return *a.dirs, nil
}

// loadConfig returns the settings. What is wrong in the file is an error only
// when a command asks for the section that it stands in.
func (a *app) loadConfig() (*config.Config, error) {
	if a.config == nil {
		dirs, err := a.findDirs()
		if err != nil {
			return nil, err
		}
		a.config, err = config.Load(dirs)
		if err != nil {
			return nil, err
		}
		for _, warning := range a.config.Warnings() {
			a.warn("%s", warning)
		}
	}
	return a.config, nil
}

// library returns the profiles.
func (a *app) library() (hosts.Library, error) {
	dirs, err := a.findDirs()
	if err != nil {
		return hosts.Library{}, err
	}
	return hosts.Library{Dir: dirs.Hosts(), Chown: dirs.Chown}, nil
}

// openHosts returns the hosts file. With lenient set, settings that cannot be
// read are warned of and left out: leaving a profile must always work.
func (a *app) openHosts(lenient bool) (*hosts.System, error) {
	dirs, err := a.findDirs()
	if err != nil {
		return nil, err
	}
	options := hosts.Options{StateDir: dirs.State, Chown: dirs.Chown}
	var section config.Hosts
	cfg, err := a.loadConfig()
	if err == nil {
		section, err = cfg.HostsSection()
	}
	switch {
	case err == nil:
		options.Limits = hosts.Limits{Entries: section.History, Bytes: section.HistorySize}
	case lenient:
		a.warn("%v", err)
	default:
		return nil, err
	}
	path, err := a.hostsPath()
	if err != nil {
		return nil, err
	}
	return hosts.Open(path, options)
}

// hostsPath returns the hosts file that was named, or "" for the system's own.
func (a *app) hostsPath() (string, error) {
	if a.hostsFile != "" {
		return a.hostsFile, nil
	}
	return config.HostsFile(a.getenv)
}
