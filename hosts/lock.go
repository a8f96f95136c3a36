package hosts

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// lockWait is how long a writer waits for the one before it. Writing takes
// milliseconds; only a stopped process, or somebody who means harm, takes this
// long.
const lockWait = 10 * time.Second

// lock waits for the writer before us, at most lockWait. The kernel releases
// the lock of a process that dies.
func (s *System) lock(ctx context.Context) (unlock func(), err error) {
	l, err := s.newLock()
	if err != nil {
		return nil, fmt.Errorf("locking the hosts file: %w", err)
	}
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	if _, err := l.TryLockContext(waiting, 2*time.Millisecond); err != nil {
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return nil, ErrBusy
		}
		return nil, fmt.Errorf("locking the hosts file: %w", err)
	}
	// Closing cannot fail in a way that keeps the lock.
	return func() { _ = l.Close() }, nil
}

// isLocked reports whether a writer is at work.
func (s *System) isLocked() bool {
	l, err := s.newLock()
	if err != nil {
		return false
	}
	free, err := l.TryRLock()
	_ = l.Close()
	return err == nil && !free
}
