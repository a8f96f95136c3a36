package hosts

import (
	"math"
	"testing"
)

func TestLimitsForRoot(t *testing.T) {
	for _, row := range []struct{ asked, want Limits }{
		{Limits{}, DefaultLimits},
		{Limits{Entries: -1, Bytes: math.MinInt64}, DefaultLimits},
		{Limits{Entries: 1, Bytes: 1}, DefaultLimits},
		{Limits{Entries: 500, Bytes: 1_000_000_000}, Limits{Entries: 500, Bytes: 1_000_000_000}},
		{Limits{Entries: math.MaxInt, Bytes: math.MaxInt64}, maxRootLimits},
	} {
		if got := row.asked.forRoot(); got != row.want {
			t.Errorf("%+v: got %+v, want %+v", row.asked, got, row.want)
		}
	}
}
