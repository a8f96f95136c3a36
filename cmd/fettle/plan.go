package main

import (
	"context"
	"fmt"

	"fettle/hosts"
	"fettle/internal/elevate"
	"fettle/internal/human"
)

// A change is one change of the hosts file on its way from a plan to its
// effect: the same road for every command, with --dry-run, --json and --quiet.
type change struct {
	dryRun  bool
	lenient bool // go on with defaults when the settings cannot be read
	decide  func(*hosts.System, *hosts.File) (*hosts.Plan, error)
}

// changeResult is the JSON of a change.
type changeResult struct {
	Path     string          `json:"path"`
	Plan     *hosts.Plan     `json:"plan"`
	Outcomes []changeOutcome `json:"outcomes"` // null on a dry run
}

type changeOutcome struct {
	Path    string `json:"path"`
	Written bool   `json:"written"`
	// Resolved is what the system's resolver said of a few of the changed names.
	Resolved []hosts.Answer `json:"resolved,omitempty"`
}

// carryOut plans the change and executes it, or prints its diff.
func (a *app) carryOut(ctx context.Context, c change) error {
	system, err := a.openHosts(c.lenient)
	if err != nil {
		return err
	}
	decide := func(f *hosts.File) (*hosts.Plan, error) { return c.decide(system, f) }
	if c.dryRun {
		return a.preview(system, decide)
	}
	p, err := system.Apply(ctx, decide, a.elevation())
	if system.Repaired {
		a.warn("an interrupted write had left %s torn; its old content was put back first", system.Path)
	}
	if err != nil {
		return err
	}
	if !a.json {
		a.explain(p)
	}
	resolved := a.verify(ctx, system, p)
	switch {
	case a.json:
		return a.printJSON(changeResult{Path: system.Path, Plan: p,
			Outcomes: []changeOutcome{{Path: system.Path, Written: !p.Empty(), Resolved: resolved}}})
	case a.quiet:
		return nil
	case p.Empty():
		return a.printf("nothing to change; %s\n", p.Summary())
	}
	return a.printf("%s\n", p.Summary())
}

// preview prints what a change would do.
func (a *app) preview(system *hosts.System, decide func(*hosts.File) (*hosts.Plan, error)) error {
	f, err := system.Read()
	if err != nil {
		return err
	}
	p, err := decide(f)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(changeResult{Path: system.Path, Plan: p})
	}
	a.explain(p)
	if p.Empty() {
		a.note("nothing to change; %s", p.Summary())
	}
	return a.printDiff(p.Diff(system.Path))
}

// explained is how many rows of one kind are shown before the rest is counted.
const explained = 10

// explain says what of a plan may surprise: names that are mapped elsewhere
// too, and lines that cannot be used.
func (a *app) explain(p *hosts.Plan) {
	a.explainLimits(p)
	for _, o := range head(p.Overrides) {
		a.note("  %s is %s (%s), no longer %s (line %d, set aside)", o.Name, o.To, o.Profile, o.From, o.Line)
	}
	a.noteRest(len(p.Overrides), "overridden name")
	for _, s := range head(p.Shadowed) {
		a.note("  %s comes from %s, not from %s", s.Name, s.Winner, s.Loser)
	}
	a.noteRest(len(p.Shadowed), "name that two profiles map")
	for _, l := range head(p.LeftOut) {
		a.warn("profile %q, line %d is left out: %s: %s", l.Profile, l.Line, l.Reason, shorten(l.Text))
	}
	if rest := len(p.LeftOut) - explained; rest > 0 {
		a.warn("%d more lines are left out; \"fettle hosts check\" lists them", rest)
	}
}

func (a *app) noteRest(count int, what string) {
	if count > explained {
		a.note("  and %s more", human.Count(count-explained, what))
	}
}

// shortened is how many characters of a line are shown.
const shortened = 80

func shorten(text string) string {
	if runes := []rune(text); len(runes) > shortened {
		return string(runes[:shortened]) + "…"
	}
	return text
}

func head[T any](list []T) []T { return list[:min(len(list), explained)] }

// elevation returns the way to more rights for a command on a terminal.
func (a *app) elevation() hosts.Elevate {
	return func(ctx context.Context, request []byte) ([]byte, error) {
		self, err := elevate.Self()
		if err != nil {
			return nil, fmt.Errorf("finding the program for the write step: %w", err)
		}
		step := elevate.Step{Program: self, Target: hosts.SystemPath()}
		return step.Terminal(a.canAsk() && !a.json, a.stderr)(ctx, request)
	}
}
