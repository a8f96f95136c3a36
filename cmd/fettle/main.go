// Fettle keeps a workstation in fine fettle. This is its command line program;
// fettle-desktop has the tray and the windows.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	// A command ends before a collection pays; only a large list on a small
	// machine needs one.
	debug.SetGCPercent(400)
	// A second Ctrl-C ends a program that does not stop at the first one.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, osEnv(), os.Args[1:]))
}
