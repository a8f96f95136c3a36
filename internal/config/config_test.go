package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestHostsSection(t *testing.T) {
	defaults := Hosts{History: 100, HistorySize: 200_000_000, Verify: true, Remind: 8 * time.Hour, SubscriptionMax: 10_000_000}
	set := func(edit func(*Hosts)) Hosts {
		h := defaults
		edit(&h)
		return h
	}
	for _, row := range []struct {
		name, text string
		want       Hosts
		errs       []string
	}{
		{"empty", "", defaults, nil},
		{"comments only", "# [hosts]\n", defaults, nil},
		{"both set", "[hosts]\nhistory = 7\nhistory_size = \"1.5 GB\"\n", set(func(h *Hosts) { h.History = 7; h.HistorySize = 1_500_000_000 }), nil},
		{"size of a list", "[hosts]\nsubscription_max = \"50 MB\"\n", set(func(h *Hosts) { h.SubscriptionMax = 50_000_000 }), nil},
		{"bare bytes", "[hosts]\nhistory_size = 2_000_000\n", set(func(h *Hosts) { h.HistorySize = 2_000_000 }), nil},
		{"binary unit, no blank", "hosts.history_size = '16MiB'", set(func(h *Hosts) { h.HistorySize = 16 << 20 }), nil},
		{"no verification", "[hosts]\nverify = false\n", set(func(h *Hosts) { h.Verify = false }), nil},
		{"inline", "hosts = { history = 3 }", set(func(h *Hosts) { h.History = 3 }), nil},
		{"CRLF", "[hosts]\r\nhistory = 7\r\n", set(func(h *Hosts) { h.History = 7 }), nil},
		{"byte order mark", "\ufeff[hosts]\nhistory = 7", set(func(h *Hosts) { h.History = 7 }), nil},

		{"misspelt key", "[hosts]\nhistory = 7\n  histroy = 1", set(func(h *Hosts) { h.History = 7 }),
			[]string{"config.toml:3:3: hosts.histroy is not a setting; did you mean hosts.history?"}},
		{"misspelt key, CRLF and mark", "\ufeff# été\r\n[hosts]\r\nHistory-Size = 1\r\n", defaults,
			[]string{"config.toml:3:1: hosts.History-Size is not a setting; did you mean hosts.history_size?"}},
		{"key like no other", "[hosts]\ncolour = 1", defaults,
			[]string{"config.toml:2:1: hosts.colour is not a setting; [hosts] has always_on, history, history_size, remind, subscription_max, verify"}},
		{"subtable", "[hosts]\n[hosts.flush]\na = 1\nb = 2\n", defaults,
			[]string{"config.toml:2:8: hosts.flush is not a setting; [hosts] has always_on, history, history_size, remind, subscription_max, verify"}},
		{"dotted twice", "[hosts]\nflush.a = 1\nflush.b = 1", defaults,
			[]string{"config.toml:2:1: hosts.flush is not a setting; [hosts] has always_on, history, history_size, remind, subscription_max, verify"}},
		{"inline key", "hosts = { histry = 3 }", defaults,
			[]string{"config.toml:1:11: hosts.histry is not a setting; did you mean hosts.history?"}},
		{"wrong types, all told", "[hosts]\nhistory = \"7\"\nhistory_size = true\n", defaults,
			[]string{"config.toml:2:1: hosts.history must be a whole number from 1 to 100000",
				`config.toml:3:1: hosts.history_size must be a size such as "200 MB", or a number of bytes`}},
		{"reminders", "[hosts]\nremind = \"90m\"\nalways_on = [\"ads\", \"local\"]\n", set(func(h *Hosts) { h.Remind, h.AlwaysOn = 90*time.Minute, []string{"ads", "local"} }), nil},
		{"no reminders", "[hosts]\nremind = \"never\"\n", set(func(h *Hosts) { h.Remind = 0 }), nil},
		{"no length of time", "[hosts]\nremind = 8\nalways_on = \"ads\"\n", defaults,
			[]string{`config.toml:2:1: hosts.remind must be a length of time such as "8h", at least 1 minute, or "never"`,
				`config.toml:3:1: hosts.always_on must be a list of texts, such as ["ads"]`}},
		{"no boolean", "[hosts]\nverify = 0\n", defaults, []string{"config.toml:2:1: hosts.verify must be true or false"}},
		{"too few", "[hosts]\nhistory = 0\nhistory_size = \"999 kB\"\n", defaults,
			[]string{"config.toml:2:1: hosts.history must be a whole number from 1 to 100000",
				"config.toml:3:1: hosts.history_size must be at least 1.0 MB"}},
		{"unknown unit", "[hosts]\nhistory_size = \"2 MBytes\"\n", defaults,
			[]string{`config.toml:2:1: hosts.history_size must be a size such as "200 MB", or a number of bytes`}},
		{"not a section", "hosts = 3\n", defaults, []string{"config.toml:1:1: hosts must be a section, written [hosts]"}},
		{"several sections", "[[hosts]]\nhistory = 1\n", defaults, []string{"config.toml:1:3: hosts must be a section, written [hosts]"}},

		{"misspelt section", "[hots]\nhistory = 7\n", defaults, []string{"config.toml:1:2: hots is not a section; did you mean hosts?"}},
		{"setting outside", "history = 7\n", defaults, []string{"config.toml:1:1: history is not a section; did you mean hosts.history?"}},
		{"section of somebody else", "[window]\ncolour = 1\n", defaults, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := parse("config.toml", []byte(row.text))
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.HostsSection()
			if !reflect.DeepEqual(got, row.want) {
				t.Errorf("%q: got %+v, want %+v", row.text, got, row.want)
			}
			if text := errorLines(err); !slices.Equal(text, row.errs) {
				t.Errorf("%q: got errors %q, want %q", row.text, text, row.errs)
			}
			var at *Error
			if err != nil && !errors.As(err, &at) {
				t.Errorf("%q: got %T, want an *Error inside", row.text, err)
			}
		})
	}
}

func errorLines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

func TestWarnings(t *testing.T) {
	c, err := parse("config.toml", []byte("[hots]\na=1\n[window]\nb=1\n[hosts]\n[window.size]\nx=1\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, want := c.Warnings(), []string{"config.toml:3:2: window is not a section that Fettle knows, and means nothing"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSyntax(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"[hosts]\nhistory =\n", "config.toml:2:10: "},
		{"[hosts]\r\nhistory = 1\r\nhistory = 2\r\n", "config.toml:3:1: "},
		{"[hosts\n", "config.toml:1:7: "},
		{"\ufeff[hosts\n", "config.toml:1:7: "},
		{"a = \xff\n", "config.toml:1:5: "},
	} {
		_, err := parse("config.toml", []byte(row.text))
		var at *Error
		if !errors.As(err, &at) || !strings.HasPrefix(err.Error(), row.want) || strings.Contains(err.Error(), "toml: ") {
			t.Errorf("%q: got %v, want an *Error with %q", row.text, err, row.want)
		}
	}
}

func TestLoad(t *testing.T) {
	d := Dirs{Config: t.TempDir()}
	c, err := Load(d)
	if err != nil {
		t.Fatalf("no file: %v", err)
	}
	if h, err := c.HostsSection(); err != nil || h.History != 100 {
		t.Errorf("no file: got %+v, %v, want the defaults", h, err)
	}
	if err := os.WriteFile(d.File(), []byte("[hosts]\nhistroy = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err = Load(d); err != nil {
		t.Fatal(err)
	}
	if _, err := c.HostsSection(); err == nil || !strings.HasPrefix(err.Error(), filepath.Join(d.Config, "config.toml:2:1: ")) {
		t.Errorf("got %v, want an error with the path of the file", err)
	}
	if _, err := Load(Dirs{Config: filepath.Join(d.Config, "config.toml")}); err == nil {
		t.Error("a config folder that is a file: got no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[hosts]\nhistory = 7\nhistory_size = '2 MB'\n")
	f.Add("hosts = { history = 3, b.c = [{d=1}] }\n[[x.y]]\n\"a\\u0061\".b = 1\n")
	f.Add("\ufeff[hots]\r\nhistory.a = '''\r\n'''\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parse("config.toml", []byte(text))
		if err != nil {
			return
		}
		c.Warnings()
		h, _ := c.HostsSection()
		if h.History < 1 || h.HistorySize < 1_000_000 {
			t.Errorf("%q: got %+v", text, h)
		}
		for _, k := range c.keys {
			lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
			if k.line > len(lines) || k.column > len(lines[k.line-1]) {
				t.Errorf("%q: %v is said to be at %d:%d", text, k, k.line, k.column)
			}
		}
	})
}
