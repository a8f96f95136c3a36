package hosts

import (
	"errors"
	"strconv"

	"golang.org/x/sys/windows"
)

// processMark returns when a process started, in units of 100 ns since 1601.
func processMark(pid int) (string, error) {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
		return "", errNoProcess
	}
	if err != nil {
		return "", err
	}
	// Closing a handle that was only asked cannot fail in a way that matters.
	defer func() { _ = windows.CloseHandle(process) }()
	const stillActive = 259 // STILL_ACTIVE of minwinbase.h
	var code uint32
	if err := windows.GetExitCodeProcess(process, &code); err == nil && code != stillActive {
		// Others may hold a handle of a process that has ended.
		return "", errNoProcess
	}
	var start, exit, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(process, &start, &exit, &kernel, &user); err != nil {
		return "", err
	}
	return strconv.FormatUint(uint64(start.HighDateTime)<<32|uint64(start.LowDateTime), 10), nil
}
