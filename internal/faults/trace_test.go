package faults

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseTrace(t *testing.T) {
	const trace = `71 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3
71 close(3)                          = 0
72 openat(AT_FDCWD, "/another/thread", O_RDONLY) = 4
71 openat(AT_FDCWD, "/fettle-faults/begin", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
71 openat(AT_FDCWD, "target", O_RDONLY <unfinished ...>
72 fsync(4)                          = 0
71 <... openat resumed>)             = 5
71 fsync(5)                          = -1 EIO (Input/output error) (INJECTED)
71 close(5)                          = 0
71 --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=71, si_uid=0} ---
71 openat(AT_FDCWD, "/fettle-faults/end", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
71 write(1, "bye\n", 4)              = 4
`
	want := []call{
		{Name: "openat", Ordinal: 3, Nth: 1, Line: `openat(AT_FDCWD, "target", O_RDONLY <unfinished ...>`},
		{Name: "fsync", Ordinal: 1, Nth: 1, Line: `fsync(5)                          = -1 EIO (Input/output error) (INJECTED)`},
		{Name: "close", Ordinal: 2, Nth: 1, Line: `close(5)                          = 0`},
	}
	got, err := parseTrace(trace)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if got, want := summary(got), "close 1, fsync 1, openat 1"; got != want {
		t.Errorf("summary: got %q, want %q", got, want)
	}
}

func TestParseTraceWithoutMarks(t *testing.T) {
	if got, err := parseTrace("71 close(3) = 0\n"); err == nil {
		t.Errorf("got %v and no error, want an error about the marks", got)
	}
}
