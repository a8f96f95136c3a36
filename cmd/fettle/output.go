package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"fettle/internal/human"
)

// printJSON prints the one document of a command.
func (a *app) printJSON(v any) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// printf prints a result.
func (a *app) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(a.stdout, format, args...)
	return err
}

// A table lines its columns up. The cells of a row are separated by tabs.
func (a *app) table(rows func(row func(cells ...string))) error {
	w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	rows(func(cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) })
	return w.Flush()
}

// colours of the terminal, by meaning.
const (
	green = "\x1b[32m"
	red   = "\x1b[31m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

// printDiff prints a unified diff.
func (a *app) printDiff(diff []byte) error {
	if !a.colour() {
		_, err := a.stdout.Write(diff)
		return err
	}
	w := bufio.NewWriter(a.stdout)
	for line := range strings.Lines(string(diff)) {
		line = human.Printable(line)
		colour := ""
		switch {
		case strings.HasPrefix(line, "@@"):
			colour = cyan
		case strings.HasPrefix(line, "+"):
			colour = green
		case strings.HasPrefix(line, "-"):
			colour = red
		}
		if colour != "" {
			line = colour + strings.TrimSuffix(line, "\n") + reset + "\n"
		}
		fmt.Fprint(w, line)
	}
	return w.Flush()
}

// confirm asks before what cannot be undone. Without a terminal there is nobody
// to ask, and only --yes is an answer.
func (a *app) confirm(question string) error {
	if a.yes {
		return nil
	}
	if !a.canAsk() {
		return &usageError{text: "this cannot be undone, and there is no terminal to ask on", hint: "repeat it with --yes"}
	}
	fmt.Fprintf(a.stderr, "%s [y/N] ", question)
	answer, err := bufio.NewReader(a.stdin).ReadString('\n')
	if err != nil && err != io.EOF {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return &exitError{status: 1}
}
