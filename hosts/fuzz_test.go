package hosts

import (
	"bytes"
	"strings"
	"testing"
)

// originals are hosts files of every shape that was met; the fuzzers start
// from them.
var originals = []string{
	"",
	"\n",
	"127.0.0.1 localhost",
	"127.0.0.1 localhost\n",
	"127.0.0.1\tlocalhost\r",
	"127.0.0.1 localhost\r\n10.1.1.1 shop.test other",
	"127.0.0.1 localhost\n10.1.1.1 shop.test other\r\n\r\r\n",
	"\xef\xbb\xbf127.0.0.1 localhost\r\n",
	"\xef\xbb\xbf10.1.1.1 shop.test\n::1 localhost",
	"1.2.3.4 SHOP.test a b # why\n::1 localhost ads.test\n  \t\n",
	"10.0.0.9 www.shop.test shop.test\n#10.0.0.9 shop.test\n",
	"10.0.0.1 \xff\xfe\x00 shop.test\nshop.test 10.0.0.1\n",
	"10.1.1.1 shop.test " + strings.Repeat("n.test ", 20_000) + "\n127.0.0.1 localhost\n",
	"fe80::1%lo0 localhost\n255.255.255.255 broadcasthost\n",
}

// profileTexts are texts of profiles that could be mistaken for what Fettle
// writes, or that it has to change.
var profileTexts = []string{
	"",
	"# a list\n0.0.0.0 ads.test\n0.0.0.0 shop.test\n",
	"10.0.0.1 shop.test www.shop.test\r\nnonsense\n::1 six.test",
	"\xef\xbb\xbf127.0.0.1 shop.test\r\r\n\r",
	"# >>> fettle >>>\n# <<< fettle <<<\n#~fettle~ 10.0.0.1 shop.test\n# --- profile x ---\n",
	"10.0.0.1 shop.test\t#~fettle~\n#~fettle~ #~fettle~ x\n# fettle body sha256:00\n",
	"10.0.0.1 größe.test \xff\xfe.test b\x00c\n10.0.0.1\n300.1.1.1 x\n",
	"10.0.0.1 a b c d e f g h i j k l\n",
}

// FuzzOnOff holds what matters most: on, then off, gives back the original byte
// for byte, on twice is on once, and the profiles can be read back.
func FuzzOnOff(f *testing.F) {
	for _, original := range originals {
		for i, text := range profileTexts {
			f.Add([]byte(original), []byte(text), []byte(profileTexts[(i+1)%len(profileTexts)]), uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, original, first, second []byte, maxNames uint8) {
		file := Parse(original)
		if file.Damage != nil || file.section != nil || file.Asides() > 0 || isUTF16(first) || isUTF16(second) {
			return // not a file without anything of ours
		}
		platform := Platform{Hostname: "box", MaxNames: int(maxNames % 12)}
		wants := []Want{want("first", string(first)), want("second", string(second))}
		p, err := PlanApply(file, wants, platform)
		if err != nil {
			return // a protected name
		}
		on := bytes.Clone(p.Content())
		checkOn(t, on, wants)
		again, err := PlanApply(Parse(on), wants, platform)
		if err != nil {
			t.Fatalf("on again: %v", err)
		}
		if !bytes.Equal(again.Content(), on) || !again.Empty() {
			t.Errorf("on twice: got %q, want %q", again.Content(), on)
		}
		off, err := PlanApply(Parse(on), nil, platform)
		if err != nil {
			t.Fatalf("off: %v", err)
		}
		if !bytes.Equal(off.Content(), original) {
			t.Errorf("on and off: got %q, want %q", off.Content(), original)
		}
	})
}

// checkOn checks a file in which the profiles are in force.
func checkOn(t *testing.T, on []byte, wants []Want) {
	t.Helper()
	f := Parse(on)
	if f.Damage != nil {
		t.Fatalf("what was written counts as damaged: %v\n%q", f.Damage, on)
	}
	if f.Edited() {
		t.Errorf("what was written counts as edited: %q", on)
	}
	if !bytes.HasSuffix(on, []byte("\n")) {
		t.Errorf("no last newline: %q", on)
	}
	for i, w := range wants {
		applied, ok := f.Applied(w.Name)
		if want := canonical(w.Text); !ok || !bytes.Equal(applied.Text, want) {
			t.Errorf("profile %s: read back as %q, want %q", w.Name, applied.Text, want)
		}
		if got := f.Active()[i].Hash; got != w.Hash() || got != applied.Hash() {
			t.Errorf("profile %s: the header has %v, the text %v, the block %v", w.Name, got, w.Hash(), applied.Hash())
		}
	}
}

// FuzzParse reads anything. Whatever is not damaged can be switched on and off,
// and what is damaged is refused.
func FuzzParse(f *testing.F) {
	for _, original := range originals {
		f.Add([]byte(original))
		p, err := PlanApply(Parse([]byte(original)), []Want{want("x", "10.0.0.1 shop.test\n")}, Platform{})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Content())
		f.Add(bytes.ReplaceAll(p.Content(), []byte("\n"), []byte("\r\n")))
		f.Add(append(bytes.Clone(p.Content()), "10.0.0.2 shop.test later.test"...))
		f.Add(bytes.Replace(p.Content(), []byte(endMark), []byte("#"), 1))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := Parse(data)
		wants := []Want{want("x", "10.0.0.1 shop.test\n")}
		on, err := PlanApply(file, wants, Platform{})
		if file.Damage != nil {
			if err == nil {
				t.Errorf("a damaged file was planned for: %v", file.Damage)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		checkOn(t, on.Content(), wants)
		off, err := PlanApply(Parse(on.Content()), nil, Platform{})
		if err != nil {
			t.Fatal(err)
		}
		outside := file.Outside()
		if !bytes.Equal(off.Content(), outside) {
			t.Errorf("on and off: got %q, want %q", off.Content(), outside)
		}
	})
}

// FuzzResolve compares what a resolver reads in the written file with what the
// original and then the profiles say, name by name. International names are
// left to a table: the model does not know punycode.
func FuzzResolve(f *testing.F) {
	for _, original := range originals {
		for i, text := range profileTexts {
			f.Add([]byte(original), []byte(text), []byte(profileTexts[(i+3)%len(profileTexts)]))
		}
	}
	f.Fuzz(func(t *testing.T, original, first, second []byte) {
		file := Parse(original)
		if file.Damage != nil || file.section != nil || file.Asides() > 0 || !isASCII(first) || !isASCII(second) {
			return // not a file without anything of ours, or with international names
		}
		p, err := PlanApply(file, []Want{want("first", string(first)), want("second", string(second))}, Platform{Hostname: "box"})
		if err != nil {
			return
		}
		wantTable := mapFile(original)
		for _, text := range [][]byte{first, second} {
			wantTable.override(mapFile(canonical(text)))
		}
		got := mapFile(p.Content())
		for name, addrs := range wantTable {
			if name != "localhost" && !got[name].equal(addrs) {
				t.Errorf("%q: got %v, want %v, in %.2000q", name, got[name], addrs, p.Content())
			}
		}
		for name := range got {
			if _, ok := wantTable[name]; !ok && name != "localhost" {
				t.Errorf("%q: got %v, want nothing, in %.2000q", name, got[name], p.Content())
			}
		}
	})
}
