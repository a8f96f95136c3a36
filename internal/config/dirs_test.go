package config

import (
	"errors"
	"runtime"
	"testing"
)

func TestDirs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the rows hold Unix paths")
	}
	const home = "/home/ann"
	people := func(uid string) (account, error) {
		if uid != "1000" {
			return account{}, errors.New("unknown user")
		}
		return account{uid: 1000, gid: 1000, home: home}, nil
	}
	for _, row := range []struct {
		name, goos    string
		euid          int
		env           map[string]string
		config, state string
		chown         bool
		err           string
	}{
		{name: "linux", goos: "linux", euid: 1000, env: map[string]string{"HOME": home},
			config: "/home/ann/.config/fettle", state: "/home/ann/.local/state/fettle"},
		{name: "xdg", goos: "linux", euid: 1000, env: map[string]string{"HOME": home, "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s/"},
			config: "/c/fettle", state: "/s/fettle"},
		{name: "mac", goos: "darwin", euid: 501, env: map[string]string{"HOME": home, "XDG_CONFIG_HOME": "/c"},
			config: "/home/ann/Library/Application Support/fettle", state: "/home/ann/Library/Application Support/fettle/state"},
		{name: "overrides need no home", goos: "linux", euid: 1000, env: map[string]string{"FETTLE_CONFIG_DIR": "/a/../b", "FETTLE_STATE_DIR": "/s"},
			config: "/b", state: "/s"},
		{name: "relative override", goos: "linux", euid: 1000, env: map[string]string{"HOME": home, "FETTLE_STATE_DIR": "s"},
			err: `FETTLE_STATE_DIR is "s", which is not an absolute path`},
		{name: "relative xdg", goos: "linux", euid: 1000, env: map[string]string{"HOME": home, "XDG_CONFIG_HOME": "c"},
			err: `XDG_CONFIG_HOME is "c", which is not an absolute path`},
		{name: "relative home", goos: "linux", euid: 1000, env: map[string]string{"HOME": "."}, err: `HOME is ".", which is not an absolute path`},
		{name: "no home", goos: "linux", euid: 1000, err: "neither FETTLE_CONFIG_DIR nor HOME is set, so there is no folder for Fettle's files"},

		{name: "sudo", goos: "linux", env: map[string]string{"HOME": "/root", "SUDO_UID": "1000", "SUDO_GID": "100", "XDG_CONFIG_HOME": "/root/c"},
			config: "/home/ann/.config/fettle", state: "/home/ann/.local/state/fettle", chown: true},
		{name: "sudo with the user's xdg", goos: "linux", env: map[string]string{"HOME": "/root", "SUDO_UID": "1000", "XDG_CONFIG_HOME": "/home/ann/c"},
			config: "/home/ann/c/fettle", state: "/home/ann/.local/state/fettle", chown: true},
		{name: "sudo with a neighbour's xdg", goos: "linux", env: map[string]string{"SUDO_UID": "1000", "XDG_CONFIG_HOME": "/home/anna/c", "XDG_STATE_HOME": "s"},
			config: "/home/ann/.config/fettle", state: "/home/ann/.local/state/fettle", chown: true},
		{name: "sudo with overrides", goos: "linux", env: map[string]string{"SUDO_UID": "1000", "FETTLE_CONFIG_DIR": "/c"},
			config: "/c", state: "/home/ann/.local/state/fettle", chown: true},
		{name: "sudo by root", goos: "linux", env: map[string]string{"HOME": "/root", "SUDO_UID": "0"},
			config: "/root/.config/fettle", state: "/root/.local/state/fettle"},
		{name: "sudo -u somebody", goos: "linux", euid: 1001, env: map[string]string{"HOME": "/home/bob", "SUDO_UID": "1000"},
			config: "/home/bob/.config/fettle", state: "/home/bob/.local/state/fettle"},
		{name: "sudo by nobody known", goos: "linux", env: map[string]string{"SUDO_UID": "7"}, err: "looking up the user who called sudo: unknown user"},
		{name: "bad number", goos: "linux", env: map[string]string{"SUDO_UID": "-1"}, err: `SUDO_UID is "-1", which is not a user's number`},
		{name: "bad group", goos: "linux", env: map[string]string{"SUDO_UID": "1000", "SUDO_GID": "x"}, err: `SUDO_GID is "x", which is not a group's number`},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := world{goos: row.goos, euid: row.euid, env: func(name string) string { return row.env[name] }, lookup: people}
			d, err := w.dirs()
			if row.err != "" {
				if err == nil || err.Error() != row.err {
					t.Fatalf("got error %v, want %s", err, row.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d.Config != row.config || d.State != row.state || (d.Chown != nil) != row.chown {
				t.Errorf("got %q %q, chown %v, want %q %q %v", d.Config, d.State, d.Chown != nil, row.config, row.state, row.chown)
			}
		})
	}
}

func TestHostsFile(t *testing.T) {
	for _, row := range []struct {
		in, want string
		ok       bool
	}{{"", "", true}, {"hosts", "", false}, {t.TempDir(), "", true}} {
		got, err := HostsFile(func(string) string { return row.in })
		if (err == nil) != row.ok || row.ok && got != row.in {
			t.Errorf("%q: got %q, %v", row.in, got, err)
		}
	}
}
