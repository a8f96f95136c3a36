package main

import (
	"context"
	"fmt"
	"time"
)

const (
	goalRatio = 4
	goalPeak  = 64 << 20
	goalCheck = time.Second
	goalShort = 15 * time.Millisecond
)

func (b box) command(ok []int, args ...string) command {
	return command{
		args: append([]string{b.fettle, "--hosts-file", b.path("live")}, args...),
		env:  []string{"FETTLE_CONFIG_DIR=" + b.path("config"), "FETTLE_STATE_DIR=" + b.path("state")},
		ok:   ok,
	}
}

// A task is one line of the table, measured once in each round.
type task struct {
	row
	command
	unit    *task // the copy to compare with
	samples []sample
}

func (t *task) result() row {
	r := t.row
	r.sample = median(t.samples)
	if t.unit != nil {
		r.unit = median(t.unit.samples).wall
	}
	return r
}

// measureFettle runs the commands and their yardsticks. It stops where switching on
// and off again does not give the file back, because then no figure means anything.
func measureFettle(ctx context.Context, b box, rounds int) ([]row, error) {
	if err := install(b.path("hosts"), b.path("live")); err != nil {
		return nil, err
	}
	var tasks []*task
	for _, n := range sizes {
		name := profileName(n)
		if _, err := b.command(nil, "hosts", "new", name, b.profile(n)).measure(ctx); err != nil {
			return nil, err
		}
		// What on writes and off keeps in the history: the file with the section.
		if _, err := b.command(nil, "hosts", "on", name).measure(ctx); err != nil {
			return nil, err
		}
		if err := install(b.path("live"), b.path(name+".on")); err != nil {
			return nil, err
		}
		if _, err := b.command(nil, "hosts", "off", name).measure(ctx); err != nil {
			return nil, err
		}
		if ok, err := same(b.path("hosts"), b.path("live")); err != nil {
			return nil, err
		} else if !ok {
			return nil, fmt.Errorf("on and off of %s did not give the file back", name)
		}
		tasks = append(tasks, b.tasks(n)...)
	}
	// One round more than asked for: the first warms the caches up.
	for round := range rounds + 1 {
		for _, t := range tasks {
			s, err := t.measure(ctx)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				t.samples = append(t.samples, s)
			}
		}
	}
	var rows []row
	for _, t := range tasks {
		rows = append(rows, t.result())
	}
	return rows, nil
}

// tasks for the profile of n lines. Their order matters: off undoes on.
func (b box) tasks(n int) []*task {
	name := profileName(n)
	copyOn := &task{row: row{name: fmt.Sprintf("cp + fsync, section of %d lines", n)},
		command: command{args: []string{b.self, "copy", b.path(name + ".on"), b.path("copied")}}}
	list := []*task{
		copyOn,
		{row: row{name: fmt.Sprintf("fettle hosts on, %d lines", n), maxRatio: goalRatio, maxPeak: goalPeak},
			command: b.command(nil, "hosts", "on", name), unit: copyOn},
	}
	if n == profileLines {
		list = append(list,
			&task{row: row{name: "fettle hosts --short, the same on", maxWall: goalShort, maxPeak: goalPeak},
				command: b.command(nil, "hosts", "--short")},
			&task{row: row{name: fmt.Sprintf("fettle hosts check, %d lines", n), maxWall: goalCheck, maxPeak: goalPeak},
				command: b.command([]int{1}, "hosts", "check", name)})
	}
	return append(list,
		&task{row: row{name: fmt.Sprintf("fettle hosts off, %d lines", n), maxRatio: goalRatio, maxPeak: goalPeak},
			command: b.command(nil, "hosts", "off", name), unit: copyOn})
}

// copied returns the time of cp + fsync for the biggest file, from the table.
func copied(rows []row) time.Duration {
	var unit time.Duration
	for _, r := range rows {
		unit = max(unit, r.unit)
	}
	return unit
}
