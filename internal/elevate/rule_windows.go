package elevate

import (
	"context"
	"errors"
	"io"
)

// ErrNotInstalled is the error for a program that a rule must not name.
var ErrNotInstalled = errors.New("this copy of fettle is not installed for all users")

var errNoRules = errors.New("windows has no rule that lets one program run with more rights without asking")

// A Rule lets one user run the write step without a password. Windows has none.
type Rule struct{ User string }

// NewRule returns an error: Windows has no such rules.
func NewRule(Step, func(string) string) (Rule, error) { return Rule{}, errNoRules }

// IsRoot reports false.
func (Rule) IsRoot() bool { return false }

// Path returns "".
func (Rule) Path() string { return "" }

// Text returns "".
func (Rule) Text() string { return "" }

// Install returns an error.
func (Rule) Install(context.Context) error { return errNoRules }

// Revoke returns an error.
func (Rule) Revoke() error { return errNoRules }

// Again returns an error.
func Again(context.Context, string, []string, io.Reader, io.Writer, io.Writer) error {
	return errNoRules
}
