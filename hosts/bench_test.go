package hosts

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// blocklist returns n lines that all map to one address, as blocklists do: the
// shape on which managers that group by address take quadratic time.
func blocklist(n int, domain string) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "0.0.0.0 host%d.list%d.%s\n", i, i%991, domain)
	}
	return b.Bytes()
}

func benchmarkFile() []byte {
	return append([]byte("127.0.0.1 localhost\n"), blocklist(122_000, "example")...)
}

func BenchmarkPlanOn(b *testing.B) {
	f := Parse(benchmarkFile())
	wants := []Want{want("big", string(blocklist(200_000, "test")))}
	b.SetBytes(int64(len(f.Data) + len(wants[0].Text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := PlanApply(f, wants, Platform{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlanOff(b *testing.B) {
	on, err := PlanApply(Parse(benchmarkFile()), []Want{want("big", string(blocklist(200_000, "test")))}, Platform{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(on.Content())))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := PlanApply(Parse(on.Content()), nil, Platform{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSwitch switches a large profile on and off, with all that reaches
// the disk.
func BenchmarkSwitch(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "hosts")
	if err := os.WriteFile(path, benchmarkFile(), 0o644); err != nil {
		b.Fatal(err)
	}
	s, err := Open(path, Options{StateDir: filepath.Join(dir, "state")})
	if err != nil {
		b.Fatal(err)
	}
	library := Library{Dir: filepath.Join(dir, "profiles")}
	if err := library.Create(Profile{Name: "big", Text: blocklist(200_000, "test")}); err != nil {
		b.Fatal(err)
	}
	for _, op := range []Op{On, Off} {
		b.Run(string(op), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				if op == On {
					switchTo(b, s, library, Off)
				} else {
					switchTo(b, s, library, On)
				}
				b.StartTimer()
				switchTo(b, s, library, op)
			}
		})
	}
}

func switchTo(b *testing.B, s *System, library Library, op Op) {
	_, err := s.Update(b.Context(), func(f *File) (*Plan, error) {
		return Switch{Op: op, Names: []string{"big"}, Now: testTime}.Plan(f, library, s.Platform)
	})
	if err != nil {
		b.Fatal(err)
	}
}
