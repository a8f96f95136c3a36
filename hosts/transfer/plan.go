package transfer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"fettle/hosts"
)

// A Plan is what an import makes.
type Plan struct {
	Program string   `json:"program"` // what the source is, such as [SwitchHosts]
	Steps   []Step   `json:"profiles"`
	Omitted []string `json:"omitted"` // see [Source]; never nil
}

// An Outcome is what becomes of a profile that was found.
type Outcome string

// The outcomes.
const (
	Make   Outcome = "make"   // a profile is made
	Same   Outcome = "same"   // there is one of this name and text already
	Refuse Outcome = "refuse" // its text cannot be a profile
)

// A Step is what becomes of one profile that was found.
type Step struct {
	Name    string  `json:"name"`
	Title   string  `json:"title"` // its name in the source
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"` // why it was refused
	On      bool    `json:"was_on"`           // whether it was in force there
	Lines   int     `json:"lines"`
	// LeftOut are the lines of the text that every hosts file has for itself.
	LeftOut []hosts.NumberedLine `json:"left_out"`
	// Source is the URL from which the profile will be fetched, as it may be
	// shown; "" if it will not.
	Source string `json:"source"`
	// Unsubscribed says why a profile that was fetched there will not be here.
	Unsubscribed string `json:"unsubscribed,omitempty"`

	profile      hosts.Profile
	subscription *hosts.Subscription
}

// PlanImport decides what becomes of a source. A profile of the library is never
// overwritten: if its text is another one, the new profile gets a number behind
// its name. Name, if not "", is the name for a source with one profile.
func PlanImport(s *Source, library hosts.Library, platform hosts.Platform, name string) (*Plan, error) {
	if name != "" {
		if len(s.Found) != 1 {
			return nil, fmt.Errorf("there are %d profiles in it, so they cannot all be called %s", len(s.Found), name)
		}
		if err := hosts.CheckName(name); err != nil {
			return nil, err
		}
	}
	taken, err := takenNames(library)
	if err != nil {
		return nil, err
	}
	p := &Plan{Program: s.Program, Omitted: append([]string{}, s.Omitted...)}
	for _, found := range s.Found {
		wanted := name
		if wanted == "" {
			wanted = NameFor(found.Title)
		}
		step := plan(found, platform)
		if step.Outcome != Refuse {
			settleName(&step, wanted, taken)
		}
		p.Steps = append(p.Steps, step)
	}
	return p, nil
}

// taken has the hash of the text of each profile, by its name in lower case: two
// names that differ in case are one file on macOS and Windows.
type taken map[string]hosts.Hash

func takenNames(library hosts.Library) (taken, error) {
	list, err := library.List()
	if err != nil {
		return nil, err
	}
	t := taken{}
	for _, l := range list {
		var hash hosts.Hash // of a profile that cannot be read: equal to no other
		if p, err := library.Load(l.Name); err == nil {
			hash = p.Hash()
		}
		t[strings.ToLower(l.Name)] = hash
	}
	return t, nil
}

// plan decides on a profile, except for its name.
func plan(found Found, platform hosts.Platform) Step {
	step := Step{Title: found.Title, Outcome: Make, On: found.On}
	text, left := hosts.WithoutProtected(found.Text, platform)
	step.LeftOut = append([]hosts.NumberedLine{}, left...)
	if err := hosts.CheckText(text); err != nil {
		step.Outcome, step.Reason = Refuse, err.Error()
		return step
	}
	step.Lines = strings.Count(string(text), "\n")
	if len(text) > 0 && text[len(text)-1] != '\n' {
		step.Lines++
	}
	step.profile.Text = text
	if found.URL == "" {
		return step
	}
	every := found.Every
	if every > 0 {
		every = max(every, hosts.MinEvery)
	}
	sub := hosts.Subscription{URL: found.URL, Every: every}
	if err := sub.Check(); err != nil {
		step.Unsubscribed = err.Error()
		if errors.Is(err, hosts.ErrInsecure) {
			step.Unsubscribed = "its URL begins with http://"
		}
		return step
	}
	step.subscription, step.Source = &sub, sub.Source()
	return step
}

// settleName gives a step a name that is free, or that of the profile with the
// same text.
func settleName(step *Step, wanted string, taken taken) {
	hash := step.profile.Hash()
	for i := 1; ; i++ {
		name := wanted
		if i > 1 {
			name = fmt.Sprintf("%s-%d", wanted, i)
		}
		have, ok := taken[strings.ToLower(name)]
		if ok && have != hash {
			continue
		}
		step.Name, step.profile.Name = name, name
		if ok {
			step.Outcome = Same
		}
		taken[strings.ToLower(name)] = hash
		return
	}
}

// Execute makes the profiles. It goes on after one that fails; done has the names
// of those that were made.
func (p *Plan) Execute(library hosts.Library) (done []string, err error) {
	var errs []error
	for _, step := range p.Steps {
		if step.Outcome != Make {
			continue
		}
		var err error
		if step.subscription != nil {
			err = library.CreateSubscribed(step.profile, *step.subscription)
		} else {
			err = library.Create(step.profile)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		done = append(done, step.Name)
	}
	return done, errors.Join(errs...)
}

// WereOn returns the names of the profiles that were in force where they come
// from.
func (p *Plan) WereOn() []string {
	var names []string
	for _, step := range p.Steps {
		if step.On && step.Outcome != Refuse && !slices.Contains(names, step.Name) {
			names = append(names, step.Name)
		}
	}
	return names
}

// NameFor returns the name of a profile that is closest to a title: accents go,
// and what a name cannot hold becomes a dash.
func NameFor(title string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.TrimSpace(title)) {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '_', r == '-':
			b.WriteRune(r)
		case 0x300 <= r && r <= 0x36f: // combining accents
		default:
			b.WriteByte('-')
		}
	}
	name := b.String()
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	name = strings.TrimRight(strings.TrimLeft(name[:min(len(name), maxName)], ".-"), "-")
	if hosts.CheckName(name) == nil {
		return name
	}
	return strings.TrimSuffix("profile-"+name, "-") // "", or a name that Windows reserves
}

// maxName leaves room for a number behind it.
const maxName = 80
