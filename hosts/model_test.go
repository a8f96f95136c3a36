package hosts

import (
	"maps"
	"slices"
	"strings"
)

// A model is what the user believes about a hosts file: lines of their own, a
// library of texts, and which of them are on, with the text that they were
// switched on with. It shares no code with the package. Its methods return what
// it becomes; a model itself never changes.
type model struct {
	outside  []string // lines, each with its ending; a last one may have none
	profiles map[string]string
	active   []modelActive
}

type modelActive struct{ name, text string }

func (m model) index(name string) int {
	return slices.IndexFunc(m.active, func(a modelActive) bool { return a.name == name })
}

// turn switches as [Switch] promises to.
func (m model) turn(op Op, names []string) model {
	active := slices.Clone(m.active)
	switch op {
	case Use:
		active = nil
	case Off:
		active = slices.DeleteFunc(active, func(a modelActive) bool { return len(names) == 0 || slices.Contains(names, a.name) })
		names = nil
	case Toggle:
		active = slices.DeleteFunc(active, func(a modelActive) bool { return slices.Contains(names, a.name) })
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return m.index(name) >= 0 })
	case On:
	}
	for _, name := range names {
		is := modelActive{name, m.profiles[name]}
		if i := slices.IndexFunc(active, func(a modelActive) bool { return a.name == name }); i >= 0 {
			active[i] = is
		} else {
			active = append(active, is)
		}
	}
	m.active = active
	return m
}

// save gives a profile another text; remove takes its file away. Neither changes
// what is in force.
func (m model) save(name, text string) model {
	m.profiles = maps.Clone(m.profiles)
	m.profiles[name] = text
	return m
}

func (m model) remove(name string) model {
	m.profiles = maps.Clone(m.profiles)
	delete(m.profiles, name)
	return m
}

// reload puts the text of a profile's file in force, if the profile is.
func (m model) reload(name string) model {
	if i := m.index(name); i >= 0 {
		m.active = slices.Clone(m.active)
		m.active[i].text = m.profiles[name]
	}
	return m
}

// insert and drop are edits of another program, by the number of a line of the
// user's own.
func (m model) insert(at int, line string) model {
	m.outside = slices.Insert(slices.Clone(m.outside), at, line)
	if at > 0 && !strings.HasSuffix(m.outside[at-1], "\n") {
		m.outside[at-1] += "\n"
	}
	return m
}

func (m model) drop(at int) model {
	m.outside = slices.Delete(slices.Clone(m.outside), at, at+1)
	return m
}

// endAs takes from text whether the last line is ended, and nothing else.
func (m model) endAs(text string) model {
	if strings.TrimSuffix(strings.Join(m.outside, ""), "\n") == strings.TrimSuffix(text, "\n") {
		m.outside = slices.Collect(strings.Lines(text))
	}
	return m
}

// resolve returns what names lead to: the last profile that maps one counts, and
// the user's own lines where none does.
func (m model) resolve() table {
	t := mapFile([]byte(strings.Join(m.outside, "")))
	for _, a := range m.active {
		t.override(mapFile([]byte(a.text)))
	}
	return t
}

// looksLike reports whether the hosts file of another model is the same.
func (m model) looksLike(o model) bool {
	return slices.Equal(m.outside, o.outside) && slices.Equal(m.active, o.active)
}

// A snapshot is what a change replaced.
type snapshot struct {
	number     int // of the change
	undoes     int // the change that it took back, or 0
	before     model
	was, after Hash // of the file's bytes
}

// back returns the model as it was in another as far as the hosts file goes: the
// library is not the hosts file's.
func (m model) back(to model) model {
	m.outside, m.active = to.outside, to.active
	return m
}
