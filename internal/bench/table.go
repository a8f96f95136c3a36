package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// A row of the table: what was measured, and what it should be at most. A goal of
// zero is none.
type row struct {
	name string
	sample
	extrapolated bool
	failed       string // in place of the figures

	unit time.Duration // cp + fsync of the same bytes; zero where nothing is written

	maxRatio float64
	maxWall  time.Duration
	maxPeak  int64
}

func (r row) ratio() float64 {
	if r.unit == 0 {
		return 0
	}
	return float64(r.wall) / float64(r.unit)
}

// goal is the text for what the row promises.
func (r row) goal() string {
	var goals []string
	if r.maxRatio > 0 {
		goals = append(goals, fmt.Sprintf("%g × cp + fsync", r.maxRatio))
	}
	if r.maxWall > 0 {
		goals = append(goals, fmt.Sprintf("%g s", r.maxWall.Seconds()))
	}
	if r.maxPeak > 0 {
		goals = append(goals, fmt.Sprintf("%d MiB", r.maxPeak>>20))
	}
	return strings.Join(goals, ", ")
}

// missed reports whether a figure is over its goal.
func (r row) missed() bool {
	return r.maxRatio > 0 && r.ratio() > r.maxRatio ||
		r.maxWall > 0 && r.wall > r.maxWall ||
		r.maxPeak > 0 && r.peak > r.maxPeak
}

func writeTable(w io.Writer, rows []row) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\tseconds\t× cp + fsync\tpeak MiB\tgoal, at most")
	for _, r := range rows {
		if r.failed != "" {
			fmt.Fprintf(tw, "%s\t–\t–\t–\t%s\n", r.name, r.failed)
			continue
		}
		about, ratio, peak, goal := "", "–", "–", r.goal()
		if r.extrapolated {
			about = "~"
		}
		if r.unit > 0 {
			ratio = fmt.Sprintf("%s%.1f", about, r.ratio())
		}
		if r.peak > 0 {
			peak = fmt.Sprintf("%.0f", float64(r.peak)/(1<<20))
		}
		if r.missed() {
			goal += "  MISSED"
		}
		fmt.Fprintf(tw, "%s\t%s%.3f\t%s\t%s\t%s\n", r.name, about, r.wall.Seconds(), ratio, peak, goal)
	}
	tw.Flush()
}
