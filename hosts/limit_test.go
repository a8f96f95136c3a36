package hosts

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

var (
	alive = Run{PID: 7, Mark: "1.a"}
	dead  = Run{PID: 8, Mark: "2.b"}
)

// at is a moment of the tests, in which one run goes on.
func at(minutes int) Moment {
	return Moment{Time: testTime.Add(time.Duration(minutes) * time.Minute), Alive: func(r Run) bool { return r == alive }}
}

func TestOver(t *testing.T) {
	until := testTime.Add(30 * time.Minute)
	for _, row := range []struct {
		about   string
		active  Active
		minutes int
		want    bool
	}{
		{"for good", Active{}, 1000, false},
		{"before the limit", Active{Until: until}, 29, false},
		{"at the limit", Active{Until: until}, 30, true},
		{"behind the limit", Active{Until: until}, 31, true},
		{"for a run", Active{Runs: []Run{alive}}, 1000, false},
		{"for a run that has ended", Active{Runs: []Run{dead}}, 0, true},
		{"for two runs", Active{Runs: []Run{dead, alive}}, 0, false},
		{"limit and run, before both", Active{Until: until, Runs: []Run{alive}}, 0, false},
		{"limit and run, behind the limit", Active{Until: until, Runs: []Run{alive}}, 31, false},
		{"limit and run, behind the run", Active{Until: until, Runs: []Run{dead}}, 29, false},
		{"limit and run, behind both", Active{Until: until, Runs: []Run{dead}}, 30, true},
	} {
		if got := row.active.Over(at(row.minutes)); got != row.want {
			t.Errorf("%s: over is %t, want %t", row.about, got, row.want)
		}
	}
}

// What each way to switch makes of profiles whose time is over, or is not.
func TestSwitchWithLimits(t *testing.T) {
	const over, later, run, killed = " until 2026-11-20T21:10:00Z", " until 2026-11-20T22:00:00Z", " run 7:1.a", " run 8:2.b"
	until := testTime.Add(2 * time.Hour)
	for _, row := range []struct {
		about string
		have  map[string]string // the end of the header's line of x and y, where they are on
		w     Switch
		want  map[string]string
		ended string
	}{
		{"on beside", map[string]string{"x": over}, Switch{Op: On, Names: []string{"z"}}, map[string]string{"z": ""}, "x"},
		{"on beside, a killed run", map[string]string{"x": killed}, Switch{Op: On, Names: []string{"z"}}, map[string]string{"z": ""}, "x"},
		{"on beside, a limit to come", map[string]string{"x": later}, Switch{Op: On, Names: []string{"z"}, Until: until},
			map[string]string{"x": later, "z": " until 2026-11-20T23:00:00Z"}, ""},
		{"on again keeps it", map[string]string{"x": over}, Switch{Op: On, Names: []string{"x"}}, map[string]string{"x": ""}, ""},
		{"on again after a killed run", map[string]string{"x": killed}, Switch{Op: On, Names: []string{"x"}}, map[string]string{"x": ""}, ""},
		{"on again takes it over from a run", map[string]string{"x": run}, Switch{Op: On, Names: []string{"x"}}, map[string]string{"x": ""}, ""},
		{"off another", map[string]string{"x": over, "y": ""}, Switch{Op: Off, Names: []string{"y"}}, nil, "x"},
		{"off itself", map[string]string{"x": over, "y": ""}, Switch{Op: Off, Names: []string{"x"}}, map[string]string{"y": ""}, ""},
		{"off all", map[string]string{"x": over, "y": ""}, Switch{Op: Off}, nil, ""},
		{"use", map[string]string{"x": over}, Switch{Op: Use, Names: []string{"y"}}, map[string]string{"y": ""}, ""},
		{"toggle what is over", map[string]string{"x": over}, Switch{Op: Toggle, Names: []string{"x"}}, nil, ""},
		{"toggle another", map[string]string{"x": over}, Switch{Op: Toggle, Names: []string{"z"}}, map[string]string{"z": ""}, "x"},
		{"nothing", map[string]string{"x": over, "y": later}, Switch{Op: On}, map[string]string{"y": later}, "x"},

		{"run", nil, Switch{Op: On, Names: []string{"x"}, Run: alive}, map[string]string{"x": run}, ""},
		{"run of what is on for good", map[string]string{"x": ""}, Switch{Op: On, Names: []string{"x"}, Run: alive}, map[string]string{"x": ""}, ""},
		{"run of what has a limit", map[string]string{"x": later}, Switch{Op: On, Names: []string{"x"}, Run: alive}, map[string]string{"x": later + run}, ""},
		{"run of what is over", map[string]string{"x": over}, Switch{Op: On, Names: []string{"x"}, Run: alive}, map[string]string{"x": run}, ""},
		{"run of what was left behind", map[string]string{"x": killed}, Switch{Op: On, Names: []string{"x"}, Run: alive}, map[string]string{"x": run}, ""},
		{"run of what another run has", map[string]string{"x": run}, Switch{Op: On, Names: []string{"x"}, Run: Run{PID: 9, Mark: "3"}},
			map[string]string{"x": run + " run 9:3"}, ""},
	} {
		b := newBox(t, Limits{})
		for _, name := range []string{"x", "y"} {
			if _, ok := row.have[name]; ok {
				b.change(On, name)
			}
		}
		b.edit(func(s string) string { return withLineEnds(s, row.have) })
		f, err := b.Read()
		if err != nil || f.Damage != nil {
			t.Fatalf("%s: %v, %v", row.about, err, f.Damage)
		}
		row.w.Now, row.w.Alive = at(30).Time, at(30).Alive
		p, err := row.w.Plan(f, b.library, b.Platform)
		if err != nil {
			t.Errorf("%s: %v", row.about, err)
			continue
		}
		got := map[string]string{}
		for _, a := range Parse(p.Content()).Active() {
			_, end, _ := strings.Cut(a.format(), "Z")
			got[a.Name] = end
		}
		if len(got) != len(row.want) {
			t.Errorf("%s: got %q, want %q", row.about, got, row.want)
		}
		for name, end := range row.want {
			if got[name] != end {
				t.Errorf("%s: %s has %q, want %q", row.about, name, got[name], end)
			}
		}
		if ended := strings.Join(Names(p.Ended), " "); ended != row.ended {
			t.Errorf("%s: the plan says that %q ended, want %q", row.about, ended, row.ended)
		}
	}
}

// withLineEnds puts something at the end of the header's lines of profiles.
func withLineEnds(content string, ends map[string]string) string {
	var out strings.Builder
	for line := range strings.Lines(content) {
		line = strings.TrimSuffix(line, "\n")
		for name, end := range ends {
			if strings.HasPrefix(line, activePrefix+name+" ") {
				line += end
			}
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

func TestRunEnd(t *testing.T) {
	b := newBox(t, Limits{})
	runs := []Run{{PID: 1, Mark: "1"}, {PID: 2, Mark: "2"}}
	everything := func(Run) bool { return true }
	on := func(run Run, names ...string) {
		b.update(func(f *File) (*Plan, error) {
			return Switch{Op: On, Names: names, Now: testTime, Run: run, Alive: everything}.Plan(f, b.library, b.Platform)
		})
	}
	end := func(run Run) {
		b.update(func(f *File) (*Plan, error) {
			return PlanRunEnd(f, b.library, b.Platform, Moment{Time: testTime, Alive: everything}, run)
		})
	}
	on(runs[0], "x", "z")
	on(runs[1], "x")
	end(runs[0])
	b.wantOn("after the first run", "x")
	end(runs[1])
	b.want("after both", testOriginal)
	if got := b.entries()[3].Action; got != "end run x" {
		t.Errorf("the history says %q", got)
	}
}

func TestNextExpiry(t *testing.T) {
	f := Parse([]byte(beginLine + "\n" +
		activePrefix + "a sha256:" + (Hash{}).String() + " since 2026-11-20T20:00:00Z until 2026-11-20T21:00:00Z\n" +
		activePrefix + "b sha256:" + (Hash{}).String() + " since 2026-11-20T20:00:00Z until 2026-11-20T23:00:00Z\n" +
		activePrefix + "c sha256:" + (Hash{}).String() + " since 2026-11-20T20:00:00Z until 2026-11-20T22:00:00Z\n" +
		activePrefix + "d sha256:" + (Hash{}).String() + " since 2026-11-20T20:00:00Z\n" +
		bodyPrefix + "00000000\n" + endMark + "\n"))
	if f.Damage != nil {
		t.Fatal(f.Damage)
	}
	if got := NextExpiry(f, testTime); !got.Equal(testTime.Add(time.Hour)) {
		t.Errorf("got %v, want 22:00", got)
	}
	if got := NextExpiry(f, testTime.Add(2*time.Hour)); !got.IsZero() {
		t.Errorf("after the last: got %v, want none", got)
	}
	if got := Names(Expired(f, Moment{Time: testTime})); strings.Join(got, " ") != "a" {
		t.Errorf("expired: got %q, want a", got)
	}
}

// What the header cannot hold is refused, wherever it comes from.
func TestRefusedTimes(t *testing.T) {
	far := time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600))
	for about, w := range map[string]Want{
		"a year of five digits": {Since: testTime, Until: far},
		"since such a year":     {Since: far},
		"a mark with a newline": {Since: testTime, Runs: []Run{{PID: 1, Mark: "1\n6.6.6.6 bank.test"}}},
		"no mark":               {Since: testTime, Runs: []Run{{PID: 1}}},
		"no process":            {Since: testTime, Runs: []Run{{Mark: "1"}}},
	} {
		w.Profile = Profile{Name: "x", Text: []byte("10.0.0.1 x.test\n")}
		if p, err := PlanApply(Parse(nil), []Want{w}, Platform{}); err == nil {
			t.Errorf("%s: got a plan, %q", about, p.Content())
		}
	}
}

// The start of a process tells it apart from another one of its number.
func TestRunAlive(t *testing.T) {
	this, err := ThisRun()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseRun(this.String()); err != nil || again != this {
		t.Errorf("%v is read back as %v, %v", this, again, err)
	}
	if !this.Alive() {
		t.Errorf("%v, which is this process, counts as ended", this)
	}
	if other := (Run{PID: this.PID, Mark: "1"}); other.Alive() {
		t.Errorf("%v, which started at another time, counts as this process", other)
	}
	if (Run{PID: 1 << 22, Mark: this.Mark}).Alive() {
		t.Error("a number that no process can have counts as one")
	}
	if os.Getenv("FETTLE_TEST_CHILD") != "" {
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestRunAlive$")
	child.Env = append(os.Environ(), "FETTLE_TEST_CHILD=1")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	mark, err := processMark(child.Process.Pid)
	if err != nil && !strings.Contains(err.Error(), "no such process") {
		t.Error(err)
	}
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
	if (Run{PID: child.Process.Pid, Mark: mark}).Alive() {
		t.Error("a process that has ended counts as one that goes on")
	}
}
