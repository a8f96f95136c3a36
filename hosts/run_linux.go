package hosts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// processMark returns when a process started, in ticks since the machine did,
// and the head of the identity of that start (proc_pid_stat(5), random(4)).
func processMark(pid int) (string, error) {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return "", errNoProcess
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, fs.ErrNotExist) {
		// The process is there: hidepid hides those of others.
		return "", fs.ErrPermission
	}
	if err != nil {
		return "", err
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", err
	}
	// The name of the program stands in parentheses, and may hold some itself.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const state, start = 0, 19 // fields 3 and 22 in the manual, which counts from 1 and the two before
	if len(fields) <= start || len(boot) < 8 {
		return "", fmt.Errorf("/proc/%d/stat cannot be read", pid)
	}
	// A zombie has ended, and only waits for its parent to hear of it.
	if fields[state] == "Z" || fields[state] == "X" {
		return "", errNoProcess
	}
	return fields[start] + "." + string(boot[:8]), nil
}
