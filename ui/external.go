package ui

import (
	"os/exec"
	"runtime"
)

// openExternally shows a file in the program that the user edits text with. It
// does not wait for that program.
func openExternally(path string) error {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", "-t", path) // by its ending, .hosts belongs to no program
	case "windows":
		cmd = exec.Command("notepad.exe", path)
	default:
		cmd = exec.Command("xdg-open", path)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	// The program outlives the window; this only takes its status in.
	go func() { _ = cmd.Wait() }()
	return nil
}
