package hosts

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A Want is a profile that shall be in force.
type Want struct {
	Profile
	Since time.Time
	Until time.Time // zero: until somebody switches it off
	Runs  []Run     // see [Active.Runs]
}

// A Platform holds what a plan has to know about the machine.
type Platform struct {
	Hostname string // never overridden; "" if unknown
	MaxNames int    // how many names the resolver reads in a line; 0: any number
}

// ThisPlatform returns the Platform of the machine that the program runs on.
func ThisPlatform() Platform {
	p := Platform{}
	// Without a name of its own the machine has none that could be overridden.
	p.Hostname, _ = os.Hostname()
	switch runtime.GOOS {
	case "windows", "darwin":
		// Windows reads 9 names of a line (goodhosts/hostsfile 10); macOS may
		// take 35 s for a look-up when a line has 12 (openradar 5247).
		p.MaxNames = 9
	}
	return p
}

// A Plan says what a hosts file shall become, and why. It is a plain value: it
// can be printed, compared and encoded, and it changes nothing until
// [System.Execute] is given it.
type Plan struct {
	Base      Hash       `json:"base"`   // the file that the plan was made for
	Result    Hash       `json:"result"` // the file that it makes
	Before    []Active   `json:"before"` // in force when it was made
	After     []Active   `json:"after"`
	Ended     []Active   `json:"ended"`     // taken out beside what was asked for, as their time is over
	Overrides []Override `json:"overrides"` // outside lines that are set aside
	Shadowed  []Shadow   `json:"shadowed"`  // names that several profiles map
	LeftOut   []LeftOut  `json:"left_out"`  // lines of profiles that no resolver could use
	Localhost []string   `json:"localhost"` // loopback addresses whose first name the section keeps "localhost"

	// Action is what the history says of the change, as "use staging".
	Action string `json:"action"`
	// Undoes is the number of the history entry that the plan takes back, or 0.
	Undoes int `json:"undoes,omitzero"`

	old      []byte
	new      content
	want     []Want // what an elevated step plans again from
	restores bool   // new is a state from the history, for an elevated step to find
	accepts  bool   // the file stays, and the history says that it shall
}

// Empty reports whether the plan changes nothing.
func (p *Plan) Empty() bool { return p.Base == p.Result && !p.accepts }

// Content returns what the file will hold. It is not to be changed.
func (p *Plan) Content() []byte { return p.new.bytes() }

// Summary returns the plan as one line: "on: ads, staging".
func (p *Plan) Summary() string {
	if len(p.After) == 0 {
		return "on: nothing, the original hosts file"
	}
	return "on: " + strings.Join(Names(p.After), ", ")
}

// PlanApply decides what f must become so that exactly the wanted profiles are
// in force, in this order: where two map the same name, the later one wins. It
// depends on its arguments alone. The error is the file's damage, a
// [*ProtectedError], or says that a profile is wanted twice.
func PlanApply(f *File, want []Want, platform Platform) (*Plan, error) {
	if f.Damage != nil {
		return nil, f.Damage
	}
	p := &Plan{
		Before: nonNil(f.Active()), After: []Active{}, Ended: []Active{}, Overrides: []Override{},
		Shadowed: []Shadow{}, LeftOut: []LeftOut{}, Localhost: []string{},
		old: f.Data, want: want,
	}
	if len(want) == 0 {
		p.Base = f.Hash()
		p.new.add(f.Outside())
		p.Result = p.new.hash(f)
		return p, nil
	}
	for i, w := range want {
		if err := CheckName(w.Name); err != nil {
			return nil, err
		}
		if err := checkTimes(w.Since, w.Until, w.Runs); err != nil {
			return nil, fmt.Errorf("profile %q: %w", w.Name, err)
		}
		if slices.ContainsFunc(want[:i], func(v Want) bool { return v.Name == w.Name }) {
			return nil, fmt.Errorf("profile %q is wanted twice", w.Name)
		}
		p.After = append(p.After, Active{
			Name: w.Name, Since: w.Since.UTC().Truncate(time.Second), Until: w.Until.UTC().Truncate(time.Second), Runs: w.Runs,
		})
	}
	c := &composer{plan: p, platform: platform, want: want}
	var err error
	if p.new, err = c.compose(f); err != nil {
		return nil, err
	}
	p.Result = p.new.hash(f)
	return p, nil
}

// PlanRestore decides to put data in the place of f. The data comes from the
// history. f may be damaged; that is what restoring is for.
func PlanRestore(f *File, data []byte) *Plan {
	restored := Parse(data)
	p := &Plan{
		Base: f.Hash(), Result: restored.Hash(), Before: nonNil(f.Active()), After: nonNil(restored.Active()), Ended: []Active{}, Overrides: []Override{},
		Shadowed: []Shadow{}, LeftOut: []LeftOut{}, Localhost: []string{},
		old: f.Data, restores: true,
	}
	p.new.add(data)
	return p
}

// nonNil keeps lists in JSON from being null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// eolOf returns the line ending that new lines in data shall have: the one of
// its first line.
func eolOf(data []byte) string {
	if bytes.HasSuffix(firstLine(data), []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
