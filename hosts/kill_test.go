package hosts

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A killedSwitch is what the process does that is killed.
type killedSwitch struct {
	Path, State, Library string
	Op                   Op
	Names                []string
	Now                  time.Time
}

const killVariable = "FETTLE_TEST_KILLED_SWITCH"

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if text := os.Getenv(killVariable); text != "" {
		fmt.Fprintln(os.Stderr, switchAndBeKilled(text))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// switchAndBeKilled switches back and forth until the end comes.
func switchAndBeKilled(text string) error {
	var k killedSwitch
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return err
	}
	system, err := Open(k.Path, Options{StateDir: k.State, Limits: Limits{Entries: keeps}})
	if err != nil {
		return err
	}
	library := Library{Dir: k.Library}
	fmt.Println("ready")
	for i := 0; ; i++ {
		w := Switch{Op: k.Op, Names: k.Names, Now: k.Now}
		if i%2 == 1 {
			w = Switch{Op: Off, Now: k.Now}
		}
		_, err := system.Update(context.Background(), func(f *File) (*Plan, error) { return w.Plan(f, library, system.Platform) })
		if err != nil {
			return err
		}
	}
}

// kill has another process switch, and ends it at some moment with SIGKILL. The
// file must then be whole: one of the states between which that process was
// switching. The history has what it did, the last change perhaps without its
// having happened.
func (w *walk) kill() {
	op, names := w.someSwitch()
	for _, name := range names {
		if _, ok := w.model.profiles[name]; !ok {
			return
		}
	}
	w.last = fmt.Sprintf("%s %v, killed", op, names)
	w.did["kill"]++
	s := Switch{Op: op, Names: names, Now: w.Now()}
	states := w.statesOf(s)
	if states == nil {
		return
	}
	w.runAndKill(s)
	now := HashOf([]byte(w.content()))
	m, ok := states[now]
	if !ok {
		w.fail("the file is none of the states that it was switched between")
		return
	}
	w.model = m
	entries := w.entries()
	for _, e := range entries {
		if e.Number <= w.number() {
			continue
		}
		before, ok := states[e.Replaced]
		if !ok {
			w.fail("change %d replaced something else", e.Number)
			return
		}
		w.changes = lastOf(append(w.changes, snapshot{number: e.Number, before: before, was: e.Replaced, after: e.Result}))
	}
	if len(entries) == 0 {
		return
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(w.Path), "*"))
	if err != nil {
		w.fail("%v", err)
	}
	if len(left) > 1 || entries[len(entries)-1].Result != now {
		w.did["killed half way"]++
	}
}

// statesOf returns the states between which a process switches, with what the
// user believes of each. It returns nil for a switch that is refused.
func (w *walk) statesOf(s Switch) map[Hash]model {
	m, data := w.model, []byte(w.content())
	states := map[Hash]model{HashOf(data): m}
	for _, next := range []Switch{s, {Op: Off, Now: s.Now}, s, {Op: Off, Now: s.Now}} {
		p, err := next.Plan(Parse(data), w.library, w.Platform)
		if err != nil {
			return nil
		}
		m, data = m.turn(next.Op, next.Names), p.Content()
		states[HashOf(data)] = m
	}
	return states
}

// longest is how long a process may live that is to be killed. In that time it
// switches a few times.
const longest = 8 * time.Millisecond

func (w *walk) runAndKill(s Switch) {
	text, err := json.Marshal(killedSwitch{w.Path, filepath.Join(w.dir, "state"), w.library.Dir, s.Op, s.Names, s.Now})
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killVariable+"="+string(text))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "ready\n" {
		w.t.Errorf("the process that is to be killed said %q, %v", line, err)
	}
	time.Sleep(time.Duration(w.random.Int64N(int64(longest))))
	_ = cmd.Process.Kill() // it may have failed, which Wait tells
	_ = cmd.Wait()
	if stderr.Len() > 0 {
		w.fail("the process that is to be killed failed: %s", &stderr)
	}
}
