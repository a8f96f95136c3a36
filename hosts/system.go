package hosts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"fettle/internal/atomicfile"
)

// ErrChanged is the error of a plan whose file has changed since it was made.
// Nothing was written; read the file and plan again.
var ErrChanged = errors.New("the hosts file has changed since the plan was made")

// ErrNoFile is the error for a hosts file that is not there.
var ErrNoFile = errors.New("the hosts file does not exist")

// ErrBusy is the error for a hosts file that another Fettle holds.
var ErrBusy = errors.New("another Fettle is writing the hosts file, and does not end")

// A System is a hosts file and the folder that keeps its history.
type System struct {
	Path string // the file itself, links resolved
	// Own reports whether this is the file that the operating system reads, and
	// not one that was named with --hosts-file. Only root writes that one, and
	// its history belongs to root.
	Own      bool
	Platform Platform

	// Now tells the time; nil is the clock.
	Now func() time.Time

	// Repaired reports whether the last Update found a file that a killed
	// writer had left torn, and put its old content back.
	Repaired bool

	history history
}

// Options say where a System keeps what it needs.
type Options struct {
	// StateDir is the user's folder for state. The system's own hosts file
	// does not use it.
	StateDir string
	// Chown gives a new state file to the user for whom the program runs as
	// root; nil leaves it.
	Chown  func(path string) error
	Limits Limits
}

// Open returns the System of the hosts file at path; "" is the system's own. It
// creates nothing. The error is [ErrNoFile], or says that path is not a regular
// file.
func Open(path string, o Options) (*System, error) {
	if path == "" {
		path = SystemPath()
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	real, err := atomicfile.Resolve(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoFile, abs)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the hosts file: %w", err)
	}
	s := &System{Path: real, Own: isSystemFile(abs, real), Platform: ThisPlatform()}
	s.history.limits = o.Limits
	if s.Own {
		s.history.dir, s.history.public = systemStateDir(), true
	} else {
		// One folder for each file, by the hash of its path, so that two files
		// do not share a history.
		name := filepath.Base(real) + "-" + HashOf([]byte(real)).String()[:12]
		s.history.dir, s.history.chown = filepath.Join(o.StateDir, "hosts", name), o.Chown
	}
	return s, nil
}

// isSystemFile reports whether a file is the operating system's hosts file,
// under whatever name.
func isSystemFile(abs, real string) bool {
	if abs == SystemPath() {
		return true
	}
	a, err := os.Stat(SystemPath())
	if err != nil {
		return false
	}
	b, err := os.Stat(real)
	return err == nil && os.SameFile(a, b)
}

// StateDir returns the folder that keeps the history.
func (s *System) StateDir() string { return s.history.dir }

// NeedsRights reports whether this process must have the write step done with
// more rights than it has.
func (s *System) NeedsRights() bool { return s.Own && !isPrivileged() }

// Read reads the hosts file. A file that cannot be read is an error, never an
// empty file; a damaged one is not, see [File.Damage].
func (s *System) Read() (*File, error) {
	data, err := os.ReadFile(s.Path)
	if err != nil {
		return nil, fmt.Errorf("reading the hosts file: %w", err)
	}
	return Parse(data), nil
}

// Interrupted reports whether a writer died while it wrote the file in place,
// so that the file may be torn. The next change repairs it.
func (s *System) Interrupted() bool {
	j, err := s.history.readJournal()
	if err != nil || j == nil || j.Path != s.Path {
		return err != nil
	}
	// With the lock taken the writer is alive.
	return !s.isLocked()
}

// History returns the changes, oldest first.
func (s *System) History() ([]Entry, error) { return s.history.entries() }

// State returns a kept state, or [ErrNoHistory].
func (s *System) State(hash Hash) ([]byte, error) { return s.history.object(hash) }

// Original returns the file as it was before Fettle's first change. Until then
// the error is [ErrNoHistory].
func (s *System) Original() ([]byte, error) {
	data, err := os.ReadFile(s.history.originalPath())
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the original hosts file: %w", ErrNoHistory)
	}
	return data, err
}

// Execute writes what the plan says, if the file is still the one it was made
// for; otherwise the error is [ErrChanged]. A plan that changes nothing writes
// nothing.
func (s *System) Execute(ctx context.Context, p *Plan) error {
	_, err := s.Update(ctx, func(f *File) (*Plan, error) {
		if f.Hash() != p.Base {
			return nil, ErrChanged
		}
		return p, nil
	})
	return err
}

// Update reads the file, has decide plan a change, and writes it, all under the
// lock, so that no other Fettle comes in between. It returns the plan. An empty
// plan writes nothing. The error is what decide returned, [ErrBusy], or a
// failed step; the file then holds what it held before.
func (s *System) Update(ctx context.Context, decide func(*File) (*Plan, error)) (*Plan, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if s.Repaired, err = s.history.repair(s.Path); err != nil {
		return nil, err
	}
	f, err := s.Read()
	if err != nil {
		return nil, err
	}
	p, err := decide(f)
	if err != nil || p.Empty() {
		return p, err
	}
	if err := s.write(f, p); err != nil {
		return p, err
	}
	return p, nil
}

// write keeps the old state and replaces the file. The lock is held.
func (s *System) write(f *File, p *Plan) error {
	// What a killed writer left beside the file is no use to anybody.
	if err := errors.Join(atomicfile.Sweep(s.Path), s.history.sweepTemporary()); err != nil {
		return err
	}
	if err := s.history.keep(f); err != nil {
		return err
	}
	takeBack, err := s.history.add(Entry{
		Time: s.now(), Action: p.Action, Replaced: p.Base, Result: p.Result,
		Was: Names(p.Before), Now: Names(p.After), Undoes: p.Undoes, Size: int64(len(f.Data)),
	})
	if err != nil {
		return err
	}
	if p.accepts {
		return s.history.sweep()
	}
	err = atomicfile.Replace(s.Path, p.new.all()...)
	if errors.Is(err, atomicfile.ErrBusy) {
		err = s.history.overwrite(s.Path, p)
	}
	if err != nil {
		err = fmt.Errorf("writing the hosts file: %w", err)
		// The last step of replacing a file makes its folder durable. When that
		// fails, the change is there, and so must its entry be.
		if now, readErr := s.Read(); readErr == nil && now.Hash() == p.Result {
			return err
		}
		return errors.Join(err, takeBack())
	}
	return s.history.sweep()
}

func (s *System) moment() Moment { return Moment{Time: s.now()} }

func (s *System) now() time.Time {
	if s.Now != nil {
		return s.Now().UTC()
	}
	return time.Now().UTC().Truncate(time.Second)
}
