package elevate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Terminal is the same as [Step.Graphical]: Windows asks in a dialog of its own
// wherever a program runs.
func (s Step) Terminal(_ bool, _ io.Writer) func(ctx context.Context, request []byte) ([]byte, error) {
	return s.Graphical()
}

// Graphical returns a function that runs the step with the rights that UAC
// gives. It passes no input on, so the request stands in a file that only the
// user can write, and no output back, so the reply is empty.
func (s Step) Graphical() func(ctx context.Context, request []byte) ([]byte, error) {
	return func(ctx context.Context, request []byte) ([]byte, error) {
		file, hash, err := writeRequest(request)
		if err != nil {
			return nil, err
		}
		defer file.remove()
		return nil, s.runAs(ctx, append(s.args(), "--request", file.path, "--sha256", hash))
	}
}

// Silent returns a function that fails with [ErrNoWay]: Windows always asks.
func (s Step) Silent() func(ctx context.Context, request []byte) ([]byte, error) {
	return func(context.Context, []byte) ([]byte, error) { return nil, ErrNoWay }
}

// shellExecuteInfo is SHELLEXECUTEINFOW.
type shellExecuteInfo struct {
	size          uint32
	mask          uint32
	window        windows.Handle
	verb          *uint16
	file          *uint16
	parameters    *uint16
	directory     *uint16
	show          int32
	instance      windows.Handle
	idList        uintptr
	class         *uint16
	classKey      windows.Handle
	hotKey        uint32
	iconOrMonitor windows.Handle
	process       windows.Handle
}

const (
	seeMaskNoCloseProcess = 0x40 // SEE_MASK_NOCLOSEPROCESS
	swHide                = 0    // SW_HIDE
)

var shellExecuteEx = windows.NewLazySystemDLL("shell32.dll").NewProc("ShellExecuteExW")

// runAs starts the program elevated and waits for its end.
func (s Step) runAs(ctx context.Context, args []string) error {
	for i, arg := range args {
		args[i] = windows.EscapeArg(arg)
	}
	info := shellExecuteInfo{mask: seeMaskNoCloseProcess, show: swHide}
	info.size = uint32(unsafe.Sizeof(info))
	var err error
	for _, text := range []struct {
		to   **uint16
		from string
	}{{&info.verb, "runas"}, {&info.file, s.Program}, {&info.parameters, strings.Join(args, " ")}} {
		if *text.to, err = windows.UTF16PtrFromString(text.from); err != nil {
			return err
		}
	}
	if ok, _, err := shellExecuteEx.Call(uintptr(unsafe.Pointer(&info))); ok == 0 {
		if errors.Is(err, windows.ERROR_CANCELLED) {
			return fmt.Errorf("%w: the dialog was closed", ErrDenied)
		}
		return fmt.Errorf("%w: %v", ErrDenied, err)
	}
	defer windows.CloseHandle(info.process)
	return wait(ctx, info.process)
}

// wait returns when the process has ended or ctx has.
func wait(ctx context.Context, process windows.Handle) error {
	for {
		event, err := windows.WaitForSingleObject(process, uint32((100 * time.Millisecond).Milliseconds()))
		if err != nil {
			return err
		}
		if event == windows.WAIT_OBJECT_0 {
			break
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	var code uint32
	if err := windows.GetExitCodeProcess(process, &code); err != nil {
		return err
	}
	if code != 0 {
		return fmt.Errorf("the write step ended with status %d", code)
	}
	return nil
}
