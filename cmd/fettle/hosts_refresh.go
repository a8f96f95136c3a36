package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/elevate"
	"fettle/internal/human"
)

// refreshOptions are the flags of "fettle hosts refresh".
type refreshOptions struct {
	all, accept, force, dryRun bool
}

func newHostsRefreshCommand(a *app) *cobra.Command {
	var o refreshOptions
	cmd := &cobra.Command{
		Use:   "refresh [NAME…]",
		Short: "Fetch subscribed profiles again",
		Long: `Fetch subscribed profiles again: those named, or those that are due. What cannot
be fetched, or is no hosts list, leaves the profile as it was.

A new text that maps names to addresses other than 127.0.0.1, 0.0.0.0 and the
like, which the old text did not, is held back and shown. --accept takes over
what was shown. A profile that somebody edited is not overwritten without
--force.

It never asks for a password. If a profile is on and its text is new, that is put
in force where it can be done without asking; elsewhere it waits for
"fettle hosts on NAME", and "fettle hosts" says so.

` + exitHelp,
		Example: `  fettle hosts refresh
  fettle hosts refresh ads --dry-run
  fettle hosts refresh --accept team`,
		ValidArgsFunction: a.completeSubscriptions,
		Args: func(cmd *cobra.Command, names []string) error {
			switch {
			case o.all && len(names) > 0:
				return &usageError{text: "--all and names of profiles contradict each other", command: cmd.CommandPath()}
			case o.accept && len(names) == 0:
				return &usageError{text: "which profiles?", command: cmd.CommandPath(), hint: "name those whose held back text you accept"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, names []string) error { return a.runHostsRefresh(cmd.Context(), names, o) },
	}
	cmd.Flags().BoolVarP(&o.all, "all", "a", false, "fetch all, due or not")
	cmd.Flags().BoolVar(&o.accept, "accept", false, "take over the held back text of the named profiles, and fetch nothing")
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite a text that somebody edited")
	cmd.Flags().BoolVarP(&o.dryRun, "dry-run", "n", false, "fetch, show how the texts would change, and change nothing")
	return cmd
}

// A refreshRow is the JSON of one subscription's refresh.
type refreshRow struct {
	Name      string           `json:"name"`
	Source    string           `json:"source"`
	Outcome   hosts.Outcome    `json:"outcome"`
	Error     string           `json:"error"`
	Hint      string           `json:"hint"`
	Bytes     int              `json:"bytes"`     // of the new text
	Redirects []hosts.Redirect `json:"redirects"` // why it was held back
	Applied   bool             `json:"applied"`   // the new text is in force
	Pending   bool             `json:"pending"`   // the new text waits to be put in force

	result hosts.Refreshed
}

func newRefreshRow(r hosts.Refreshed) refreshRow {
	row := refreshRow{Name: r.Name, Source: r.Source, Outcome: r.Outcome, Bytes: len(r.New), Redirects: []hosts.Redirect{}, result: r}
	row.Redirects = append(row.Redirects, r.Redirects...)
	if r.Err != nil {
		row.Error, row.Hint = r.Err.Error(), refreshHint(r)
	}
	return row
}

// refreshHint returns what to do about a failed refresh, or "".
func refreshHint(r hosts.Refreshed) string {
	switch {
	case errors.Is(r.Err, hosts.ErrEdited):
		return fmt.Sprintf("keep the edited text: fettle hosts unsubscribe %s\nor drop it: fettle hosts refresh --force %s", r.Name, r.Name)
	case errors.Is(r.Err, hosts.ErrNotShown):
		return "this is it; if that is what you want, repeat the command"
	case errors.Is(r.Err, hosts.ErrNotSubscribed):
		return `"fettle hosts list" shows which profiles are subscribed`
	}
	if _, ok := errors.AsType[*hosts.SizeError](r.Err); ok {
		return "config.toml can allow more: subscription_max in the section [hosts]"
	}
	return hintFor(r.Err)
}

func (a *app) runHostsRefresh(ctx context.Context, names []string, o refreshOptions) error {
	s, err := a.subscriber()
	if err != nil {
		return err
	}
	var results []hosts.Refreshed
	if o.accept {
		for _, name := range names {
			results = append(results, s.Accept(ctx, name, hosts.RefreshOptions{DryRun: o.dryRun, Force: o.force}))
		}
	} else {
		chosen, broken := a.chooseSubscriptions(s, names, o.all)
		if len(chosen)+len(broken) == 0 {
			return a.nothingDue(s)
		}
		if !o.dryRun {
			if err := s.Sweep(ctx); err != nil {
				return err
			}
		}
		results = append(a.refreshAll(ctx, s, chosen, o), broken...)
	}
	rows := make([]refreshRow, len(results))
	for i, r := range results {
		rows[i] = newRefreshRow(r)
	}
	if !o.dryRun {
		a.applyRefreshed(context.WithoutCancel(ctx), s, rows)
	}
	return a.reportRefresh(ctx, s, rows, o)
}

// chooseSubscriptions returns the names of the subscriptions to fetch. Those
// that cannot be read have failed already.
func (a *app) chooseSubscriptions(s *hosts.Subscriber, names []string, all bool) (chosen []string, broken []hosts.Refreshed) {
	if len(names) > 0 {
		for _, name := range names {
			if !slices.Contains(chosen, name) {
				chosen = append(chosen, name)
			}
		}
		return chosen, nil
	}
	subs, err := s.Library.Subscriptions()
	if err != nil {
		broken = []hosts.Refreshed{{Outcome: hosts.Failed, Err: err}}
	}
	for _, sub := range subs {
		if all || sub.Due(s.State(sub), a.now()) {
			chosen = append(chosen, sub.Name)
		}
	}
	return chosen, broken
}

// nothingDue says why nothing was fetched.
func (a *app) nothingDue(s *hosts.Subscriber) error {
	if a.json {
		return a.printJSON([]refreshRow{})
	}
	subs, err := s.Library.Subscriptions()
	if err != nil || len(subs) == 0 {
		a.note("No profile is subscribed. Subscribe to a list: fettle hosts subscribe NAME URL")
		return err
	}
	a.note(`Nothing is due. "fettle hosts refresh --all" fetches all the same.`)
	return nil
}

// parallel is how many servers are asked at the same time.
const parallel = 4

// refreshAll fetches the subscriptions, several at a time, and returns what
// became of them in their order.
func (a *app) refreshAll(ctx context.Context, s *hosts.Subscriber, names []string, o refreshOptions) []hosts.Refreshed {
	results := make([]hosts.Refreshed, len(names))
	meter := a.newMeter()
	defer meter.end()
	slots := make(chan struct{}, parallel)
	var work sync.WaitGroup
	for i, name := range names {
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			results[i] = s.Refresh(ctx, name, hosts.RefreshOptions{DryRun: o.dryRun, Force: o.force, Progress: meter.of(name)})
		})
	}
	work.Wait()
	return results
}

// applyWait bounds putting new texts in force after Ctrl-C, which must not leave
// half of the work.
const applyWait = 30 * time.Second

// applyRefreshed puts the new texts of profiles that are on in force, with all
// that waited before, if that needs no question to anybody.
func (a *app) applyRefreshed(ctx context.Context, s *hosts.Subscriber, rows []refreshRow) {
	ctx, cancel := context.WithTimeout(ctx, applyWait)
	defer cancel()
	system, err := a.openHosts(true)
	if err != nil {
		a.warn("%v", err)
		return
	}
	f, err := system.Read()
	if err != nil {
		a.warn("%v", err)
		return
	}
	var waiting []hosts.Profile
	for i, row := range rows {
		sub, err := s.Library.Subscription(row.Name)
		if err != nil || !s.Library.Pending(f, sub) {
			continue
		}
		p, err := s.Library.Load(row.Name)
		if err != nil {
			continue // Pending has read it a moment ago
		}
		rows[i].Pending = true
		waiting = append(waiting, p)
	}
	if len(waiting) == 0 {
		return
	}
	p, err := system.Apply(ctx, func(f *hosts.File) (*hosts.Plan, error) {
		return hosts.PlanRefresh(f, s.Library, waiting, system.Platform, a.moment())
	}, a.silently())
	switch {
	case errors.Is(err, elevate.ErrDenied), errors.Is(err, elevate.ErrNoWay):
		return // it waits
	case err != nil:
		a.warn("the new text could not be put in force: %v", err)
		return
	}
	a.explain(p)
	for i := range rows {
		if rows[i].Pending {
			rows[i].Pending, rows[i].Applied = false, true
		}
	}
}

// silently returns the way to more rights that asks nobody.
func (a *app) silently() hosts.Elevate {
	return func(ctx context.Context, request []byte) ([]byte, error) {
		self, err := elevate.Self()
		if err != nil {
			return nil, fmt.Errorf("finding the program for the write step: %w", err)
		}
		return elevate.Step{Program: self, Target: hosts.SystemPath()}.Silent()(ctx, request)
	}
}

// reportRefresh prints what became of each subscription, and says by the exit
// status how many failed.
func (a *app) reportRefresh(ctx context.Context, s *hosts.Subscriber, rows []refreshRow, o refreshOptions) error {
	bad := 0
	for i, row := range rows {
		if err := a.markShown(ctx, s, row, o); err != nil {
			rows[i].Error = err.Error()
		}
		if row.Outcome == hosts.Failed {
			bad++
		}
		if a.json {
			continue
		}
		if err := a.printRefresh(row, o); err != nil {
			return err
		}
	}
	if a.json {
		if err := a.printJSON(rows); err != nil {
			return err
		}
	}
	switch {
	case ctx.Err() != nil:
		a.note("interrupted; what was not fetched yet is as it was")
		return &exitError{status: 130}
	case bad == 0:
		return nil
	case bad == len(rows):
		return &exitError{status: 1}
	}
	return &exitError{status: 3}
}

// markShown remembers what is about to be shown of a held back text. One that
// came after the last look is shown now.
func (a *app) markShown(ctx context.Context, s *hosts.Subscriber, row refreshRow, o refreshOptions) error {
	if o.dryRun || row.Outcome != hosts.HeldBack && !errors.Is(row.result.Err, hosts.ErrNotShown) {
		return nil
	}
	return s.MarkShown(context.WithoutCancel(ctx), row.Name, row.result.New)
}

// printRefresh prints what became of one subscription.
func (a *app) printRefresh(row refreshRow, o refreshOptions) error {
	r := row.result
	if showsDiff := o.dryRun || r.Outcome == hosts.HeldBack || errors.Is(r.Err, hosts.ErrNotShown); showsDiff && len(r.New) > 0 {
		if err := a.printRefreshDiff(r, o.dryRun); err != nil {
			return err
		}
		a.noteRedirects(r)
	}
	if r.Outcome == hosts.Failed {
		if errors.Is(r.Err, context.Canceled) {
			return nil
		}
		err := r.Err
		if r.Name != "" {
			err = fmt.Errorf("%s: %w", r.Name, r.Err)
		}
		a.reportError(&hinted{error: err, hint: row.Hint})
		return nil
	}
	if a.quiet {
		return nil
	}
	return a.printf("%s: %s\n", r.Name, row.sentence(o.dryRun))
}

func (row refreshRow) sentence(dryRun bool) string {
	text := "nothing new"
	switch row.Outcome {
	case hosts.Updated:
		text = "new text, " + human.Bytes(int64(row.Bytes))
	case hosts.HeldBack:
		return "held back; if that is what you want: fettle hosts refresh --accept " + row.Name
	}
	switch {
	case dryRun:
	case row.Applied:
		text += ", in force"
	case row.Pending:
		text += "; newer text is waiting, apply with: fettle hosts on " + row.Name
	}
	return text
}

// maxDiff is how many lines of a difference are shown unasked.
const maxDiff = 100

// printRefreshDiff prints how a text changes, whole if it was asked for.
func (a *app) printRefreshDiff(r hosts.Refreshed, whole bool) error {
	diff := r.Diff()
	lines := bytes.SplitAfter(diff, []byte("\n"))
	if whole || len(lines) <= maxDiff {
		return a.printDiff(diff)
	}
	if err := a.printDiff(bytes.Join(lines[:maxDiff], nil)); err != nil {
		return err
	}
	a.note(`  and %s more; "fettle hosts refresh --dry-run %s" shows all`, human.Count(len(lines)-maxDiff-1, "line"), r.Name)
	return nil
}
