package hosts

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief returns a problem in a form that fits a table.
func brief(p Problem) string {
	return fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Severity, p.Rule)
}

func TestCheck(t *testing.T) {
	profile := CheckOptions{Name: "dev", GOOS: "linux"}
	file := CheckOptions{Name: "/etc/hosts", GOOS: "linux", File: true}
	on := func(goos string) CheckOptions { return CheckOptions{File: true, GOOS: goos} }
	over := func(outside string) CheckOptions {
		return CheckOptions{Name: "dev", GOOS: "linux", Hostname: "box.lan", Outside: []byte(outside)}
	}
	ten, eleven := " a b c d e f g h i j", " a b c d e f g h i j k"
	for _, row := range []struct {
		name, text string
		o          CheckOptions
		want       []string
	}{
		{"empty", "", profile, nil},
		{"good", "# dev\n\n127.0.0.1 shop.test SHOP2.test _sip._tcp.x # why\n::1\tsix.test\r\n", profile, nil},
		{"as macOS has it", "127.0.0.1 localhost\n255.255.255.255 broadcasthost\n::1 localhost\nfe80::1%lo0 localhost\n", on("darwin"), nil},
		{"as Debian has it", "127.0.0.1 localhost\n127.0.1.1 box.lan box\n::1 localhost ip6-localhost ip6-loopback\n", file, nil},

		{"no address", "shop.test\n", profile, []string{"1:1 error bad-address"}},
		{"part too large", "\n  256.0.0.1 x.test", profile, []string{"2:3 error bad-address"}},
		{"port at the address", "127.0.0.1:80 x.test", profile, []string{"1:1 error bad-address"}},
		{"no-break space", "127.0.0.1\u00a0x.test", profile, []string{"1:1 error bad-address"}},
		{"octal", "010.000.0.1 x.test", profile, []string{"1:1 error octal-address"}},
		{"short", "127.1 x.test", profile, []string{"1:1 error short-address"}},
		{"hexadecimal", "0x7f000001 x.test", profile, []string{"1:1 error short-address"}},
		{"swapped", "shop.test 127.0.0.1", profile, []string{"1:1 error swapped"}},
		{"no name", " 127.0.0.1 # shop.test", profile, []string{"1:2 error missing-name"}},
		{"zone on Linux", "fe80::1%lo0 localhost", file, []string{"1:8 warning zone"}},

		{"URL", "127.0.0.1 http://shop.test:8080", profile, []string{"1:11 error url"}},
		{"URL with path", "127.0.0.1 ok.test https://shop.test/cart", profile, []string{"1:19 error url"}},
		{"port", "127.0.0.1 shop.test:8080", profile, []string{"1:11 error url"}},
		{"wildcard", "127.0.0.1 *.shop.test", profile, []string{"1:11 error wildcard"}},
		{"trailing dot", "127.0.0.1 shop.test.", profile, []string{"1:11 error trailing-dot"}},
		{"trailing dot elsewhere", "127.0.0.1 shop.test.", on("darwin"), []string{"1:11 warning trailing-dot"}},
		{"address as name", "127.0.0.1 10.0.0.1 ::2", profile, []string{"1:11 error address-as-name", "1:20 error address-as-name"}},
		{"number as name", "127.0.0.1 123", profile, []string{"1:11 error address-as-name"}},
		{"last label of digits", "127.0.0.1 shop.123", profile, nil},
		{"commas", "127.0.0.1 a.test,b.test", profile, []string{"1:11 error bad-name"}},
		{"bad character", "127.0.0.1 shop!.test", profile, []string{"1:11 error bad-name"}},
		{"two dots", "127.0.0.1 shop..test", profile, []string{"1:11 error bad-name"}},
		{"long label", "127.0.0.1 " + strings.Repeat("a", 64) + ".test", profile, []string{"1:11 error bad-name"}},
		{"label of 63", "127.0.0.1 " + strings.Repeat("a", 63) + ".test", profile, nil},
		{"long name", "127.0.0.1 " + strings.Repeat("a.", 126) + "aa", profile, []string{"1:11 error bad-name"}},
		{"dash", "127.0.0.1 -shop.test shop-.test", profile, []string{"1:11 warning dash", "1:22 warning dash"}},
		{"international", "127.0.0.1 bücher.test", profile, []string{"1:11 info international-name"}},
		{"international in a file", "127.0.0.1 bücher.test", file, []string{"1:11 error international-name"}},
		{"international twice", "127.0.0.1 bücher.test xn--bcher-kva.test", profile, []string{"1:11 info international-name", "1:24 info duplicate"}},
		{"international number", "127.0.0.1 １２", profile, []string{"1:11 error bad-name"}},
		{"not UTF-8", "127.0.0.1 b\xfccher.test", profile, []string{"1:11 error bad-name"}},

		{"same name twice", "127.0.0.1 x.test\n127.0.0.1 y.test X.test\n", profile, []string{"2:18 info duplicate"}},
		{"two addresses", "127.0.0.1 x.test\n::1 x.test\n10.0.0.1 x.test\n10.0.0.1 x.test", profile,
			[]string{"3:10 warning two-addresses", "4:10 info duplicate"}},
		{"the same address", "::1 x.test\n0:0::1 x.test", profile, []string{"2:8 info duplicate"}},
		{"localhost elsewhere", "10.0.0.1 localhost", profile, []string{"1:10 error protected-name"}},

		{"carriage return", "127.0.0.1 x.test\r127.0.0.1 y.test\n", profile,
			[]string{"1:17 info stray-cr", "1:18 error address-as-name"}},
		{"CRLF", "127.0.0.1 x.test\r\r\n127.0.0.1 y.test\r", profile, nil},
		{"mark", "\ufeff127.0.0.1 x.test:1\n", profile, []string{"1:11 error url"}},
		{"mark in a file", "\ufeff127.0.0.1 x.test:1\n", file, []string{"1:1 warning byte-order-mark", "1:11 error url"}},
		{"zero byte", "127.0.0.1 x\x00.test\n# \x00\n", profile, []string{"1:12 error zero-byte", "2:3 error zero-byte"}},
		{"UTF-16", "\xff\xfe1\x002\x00", profile, []string{"1:1 error utf-16"}},
		{"long line", "# " + strings.Repeat("x", 70_000), profile, []string{"1:1 info long-line"}},
		{"ten names on Windows", "127.0.0.1" + eleven, on("windows"), []string{"1:29 warning many-names"}},
		{"ten names in a profile", "127.0.0.1" + eleven, CheckOptions{GOOS: "windows"}, nil},
		{"eleven names on macOS", "127.0.0.1" + eleven, on("darwin"), nil},
		{"twelve names on macOS", "127.0.0.1" + eleven + " l", on("darwin"), []string{"1:33 warning many-names"}},
		{"ten names on Linux", "127.0.0.1" + ten, file, nil},
		{"lines of ours", "# >>> fettle >>>\n127.0.0.1 x.test\t#~fettle~\n", profile, []string{"1:1 info fettle-line", "2:1 info fettle-line"}},

		{"override", "127.0.0.1 a.test\n127.0.0.1 x.test\n", over("# \n10.0.0.1 X.test a.test\n"),
			[]string{"1:11 info override", "2:11 info override"}},
		{"no override by the same", "127.0.0.1 x.test\n::1 x.test\n", over("::1 x.test\n127.0.0.1 x.test\n"), nil},
		{"override of one family by the other", "::1 x.test\n", over("127.0.0.1 x.test\n"), []string{"1:5 info override"}},
		{"our own name", "10.0.0.1 box\n", over("127.0.1.1 box.lan box\n"), []string{"1:10 error protected-name"}},
		{"a name like any other", "10.0.0.1 box\n", over("127.0.0.1 localhost\n"), nil},
		{"localhost joins", "::1 localhost\n", over("127.0.0.1 localhost\n"), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, p := range Check([]byte(row.text), row.o) {
				got = append(got, brief(p))
				if p.Message == "" || p.File != row.o.Name || len(p.Text) > maxText {
					t.Errorf("incomplete: %+v", p)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("%.80q: got %q, want %q", row.text, got, row.want)
			}
		})
	}
}

func TestCheckCures(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"127.0.0.1 http://shop.test:8080/", `write "127.0.0.1 shop.test"`},
		{"127.0.0.1 shop.test:8080", `write "127.0.0.1 shop.test"`},
		{"127.0.0.1 a.test;b.test", `write "127.0.0.1 a.test b.test"`},
		{"127.0.0.1 shop.test.", `write "127.0.0.1 shop.test"`},
		{"127.0.0.1\u00a0shop.test", `write "127.0.0.1 shop.test"`},
		{"shop.test 127.0.0.1 www.test", `write "127.0.0.1 shop.test"`},
		{"010.0.0.1 x", "write 10.0.0.1"},
		{"127.1 x", "write 127.0.0.1"},
		{"0 x", "write 0.0.0.0"},
		{"[::1]:80 x", "write ::1"},
		{"10.0.0.0/8 x", "write 10.0.0.0"},
	} {
		problems := Check([]byte(row.text), CheckOptions{})
		if len(problems) != 1 || problems[0].Cure != row.want {
			t.Errorf("%q: got %+v, want one problem with the cure %s", row.text, problems, row.want)
		}
	}
	octal := Check([]byte("010.0.0.1 x"), CheckOptions{})
	if want := "as octal, as 8.0.0.1"; !strings.Contains(octal[0].Message, want) {
		t.Errorf("got %q, want %q in it", octal[0].Message, want)
	}
}

func TestCheckConflicts(t *testing.T) {
	first := Profile{Name: "first", Text: []byte("10.0.0.1 a.test\n10.0.0.1 b.test\n")}
	last := Profile{Name: "last", Text: []byte("10.0.0.9 b.test\n10.0.0.9 c.test\n")}
	text := []byte("10.0.0.5 a.test\n10.0.0.1 B.test\n10.0.0.9 c.test\n")
	for _, row := range []struct {
		name   string
		others []Profile
		want   []string
	}{
		{"between", []Profile{first, {Name: "dev"}, last}, []string{
			`1:10 profile "first" maps a.test to 10.0.0.1; this one comes later and wins`,
			`2:10 profile "last" maps b.test to 10.0.0.9; it comes later and wins`}},
		{"off, so last", []Profile{first, last}, []string{
			`1:10 profile "first" maps a.test to 10.0.0.1; this one comes later and wins`,
			`2:10 profile "last" maps b.test to 10.0.0.9; this one comes later and wins`}},
		{"alone", []Profile{{Name: "dev", Text: first.Text}}, nil},
	} {
		var got []string
		for _, p := range Check(text, CheckOptions{Name: "dev", Others: row.others}) {
			got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestCheckManyLines(t *testing.T) {
	for goos, want := range map[string]int{"linux": 1, "windows": 1, "darwin": 0} {
		got := Check(blocklist(manyNames+1, "ads"), CheckOptions{GOOS: goos})
		if len(got) != want {
			t.Errorf("%s: got %d problems, want %d", goos, len(got), want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", 300), strings.Repeat("é", 300), "x" + strings.Repeat("é", 300), strings.Repeat("\xff", 300)} {
		got := excerpt([]byte(text))
		if len(got) < maxText-3 || len(got) > maxText || !strings.HasPrefix(text, got) {
			t.Errorf("%.10q…: got %d bytes", text, len(got))
		}
		if strings.ToValidUTF8(text, "") == text && strings.ToValidUTF8(got, "") != got {
			t.Errorf("%.10q…: cut inside a character", text)
		}
	}
}

// A profile that Check calls free of errors is written whole; what a section
// leaves out is an error.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		"127.0.0.1 http://shop.test:8080\n127.1 x\nshop.test 127.0.0.1\n",
		"\ufeff127.0.0.1 bücher.test *.x a..b -c # why\r\n::1%lo0 x\r",
		"\n# >>> fettle >>>\n0:0::1 x\x00\n1.2.3.4 5.6.7.8 9 a,b",
	} {
		f.Add([]byte(seed), []byte("10.0.0.1 shop.test x\n::1 c"))
	}
	f.Fuzz(func(t *testing.T, text, other []byte) {
		o := CheckOptions{Name: "dev", GOOS: "linux", Hostname: "box", Outside: other, Others: []Profile{{Name: "other", Text: other}}}
		problems := Check(text, o)
		all := slices.Collect(lines(bytes.TrimPrefix(text, bom)))
		errorLines := map[int]bool{}
		for i, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Line > max(1, len(all)) || len(all) > 0 && p.Column > max(1, len(all[p.Line-1])) {
				t.Errorf("%q: a problem outside of the text: %+v", text, p)
			}
			if i > 0 && p.Line < problems[i-1].Line {
				t.Errorf("%q: line %d comes after %d", text, p.Line, problems[i-1].Line)
			}
			if p.Severity == SeverityError {
				errorLines[p.Line] = true
			}
		}
		if isUTF16(text) {
			return
		}
		plan, err := PlanApply(Parse(nil), []Want{{Profile: Profile{Name: "dev", Text: text}}}, Platform{})
		if err != nil {
			if len(errorLines) == 0 {
				t.Errorf("%q: no error, but the plan says %v", text, err)
			}
			return
		}
		for _, left := range plan.LeftOut {
			if !errorLines[left.Line] {
				t.Errorf("%q: line %d is left out (%s), but no error", text, left.Line, left.Reason)
			}
		}
		if len(errorLines) > 0 {
			return
		}
		for _, p := range Check(plan.Content(), CheckOptions{File: true, GOOS: "linux"}) {
			if p.Severity == SeverityError {
				t.Errorf("%q: written, it has a problem: %+v", text, p)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	text := blocklist(200_000, "host")
	outside := append([]byte("127.0.0.1 localhost\n"), blocklist(122_000, "host")...)
	for _, row := range []struct {
		name string
		o    CheckOptions
	}{
		{"alone", CheckOptions{GOOS: runtime.GOOS}},
		{"over a list", CheckOptions{GOOS: runtime.GOOS, Outside: outside}},
		{"beside a list", CheckOptions{GOOS: runtime.GOOS, Others: []Profile{{Name: "other", Text: outside}}}},
		{"below a list", CheckOptions{Name: "x", GOOS: runtime.GOOS, Others: []Profile{{Name: "x"}, {Name: "other", Text: outside}}}},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Check(text, row.o)
			}
		})
	}
	b.Run("one name", func(b *testing.B) {
		// A name with as many addresses as there are lines must not cost their square.
		var same bytes.Buffer
		for i := range 200_000 {
			fmt.Fprintf(&same, "10.%d.%d.%d one.test\n", i>>16, i>>8&255, i&255)
		}
		for b.Loop() {
			Check(same.Bytes(), CheckOptions{})
		}
	})
}
