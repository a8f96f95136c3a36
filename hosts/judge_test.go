package hosts

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"
)

var judgements = []struct {
	name, text string
	kind       string // "" for a hosts list
	says       string
}{
	{"a list", goodList, "", ""},
	{"byte order mark and CRLF", "\ufeff# x\r\n0.0.0.0 ads.test\r\n", "", ""},
	{"macOS boilerplate", "127.0.0.1 localhost\nfe80::1%lo0 localhost\n0.0.0.0 ads.test # why\n", "", ""},
	{"a few bad lines", "0.0.0.0 a.test\n0.0.0.0 b.test\nnonsense here\n", "", ""},
	{"Latin-1 in a comment", "# caf\xe9\n0.0.0.0 ads.test\n", "", ""},
	{"nothing", "", "empty", "nothing"},
	{"blanks", "\ufeff \n\t\r\n", "empty", "nothing"},
	{"comments", "# gone\n  # away\n", "no-hosts", "nothing but comments"},
	{"page", "<!DOCTYPE html><html><title>Hello</title>", "web-page", `a web page titled "Hello"`},
	{"page behind blanks, mark and comment", "\ufeff\n \n<!-- 0.0.0.0 x -->\n<HTML><body>0.0.0.0 ads.test", "web-page", "a web page instead"},
	{"login page", "<html><TITLE a=b>\n Caf\u00e9\x1b[31m &amp; you </TITLE><input type=\"password\">", "web-page", `likely one to log in on, titled "Café\x1b[31m & you"`},
	{"long title", "<title>" + strings.Repeat("é", 100) + "</title>", "web-page", strings.Repeat("é", 60) + `…"`},
	{"XML", "<?xml version='1.0'?><rss/>", "web-page", "a web page"},
	{"JSON object", ` {"error": "no"}`, "json", "JSON"},
	{"JSON list", "[\n\"ads.test\"]", "json", "JSON"},
	{"torn JSON", `{"error": "n`, "json", "JSON"},
	{"gzip", "\x1f\x8b\x08\x00", "archive", "a gzip archive"},
	{"zip", "PK\x03\x04zzz", "archive", "a zip archive"},
	{"UTF-16", "\xff\xfe0\x00.\x000\x00", "utf-16", "UTF-16"},
	{"zero byte", "0.0.0.0 ads.test\n0.0.0.0 a\x00b\n", "binary", `line 2 has the control character '\x00'`},
	{"escape sequence", "0.0.0.0 ads.test # \x1b]0;owned\x07\n", "binary", `'\x1b'`},
	{"C1", "0.0.0.0 ads.test # \u009b31m\n", "binary", `'\u009b'`},
	{"names only", "# names\nads.test\ntracker.test\n", "names-only", "a list of names without addresses"},
	{"names only but one", "127.0.0.1 localhost\nads.test\ntracker.test\nx.test\n", "names-only", "a list of names without addresses"},
	{"Adblock", "[Adblock Plus 2.0]\n! Title: x\n||ads.test^\n", "filter-list", "a filter list for browsers"},
	{"dnsmasq", "address=/ads.test/0.0.0.0\n", "filter-list", "a list for dnsmasq"},
	{"prose", "Not found, sorry.\nTry again later.\n", "no-hosts", "no line maps a name"},
	{"mostly prose", "127.0.0.1 localhost\nNot found\nTry again\n", "no-hosts", "only 1 of 3 lines"},
	{"addresses only", "0.0.0.0\n10.0.0.1\n", "no-hosts", "no line maps a name"},
}

func TestJudge(t *testing.T) {
	for _, row := range judgements {
		err := Judge([]byte(row.text))
		var content *ContentError
		switch {
		case row.kind == "" && err == nil:
		case !errors.As(err, &content) || content.Kind != row.kind || !strings.Contains(err.Error(), row.says):
			t.Errorf("%s: got %#v, want %q with %q", row.name, err, row.kind, row.says)
		}
	}
}

// FuzzJudge holds what makes a text of a stranger harmless: what is accepted has
// nothing that a terminal acts on, and maps a name; what is refused is refused
// in words that a terminal shows as they are.
func FuzzJudge(f *testing.F) {
	for _, row := range judgements {
		f.Add([]byte(row.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		err := Judge(text)
		if err != nil {
			if said := err.Error(); printable(said) != said || !utf8.ValidString(said) || len(said) > 1000 {
				t.Errorf("refused with %q", said)
			}
			return
		}
		if strings.ContainsAny(string(text), "\x00\x07\x08\x1b\x7f") {
			t.Error("accepted with a control character")
		}
		if mapsNothing(text) {
			t.Error("accepted without a mapping")
		}
		if shown := string(escapeLines(text)); printable(strings.NewReplacer("\n", "", "\t", "").Replace(shown)) != strings.NewReplacer("\n", "", "\t", "").Replace(shown) {
			t.Errorf("shown as %q", shown)
		}
		if err := Judge(append(text, '\n')); err != nil {
			t.Errorf("refused with one newline more: %v", err)
		}
		// A list that is accepted once brings nothing new the second time.
		if again := NewRedirects(text, text); len(again) > 0 {
			t.Errorf("new to itself: %v", again)
		}
	})
}

func mapsNothing(text []byte) bool {
	return !anyEntry(text, func(_ netip.Addr, _ []byte) bool { return true })
}

func TestNewRedirects(t *testing.T) {
	for _, row := range []struct {
		name, accepted, update string
		want                   string
	}{
		{"blocklist", "", "0.0.0.0 a\n127.0.0.1 b\n::1 c\n:: d\n127.9.9.9 e\n::ffff:127.0.0.1 f\n", ""},
		{"first time", "", "10.0.0.1 a.test\n", "a.test>10.0.0.1@1"},
		{"known", "10.0.0.1 a.test b.test\n", "# moved\n10.0.0.1 b.test\n10.0.0.1 A.TEST\n", ""},
		{"known name, other address", "10.0.0.1 a.test\n", "10.0.0.2 a.test\n", "a.test<10.0.0.1>10.0.0.2@1"},
		{"blocked, then led away", "0.0.0.0 a.test\n", "\n10.0.0.2 a.test\n", "a.test<0.0.0.0>10.0.0.2@2"},
		{"led away, then blocked", "10.0.0.2 a.test\n", "0.0.0.0 a.test\n", ""},
		{"a second address", "10.0.0.2 a.test\n", "10.0.0.2 a.test\n10.0.0.3 a.test\n", "a.test<10.0.0.2>10.0.0.3@2"},
		{"once each", "", "10.0.0.1 a.test a.test\n10.0.0.1 A.test\n", "a.test>10.0.0.1@1"},
		{"international", "10.0.0.1 xn--bcher-kva.test\n", "10.0.0.1 bücher.test\n", ""},
		{"mapped IPv4", "", "::ffff:10.0.0.1 a.test\n", "a.test>::ffff:10.0.0.1@1"},
		{"zone", "", "fe80::1%eth0 a.test\n", "a.test>fe80::1%eth0@1"},
		{"loopback with a zone", "", "::1%eth0 a.test\n", "a.test>::1%eth0@1"},
		{"boilerplate", "", "fe80::1%lo0 localhost\n255.255.255.255 broadcasthost\nff00::0 ip6-localnet\nff00::0 ip6-mcastprefix\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\nff02::3 ip6-allhosts\n", ""},
		{"misused boilerplate", "", "10.0.0.1 localhost\n", "localhost>10.0.0.1@1"},
		{"byte order mark", "", "\ufeff10.0.0.1 a.test\n", "a.test>10.0.0.1@1"},
		{"stray CR", "", "0.0.0.0 a\r10.0.0.1 b\n", ""},
	} {
		var got []string
		for _, r := range NewRedirects([]byte(row.accepted), []byte(row.update)) {
			text := r.Name
			if r.From != "" {
				text += "<" + r.From
			}
			got = append(got, text+">"+r.To+"@"+string(rune('0'+r.Line)))
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}
