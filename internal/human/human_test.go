package human_test

import (
	"math"
	"testing"
	"time"

	"fettle/internal/human"
)

func TestBytes(t *testing.T) {
	for _, row := range []struct {
		in   int64
		want string
	}{
		{0, "0 B"},
		{1, "1 B"},
		{999, "999 B"},
		{1000, "1.0 kB"},
		{1049, "1.0 kB"},
		{9_949, "9.9 kB"},
		{9_950, "10 kB"},
		{94_400, "94 kB"},
		{999_499, "999 kB"},
		{999_500, "1.0 MB"},
		{3_214_000_000, "3.2 GB"},
		{1_500_000_000_000, "1.5 TB"},
		{math.MaxInt64, "9.2 EB"},
		{math.MinInt64, "-9.2 EB"},
		{-2500, "-2.5 kB"},
	} {
		if got := human.Bytes(row.in); got != row.want {
			t.Errorf("Bytes(%d): got %q, want %q", row.in, got, row.want)
		}
	}
}

func TestAge(t *testing.T) {
	const day = 24 * time.Hour
	for _, row := range []struct {
		in   time.Duration
		want string
	}{
		{-time.Hour, "a moment"},
		{0, "a moment"},
		{999 * time.Millisecond, "a moment"},
		{time.Second, "1 second"},
		{59*time.Second + 999*time.Millisecond, "59 seconds"},
		{time.Minute, "1 minute"},
		{119 * time.Minute, "1 hour"},
		{23 * time.Hour, "23 hours"},
		{day, "1 day"},
		{4*day - 1, "3 days"},
		{13 * day, "13 days"},
		{14 * day, "2 weeks"},
		{59 * day, "8 weeks"},
		{60 * day, "2 months"},
		{729 * day, "24 months"},
		{730 * day, "2 years"},
		{math.MaxInt64, "292 years"},
	} {
		if got := human.Age(row.in); got != row.want {
			t.Errorf("Age(%v): got %q, want %q", row.in, got, row.want)
		}
	}
}

func TestLeft(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{30 * time.Minute, "30 minutes"},
		{30*time.Minute - time.Millisecond, "30 minutes"},
		{29*time.Minute + 31*time.Second, "30 minutes"},
		{29*time.Minute + 29*time.Second, "29 minutes"},
		{2*time.Hour - time.Second, "2 hours"},
		{90 * time.Second, "2 minutes"},
		{59*time.Second + time.Millisecond, "1 minute"},
		{time.Second, "1 second"},
		{time.Millisecond, "1 second"},
	} {
		if got := human.Left(test.d); got != test.want {
			t.Errorf("Left(%v) = %q, want %q", test.d, got, test.want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, row := range []struct {
		n    int
		noun string
		want string
	}{
		{0, "profile", "0 profiles"},
		{1, "profile", "1 profile"},
		{2, "profile", "2 profiles"},
		{-1, "profile", "-1 profiles"},
		{2, "entry", "2 entries"},
		{1, "entry", "1 entry"},
		{3, "day", "3 days"},
		{3, "address", "3 addresses"},
		{2, "switch", "2 switches"},
		{2, "image", "2 images"},
		{2, "hosts file", "2 hosts files"},
	} {
		if got := human.Count(row.n, row.noun); got != row.want {
			t.Errorf("Count(%d, %q): got %q, want %q", row.n, row.noun, got, row.want)
		}
	}
}
