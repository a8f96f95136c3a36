package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTableMarksWhatMissesItsGoal(t *testing.T) {
	rows := []row{
		{name: "copy", sample: sample{wall: 10 * time.Millisecond}},
		{name: "good", sample: sample{wall: 39 * time.Millisecond, peak: 8 << 20}, unit: 10 * time.Millisecond, maxRatio: 4, maxPeak: 64 << 20},
		{name: "slow", sample: sample{wall: 41 * time.Millisecond}, unit: 10 * time.Millisecond, maxRatio: 4},
		{name: "late", sample: sample{wall: 2 * time.Second}, maxWall: time.Second},
		{name: "fat", sample: sample{peak: 65 << 20}, maxPeak: 64 << 20},
		{name: "guessed", sample: sample{wall: time.Minute}, unit: time.Second, extrapolated: true},
		{name: "absent", failed: "could not be built"},
	}
	var out strings.Builder
	writeTable(&out, rows)
	lines := strings.Split(out.String(), "\n")[1:]
	for i, missed := range []bool{false, false, true, true, true, false, false} {
		if got := strings.Contains(lines[i], "MISSED"); got != missed {
			t.Errorf("marked %v, want %v: %s", got, missed, lines[i])
		}
	}
	for i, want := range map[int]string{1: "3.9", 5: "~60.000", 6: "could not be built"} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("got %q, want %q in it", lines[i], want)
		}
	}
}

func TestMedian(t *testing.T) {
	got := median([]sample{{wall: 9, peak: 1}, {wall: 1, peak: 7}, {wall: 5, peak: 3}})
	if want := (sample{wall: 5, peak: 7}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := median(nil); got != (sample{}) {
		t.Errorf("of nothing: got %v, want nothing", got)
	}
}

func TestPredictFollowsTheGrowth(t *testing.T) {
	tests := []struct {
		name  string
		walls []time.Duration // at 1000, 2000, … lines
		at    int
		want  time.Duration
	}{
		{"unknown", nil, 8000, 0},
		{"one size says nothing", []time.Duration{time.Second}, 8000, 0},
		{"linear", []time.Duration{time.Second, 2 * time.Second}, 8000, 8 * time.Second},
		{"quadratic", []time.Duration{time.Second, 4 * time.Second}, 8000, 64 * time.Second},
		{"never less than the last", []time.Duration{2 * time.Second, time.Second}, 8000, time.Second},
	}
	for _, tt := range tests {
		var s series
		for i, wall := range tt.walls {
			s.sizes = append(s.sizes, 1000*(i+1))
			s.taken = append(s.taken, sample{wall: wall})
		}
		if got := s.predict(tt.at).Round(time.Millisecond); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestHoldsFindsANameAcrossPieces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts")
	for _, before := range []int{0, 1<<16 - 8, 1<<16 - 1, 1 << 16, 3 << 16} {
		text := strings.Repeat("x", before) + " shop.test\n" + strings.Repeat("y", 1<<17)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]bool{"shop.test": true, "shop.tes t": false, "hop.test": false} {
			if got, err := holds(file, name); err != nil || got != want {
				t.Errorf("%q after %d bytes: got %v, %v, want %v", name, before, got, err, want)
			}
		}
	}
}
