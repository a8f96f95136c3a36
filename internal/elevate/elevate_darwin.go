package elevate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// dialog runs the step as an administrator, by AppleScript. It passes no input on, so the
// request stands in a file that only the user can write.
func (s Step) dialog(ctx context.Context, request []byte) ([]byte, error) {
	file, hash, err := writeRequest(request)
	if err != nil {
		return nil, err
	}
	defer file.remove()
	words := append([]string{s.Program}, append(s.args(), "--request", file.path, "--sha256", hash)...)
	for i, word := range words {
		words[i] = shellQuote(word)
	}
	script := "do shell script " + appleQuote(strings.Join(words, " ")) + " with administrator privileges"
	out, err := run(ctx, nil, io.Discard, "osascript", "-e", script)
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(out) == 0 {
		return nil, fmt.Errorf("%w: the dialog was closed, or the step failed", ErrDenied)
	}
	return out, err
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func appleQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
