package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// allowed are the skips that are no fault, even where everything is installed.
type allowed []*regexp.Regexp

// readAllowed reads a list with one exception per line: a regular expression for
// the whole package.Test, a blank, and the reason, which must not be missing.
// Empty lines and lines that start with # do not count.
func readAllowed(name string) (allowed, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var list allowed
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		pattern, why, _ := strings.Cut(line, " ")
		if strings.TrimSpace(why) == "" {
			return nil, fmt.Errorf("%s:%d: no reason after %q", name, n, pattern)
		}
		re, err := regexp.Compile("^(?:" + pattern + ")$")
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		list = append(list, re)
	}
	return list, nil
}

// refused returns the skips that the list does not excuse.
func (list allowed) refused(skipped []skip) []skip {
	var bad []skip
next:
	for _, s := range skipped {
		for _, re := range list {
			if re.MatchString(s.name) {
				continue next
			}
		}
		bad = append(bad, s)
	}
	return bad
}
