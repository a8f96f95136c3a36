//go:build unix

package elevate

import (
	"context"
	"errors"
	"io"
)

// Terminal returns a function that runs the step with the rights that the user
// gets on a terminal, for [fettle/hosts.System.Apply]. With ask unset, as in a
// pipe, it only succeeds where no password is needed.
func (s Step) Terminal(ask bool, stderr io.Writer) func(ctx context.Context, request []byte) ([]byte, error) {
	return func(ctx context.Context, request []byte) ([]byte, error) {
		return s.sudo(ctx, request, ask, stderr)
	}
}

// Graphical returns a function that runs the step with the rights that the user
// gets on the desktop: without a question after "fettle hosts allow", else by
// the system's dialog.
func (s Step) Graphical() func(ctx context.Context, request []byte) ([]byte, error) {
	return func(ctx context.Context, request []byte) ([]byte, error) {
		out, err := s.sudo(ctx, request, false, io.Discard)
		if errors.Is(err, ErrDenied) || errors.Is(err, ErrNoWay) {
			return s.dialog(ctx, request)
		}
		return out, err
	}
}

// Silent returns a function that runs the step where that needs no question to
// anybody, and fails with [ErrDenied] or [ErrNoWay] elsewhere.
func (s Step) Silent() func(ctx context.Context, request []byte) ([]byte, error) {
	return s.Terminal(false, io.Discard)
}
