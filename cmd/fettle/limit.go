package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/human"
)

// limitFlags say how long a profile is switched on for.
type limitFlags struct{ length, until string }

func (l *limitFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&l.length, "for", "", "switch off again after this `time`, such as 30m or 8h")
	cmd.Flags().StringVar(&l.until, "until", "", "switch off again at this `time`: 18:00, or 2026-11-21T09:00")
}

// end returns when the limit passes, the zero time for none.
func (l *limitFlags) end(cmd *cobra.Command, now time.Time) (time.Time, error) {
	refuse := func(hint, format string, args ...any) error {
		return &usageError{text: fmt.Sprintf(format, args...), command: cmd.CommandPath(), hint: hint}
	}
	switch {
	case l.length != "" && l.until != "":
		return time.Time{}, refuse("use one of the two", "--for and --until contradict each other")
	case l.length != "":
		length, err := time.ParseDuration(l.length)
		if err != nil {
			return time.Time{}, refuse("write it like 30m, 8h or 1h30m", "%q is not a length of time", l.length)
		}
		if length < time.Second {
			return time.Time{}, refuse("", "--for wants a second at least, and %s is less", l.length)
		}
		return now.Truncate(time.Second).Add(length), nil
	case l.until != "":
		end, ok := parseUntil(l.until, now)
		if !ok {
			return time.Time{}, refuse("write it like 18:00, the next one, or 2026-11-21T09:00", "%q is not a time", l.until)
		}
		if !end.After(now) {
			return time.Time{}, refuse("", "%s is over already", end.In(now.Location()).Format("2006-01-02 15:04"))
		}
		return end, nil
	}
	return time.Time{}, nil
}

// parseUntil reads a point in time: a clock time, which means its next
// occurrence, or a date with one, both in the zone of now, or RFC 3339.
func parseUntil(text string, now time.Time) (end time.Time, ok bool) {
	if end, err := time.Parse(time.RFC3339, text); err == nil {
		return end, true
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if wall, err := time.Parse(layout, text); err == nil {
			return onClock(wall, now), true
		}
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		clock, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		year, month, day := now.Date()
		for days := 0; ; days++ {
			wall := time.Date(year, month, day+days, clock.Hour(), clock.Minute(), clock.Second(), 0, time.UTC)
			if end := onClock(wall, now); end.After(now) {
				return end, true
			}
		}
	}
	return time.Time{}, false
}

// onClock returns when the clocks in the zone of now show what wall does in
// UTC. When they are put back they show it twice, and the first that is not
// over counts; when they are put forward they may never, and it is the moment
// at which that is done.
func onClock(wall, now time.Time) time.Time {
	zone := now.Location()
	guess := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, zone)
	var best time.Time
	for _, near := range []time.Time{guess.Add(-6 * time.Hour), guess.Add(6 * time.Hour)} {
		_, offset := near.Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if t.Hour() != wall.Hour() || t.Minute() != wall.Minute() {
			continue
		}
		if best.IsZero() || !best.After(now) {
			best = t
		}
	}
	if !best.IsZero() {
		return best
	}
	start, end := guess.ZoneBounds()
	if guess.Sub(start) < 6*time.Hour {
		return start
	}
	return end
}

// limitText says how long a profile stays in force: "24 minutes left", "expired
// 12 minutes ago", or "" for one without a limit.
func (a *app) limitText(active hosts.Active) string {
	now := a.now()
	switch over := active.Over(a.moment()); {
	case over && active.Until.IsZero():
		return "left behind by a run that did not end it"
	case over:
		return "expired " + human.Age(now.Sub(active.Until)) + " ago"
	case len(active.Runs) > 0:
		text := fmt.Sprintf("for a run (process %d", active.Runs[0].PID)
		if more := len(active.Runs) - 1; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		return text + ")"
	case active.Until.IsZero():
		return ""
	}
	return human.Left(active.Until.Sub(now)) + " left"
}

// explainLimits says what a change does about how long profiles stay on.
func (a *app) explainLimits(p *hosts.Plan) {
	for _, gone := range p.Ended {
		a.note("  %s goes off: it %s", gone.Name, a.goneText(gone))
	}
	before := map[string]hosts.Active{}
	for _, was := range p.Before {
		before[was.Name] = was
	}
	for _, is := range p.After {
		was, ok := before[is.Name]
		limited := ok && (!was.Until.IsZero() || len(was.Runs) > 0)
		switch {
		case !is.Until.IsZero() && !was.Until.Equal(is.Until):
			a.note("  %s is on until %s, %s from now", is.Name, a.clock(is.Until), human.Left(is.Until.Sub(a.now())))
		case limited && is.Until.IsZero() && len(is.Runs) == 0:
			a.note("  %s has no limit any more, and stays on until it is switched off", is.Name)
		}
	}
}

func (a *app) goneText(gone hosts.Active) string {
	if gone.Until.IsZero() {
		return "was on for a run that has ended"
	}
	return "expired " + human.Age(a.now().Sub(gone.Until)) + " ago"
}

// clock returns a time of day, with its date unless that is today's.
func (a *app) clock(t time.Time) string {
	t, now := t.In(a.now().Location()), a.now()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

func newHostsExpireCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "expire",
		Short: "Switch off the profiles whose time is over",
		Long: `Switch off the profiles whose time is over: those whose limit (--for, --until)
has passed, and those that a killed "fettle hosts run" has left behind. Every
command that changes the hosts file does that too, and the tray does it at the
time, where it needs no password. This command is for cron and systemd timers:
where nothing is over it changes nothing and asks for nothing.

` + exitHelp,
		Example: `  fettle hosts expire
  fettle hosts expire --dry-run
  */5 * * * * fettle hosts expire --quiet`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			library, err := a.library()
			if err != nil {
				return err
			}
			return a.carryOut(cmd.Context(), change{dryRun: dryRun, lenient: true,
				decide: func(s *hosts.System, f *hosts.File) (*hosts.Plan, error) {
					return hosts.PlanExpire(f, library, s.Platform, a.moment())
				}})
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the change of the hosts file, and change nothing")
	return cmd
}
