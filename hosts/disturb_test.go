package hosts

import (
	"slices"
	"strings"
	"testing"
)

// replacing returns an edit that replaces a text that must be there.
func replacing(t *testing.T, old, new string) func(string) string {
	return func(content string) string {
		if !strings.Contains(content, old) {
			t.Fatalf("%q is not in %q", old, content)
		}
		return strings.Replace(content, old, new, 1)
	}
}

func TestDisturbed(t *testing.T) {
	for _, row := range []struct {
		about string
		edit  func(string) string
		want  Harm
	}{
		{"nothing", func(s string) string { return s }, Unharmed},
		{"a line above", func(s string) string { return "1.2.3.4 above.test\n" + s }, Unharmed},
		{"a line below", func(s string) string { return s + "1.2.3.4 below.test\n" }, Unharmed},
		{"a line at the end of the section", replacing(t, endMark, "1.2.3.4 inside.test\n"+endMark), Unharmed},
		{"other line endings", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, Unharmed},
		{"a changed line", replacing(t, "127.0.0.1 z.test", "127.0.0.2 z.test"), Edited},
		{"a line in the middle", replacing(t, blockPrefix+"z", "1.2.3.4 inside.test\n"+blockPrefix+"z"), Edited},
		{"a lost line", replacing(t, "127.0.0.1 z.test\n", ""), Edited},
		{"the original", func(string) string { return testOriginal }, Removed},
		{"another file", func(string) string { return "127.0.0.1 localhost\n" }, Removed},
		{"an empty file", func(string) string { return "" }, Removed},
		{"a lost header line", func(s string) string {
			at := strings.Index(s, activePrefix+"z")
			return s[:at] + s[at+strings.Index(s[at:], "\n")+1:]
		}, Replaced},
		{"a lost marker", replacing(t, endMark, "#"), Damaged},
		{"UTF-16", func(s string) string { return "\xff\xfe" + s }, Damaged},
	} {
		b := newBox(t, Limits{})
		b.change(On, "x", "z")
		b.edit(row.edit)
		f, err := b.Read()
		if err != nil {
			t.Fatal(err)
		}
		d := Disturbed(f, b.entries())
		if d.Harm != row.want || strings.Join(d.Was, " ") != "x z" {
			t.Errorf("%s: got %+v, want %q", row.about, d, row.want)
		}
		// To accept it changes nothing, and ends it.
		before := b.content()
		b.update(func(f *File) (*Plan, error) { return PlanAccept(f), nil })
		b.want(row.about+", accepted", before)
		if d := Disturbed(f, b.entries()); d.Harm != Unharmed {
			t.Errorf("%s, accepted: got %+v", row.about, d)
		}
	}
}

func TestDisturbedProfiles(t *testing.T) {
	b := newBox(t, Limits{})
	b.change(On, "x", "z")
	b.edit(replacing(t, "127.0.0.1 z.test", "127.0.0.2 z.test"))
	f, err := b.Read()
	if err != nil {
		t.Fatal(err)
	}
	if d := Disturbed(f, b.entries()); !slices.Equal(d.Edited, []string{"z"}) {
		t.Errorf("got %+v, want that z was edited", d)
	}
	b.edit(func(s string) string {
		return s[:strings.Index(s, beginMark)] // x has set a line aside
	})
	if f, err = b.Read(); err != nil {
		t.Fatal(err)
	}
	if d := Disturbed(f, b.entries()); d.Harm != Removed || d.Asides != 1 {
		t.Errorf("got %+v, want that the section is gone, and one line still set aside", d)
	}
}

// Lines that other programs write at the end of the section, or behind it, are
// theirs, and stay.
func TestAppendedLinesStay(t *testing.T) {
	for _, original := range originals {
		p, err := PlanApply(Parse([]byte(original)), []Want{want("a", "10.0.0.1 a.test\n"), want("b", "10.0.0.2 b.test\n")}, Platform{})
		if err != nil {
			t.Fatal(err)
		}
		const inside, behind = "# theirs\n10.7.7.7 inside.test\n", "10.8.8.8 behind.test\n"
		on := replacing(t, endMark, inside+endMark)(string(p.Content())) + behind
		f := Parse([]byte(on))
		if f.Damage != nil || f.Edited() || len(f.Active()) != 2 {
			t.Errorf("%q: damage %v, edited %t, active %v", on, f.Damage, f.Edited(), f.Active())
		}
		off, err := PlanApply(f, nil, Platform{})
		if err != nil {
			t.Fatal(err)
		}
		base := original
		if base != "" && !strings.HasSuffix(base, "\n") {
			base += eolOf([]byte(base))
		}
		if got, want := string(off.Content()), base+inside+behind; got != want {
			t.Errorf("off: got %q, want %q", got, want)
		}
	}
}

func TestChanges(t *testing.T) {
	b := newBox(t, Limits{})
	none := b.content()
	b.change(On, "x")
	on := b.content()
	b.change(On, "z")
	both := b.content()
	for _, row := range []struct {
		about    string
		old, new string // "-" for no file
		want     string
	}{
		{"the same", on, on, ""},
		{"on", none, on, "profiles"},
		{"on and a line", none, "#\n" + on, "profiles outside"},
		{"one more", on, both, "profiles"},
		{"another text", on, strings.Replace(on, Parse([]byte(on)).Active()[0].Hash.String(), Hash{}.String(), 1), "text"},
		{"a limit", on, withLineEnds(on, map[string]string{"x": " until 2026-11-20T21:10:00Z"}), "limits"},
		{"a run", on, withLineEnds(on, map[string]string{"x": " run 1:1"}), "limits"},
		{"an edit", on, strings.Replace(on, "10.0.0.1", "10.0.0.3", 1), "section"},
		{"a line outside", on, on + "1.1.1.1 x.test\n", "outside"},
		{"damage", on, strings.Replace(on, endMark, "", 1), "damage"},
		{"gone", on, "-", "missing"},
		{"back", "-", on, "missing"},
		{"still gone", "-", "-", ""},
	} {
		file := func(content string) *File {
			if content == "-" {
				return nil
			}
			return Parse([]byte(content))
		}
		var got []string
		for _, c := range Changes(file(row.old), file(row.new)) {
			got = append(got, string(c))
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: got %q, want %q", row.about, got, row.want)
		}
	}
}
