// Bench measures the fettle program from the outside, as whole processes, beside
// the least that any program could do (copy the bytes and fsync them) and beside
// other managers of hosts files, where the Go module proxy has them.
//
// All lines of its files share one address, because every blocklist looks so and
// several managers take quadratic time for it. Rounds are interleaved, A B A B, so
// that a busy moment of the machine meets all of them; the median counts. Figures
// that miss their goal are marked MISSED.
//
//	make bench
//	go run ./internal/bench -rounds 3 -rivals=false
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"time"
)

// The machine of the goals: a blocklist in the hosts file, a bigger one as profile.
const (
	hostsLines   = 122_000
	profileLines = 200_000
)

// sizes of the profile, to show how the time grows.
var sizes = []int{50_000, 100_000, profileLines}

type options struct {
	rounds int
	limit  time.Duration
	rivals bool
	dir    string
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "copy" {
		exit(copyAndSync(os.Args[2], os.Args[3]))
	}
	var o options
	flag.IntVar(&o.rounds, "rounds", 9, "`times` that each command runs")
	flag.DurationVar(&o.limit, "limit", 30*time.Second, "stop a run of another manager after this `time`")
	flag.BoolVar(&o.rivals, "rivals", true, "measure other managers too")
	flag.StringVar(&o.dir, "dir", "build", "existing `folder` for the files; one on a real disk, as fsync is measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exit(run(ctx, o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp(o.dir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := newBox(ctx, dir)
	if err != nil {
		return err
	}
	fmt.Printf("hosts file: %d lines; profile: up to %d lines; one address; median of %d rounds; %d CPUs, %s/%s\n\n",
		hostsLines, profileLines, o.rounds, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	rows, err := measureFettle(ctx, b, o.rounds)
	writeTable(os.Stdout, rows)
	if err != nil || !o.rivals {
		return err
	}
	fmt.Println()
	writeTable(os.Stdout, measureRivals(ctx, b, o.limit, copied(rows)))
	fmt.Println("\n~ extrapolated from the growth between smaller sizes, so rather too little for what grows quadratically")
	return ctx.Err()
}
