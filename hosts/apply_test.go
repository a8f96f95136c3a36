package hosts

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What a resolver finds while profiles are on, for each way in which they can
// disagree with the outside or with one another.
func TestResolution(t *testing.T) {
	const loopback = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
	for _, row := range []struct {
		about    string
		original string
		profiles []string
		want     map[string]string
	}{
		{"a name of its own", loopback, []string{"10.0.0.1 shop.test\n"},
			map[string]string{"shop.test": "10.0.0.1", "localhost": "127.0.0.1 ::1"}},
		{"an outside line is overridden, its other names are not", "1.1.1.1 a.test shop.test b.test # why\n", []string{"10.0.0.1 shop.test\n"},
			map[string]string{"shop.test": "10.0.0.1", "a.test": "1.1.1.1", "b.test": "1.1.1.1", "why": ""}},
		{"in another case", "1.1.1.1 SHOP.Test\n", []string{"10.0.0.1 shop.TEST\n"}, map[string]string{"shop.test": "10.0.0.1"}},
		{"both address families", "1.1.1.1 shop.test\nfd00::1 shop.test\n", []string{"10.0.0.1 shop.test\n"}, map[string]string{"shop.test": "10.0.0.1"}},
		{"with an address of the other family", "1.1.1.1 shop.test\n", []string{"fd00::2 shop.test\n"}, map[string]string{"shop.test": "fd00::2"}},
		{"two addresses in the profile", "1.1.1.1 shop.test\n", []string{"10.0.0.1 shop.test\n10.0.0.2 shop.test\n"},
			map[string]string{"shop.test": "10.0.0.1 10.0.0.2"}},
		{"the outside has one of the two", "10.0.0.2 shop.test\n", []string{"10.0.0.1 shop.test\n10.0.0.2 shop.test\n"},
			map[string]string{"shop.test": "10.0.0.1 10.0.0.2"}},
		{"the same address in another notation", "fd00:0::0:1 shop.test\n", []string{"fd00::1 shop.test\n"}, map[string]string{"shop.test": "fd00::1"}},
		{"several outside lines", "1.1.1.1 shop.test\n2.2.2.2 x shop.test\n", []string{"10.0.0.1 shop.test\n"},
			map[string]string{"shop.test": "10.0.0.1", "x": "2.2.2.2"}},
		{"the later profile wins", loopback, []string{"10.0.0.1 shop.test one.test\n", "10.0.0.2 shop.test two.test\n"},
			map[string]string{"shop.test": "10.0.0.2", "one.test": "10.0.0.1", "two.test": "10.0.0.2"}},
		{"the later of three", loopback, []string{"10.0.0.1 shop.test\n", "10.0.0.2 SHOP.test\n", "10.0.0.3 shop.test\n"}, map[string]string{"shop.test": "10.0.0.3"}},
		{"profiles that agree", loopback, []string{"10.0.0.1 shop.test\n", "10.0.0.1 shop.test\n"}, map[string]string{"shop.test": "10.0.0.1"}},
		{"an outside line on a comment's word", "1.1.1.1 a.test # shop.test\n", []string{"10.0.0.1 shop.test\n"},
			map[string]string{"shop.test": "10.0.0.1", "a.test": "1.1.1.1"}},
		{"international names", "1.1.1.1 xn--gre-6ka8i.test\n", []string{"10.0.0.1 größe.test\n"}, map[string]string{"xn--gre-6ka8i.test": "10.0.0.1"}},
		{"localhost of both families, one line set aside", "127.0.0.1 localhost\n::1 localhost shop.test\n", []string{"10.0.0.1 shop.test\n127.0.0.1 localhost\n"},
			map[string]string{"shop.test": "10.0.0.1", "localhost": "127.0.0.1 ::1"}},
		{"a line that no resolver reads", loopback, []string{"999.1.1.1 shop.test\n10.0.0.1\n10.0.0.2 good.test\n"},
			map[string]string{"shop.test": "", "good.test": "10.0.0.2"}},
	} {
		_, on := switchOn(t, row.original, Platform{Hostname: "box"}, row.profiles...)
		for name, addrs := range row.want {
			if got := addresses(on, name); got != addrs {
				t.Errorf("%s: %s is %q, want %q, in\n%s", row.about, name, got, addrs, on)
			}
		}
	}
}

func TestReverseLookup(t *testing.T) {
	for _, row := range []struct{ original, profile, addr, want string }{
		{"127.0.0.1 localhost\n", "127.0.0.1 shop.test\n", "127.0.0.1", "localhost"},
		{"", "127.0.0.1 shop.test\n", "127.0.0.1", "localhost"},
		{"", "::1 shop.test\n", "::1", "localhost"},
		{"127.0.0.1 localhost\n", "::1 shop.test\n127.0.0.1 shop.test\n", "::1", "localhost"},
		{"", "0:0:0:0:0:0:0:1 shop.test\n", "::1", "localhost"},
		{"0:0::1 localhost\n", "::1 shop.test\n", "::1", "localhost"},
		{"127.0.0.1\n127.0.0.1 # nothing\n", "127.0.0.1 shop.test\n", "127.0.0.1", "localhost"},
		{"\xef\xbb\xbf127.0.0.1 localhost\n", "127.0.0.1 shop.test\n", "127.0.0.1", "localhost"},
		{"127.0.0.1 localhost shop.test\n", "10.0.0.1 shop.test\n", "127.0.0.1", "localhost"},
		{"127.0.0.1 shop.test\n", "10.0.0.1 shop.test\n127.0.0.1 other.test\n", "127.0.0.1", "localhost"},
		{"127.0.0.1 box localhost\n", "127.0.0.1 shop.test\n", "127.0.0.1", "box"}, // the user's own choice
		{"127.0.0.1 localhost\n", "10.0.0.1 shop.test\n", "10.0.0.1", "shop.test"},
	} {
		_, on := switchOn(t, row.original, Platform{}, row.profile)
		if got := firstName(on, row.addr); got != row.want {
			t.Errorf("%q with %q: %s is %q, want %q, in\n%s", row.original, row.profile, row.addr, got, row.want, on)
		}
	}
}

func TestProtectedNames(t *testing.T) {
	const original = "127.0.0.1 localhost\n255.255.255.255 broadcasthost\nfe00::0 ip6-localnet\n127.0.1.1 Box.example.com box\n"
	for _, row := range []struct {
		profile string
		name    string // that is refused, "" for none
	}{
		{"10.0.0.1 localhost\n", "localhost"},
		{"10.0.0.1 LocalHost\n", "localhost"},
		{"10.0.0.1 ｌｏｃａｌｈｏｓｔ\n", "localhost"},
		{"10.0.0.1 x broadcasthost\n", "broadcasthost"},
		{"10.0.0.1 ip6-localnet\n", "ip6-localnet"},
		{"10.0.0.1 box\n", "box"},
		{"10.0.0.1 box.EXAMPLE.com\n", "box.example.com"},
		{"127.0.0.1 localhost\n::1 localhost\n", ""},
		{"255.255.255.255 broadcasthost\n", ""},
		{"127.0.1.1 box\n", ""},
		{"10.0.0.1 boxer\n", ""},
	} {
		_, err := PlanApply(Parse([]byte(original)), []Want{want("x", row.profile)}, Platform{Hostname: "Box.example.com"})
		protected, ok := errors.AsType[*ProtectedError](err)
		switch {
		case row.name == "" && err != nil:
			t.Errorf("%q: got %v, want no error", row.profile, err)
		case row.name != "" && (!ok || protected.Name != row.name || protected.Profile != "x"):
			t.Errorf("%q: got %v, want a ProtectedError about %s", row.profile, err, row.name)
		}
	}
}

// A word that becomes several under the mapping of international names must not
// get a name past the protection, or make a comment of the rest of its line.
func TestFoldNameStaysOneWord(t *testing.T) {
	for _, word := range []string{"localhost\u3000x", "a\u00a0b", "a＃b", "a\u2028b", "\u3000", "größe\u3000x"} {
		_, on := switchOn(t, "127.0.0.1 localhost\n", Platform{}, "10.0.0.1 "+word+" good.test\n")
		for _, name := range []string{"localhost", "x", "a", "b"} {
			if got := addresses(on, name); strings.Contains(got, "10.0.0.1") {
				t.Errorf("%q maps %s, in\n%s", word, name, on)
			}
		}
		if got := addresses(on, "good.test"); got != "10.0.0.1" {
			t.Errorf("behind %q, good.test is %q, in\n%s", word, got, on)
		}
	}
}

func TestMaxNames(t *testing.T) {
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("n%d.test", i))
	}
	original := "1.1.1.1 " + strings.Join(names[:25], " ") + "\n"
	_, on := switchOn(t, original, Platform{MaxNames: 9}, "10.0.0.1 n3.test "+strings.Join(names[25:], " ")+"\n")
	for line := range strings.Lines(string(on)) {
		if line, _, _ = strings.Cut(line, "#"); len(strings.Fields(line)) > 10 {
			t.Errorf("more than 9 names: %q", line)
		}
	}
	for i, name := range names {
		want := "1.1.1.1"
		if i == 3 || i >= 25 {
			want = "10.0.0.1"
		}
		if got := addresses(on, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestPlanSaysWhatItDoes(t *testing.T) {
	p, _ := switchOn(t, "127.0.0.1 localhost\n1.1.1.1 Shop.test\n", Platform{},
		"10.0.0.1 shop.test\n10.0.0.1 both.test\nnonsense\n", "::1 six.test\n10.0.0.2 both.test\n")
	wantJSON(t, "overrides", p.Overrides, `[{"name":"shop.test","line":2,"from":"1.1.1.1","to":"10.0.0.1","profile":"p0"}]`)
	wantJSON(t, "shadowed", p.Shadowed, `[{"name":"both.test","loser":"p0","winner":"p1"}]`)
	wantJSON(t, "left out", p.LeftOut, `[{"profile":"p0","line":3,"text":"nonsense","reason":"its first word is not an IP address"}]`)
	wantJSON(t, "localhost", p.Localhost, `["::1"]`)
}

// What other programs do to the file while a profile is on.
func TestOffAfterOthers(t *testing.T) {
	const original = "127.0.0.1 localhost\n1.1.1.1 shop.test www.test\n2.2.2.2 other.test"
	const profile = "10.0.0.1 shop.test\n"
	toCRLF := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	cutSection := func(s string) string { return s[:strings.Index(s, beginMark)] }
	for _, row := range []struct {
		about string
		edit  func(on string) string
		want  string
	}{
		{"nothing", func(s string) string { return s }, original},
		{"lines below the section", func(s string) string { return s + "3.3.3.3 late.test\n" }, original + "\n3.3.3.3 late.test\n"},
		{"a line below without a newline", func(s string) string { return s + "3.3.3.3 late.test" }, original + "\n3.3.3.3 late.test"},
		{"lines above", func(s string) string { return "# head\n" + s }, "# head\n" + original},
		{"a line moved while set aside",
			func(s string) string {
				line := asidePrefix + "1.1.1.1 shop.test www.test\n"
				return line + strings.Replace(s, line, "", 1)
			},
			"1.1.1.1 shop.test www.test\n127.0.0.1 localhost\n2.2.2.2 other.test"},
		{"a line moved below the section",
			func(s string) string {
				line := asidePrefix + "1.1.1.1 shop.test www.test\n"
				return strings.Replace(s, line, "", 1) + line
			},
			"127.0.0.1 localhost\n2.2.2.2 other.test\n1.1.1.1 shop.test www.test\n"},
		{"a set aside line deleted", func(s string) string {
			return strings.Replace(s, asidePrefix+"1.1.1.1 shop.test www.test\n", "", 1)
		}, "127.0.0.1 localhost\n2.2.2.2 other.test"},
		{"the section deleted", cutSection, original + "\n"},
		{"all line ends made CRLF", toCRLF, toCRLF(original)},
		{"lines of the section edited", func(s string) string { return strings.Replace(s, "10.0.0.1", "10.0.0.7", 1) }, original},
	} {
		_, on := switchOn(t, original, Platform{}, profile)
		edited := Parse([]byte(row.edit(string(on))))
		off, err := PlanApply(edited, nil, Platform{})
		if err != nil {
			t.Errorf("%s: %v", row.about, err)
			continue
		}
		if string(off.Content()) != row.want {
			t.Errorf("%s: after off: got %q, want %q", row.about, off.Content(), row.want)
		}
	}
}

// Another profile over a file that others have changed keeps their lines, puts
// the section last and then gives back what off would have.
func TestSwitchAfterOthersAppended(t *testing.T) {
	_, on := switchOn(t, "1.1.1.1 shop.test\n", Platform{}, "10.0.0.1 shop.test\n")
	appended := string(on) + "2.2.2.2 late.test shop.test\n"
	_, other := switchOn(t, appended, Platform{}, "10.0.0.2 late.test\n")
	if !bytes.HasSuffix(other, []byte(endMark+"\n")) {
		t.Errorf("the section is not the last thing in the file:\n%s", other)
	}
	for name, want := range map[string]string{"late.test": "10.0.0.2", "shop.test": "1.1.1.1 2.2.2.2"} {
		if got := addresses(other, name); got != want {
			t.Errorf("%s is %q, want %q, in\n%s", name, got, want, other)
		}
	}
	off, err := PlanApply(Parse(other), nil, Platform{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "1.1.1.1 shop.test\n2.2.2.2 late.test shop.test\n"; string(off.Content()) != want {
		t.Errorf("off: got %q, want %q", off.Content(), want)
	}
}

func TestDeletedSectionIsNoticed(t *testing.T) {
	_, on := switchOn(t, "1.1.1.1 shop.test\n", Platform{}, "10.0.0.1 shop.test\n")
	f := Parse(on[:bytes.Index(on, []byte(beginMark))])
	if f.Asides() != 1 || len(f.Active()) != 0 {
		t.Errorf("got %d lines set aside and %v on, want 1 and none", f.Asides(), f.Active())
	}
}

// Only what Fettle sets aside is given back: a marker behind the prefix must not
// become one.
func TestPrefixOfOthers(t *testing.T) {
	for _, original := range []string{
		"#~fettle~ # <<< fettle <<<\n", "#~fettle~ # >>> fettle >>>\n", "#~fettle~ #~fettle~ 1.1.1.1 a\n", "#~fettle~ \n", "#~fettle~ # a comment\n",
	} {
		f := Parse([]byte(original))
		if f.Asides() != 0 || string(f.Outside()) != original {
			t.Errorf("%q: got %d lines set aside and %q outside", original, f.Asides(), f.Outside())
		}
	}
}

func TestDamage(t *testing.T) {
	_, b := switchOn(t, "1.1.1.1 a.test\n", Platform{}, "10.0.0.1 shop.test\n")
	on := string(b)
	begin, end := beginLine+"\n", endMark+"\n"
	active := on[strings.Index(on, activePrefix):strings.Index(on, bodyPrefix)]
	body := on[strings.Index(on, bodyPrefix):strings.Index(on, blockPrefix)]
	for _, row := range []struct {
		about, data string
		lines       int // how many the error shows
	}{
		{"no first line", strings.Replace(on, begin, "", 1), 1},
		{"no last line", strings.Replace(on, end, "", 1), 1},
		{"two first lines", strings.Replace(on, begin, begin+begin, 1), 3},
		{"two last lines", on + end, 3},
		{"two sections", on + on, 4},
		{"the wrong way round", end + begin, 2},
		{"a header that cannot be read", strings.Replace(on, active, activePrefix+"x\n", 1), 1},
		{"a name that is none", strings.Replace(on, activePrefix+"p0", activePrefix+"../p0", 1), 1},
		{"a line in the header", strings.Replace(on, body, "1.1.1.1 b\n"+body, 1), 1},
		{"a header without an end", strings.Replace(on, body, "", 1), 1},
		{"only the markers", begin + end, 0},
	} {
		f := Parse([]byte(row.data))
		damage, ok := errors.AsType[*DamageError](f.Damage)
		if !ok {
			t.Errorf("%s: got %v, want damage", row.about, f.Damage)
			continue
		}
		if len(damage.Lines) < min(row.lines, 1) || row.lines > 1 && len(damage.Lines) != row.lines {
			t.Errorf("%s: got lines %v, want %d", row.about, damage.Lines, row.lines)
		}
		for _, l := range damage.Lines {
			if want := strings.Split(row.data, "\n")[l.Number-1]; l.Text != want || !strings.Contains(damage.Error(), fmt.Sprintf("line %d: %s", l.Number, want)) {
				t.Errorf("%s: line %d is shown as %q, want %q, in %v", row.about, l.Number, l.Text, want, damage)
			}
		}
		if _, err := PlanApply(f, nil, Platform{}); !errors.Is(err, f.Damage) {
			t.Errorf("%s: off: got %v, want the damage", row.about, err)
		}
		if p := PlanRestore(f, []byte("1.1.1.1 a.test\n")); string(p.Content()) != "1.1.1.1 a.test\n" {
			t.Errorf("%s: restore: got %q", row.about, p.Content())
		}
	}
}

func TestUTF16(t *testing.T) {
	utf16 := func(s string, low int) []byte {
		out := make([]byte, 0, 2*len(s))
		for _, c := range []byte(s) {
			pair := [2]byte{}
			pair[low] = c
			out = append(out, pair[:]...)
		}
		return out
	}
	const text = "127.0.0.1 localhost\r\n"
	for about, data := range map[string][]byte{
		"little endian": append([]byte("\xff\xfe"), utf16(text, 0)...), "big endian": append([]byte("\xfe\xff"), utf16(text, 1)...),
		"little endian without a mark": utf16(text, 0), "big endian without a mark": utf16(text, 1),
	} {
		f := Parse(data)
		if _, err := PlanApply(f, []Want{want("x", "10.0.0.1 x\n")}, Platform{}); !errors.Is(err, ErrUTF16) {
			t.Errorf("%s: got %v, want ErrUTF16", about, err)
		}
	}
	for _, text := range []string{"127.0.0.1 localhost\x00\x00\x00\x00\n", "127.0.0.1 größe\n"} {
		if f := Parse([]byte(text)); f.Damage != nil {
			t.Errorf("%q: got %v, want no damage", text, f.Damage)
		}
	}
}
