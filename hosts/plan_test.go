package hosts

import (
	"bytes"
	"testing"
	"time"
)

var testTime = time.Date(2026, 11, 20, 21, 0, 0, 0, time.UTC)

func want(name, text string) Want {
	return Want{Profile: Profile{Name: name, Text: []byte(text)}, Since: testTime}
}

func TestOnOffGivesTheBytesBack(t *testing.T) {
	profiles := []Want{
		want("ads", "# a list\n0.0.0.0 ads.test\n0.0.0.0 shop.test\n"),
		want("staging", "10.0.0.1 shop.test www.shop.test\r\nnonsense\n::1 six.test"),
	}
	for _, original := range []string{
		"", "\n", "127.0.0.1 localhost", "127.0.0.1 localhost\n", "127.0.0.1 localhost\r\n10.1.1.1 shop.test other",
		"\xef\xbb\xbf127.0.0.1 localhost\r\n", "127.0.0.1\tlocalhost\r", "1.2.3.4 SHOP.test a b # why\n::1 localhost ads.test\n",
	} {
		f := Parse([]byte(original))
		p, err := PlanApply(f, profiles, Platform{Hostname: "box"})
		if err != nil {
			t.Fatalf("%q: %v", original, err)
		}
		on := Parse(p.Content())
		if on.Damage != nil {
			t.Fatal(on.Damage)
		}
		if on.Edited() {
			t.Errorf("%q: the section that was just written counts as edited", original)
		}
		off, err := PlanApply(on, nil, Platform{})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(off.Content(), []byte(original)) {
			t.Errorf("on and off: got %q, want %q", off.Content(), original)
		}
		for _, w := range profiles {
			applied, ok := on.Applied(w.Name)
			if !ok || applied.Hash() != w.Hash() {
				t.Errorf("%q: profile %q read back as %q", original, w.Name, applied.Text)
			}
		}
	}
}
