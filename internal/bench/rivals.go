package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"time"
)

// A rival adds a list to a hosts file and takes it away again. Versions are pinned
// in rivals/go.mod. Where the list would not fit on a command line, a small
// program in rivals calls the library that the rival's own program consists of.
type rival struct {
	name        string
	pkg         string // to build, within the module in rivals
	add, remove func(hosts, list string) []string
}

var rivals = []rival{
	{"hostctl", "github.com/guumaster/hostctl/cmd/hostctl",
		func(hosts, list string) []string {
			return []string{"add", "big", "--quiet", "--host-file", hosts, "--from", list}
		},
		func(hosts, _ string) []string { return []string{"remove", "big", "--quiet", "--host-file", hosts} }},
	{"txeh (library)", "./txeh", addList, removeList},
	{"goodhosts (library)", "./goodhosts", addList, removeList},
}

func addList(hosts, list string) []string    { return []string{"add", hosts, list} }
func removeList(hosts, list string) []string { return []string{"remove", hosts, list} }

// rivalSizes begin small, as some of them take minutes for the profile of the goals.
var rivalSizes = append([]int{1_000, 3_000, 12_500, 25_000}, sizes...)

// measureRivals never fails: a rival that cannot be built, or that does not do the
// job, says so in its row.
func measureRivals(ctx context.Context, b box, limit, unit time.Duration) []row {
	var rows []row
	for _, r := range rivals {
		program := filepath.Join(b.dir, filepath.Base(r.pkg))
		build := exec.CommandContext(ctx, "go", "build", "-o", program, r.pkg)
		build.Dir = "internal/bench/rivals"
		if out, err := build.CombinedOutput(); err != nil {
			first, _, _ := bytes.Cut(out, []byte("\n"))
			rows = append(rows, row{name: r.name, failed: fmt.Sprintf("could not be built: %s", first)})
			continue
		}
		rows = append(rows, r.measure(ctx, b, program, limit, unit)...)
	}
	return rows
}

// measure goes through the sizes until one takes longer than the limit, and
// extrapolates from there.
func (r rival) measure(ctx context.Context, b box, program string, limit, unit time.Duration) []row {
	add, remove := series{limit: limit}, series{limit: limit}
	live := b.path("rival")
	for _, n := range rivalSizes {
		if err := errors.Join(b.generateProfile(n), install(b.path("hosts"), live)); err != nil {
			return []row{{name: r.name, failed: err.Error()}}
		}
		add.run(ctx, n, append([]string{program}, r.add(live, b.profile(n))...), live, true)
		if add.stopped() {
			break
		}
		if !remove.stopped() {
			remove.run(ctx, n, append([]string{program}, r.remove(live, b.profile(n))...), live, false)
		}
	}
	return []row{
		add.row(fmt.Sprintf("%s add, %d lines", r.name, profileLines), unit),
		remove.row(fmt.Sprintf("%s remove, %d lines", r.name, profileLines), unit),
	}
}

// A series is one rival doing one thing at growing sizes.
type series struct {
	limit time.Duration
	sizes []int
	taken []sample
	err   error
	late  bool // the last size went over the limit
}

func (s *series) stopped() bool { return s.err != nil || s.late }

// run measures one size, unless the sizes before predict that it takes too long.
// Afterwards the file has to hold the last name of the list, or not.
func (s *series) run(ctx context.Context, n int, args []string, file string, want bool) {
	if s.predict(n) > s.limit {
		s.late = true
		return
	}
	limited, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	taken, err := command{args: args}.measure(limited)
	if errors.Is(err, context.DeadlineExceeded) {
		s.late = true
		return
	}
	if err == nil {
		var has bool
		if has, err = holds(file, lastName(n)); err == nil && has != want {
			err = fmt.Errorf("exit status 0, but the job was not done for %d lines", n)
		}
	}
	if err != nil {
		s.err = err
		return
	}
	s.sizes = append(s.sizes, n)
	s.taken = append(s.taken, taken)
}

// predict extends the growth between the last two sizes, as a power of the size.
// Zero means that too little is known.
func (s *series) predict(n int) time.Duration {
	last := len(s.sizes) - 1
	if last < 1 {
		return 0
	}
	size := func(i int) float64 { return float64(s.sizes[i]) }
	wall := func(i int) float64 { return s.taken[i].wall.Seconds() }
	power := math.Log(wall(last)/wall(last-1)) / math.Log(size(last)/size(last-1))
	seconds := wall(last) * math.Pow(float64(n)/size(last), max(power, 0))
	return time.Duration(seconds * float64(time.Second))
}

// row is the figure for the whole profile, measured or extrapolated.
func (s *series) row(name string, unit time.Duration) row {
	last := len(s.sizes) - 1
	switch {
	case s.err != nil:
		return row{name: name, failed: firstLine(s.err)}
	case last >= 0 && s.sizes[last] == profileLines:
		return row{name: name, sample: s.taken[last], unit: unit}
	case last >= 1:
		return row{name: name, unit: unit, extrapolated: true,
			sample: sample{wall: s.predict(profileLines), peak: s.taken[last].peak}}
	default:
		return row{name: name, failed: fmt.Sprintf("stopped after %v, at %d lines already", s.limit, rivalSizes[last+1])}
	}
}

func firstLine(err error) string {
	first, _, _ := bytes.Cut([]byte(err.Error()), []byte("\n"))
	return string(first)
}
