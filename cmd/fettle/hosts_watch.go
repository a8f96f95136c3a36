package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"fettle/hosts"
)

// A watchLine is one line of "fettle hosts watch".
type watchLine struct {
	Time time.Time `json:"time"`
	Path string    `json:"path"`
	// Changes is "start" in the first line, which tells the state that was found.
	Changes []hosts.Change `json:"changes"`
	By      string         `json:"by"` // "fettle", or "other"
	Active  []hosts.Active `json:"active"`
	Hash    hosts.Hash     `json:"sha256"` // of the file; zeros when it is missing
	Harm    hosts.Harm     `json:"harm,omitempty"`
}

func newHostsWatchCommand(a *app) *cobra.Command {
	var once bool
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Print a line of JSON for each change of the hosts file",
		Long: `Print a line of JSON for the hosts file as it is, and one for each change of it,
until interrupted. "by" says who made the change: "fettle" where the file is what
Fettle wrote last, "other" otherwise. "changes" says what differs: profiles, text,
limits, section (edited by somebody), outside, damage, missing. "harm" says what
other programs did to Fettle's section: edited, replaced, removed, damaged.

Exit status: 0 interrupted, or after --once; 1 failed, 2 wrong usage.`,
		Example: `  fettle hosts watch | jq --unbuffered -r '.active[].name'
  fettle hosts watch --once`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runHostsWatch(cmd.Context(), once) },
	}
	cmd.Flags().BoolVar(&once, "once", false, "end after the first change")
	return cmd
}

func (a *app) runHostsWatch(ctx context.Context, once bool) error {
	system, err := a.openHosts(true)
	if err != nil {
		return err
	}
	library, err := a.library()
	if err != nil {
		return err
	}
	watching, end := context.WithCancel(ctx)
	defer end()
	var last *hosts.File
	var failure error
	started := false
	look := func() {
		line, f, err := a.watchLine(system, last)
		if err == nil && (!started || len(line.Changes) > 0) {
			if !started {
				line.Changes = []hosts.Change{"start"}
			}
			err = json.NewEncoder(a.stdout).Encode(line)
			if once && started {
				end()
			}
			started, last = true, f
		}
		if err != nil {
			failure = err
			end()
		}
	}
	err = hosts.Watch(watching, system.Path, library, look)
	return errors.Join(err, failure)
}

// watchLine reads the file again and compares it with what it was, nil for a
// file that was missing.
func (a *app) watchLine(system *hosts.System, last *hosts.File) (watchLine, *hosts.File, error) {
	line := watchLine{Time: a.utcSeconds(), Path: system.Path, By: "other", Active: []hosts.Active{}}
	f, err := system.Read()
	if errors.Is(err, fs.ErrNotExist) {
		line.Changes = hosts.Changes(last, nil)
		return line, nil, nil
	}
	if err != nil {
		return line, nil, err
	}
	line.Changes, line.Hash = hosts.Changes(last, f), f.Hash()
	line.Active = append(line.Active, f.Active()...)
	entries, err := system.History()
	if err != nil {
		return line, nil, err
	}
	if n := len(entries); n > 0 && entries[n-1].Result == line.Hash {
		line.By = "fettle"
	}
	line.Harm = hosts.Disturbed(f, entries).Harm
	return line, f, nil
}
