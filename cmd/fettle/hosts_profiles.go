package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/human"
	"fettle/internal/nearest"
)

// completeProfiles offers the names of the profiles to the shell.
func (a *app) completeProfiles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	library, err := a.library()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	list, err := library.List()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, p := range list {
		if !slices.Contains(args, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeOneProfile is completeProfiles for the first argument only.
func (a *app) completeOneProfile(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.completeProfiles(cmd, args, word)
}

// nearestProfile adds the profile that was likely meant to an error about one
// that does not exist.
func (a *app) nearestProfile(err error, library hosts.Library, names []string) error {
	if !errors.Is(err, hosts.ErrNoProfile) {
		return err
	}
	for _, name := range names {
		if _, loadErr := library.Load(name); loadErr != nil && library.Subscribed(name) {
			return &hinted{error: err, hint: "its list waits to be fetched or accepted: fettle hosts refresh " + name}
		}
	}
	list, listErr := library.List()
	if listErr != nil {
		return err
	}
	candidates := make([]string, len(list))
	for i, p := range list {
		candidates[i] = p.Name
	}
	for _, name := range names {
		if slices.Contains(candidates, name) {
			continue
		}
		if near := nearest.Of(name, candidates); near != "" {
			return &hinted{error: err, hint: fmt.Sprintf("did you mean %q?", near)}
		}
	}
	return err
}

// listedProfile is a row of "fettle hosts list".
type listedProfile struct {
	hosts.Listed
	On    bool `json:"on"`
	Stale bool `json:"stale"` // on, but with another text than its file has now
	// Of one that is on: until when, for which runs, and whether that is over.
	Until time.Time   `json:"until,omitzero"`
	Runs  []hosts.Run `json:"runs,omitempty"`
	Over  bool        `json:"over,omitzero"`

	Subscription *subscriptionStatus `json:"subscription"` // null: an ordinary profile
}

func newHostsListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the profiles, and which are on",
		Long:    "List the profiles, and which are on.\n\n" + exitHelp,
		Example: `  fettle hosts list
  fettle hosts list --json | jq -r '.[] | select(.on) | .name'`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.runHostsList() },
	}
}

func (a *app) runHostsList() error {
	library, err := a.library()
	if err != nil {
		return err
	}
	list, err := library.List()
	if err != nil {
		return err
	}
	status, err := a.readHostsStatus()
	if err != nil {
		return err
	}
	rows := []listedProfile{}
	for _, p := range list {
		row := listedProfile{Listed: p, Subscription: findSubscription(status.Subscriptions, p.Name)}
		if i := slices.IndexFunc(status.Active, func(s activeStatus) bool { return s.Name == p.Name }); i >= 0 {
			is := status.Active[i]
			row.On, row.Stale, row.Until, row.Runs, row.Over = true, is.Stale, is.Until, is.Runs, is.Over
		}
		rows = append(rows, row)
	}
	// A subscription whose first text was held back has no profile yet.
	for i, sub := range status.Subscriptions {
		if !slices.ContainsFunc(rows, func(r listedProfile) bool { return r.Name == sub.Name }) {
			rows = append(rows, listedProfile{Listed: hosts.Listed{Name: sub.Name}, Subscription: &status.Subscriptions[i]})
		}
	}
	slices.SortFunc(rows, func(a, b listedProfile) int { return strings.Compare(a.Name, b.Name) })
	if a.json {
		return a.printJSON(rows)
	}
	if len(rows) == 0 {
		a.note("There is no profile yet. Make one: fettle hosts map staging 10.0.0.1 shop.test")
		return nil
	}
	return a.table(func(row func(...string)) {
		for _, p := range rows {
			state := "off"
			if p.On {
				state = "on"
			}
			if p.Stale {
				state = "on, edited since"
			}
			state = joinNonEmpty(state, a.limitText(hosts.Active{Until: p.Until, Runs: p.Runs}))
			origin := "changed " + human.Age(a.now().Sub(p.Modified)) + " ago"
			if sub := p.Subscription; sub != nil {
				origin = sub.origin(a.now())
				if sub.Pending {
					state = "on"
				}
				if p.Modified.IsZero() {
					state = "not made yet"
				}
			}
			row(p.Name, state, human.Bytes(p.Size), origin)
		}
	})
}

func newHostsShowCommand(a *app) *cobra.Command {
	var applied bool
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Print the text of a profile",
		Long:  "Print the text of a profile, as its file has it.\n\n" + exitHelp,
		Example: `  fettle hosts show staging
  fettle hosts show staging --applied`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeOneProfile,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.profileText(args[0], applied)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Name string     `json:"name"`
					Hash hosts.Hash `json:"sha256"`
					Text string     `json:"text"`
				}{p.Name, p.Hash(), string(p.Text)})
			}
			_, err = a.stdout.Write(p.Text)
			return err
		},
	}
	cmd.Flags().BoolVar(&applied, "applied", false, "print the text that is in force, as the hosts file has it")
	return cmd
}

func (a *app) profileText(name string, applied bool) (hosts.Profile, error) {
	if !applied {
		library, err := a.library()
		if err != nil {
			return hosts.Profile{}, err
		}
		p, err := library.Load(name)
		return p, a.nearestProfile(err, library, []string{name})
	}
	system, err := a.openHosts(true)
	if err != nil {
		return hosts.Profile{}, err
	}
	f, err := system.Read()
	if err != nil {
		return hosts.Profile{}, err
	}
	if f.Damage != nil {
		return hosts.Profile{}, f.Damage
	}
	p, ok := f.Applied(name)
	if !ok {
		return hosts.Profile{}, fmt.Errorf("profile %q: %w", name, hosts.ErrNotActive)
	}
	return p, nil
}

// newProfileText is what a profile starts with that is made from nothing.
const newProfileText = `# A profile for "fettle hosts": lines as in a hosts file.
# 10.0.0.1 shop.test www.shop.test
`

func newHostsNewCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "new NAME [FILE|-]",
		Short: "Make a profile",
		Long: `Make a profile, from a file or from the standard input ("-") if one is given.
It is off until it is switched on.

` + exitHelp,
		Example: `  fettle hosts new staging
  fettle hosts new staging ./staging.hosts
  curl -fsS https://example.org/hosts | fettle hosts new ads -`,
		Args: cobra.RangeArgs(1, 2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			p := hosts.Profile{Name: args[0], Text: []byte(newProfileText)}
			if err := hosts.CheckName(p.Name); err != nil {
				return err
			}
			if len(args) == 2 {
				var err error
				if p.Text, err = a.readProfileText(args[1]); err != nil {
					return err
				}
			}
			return a.runHostsNew(p, dryRun)
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "say what would be made, and make nothing")
	return cmd
}

// readProfileText reads the text of a new profile, without what Fettle itself
// may have written into it.
func (a *app) readProfileText(source string) ([]byte, error) {
	var text []byte
	var err error
	if source == "-" {
		text, err = io.ReadAll(a.stdin)
	} else {
		text, err = os.ReadFile(source)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the text of the profile: %w", err)
	}
	f := hosts.Parse(text)
	if f.Damage != nil {
		return nil, fmt.Errorf("reading the text of the profile from %s: %w", source, f.Damage)
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, fmt.Errorf("reading the text of the profile: %s is not a text file", source)
	}
	outside := f.Outside()
	if len(outside) != len(text) {
		a.warn("the section that Fettle had written into %s is left out", source)
	}
	return outside, nil
}

func (a *app) runHostsNew(p hosts.Profile, dryRun bool) error {
	library, err := a.library()
	if err != nil {
		return err
	}
	problems := hosts.Check(p.Text, hosts.CheckOptions{Name: p.Name, GOOS: runtime.GOOS})
	if !dryRun {
		if err := library.Create(p); err != nil {
			return err
		}
	}
	a.warnOfProblems(p.Name, problems)
	if a.json {
		return a.printJSON(struct {
			Name    string `json:"name"`
			Path    string `json:"path"`
			Created bool   `json:"created"`
		}{p.Name, library.Path(p.Name), !dryRun})
	}
	if a.quiet {
		return nil
	}
	a.note("Switch it on: fettle hosts on %s", p.Name)
	if dryRun {
		return a.printf("would make %s\n", library.Path(p.Name))
	}
	return a.printf("made %s\n", library.Path(p.Name))
}

// warnOfProblems says that a profile has lines that do not work.
func (a *app) warnOfProblems(name string, problems []hosts.Problem) {
	var errs []hosts.Problem
	for _, p := range problems {
		if p.Severity == hosts.SeverityError {
			errs = append(errs, p)
		}
	}
	for _, p := range head(errs) {
		a.warn("profile %q, line %d: %s", name, p.Line, strings.TrimSuffix(p.Message, "."))
	}
	if rest := len(errs) - explained; rest > 0 {
		a.warn("and %d more; see \"fettle hosts check %s\"", rest, name)
	}
}
