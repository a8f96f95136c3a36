package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/human"
)

func newHostsCommand(a *app) *cobra.Command {
	var short bool
	cmd := &cobra.Command{
		Use:   "hosts",
		Short: "Switch profiles of the hosts file on and off",
		Long: `Without a subcommand: say which profiles of the hosts file are on.

A profile is a plain text file in the form of a hosts file. Fettle puts the
profiles that are on into one section at the end of the hosts file, and takes
them out again. Every other byte of the file stays as it is, and every state
that was replaced is kept: see "fettle hosts undo" and "fettle hosts history".

` + exitHelp,
		Example: `  fettle hosts new staging ./staging.hosts
  fettle hosts use staging
  PS1='$(fettle hosts --short) \$ '`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if short {
				return a.runHostsShort()
			}
			return a.runHostsStatus()
		},
	}
	cmd.PersistentFlags().StringVar(&a.hostsFile, "hosts-file", "", "use this `file` instead of the system's hosts file")
	cmd.Flags().BoolVar(&short, "short", false, "print the names of the profiles that are on, and nothing else")
	cmd.AddCommand(
		newHostsListCommand(a), newHostsShowCommand(a), newHostsNewCommand(a), newHostsMapCommand(a), newHostsUnmapCommand(a),
		newHostsEditCommand(a), newHostsRenameCommand(a), newHostsCopyCommand(a), newHostsRemoveCommand(a),
		newHostsUseCommand(a), newHostsOnCommand(a), newHostsOffCommand(a), newHostsToggleCommand(a), newHostsDiffCommand(a),
		newHostsRunCommand(a), newHostsExpireCommand(a), newHostsResolveCommand(a), newHostsWatchCommand(a),
		newHostsAdoptCommand(a), newHostsAcceptCommand(a),
		newHostsUndoCommand(a), newHostsHistoryCommand(a), newHostsRestoreCommand(a),
		newHostsSubscribeCommand(a), newHostsUnsubscribeCommand(a), newHostsRefreshCommand(a),
		newHostsImportCommand(a), newHostsExportCommand(a),
		newHostsCheckCommand(a), newHostsAllowCommand(a), newHostsWriteCommand(a),
	)
	return cmd
}

// hostsStatus is what "fettle hosts" and "fettle status" say of the hosts file.
type hostsStatus struct {
	Path        string         `json:"path"`
	System      bool           `json:"system"` // whether it is the system's own
	Active      []activeStatus `json:"active"`
	Damage      string         `json:"damage,omitempty"`
	Edited      bool           `json:"edited"`      // somebody else changed the section
	Interrupted bool           `json:"interrupted"` // a writer died half way
	SetAside    int            `json:"set_aside"`   // outside lines that are overridden
	// Disturbance is what another program did to the section, if it did.
	Disturbance *hosts.Disturbance `json:"disturbance,omitempty"`

	Subscriptions []subscriptionStatus `json:"subscriptions"`
}

// activeStatus is a profile in force.
type activeStatus struct {
	hosts.Active
	Stale bool `json:"stale"` // the profile's file was edited since, or is gone
	Over  bool `json:"over"`  // its time is over, and the next change takes it out
}

func (a *app) readHostsStatus() (hostsStatus, error) {
	system, err := a.openHosts(true)
	if err != nil {
		return hostsStatus{}, err
	}
	f, err := system.Read()
	if err != nil {
		return hostsStatus{}, err
	}
	library, err := a.library()
	if err != nil {
		return hostsStatus{}, err
	}
	s := hostsStatus{
		Path: system.Path, System: system.Own, Active: []activeStatus{},
		Edited: f.Edited(), Interrupted: system.Interrupted(), SetAside: f.Asides(),
	}
	if f.Damage != nil {
		s.Damage = f.Damage.Error()
	}
	// A history that cannot be read is told by the commands that need it.
	entries, _ := system.History()
	if d := hosts.Disturbed(f, entries); d.Harm != hosts.Unharmed {
		s.Disturbance = &d
	}
	if s.Subscriptions, err = a.readSubscriptions(f); err != nil {
		return hostsStatus{}, err
	}
	for _, active := range f.Active() {
		profile, err := library.Load(active.Name)
		s.Active = append(s.Active, activeStatus{
			Active: active, Stale: err != nil || profile.Hash() != active.Hash, Over: active.Over(a.moment()),
		})
	}
	return s, nil
}

func (a *app) runHostsStatus() error {
	s, err := a.readHostsStatus()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(s)
	}
	if err := a.printf("%s\n", s.headline()); err != nil {
		return err
	}
	err = a.table(func(row func(...string)) {
		for _, active := range s.Active {
			row("  "+active.Name, joinNonEmpty(a.sinceText(active.Active), a.limitText(active.Active)))
		}
	})
	if err != nil {
		return err
	}
	for _, warning := range s.warnings(a.now()) {
		a.warn("%s", warning)
	}
	return nil
}

// headline says in one line what is in force.
func (s hostsStatus) headline() string {
	switch {
	case s.Damage != "":
		return s.Path + ": damaged"
	case len(s.Active) == 0:
		return s.Path + ": the original, no profile is on"
	}
	return fmt.Sprintf("%s: %s on", s.Path, human.Count(len(s.Active), "profile"))
}

// warnings says what is not as it should be, and how to mend it.
func (s hostsStatus) warnings(now time.Time) []string {
	var list []string
	if s.Damage != "" {
		list = append(list, s.Damage)
	}
	if s.Interrupted {
		list = append(list, "a write was interrupted, and the file may be torn; the next switch puts the old content back")
	}
	list = append(list, s.disturbanceWarnings()...)
	if len(s.Active) == 0 && s.SetAside > 0 {
		list = append(list, fmt.Sprintf(`%s still set aside, but the section is gone; "fettle hosts off --all" gives them back`,
			human.Count(s.SetAside, "line")))
	}
	for _, active := range s.Active {
		if active.Over {
			list = append(list, fmt.Sprintf(`the time of %q is over; the next switch takes it out, or "fettle hosts expire"; "fettle hosts on %s" keeps it`, active.Name, active.Name))
		}
		// What a subscription brought is told with the subscription.
		if sub := findSubscription(s.Subscriptions, active.Name); active.Stale && (sub == nil || !sub.Pending) {
			list = append(list, fmt.Sprintf(`profile %q is on as it was, not as its file is now; "fettle hosts on %s" applies it again`, active.Name, active.Name))
		}
	}
	for _, sub := range s.Subscriptions {
		list = append(list, sub.warnings(now)...)
	}
	return list
}

// joinNonEmpty joins the parts that are not empty with commas.
func joinNonEmpty(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// sinceText returns "on for 3 hours, since 14:02".
func (a *app) sinceText(active hosts.Active) string {
	now := a.now()
	format := "15:04"
	if since := active.Since.Local(); since.YearDay() != now.Local().YearDay() || since.Year() != now.Local().Year() {
		format = "2006-01-02 15:04"
	}
	return fmt.Sprintf("on for %s, since %s", human.Age(now.Sub(active.Since)), active.Since.Local().Format(format))
}

// runHostsShort is for a shell prompt, so it reads one file, and not even the
// settings.
func (a *app) runHostsShort() error {
	path, err := a.hostsPath()
	if err != nil {
		return err
	}
	system, err := hosts.Open(path, hosts.Options{})
	if err != nil {
		return err
	}
	f, err := system.Read()
	if err != nil {
		return err
	}
	if f.Damage != nil {
		return f.Damage
	}
	names := hosts.Names(f.Active())
	if a.json {
		return a.printJSON(names)
	}
	if len(names) == 0 {
		return nil
	}
	return a.printf("%s\n", strings.Join(names, ","))
}

// utcSeconds returns the time as the header of the section holds it.
func (a *app) utcSeconds() time.Time { return a.now().UTC().Truncate(time.Second) }

// moment returns what decides now whether the time of a profile is over.
func (a *app) moment() hosts.Moment { return hosts.Moment{Time: a.now()} }
