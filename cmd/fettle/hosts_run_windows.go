package main

import "os"

// passedOn are the signals that keep "fettle hosts run" from ending before its
// command does.
var passedOn = []os.Signal{os.Interrupt}

// reachesAll reports whether a signal has reached the command by itself. The
// console sends Ctrl-C to all that share it, and there are no others.
func reachesAll(os.Signal) bool { return true }

func statusOf(state *os.ProcessState) int { return state.ExitCode() }
