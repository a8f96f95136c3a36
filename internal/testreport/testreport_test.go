package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const run = `{"Action":"start","Package":"fettle/a"}
{"Action":"run","Package":"fettle/a","Test":"TestGood"}
{"Action":"output","Package":"fettle/a","Test":"TestGood","Output":"    a_test.go:3: chatter\n"}
{"Action":"pass","Package":"fettle/a","Test":"TestGood"}
{"Action":"output","Package":"fettle/a","Test":"TestNeedy","Output":"=== RUN   TestNeedy\n"}
{"Action":"output","Package":"fettle/a","Test":"TestNeedy","Output":"    need.go:34: needs strace: the program strace is not installed\n"}
{"Action":"output","Package":"fettle/a","Test":"TestNeedy","Output":"--- SKIP: TestNeedy (0.00s)\n"}
{"Action":"skip","Package":"fettle/a","Test":"TestNeedy"}
{"Action":"output","Package":"fettle/a","Output":"PASS\n"}
{"Action":"output","Package":"fettle/a","Output":"ok  \tfettle/a\t0.1s\n"}
{"Action":"pass","Package":"fettle/a"}
`

const broken = `{"Action":"output","Package":"fettle/b","Test":"TestBad","Output":"    b_test.go:9: got 1, want 2\n"}
{"Action":"output","Package":"fettle/b","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\n"}
{"Action":"fail","Package":"fettle/b","Test":"TestBad"}
{"Action":"output","Package":"fettle/b","Test":"TestHang","Output":"panic: test timed out\n"}
{"Action":"output","Package":"fettle/b","Output":"FAIL\tfettle/b\t0.1s\n"}
{"Action":"fail","Package":"fettle/b"}
{"ImportPath":"fettle/c","Action":"build-output","Output":"c.go:1:1: undefined: x\n"}
{"ImportPath":"fettle/c","Action":"build-fail"}
{"Action":"fail","Package":"fettle/c"}
go: a complaint that is not JSON
`

func TestStreamShowsWhatGoTestShows(t *testing.T) {
	var out strings.Builder
	if err := stream(strings.NewReader(run), &out); err != nil {
		t.Errorf("a run without failures: %v", err)
	}
	if got, want := out.String(), "ok  \tfettle/a\t0.1s\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}

	out.Reset()
	if err := stream(strings.NewReader(broken), &out); err == nil {
		t.Error("a run with failures: no error")
	}
	for _, want := range []string{"got 1, want 2", "test timed out", "undefined: x", "a complaint"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &out)
		}
	}
}

func TestSummary(t *testing.T) {
	tests := []struct {
		name, events string
		noSkips, ok  bool
		want         []string // the last is how the output ends
	}{
		{"skip anywhere", run, false, true,
			[]string{"skipped: needs strace: the program", "1 passed, 0 failed, 1 skipped\n"}},
		{"skip where it must not", run, true, false,
			[]string{"fettle/a.TestNeedy was skipped", "1 passed, 0 failed, 1 skipped\n"}},
		{"failures", broken, false, false,
			[]string{"failed: fettle/b.TestBad\n", "TestHang (did not end)", "fettle/c (does not build)", "0 passed, 3 failed, 0 skipped\n"}},
		{"nothing ran", "go: cannot find main module\n", false, false,
			[]string{"holds no test", "0 passed, 0 failed, 0 skipped\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			log := write(t, dir, "run.json", tt.events)
			var out strings.Builder
			err := summarise([]string{log}, tt.noSkips, &out)
			if ok := err == nil; ok != tt.ok {
				t.Errorf("got error %v, want ok %v", err, tt.ok)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("the output lacks %q:\n%s", want, &out)
				}
			}
			if last := tt.want[len(tt.want)-1]; !strings.HasSuffix(out.String(), last) {
				t.Errorf("the output does not end with %q:\n%s", last, &out)
			}
		})
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
