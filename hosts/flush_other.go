//go:build !linux && !darwin && !windows

package hosts

var flushCommands [][]string
