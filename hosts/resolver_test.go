package hosts

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func addrs(texts string) []netip.Addr {
	var list []netip.Addr
	for text := range strings.FieldsSeq(texts) {
		list = append(list, netip.MustParseAddr(text))
	}
	return list
}

func TestAnswer(t *testing.T) {
	for _, row := range []struct {
		about, file, resolver string
		err                   error
		want                  bool
	}{
		{"the same", "10.0.0.1", "10.0.0.1", nil, true},
		{"another", "10.0.0.1", "1.1.1.1", nil, false},
		{"one more", "10.0.0.1", "10.0.0.1 1.1.1.1", nil, false},
		{"one more, of the other family", "10.0.0.1", "10.0.0.1 fd00::1", nil, false},
		{"none", "10.0.0.1", "", nil, false},
		{"not in the file", "", "1.1.1.1", nil, true},
		{"nowhere", "", "", nil, true},
		{"both families", "10.0.0.1 fd00::1", "fd00::1 10.0.0.1", nil, true},
		{"both families, without IPv6", "10.0.0.1 fd00::1", "10.0.0.1", nil, true},
		{"the loopback of the other family", "::1", "127.0.0.1", nil, true},
		{"no loopback", "::1", "127.0.0.1 1.1.1.1", nil, false},
		{"blocked", "0.0.0.0", "0.0.0.0", nil, true},
		{"an address in IPv6", "::ffff:10.0.0.1", "10.0.0.1", nil, true},
		{"with a zone", "fe80::1%lo0", "fe80::1", nil, true},
		{"no time", "10.0.0.1", "", context.DeadlineExceeded, false},
		{"a failure", "10.0.0.1", "", errors.New("no"), false},
	} {
		var file []Mapped
		for _, addr := range addrs(row.file) {
			file = append(file, Mapped{Addr: addr})
		}
		a := newAnswer("shop.test", file, addrs(row.resolver), row.err)
		if a.Agree != row.want || (a.Problem != "") != (row.err != nil) {
			t.Errorf("%s: got %+v, want agree %t", row.about, a, row.want)
		}
	}
}

func TestNsswitchCause(t *testing.T) {
	for _, row := range []struct{ conf, want string }{
		{"", ""},
		{"passwd: files\nhosts: files dns\n", ""},
		{"  hosts:\tfiles mdns4_minimal [NOTFOUND=return] dns\n", ""},
		{"hosts: dns # files\n", `no "files"`},
		{"#hosts: dns\nhosts: dns files\n", `"files" behind "dns"`},
		{"hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns", `"files" behind "mymachines"`},
	} {
		if got := nsswitchCause([]byte(row.conf)); row.want == "" && got != "" || !strings.Contains(got, row.want) {
			t.Errorf("%q: got %q, want %q", row.conf, got, row.want)
		}
	}
}

func TestFind(t *testing.T) {
	p, on := switchOn(t, "\xef\xbb\xbf9.9.9.9 shop.test\n1.1.1.1 SHOP.test other.test # shop.test\n::1 six.test\n", Platform{},
		"10.0.0.1 shop.test größe.test\n127.1 shop.test\n10.0.0.2 shop.test\n", "10.0.0.3 b.test\n")
	f := Parse(append(on, "10.0.0.4 b.test\n"...))
	for name, want := range map[string]string{
		"shop.test":          "10.0.0.1 first, 10.0.0.2 first",
		"Shop.TEST":          "10.0.0.1 first, 10.0.0.2 first",
		"größe.test":         "10.0.0.1 first",
		"xn--gre-6ka8i.test": "10.0.0.1 first",
		"other.test":         "1.1.1.1",
		"six.test":           "::1",
		"b.test":             "10.0.0.3 second, 10.0.0.4",
		"nowhere.test":       "",
	} {
		var got []string
		for _, m := range f.Find(name)[name] {
			got = append(got, strings.TrimSpace(m.Addr.String()+" "+map[string]string{"p0": "first", "p1": "second"}[m.Profile]))
			if line := strings.Split(string(f.Data), "\n")[m.Line-1]; !strings.Contains(line, m.Addr.String()) {
				t.Errorf("%s: line %d is %q", name, m.Line, line)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: got %q, want %q, in\n%s", name, got, want, f.Data)
		}
	}
	if got := p.Sample(3); !slices.Equal(got, []string{"shop.test", "xn--gre-6ka8i.test", "b.test"}) {
		t.Errorf("the sample is %q", got)
	}
}
