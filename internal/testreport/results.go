package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// An event is one line of go test -json; see go doc test2json.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output and build-fail, in place of Package
	Test       string
	Output     string
}

// A skip is a test that did not run.
type skip struct {
	name   string // package.Test/subtest
	reason string
}

// results counts tests and subtests; a package that does not build is one failure.
type results struct {
	passed  int
	failed  []string
	skipped []skip
}

func (res *results) add(other results) {
	res.passed += other.passed
	res.failed = append(res.failed, other.failed...)
	res.skipped = append(res.skipped, other.skipped...)
}

// read counts the events of r until its end, and writes to w what go test without
// -v would have printed. Lines that are not JSON pass through: they are the go
// command's own complaints.
func (res *results) read(r io.Reader, w io.Writer) error {
	output := map[string][]string{} // of tests that have not ended, by name
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadBytes('\n')
		var e event
		if len(line) > 0 && json.Unmarshal(line, &e) == nil {
			res.count(e, output, w)
		} else {
			fmt.Fprintf(w, "%s", line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (res *results) count(e event, output map[string][]string, w io.Writer) {
	name := e.Package + "." + e.Test
	switch {
	case e.Action == "build-output":
		fmt.Fprint(w, e.Output)
	case e.Action == "build-fail":
		res.failed = append(res.failed, e.ImportPath+" (does not build)")
	case e.Action == "output" && e.Test == "":
		if e.Output != "PASS\n" {
			fmt.Fprint(w, e.Output)
		}
	case e.Action == "output":
		output[name] = append(output[name], e.Output)
	case e.Action == "fail" && e.Test == "":
		res.failPackage(e.Package, output, w)
	case e.Test == "":
	case e.Action == "pass":
		res.passed++
		delete(output, name)
	case e.Action == "fail":
		res.failed = append(res.failed, name)
		fmt.Fprint(w, strings.Join(output[name], ""))
		delete(output, name)
	case e.Action == "skip":
		res.skipped = append(res.skipped, skip{name, reason(output[name])})
		delete(output, name)
	}
}

// failPackage shows and counts the tests that never ended, as after a panic or a
// timeout.
func (res *results) failPackage(pkg string, output map[string][]string, w io.Writer) {
	for _, name := range slices.Sorted(maps.Keys(output)) {
		if strings.HasPrefix(name, pkg+".") {
			res.failed = append(res.failed, name+" (did not end)")
			fmt.Fprint(w, strings.Join(output[name], ""))
			delete(output, name)
		}
	}
}

// reason is the message of t.Skip in a test's output, without its "file.go:12: ".
func reason(output []string) string {
	for _, line := range slices.Backward(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		if before, after, ok := strings.Cut(line, ": "); ok && strings.Contains(before, ".go:") {
			line = after
		}
		return line
	}
	return "no reason given"
}

// shown is how many tests that were skipped for one reason are listed.
const shown = 12

// writeSkipped lists the skipped tests under their reasons.
func (res *results) writeSkipped(w io.Writer) {
	byReason := map[string][]string{}
	for _, s := range res.skipped {
		if !slices.Contains(byReason[s.reason], s.name) {
			byReason[s.reason] = append(byReason[s.reason], s.name)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(byReason)) {
		fmt.Fprintf(w, "skipped: %s\n", why)
		names := slices.Sorted(slices.Values(byReason[why]))
		for _, name := range names[:min(len(names), shown)] {
			fmt.Fprintf(w, "    %s\n", name)
		}
		if more := len(names) - shown; more > 0 {
			fmt.Fprintf(w, "    and %d more\n", more)
		}
	}
}
