package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/human"
)

// subscriber returns what keeps subscribed profiles up to date.
func (a *app) subscriber() (*hosts.Subscriber, error) {
	library, err := a.library()
	if err != nil {
		return nil, err
	}
	dirs, err := a.findDirs()
	if err != nil {
		return nil, err
	}
	cfg, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	section, err := cfg.HostsSection()
	if err != nil {
		return nil, err
	}
	return &hosts.Subscriber{
		Library: library, StateDir: dirs.State, Now: a.now,
		Fetcher: hosts.NewFetcher(hosts.FetchLimits{Size: section.SubscriptionMax}, "fettle/"+versionText()),
	}, nil
}

func newHostsSubscribeCommand(a *app) *cobra.Command {
	var every string
	var insecure, dryRun bool
	cmd := &cobra.Command{
		Use:   "subscribe NAME URL",
		Short: "Make a profile whose text comes from the network",
		Long: `Make a profile whose text comes from the network, and fetch it at once. It is
off until it is switched on. "fettle hosts refresh" fetches it again.

What the server sends is looked at before it is used: a web page, JSON, an
archive or a list for another program is refused, whatever the server calls it.
A list that maps names to addresses other than 127.0.0.1, 0.0.0.0 and the like
could lead you astray, so it waits until "fettle hosts refresh --accept NAME".

Only https is allowed. A user and a password in the URL are sent to its host
alone, never printed, and kept in a file that only you may read.

` + exitHelp,
		Example: `  fettle hosts subscribe ads https://example.org/hosts
  fettle hosts subscribe team https://git.example.org/team/hosts --every 2h`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			sub := hosts.Subscription{Name: args[0], URL: args[1], InsecureHTTP: insecure}
			var err error
			if sub.Every, err = hosts.ParseEvery(every); err != nil {
				return &usageError{text: "--every: " + err.Error(), command: cmd.CommandPath()}
			}
			return a.runHostsSubscribe(cmd.Context(), sub, dryRun)
		},
	}
	cmd.Flags().StringVar(&every, "every", "24h", `how old the text may get ("12h", "7d", "never": fetched by hand only)`)
	cmd.Flags().BoolVar(&insecure, "insecure-http", false, "allow a URL with http, which anybody on the way can change")
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "fetch the text and show it, and make nothing")
	return cmd
}

func (a *app) runHostsSubscribe(ctx context.Context, sub hosts.Subscription, dryRun bool) error {
	s, err := a.subscriber()
	if err != nil {
		return err
	}
	meter := a.newMeter()
	r := s.Subscribe(ctx, sub, hosts.RefreshOptions{DryRun: dryRun, Progress: meter.of(sub.Name)})
	meter.end()
	if r.Err != nil {
		return subscribeError(sub, r.Err)
	}
	if r.Outcome == hosts.HeldBack && !dryRun {
		if err := s.MarkShown(ctx, r.Name, r.New); err != nil {
			return err
		}
	}
	if a.json {
		return a.printJSON(newRefreshRow(r))
	}
	if dryRun {
		if err := a.printDiff(r.Diff()); err != nil {
			return err
		}
		a.noteRedirects(r)
		return nil
	}
	if r.Outcome == hosts.HeldBack {
		a.noteRedirects(r)
		a.note("If that is what you want: fettle hosts refresh --accept %s", r.Name)
		return a.printf("%s: not made yet; its list waits to be accepted\n", r.Name)
	}
	a.warnOfProblems(r.Name, errorsIn(r.Profile))
	a.note("Switch it on: fettle hosts on %s", r.Name)
	if a.quiet {
		return nil
	}
	return a.printf("%s: %s from %s\n", r.Name, human.Bytes(int64(len(r.New))), r.Source)
}

// subscribeError adds what a new subscription is about to why it failed.
func subscribeError(sub hosts.Subscription, err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, hosts.ErrExists):
		return &hinted{error: err, hint: "take another name, or delete that one first: fettle hosts rm " + sub.Name +
			"\nor, if it is a subscription: fettle hosts unsubscribe " + sub.Name}
	case errors.Is(err, hosts.ErrInsecure):
		return &hinted{error: err, hint: "use https, or allow it with --insecure-http"}
	}
	if _, ok := errors.AsType[*hosts.NameError](err); ok {
		return err
	}
	return fmt.Errorf("subscribing to %s: %w; nothing was made", sub.Source(), err)
}

// noteRedirects says which names a text leads to addresses of its choice.
func (a *app) noteRedirects(r hosts.Refreshed) {
	if len(r.Redirects) == 0 {
		return
	}
	a.note("%s: the list leads %s to other machines:", r.Name, human.Count(len(r.Redirects), "name"))
	for _, redirect := range head(r.Redirects) {
		from := "new"
		if redirect.From != "" {
			from = "was " + redirect.From
		}
		a.note("  %s is %s (%s, line %d)", safe(redirect.Name), redirect.To, from, redirect.Line)
	}
	a.noteRest(len(r.Redirects), "name")
}

// safe returns a text of somebody else as a terminal may have it.
func safe(text string) string {
	quoted := fmt.Sprintf("%.200q", text)
	if plain := quoted[1 : len(quoted)-1]; plain == text {
		return text
	}
	return quoted
}

func newHostsUnsubscribeCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "unsubscribe NAME",
		Short: "Make a subscribed profile an ordinary one",
		Long: `Make a subscribed profile an ordinary one, with the text that it has. It is no
longer fetched, and can be edited. A list that waited to be accepted is dropped.

` + exitHelp,
		Example: `  fettle hosts unsubscribe ads
  fettle hosts unsubscribe ads --dry-run`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSubscriptions,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.subscriber()
			if err != nil {
				return err
			}
			if !dryRun {
				err = s.Unsubscribe(cmd.Context(), args[0])
			} else {
				_, err = s.Library.Subscription(args[0])
			}
			if err != nil {
				return err
			}
			return a.reportProfile(args[0], s.Library.Path(args[0]), "an ordinary profile now:", dryRun)
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "say what would be done, and change nothing")
	return cmd
}

// completeSubscriptions offers the names of subscribed profiles to the shell.
func (a *app) completeSubscriptions(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	library, err := a.library()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	list, _ := library.Subscriptions() // those that can be read
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// refuseSubscribed returns an error for a profile whose text comes from a
// subscription, before somebody edits it.
func refuseSubscribed(library hosts.Library, name string) error {
	if !library.Subscribed(name) {
		return nil
	}
	return &hinted{error: fmt.Errorf("profile %q: %w", name, hosts.ErrSubscribed),
		hint: fmt.Sprintf("edit a copy: fettle hosts copy %s NEW-NAME\nor keep the text and fetch it no more: fettle hosts unsubscribe %s", name, name)}
}
