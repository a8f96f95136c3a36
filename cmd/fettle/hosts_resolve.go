package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/config"
)

// sampled is how many names are asked for after a switch.
const sampled = 5

// verify asks the operating system's resolver whether it saw a switch of its
// hosts file, and says so where that is of interest.
func (a *app) verify(ctx context.Context, system *hosts.System, p *hosts.Plan) []hosts.Answer {
	names := p.Sample(sampled)
	if !system.Own || len(names) == 0 || p.Base == p.Result || !a.wantsVerify() {
		return nil
	}
	// Without an answer nothing can be said; "resolve" tells why there is none.
	answers, _ := hosts.Ask(ctx, hosts.Parse(p.Content()), names)
	var agreed *hosts.Answer
	wrong := 0
	for i, answer := range answers {
		switch {
		case answer.Agree && agreed == nil:
			agreed = &answers[i]
		case !answer.Agree:
			wrong++
			a.warn("%s", disagreement(answer))
		}
	}
	switch {
	case wrong > 0:
		for _, cause := range hosts.Causes(a.getenv) {
			a.note("  %s", cause)
		}
	case agreed != nil && len(p.Overrides) > 0:
		a.note("  the system's resolver says so too: %s is %s", agreed.Name, addrsText(agreed.Resolver))
	}
	return answers
}

func (a *app) wantsVerify() bool {
	section := config.Hosts{Verify: true}
	if cfg, err := a.loadConfig(); err == nil {
		// Mistakes were told when the hosts file was opened.
		section, _ = cfg.HostsSection()
	}
	return section.Verify
}

// disagreement says how an answer differs from the file.
func disagreement(answer hosts.Answer) string {
	want := make([]netip.Addr, len(answer.File))
	for i, m := range answer.File {
		want[i] = m.Addr
	}
	said := "knows no " + answer.Name
	switch {
	case answer.Problem != "":
		said = "was asked for " + answer.Name + ": " + answer.Problem
	case len(answer.Resolver) > 0:
		said = "says that " + answer.Name + " is " + addrsText(answer.Resolver)
	}
	return fmt.Sprintf("the system's resolver %s, where the hosts file has %s", said, addrsText(want))
}

func addrsText(addrs []netip.Addr) string {
	texts := make([]string, len(addrs))
	for i, addr := range addrs {
		texts[i] = addr.String()
	}
	return strings.Join(texts, " and ")
}

func newHostsResolveCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "resolve NAME…",
		Short: "Compare what the hosts file and the system say of a name",
		Long: `Show which lines of the hosts file map a name, and from which profile they come;
what the operating system's resolver says, which most programs ask; and whether
the two agree. The resolver reads the system's hosts file alone, so it is not
asked about another one.

A browser keeps names and connections for some time of its own, and with DNS over
HTTPS it may not ask the system: reload the page in a new private window, or
restart it.

Exit status: 0 they agree, 1 they do not, or it failed, 2 wrong usage.`,
		Example: `  fettle hosts resolve shop.test
  fettle hosts resolve shop.test www.shop.test --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error { return a.runHostsResolve(cmd.Context(), names) },
	}
}

func (a *app) runHostsResolve(ctx context.Context, names []string) error {
	system, err := a.openHosts(true)
	if err != nil {
		return err
	}
	f, err := system.Read()
	if err != nil {
		return err
	}
	answers, err := a.answers(ctx, system, f, names)
	if err != nil {
		return err
	}
	agree := true
	for _, answer := range answers {
		agree = agree && answer.Agree
	}
	if a.json {
		err = a.printJSON(answers)
	} else {
		err = a.table(func(row func(...string)) {
			for _, answer := range answers {
				a.answerRows(row, answer, system.Own)
			}
		})
	}
	if err != nil || agree {
		return err
	}
	for _, cause := range hosts.Causes(a.getenv) {
		a.note("likely: %s", cause)
	}
	a.note("Browsers keep names of their own for a while, too.")
	return &exitError{status: 1}
}

// answers compares the file with the resolver, if that reads it.
func (a *app) answers(ctx context.Context, system *hosts.System, f *hosts.File, names []string) ([]hosts.Answer, error) {
	if system.Own {
		answers, err := hosts.Ask(ctx, f, names)
		if errors.Is(err, hosts.ErrNoResolver) {
			return nil, &hinted{error: err, hint: "on Linux that is getent, of the C library's programs"}
		}
		return answers, err
	}
	a.warn("the system's resolver does not read %s, so it is not asked", system.Path)
	found := f.Find(names...)
	answers := []hosts.Answer{}
	for _, name := range names {
		answers = append(answers, hosts.Answer{Name: name, File: append([]hosts.Mapped{}, found[name]...), Resolver: []netip.Addr{}, Agree: true})
	}
	return answers, nil
}

func (a *app) answerRows(row func(...string), answer hosts.Answer, asked bool) {
	row(answer.Name)
	if len(answer.File) == 0 {
		row("  hosts file", "does not map it")
	}
	for _, m := range answer.File {
		origin := fmt.Sprintf("line %d", m.Line)
		if m.Profile != "" {
			origin += ", profile " + m.Profile
		}
		row("  hosts file", m.Addr.String(), origin)
	}
	if !asked {
		return
	}
	switch {
	case answer.Problem != "":
		row("  resolver", answer.Problem)
	case len(answer.Resolver) == 0:
		row("  resolver", "does not know it")
	}
	for _, addr := range answer.Resolver {
		row("  resolver", addr.String())
	}
	switch {
	case !answer.Agree:
		row("  they differ")
	case len(answer.File) > 0:
		row("  they agree")
	}
}
