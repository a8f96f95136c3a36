package faults

import (
	"fmt"
	"os"
	"runtime"
)

// variable is set in the environment of a helper process.
const variable = "FETTLE_FAULTS_HELPER"

// The helper opens these two, which do not exist, to mark in the trace where
// the work begins and ends. What the runtime does before and after is not ours.
const (
	beginMark = "/fettle-faults/begin"
	endMark   = "/fettle-faults/end"
)

// strace keeps a count of calls per thread. Only during initialisation is the
// main goroutine sure to be on the main thread.
func init() {
	if Helping() {
		runtime.LockOSThread()
	}
}

// Helping reports whether this process is a command started by [Run].
func Helping() bool { return os.Getenv(variable) != "" }

// Helper does the work between the marks and ends the process: with status 0,
// or with the error on stderr and status 1. It must be called on the main
// goroutine.
func Helper(work func() error) {
	Main(func() int {
		if err := work(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	})
}

// Main is [Helper] for a whole program, which reports its errors itself and
// returns its exit status.
func Main(program func() int) {
	_, _ = os.Open(beginMark) // only strace sees it
	status := program()
	_, _ = os.Open(endMark)
	os.Exit(status)
}
