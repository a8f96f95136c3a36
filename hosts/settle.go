package hosts

import (
	"context"
	"time"
)

// settle calls fn once for each burst of events: when none came for quiet, or
// when they have been coming for limit. It returns when ctx ends or events is
// closed, and never while fn runs.
func settle(ctx context.Context, events <-chan struct{}, quiet, limit time.Duration, fn func()) {
	var due, last <-chan time.Time // nil between bursts
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-events:
			if !ok {
				return
			}
			if last == nil {
				last = time.After(limit)
			}
			due = time.After(quiet)
			continue
		case <-due:
		case <-last:
		}
		due, last = nil, nil
		fn()
	}
}
