package elevate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
)

// dialog runs the step under pkexec, which asks in a dialog of the desktop.
func (s Step) dialog(ctx context.Context, request []byte) ([]byte, error) {
	var stderr bytes.Buffer
	out, err := run(ctx, request, &stderr, "pkexec", append([]string{s.Program}, s.args()...)...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(out) == 0 {
		switch exit.ExitCode() {
		case 126: // pkexec(1): the dialog was dismissed
			return nil, fmt.Errorf("%w: the dialog was closed", ErrDenied)
		case 127: // pkexec(1): not authorized, or no agent to ask with
			return nil, fmt.Errorf("%w: %s", ErrDenied, lastLine(stderr.String()))
		}
	}
	return out, err
}
