package hosts

import (
	"context"
	"os/exec"
	"time"
)

// flushWait bounds each command that drops a cache. A resolver that hangs must
// not hold up a switch that is already done.
const flushWait = 3 * time.Second

// Flush makes the system's resolver forget what it knows, so that a switch is
// seen at once. It tries what the system may have; a cache that is not there,
// or not ours to flush, is no error. Most systems want root for it. Browsers
// keep a cache of their own, which nothing outside them can flush.
func Flush(ctx context.Context) {
	for _, command := range flushCommands {
		if path, err := exec.LookPath(command[0]); err == nil {
			ctx, cancel := context.WithTimeout(ctx, flushWait)
			// The error says that this cache does not run.
			_ = exec.CommandContext(ctx, path, command[1:]...).Run()
			cancel()
		}
	}
}
