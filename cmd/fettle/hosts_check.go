package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/human"
)

// severities are the values of --fail-on, the worst first.
var severities = []string{string(hosts.SeverityError), string(hosts.SeverityWarning), string(hosts.SeverityInfo)}

// checkResult is the JSON of "fettle hosts check".
type checkResult struct {
	Checked  []string        `json:"checked"`
	Problems []hosts.Problem `json:"problems"`
}

func newHostsCheckCommand(a *app) *cobra.Command {
	var failOn string
	cmd := &cobra.Command{
		Use:   "check [NAME|FILE|-]",
		Short: "Find lines of a profile or a hosts file that do not work",
		Long: `Find lines that do not work, or not as they look: bad addresses and names, ports
and URLs, wildcards, conflicts between profiles, and more. Without an argument it
checks the hosts file and all profiles; otherwise one profile, or any file.

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 could not check.`,
		Example: `  fettle hosts check staging
  fettle hosts check ./staging.hosts --fail-on warning`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeOneProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(append(severities, "never"), failOn) {
				return &usageError{text: fmt.Sprintf("%q is not a severity", failOn), command: cmd.CommandPath(),
					hint: "--fail-on takes " + strings.Join(severities, ", ") + " or never"}
			}
			result, err := a.runHostsCheck(args)
			if err != nil {
				a.reportError(err)
				return &exitError{status: 2}
			}
			if err := a.printProblems(result); err != nil {
				return err
			}
			threshold := slices.Index(severities, failOn)
			for _, p := range result.Problems {
				if slices.Index(severities, string(p.Severity)) <= threshold {
					return &exitError{status: 1}
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&failOn, "fail-on", "error", "fail from this `severity` on: error, warning, info or never")
	return cmd
}

// runHostsCheck checks what the arguments name.
func (a *app) runHostsCheck(args []string) (checkResult, error) {
	library, err := a.library()
	if err != nil {
		return checkResult{}, err
	}
	system, err := a.openHosts(true)
	if err != nil {
		return checkResult{}, err
	}
	f, err := system.Read()
	if err != nil {
		return checkResult{}, err
	}
	c := checker{library: library, platform: system.Platform, result: checkResult{Checked: []string{}, Problems: []hosts.Problem{}}}
	if f.Damage == nil {
		c.outside = f.Outside()
	}
	switch {
	case len(args) == 0:
		if f.Damage != nil {
			return checkResult{}, f.Damage
		}
		c.file(system.Path, c.outside)
		err = c.profiles(hosts.Names(f.Active()))
	case args[0] == "-":
		var text []byte
		if text, err = io.ReadAll(a.stdin); err == nil {
			c.file("-", text)
		}
	default:
		err = c.nameOrFile(args[0], hosts.Names(f.Active()))
		err = a.nearestProfile(err, library, args)
	}
	return c.result, err
}

// A checker collects problems.
type checker struct {
	library  hosts.Library
	platform hosts.Platform
	outside  []byte
	result   checkResult
}

func (c *checker) options(name string) hosts.CheckOptions {
	return hosts.CheckOptions{Name: name, GOOS: runtime.GOOS, Hostname: c.platform.Hostname}
}

func (c *checker) file(path string, text []byte) {
	o := c.options(path)
	o.File = true
	c.result.Checked = append(c.result.Checked, path)
	c.result.Problems = append(c.result.Problems, hosts.Check(text, o)...)
}

// profile checks one profile against the profiles that are on with it.
func (c *checker) profile(p hosts.Profile, active []hosts.Profile) {
	o := c.options(p.Name)
	o.Outside = c.outside
	o.Others = active
	c.result.Checked = append(c.result.Checked, p.Name)
	c.result.Problems = append(c.result.Problems, hosts.Check(p.Text, o)...)
}

// load reads the profiles of these names, without those that are gone.
func (c *checker) load(names []string) ([]hosts.Profile, error) {
	var list []hosts.Profile
	for _, name := range names {
		p, err := c.library.Load(name)
		if errors.Is(err, hosts.ErrNoProfile) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func (c *checker) profiles(activeNames []string) error {
	active, err := c.load(activeNames)
	if err != nil {
		return err
	}
	list, err := c.library.List()
	if err != nil {
		return err
	}
	for _, listed := range list {
		p, err := c.library.Load(listed.Name)
		if err != nil {
			return err
		}
		c.profile(p, active)
	}
	return nil
}

// nameOrFile checks a profile, or a file where no profile has this name.
func (c *checker) nameOrFile(arg string, activeNames []string) error {
	p, err := c.library.Load(arg)
	if err == nil {
		active, err := c.load(activeNames)
		if err != nil {
			return err
		}
		c.profile(p, active)
		return nil
	}
	text, fileErr := os.ReadFile(arg)
	switch {
	case fileErr == nil:
		c.file(arg, text)
		return nil
	case strings.ContainsAny(arg, `/\`):
		return fileErr
	}
	return err
}

// printProblems prints the findings: the line, a caret below the column, and
// the cure.
func (a *app) printProblems(result checkResult) error {
	if a.json {
		return a.printJSON(result)
	}
	counts := map[hosts.Severity]int{}
	for _, p := range result.Problems {
		counts[p.Severity]++
		if err := a.printf("%s:%d:%d: %s: %s [%s]\n", p.File, p.Line, p.Column, p.Severity, p.Message, p.Rule); err != nil {
			return err
		}
		if p.Text != "" {
			if err := a.printf("    %s\n    %s^\n", human.Printable(p.Text), caretIndent(p.Text, p.Column)); err != nil {
				return err
			}
		}
		if p.Cure != "" {
			if err := a.printf("    cure: %s\n", p.Cure); err != nil {
				return err
			}
		}
	}
	what := human.Count(len(result.Checked), "file")
	if len(result.Checked) == 1 {
		what = result.Checked[0]
	}
	a.note("%s checked: %s, %s, %s", what, human.Count(counts[hosts.SeverityError], "error"),
		human.Count(counts[hosts.SeverityWarning], "warning"), human.Count(counts[hosts.SeverityInfo], "remark"))
	return nil
}

// caretIndent returns the blanks that put a caret below a column of the line,
// which counts bytes from 1.
func caretIndent(line string, column int) string {
	var indent strings.Builder
	for i, r := range line {
		if i >= column-1 {
			break
		}
		if r == '\t' {
			indent.WriteByte('\t')
		} else {
			indent.WriteByte(' ')
		}
	}
	return indent.String()
}
