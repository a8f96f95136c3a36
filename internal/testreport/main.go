// Testreport turns the output of go test -json into what a person reads: the
// ordinary line of each package, the whole output of each test that failed, and
// at the end what was skipped and why.
//
//	go test -json ./... | tee build/test/race.json | testreport
//	testreport -no-skips build/test/*.json
//
// Without files it filters its input as it arrives. With files it sums them up,
// and its last line is "N passed, N failed, N skipped".
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	noSkips := flag.Bool("no-skips", false, "fail for each test that was skipped")
	flag.Parse()
	var err error
	if flag.NArg() == 0 {
		err = stream(os.Stdin, os.Stdout)
	} else {
		err = summarise(flag.Args(), *noSkips, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
}

// stream copies the readable part of a run from r to w while it happens.
func stream(r io.Reader, w io.Writer) error {
	var res results
	if err := res.read(r, w); err != nil {
		return err
	}
	if len(res.failed) > 0 {
		return fmt.Errorf("%d failed", len(res.failed))
	}
	return nil
}

// summarise adds the runs in the named files up. Its error says what has to be
// looked at: failures, runs without any test, and with noSkips each skipped test.
func summarise(files []string, noSkips bool, w io.Writer) error {
	var all results
	var errs []error
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		var res results
		err = res.read(f, io.Discard)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if res.passed+len(res.failed)+len(res.skipped) == 0 {
			errs = append(errs, fmt.Errorf("%s holds no test", name))
		}
		all.add(res)
	}
	all.writeSkipped(w)
	if noSkips {
		for _, s := range all.skipped {
			errs = append(errs, fmt.Errorf("%s was skipped and must not be: %s", s.name, s.reason))
		}
	}
	for _, name := range all.failed {
		errs = append(errs, fmt.Errorf("failed: %s", name))
	}
	// The last line of the output, so what is wrong goes above it.
	err := errors.Join(errs...)
	if err != nil {
		fmt.Fprintln(w, err)
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", all.passed, len(all.failed), len(all.skipped))
	if err != nil {
		return errors.New("see above")
	}
	return nil
}
