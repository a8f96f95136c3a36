package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"fettle/hosts"
)

// The roles, of which a user has one process each.
const (
	trayRole   = "tray"
	windowRole = "window"
)

// What one process can ask of the other.
const (
	doShow  = "show"  // raise the window of Section
	doQuit  = "quit"  // end
	doWrite = "write" // run the write step with Request
)

// A message is what one process asks of the other: one JSON document on the
// socket of its role.
type message struct {
	Do      string `json:"do"`
	Section string `json:"section,omitempty"`
	Request []byte `json:"request,omitempty"` // an encoded hosts.Request
}

// An answer comes back on the same connection.
type answer struct {
	Reply []byte `json:"reply,omitempty"` // an encoded hosts.Reply
	Error string `json:"error,omitempty"`
}

var (
	errRunning    = errors.New("it is running already")
	errNotRunning = errors.New("it is not running")
)

// findRunDir returns the folder of locks and sockets, made for this user alone.
// The session's own is best: it goes with the session. Its path must be short,
// as a socket's is at most 104 bytes on macOS.
func findRunDir(getenv func(string) string, stateDir string) (string, error) {
	dir := filepath.Join(stateDir, "run")
	if session := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(session) {
		dir = filepath.Join(session, "fettle")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the folder for the socket: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return "", fmt.Errorf("closing the folder for the socket to others: %w", err)
	}
	return dir, nil
}

// An instance is the one process of a role.
type instance struct {
	lock     *flock.Flock
	listener net.Listener
}

// claim makes this process the one of a role. The error is errRunning when
// there is one.
func claim(dir, role string) (*instance, error) {
	lock := flock.New(filepath.Join(dir, role+".lock"), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", lock.Path(), err)
	}
	if !ok {
		return nil, errRunning
	}
	path := socketPath(dir, role)
	// With the lock held, a socket that is there belonged to a process that died.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, lock.Close())
	}
	listener, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600) // the folder is closed already
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listening on %s: %w", path, err), lock.Close())
	}
	return &instance{lock: lock, listener: listener}, nil
}

// handover is how long a process that gives a role up may take to be gone, or one
// that has just taken it to listen.
const handover = 3 * time.Second

// claimOrShow makes this process the one of a role, or, if there is one, asks it
// to show a section; then the instance is nil.
func claimOrShow(ctx context.Context, dir, role, section string) (*instance, error) {
	ctx, cancel := context.WithTimeout(ctx, handover)
	defer cancel()
	for {
		self, err := claim(dir, role)
		if !errors.Is(err, errRunning) {
			return self, err
		}
		_, err = send(ctx, dir, role, message{Do: doShow, Section: section})
		if !errors.Is(err, errNotRunning) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("another one runs and does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func socketPath(dir, role string) string { return filepath.Join(dir, role+".sock") }

// close gives the role up.
func (i *instance) close() error {
	err := i.listener.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil // serve has closed it
	}
	return errors.Join(err, i.lock.Close())
}

// maxMessage bounds what a process takes from the other.
const maxMessage = 2 * hosts.MaxRequest // base64 makes a request a third longer

// readWait is how long the other process may take to say what it wants.
const readWait = 10 * time.Second

// serve answers messages until the context ends, each in a goroutine of its own:
// a write waits for a password.
func (i *instance) serve(ctx context.Context, handle func(context.Context, message) answer) {
	stop := context.AfterFunc(ctx, func() { _ = i.listener.Close() }) // ends Accept
	defer stop()
	var work sync.WaitGroup
	defer work.Wait()
	for {
		conn, err := i.listener.Accept()
		if err != nil {
			return
		}
		work.Go(func() {
			defer conn.Close()
			if err := checkPeer(conn.(*net.UnixConn)); err != nil {
				return
			}
			var m message
			_ = conn.SetReadDeadline(time.Now().Add(readWait)) // a socket takes deadlines
			if err := json.NewDecoder(io.LimitReader(conn, maxMessage)).Decode(&m); err != nil {
				return
			}
			// A process that is gone no longer wants an answer.
			_ = json.NewEncoder(conn).Encode(handle(ctx, m))
		})
	}
}

// send asks the process of a role for something and waits for its answer. The
// error is errNotRunning when there is no such process.
func send(ctx context.Context, dir, role string, m message) (answer, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socketPath(dir, role))
	if err != nil {
		return answer{}, fmt.Errorf("%w: %v", errNotRunning, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(m); err != nil {
		return answer{}, fmt.Errorf("asking the %s: %w", role, err)
	}
	var a answer
	if err := json.NewDecoder(conn).Decode(&a); err != nil {
		if ctx.Err() != nil {
			return answer{}, ctx.Err()
		}
		return answer{}, fmt.Errorf("waiting for the answer of the %s: %w", role, err)
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}
