package hosts

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	for _, row := range []struct {
		name string
		ok   bool
	}{
		{"staging", true},
		{"a", true},
		{"Work-2026_v1.2", true},
		{"0", true},
		{"com", true},
		{"com10", true},
		{"console", true},
		{"a..b", true},
		{strings.Repeat("x", maxName), true},

		{"", false},
		{strings.Repeat("x", maxName+1), false},
		{".", false},
		{"..", false},
		{".hidden", false},
		{"../up", false},
		{"a/b", false},
		{`a\b`, false},
		{"-all", false},
		{"a b", false},
		{"a\nb", false},
		{"a\x00b", false},
		{"straße", false},
		{"c:", false},
		{"con", false},
		{"CON", false},
		{"nul.staging", false},
		{"Aux", false},
		{"prn", false},
		{"com1", false},
		{"LPT9.x", false},
	} {
		err := CheckName(row.name)
		if (err == nil) != row.ok {
			t.Errorf("CheckName(%q): got %v, want ok: %v", row.name, err, row.ok)
		}
		if _, isName := errors.AsType[*NameError](err); err != nil && !isName {
			t.Errorf("CheckName(%q): got a %T, want a *NameError", row.name, err)
		}
	}
}

func FuzzCheckName(f *testing.F) {
	for _, seed := range []string{"staging", "../up", "con.x", "a\x00b", "ａ"} {
		f.Add(seed)
	}
	library := Library{Dir: "/profiles"}
	f.Fuzz(func(t *testing.T, name string) {
		if CheckName(name) != nil {
			return
		}
		if path := library.Path(name); filepath.Dir(path) != library.Dir || filepath.Base(path) != name+extension {
			t.Errorf("%q leads to %s", name, path)
		}
	})
}
