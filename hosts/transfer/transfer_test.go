package transfer

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fettle/hosts"
)

func TestNameFor(t *testing.T) {
	for title, want := range map[string]string{
		"staging":               "staging",
		"  My Work ":            "My-Work",
		"Größe":                 "Gro-e", // ß has no decomposition
		"a/b\\c:d":              "a-b-c-d",
		"../../etc/passwd":      "etc-passwd",
		"-rf":                   "rf",
		".hidden":               "hidden",
		"con":                   "profile-con",
		"开发":                    "profile",
		"":                      "profile",
		"\x1b[31mred":           "31mred",
		strings.Repeat("x", 99): strings.Repeat("x", maxName),
	} {
		got := NameFor(title)
		if got != want {
			t.Errorf("NameFor(%q) = %q, want %q", title, got, want)
		}
		if err := hosts.CheckName(got); err != nil {
			t.Errorf("NameFor(%q): %v", title, err)
		}
	}
}

func TestCutBlocks(t *testing.T) {
	const rule = "##################################################################\n"
	for _, row := range []struct {
		about, text string
		want        []Found
		rest        string
	}{
		{"none", "127.0.0.1 a\n# profile of a man\n", nil, "127.0.0.1 a\n# profile of a man\n"},
		{"banner", "1.1.1.1 a\n\n" + rule + "# Content under this line is handled by hostctl. DO NOT EDIT.\n" + rule + "\n# profile.on x\n127.0.0.1 x\n# end\n",
			[]Found{{Title: "x", Text: []byte("127.0.0.1 x\n"), On: true}}, "1.1.1.1 a\n\n\n"},
		{"old form, no end", "# profile x\r\n127.0.0.1 x\r\n", []Found{{Title: "x", Text: []byte("127.0.0.1 x\r\n"), On: true}}, ""},
		{"off, with remarks", "# profile.off x\n# 127.0.0.1 x\n#10.0.0.1 y # z\n# why\n# End\n1.1.1.1 a\n",
			[]Found{{Title: "x", Text: []byte("127.0.0.1 x\n10.0.0.1 y # z\n# why\n")}}, "1.1.1.1 a\n"},
	} {
		got, rest := cutBlocks([]byte(row.text))
		if diff := cmp.Diff(row.want, got); diff != "" || string(rest) != row.rest {
			t.Errorf("%s: rest %q, want %q; %s", row.about, rest, row.rest, diff)
		}
	}
}

// What goes out comes in again, byte for byte.
func TestExportIsImported(t *testing.T) {
	profiles := []hosts.Profile{
		{Name: "a", Text: []byte("10.0.0.1 a.test\r\n\n# größe\n")},
		{Name: "b", Text: []byte("# \xff\xfe is no UTF-8\n10.0.0.1 b.test")},
		{Name: "empty"},
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"x.json": func(b *bytes.Buffer) error { return WriteJSON(b, profiles) },
		"x.zip":  func(b *bytes.Buffer) error { return WriteZip(b, profiles) },
	} {
		var out, again bytes.Buffer
		if err := errors.Join(write(&out), write(&again)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Errorf("%s: the same profiles give other bytes", name)
		}
		path := filepath.Join(t.TempDir(), name)
		save(t, path, out.Bytes())
		s, err := Read(path, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []hosts.Profile
		for _, f := range s.Found {
			got = append(got, hosts.Profile{Name: f.Title, Text: f.Text})
		}
		for i := range got {
			if got[i].Name != profiles[i].Name || !bytes.Equal(got[i].Text, profiles[i].Text) {
				t.Errorf("%s: got %q, want %q", name, got[i], profiles[i])
			}
		}
		if len(got) != len(profiles) || s.Program != Fettle {
			t.Errorf("%s: got %d profiles of %s", name, len(got), s.Program)
		}
	}
}

func save(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNothingToImport(t *testing.T) {
	dir := t.TempDir()
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("bomb.hosts")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range maxText>>20 + 1 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	if err := WriteZip(&whole, []hosts.Profile{{Name: "a", Text: bytes.Repeat([]byte("10.0.0.1 a\n"), 1000)}}); err != nil {
		t.Fatal(err)
	}
	torn := bytes.Clone(whole.Bytes())
	torn[40] ^= 0xff
	for _, row := range []struct{ name, data, want string }{
		{"page", "<html>", "holds a web page"},
		{"torn.json", `{"format": "fettle-pro`, "cannot be read as that"},
		{"newer.json", `{"format": "fettle-profiles", "version": 9}`, "newer version"},
		{"broken.json", `{"format": "fettle-profiles", "profiles": [{"name": "a", "base64": "?"}]}`, `the text of "a" cannot be decoded`},
		{"else.json", `{"version": [4]}`, "neither SwitchHosts nor Fettle"},
		{"odd.json", `{"version": 4, "data": []}`, "cannot be read as that"},
		{"bomb.zip", bomb.String(), "larger than 64 MB"},
		{"torn.zip", string(torn), "cannot be unpacked"},
		{"short.zip", whole.String()[:60], "damaged zip"},
		{"binary", "10.0.0.1 a\x00\n", "control character"},
		{"empty", "", "holds nothing"},
	} {
		path := filepath.Join(dir, row.name)
		save(t, path, []byte(row.data))
		_, err := Read(path, "")
		if _, ok := errors.AsType[*FormatError](err); !ok || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
}

func TestPlanNeverOverwrites(t *testing.T) {
	library := hosts.Library{Dir: filepath.Join(t.TempDir(), "hosts")}
	mine := hosts.Profile{Name: "Dev", Text: []byte("10.0.0.1 mine.test\n")}
	if err := library.Create(mine); err != nil {
		t.Fatal(err)
	}
	s := &Source{Found: []Found{
		{Title: "dev", Text: []byte("10.0.0.2 theirs.test\n"), On: true},
		{Title: "dev", Text: []byte("10.0.0.3 others.test\n")},
		{Title: "Dev", Text: mine.Text},
		{Title: "bad", Text: []byte("1\x00")},
	}}
	for range 2 { // the second time, all are there
		p, err := PlanImport(s, library, hosts.Platform{}, "")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, step := range p.Steps {
			names = append(names, step.Name)
		}
		if diff := cmp.Diff([]string{"dev-2", "dev-3", "Dev", ""}, names); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"dev-2"}, p.WereOn()); diff != "" {
			t.Error(diff)
		}
		if p.Steps[2].Outcome != Same || p.Steps[3].Outcome != Refuse {
			t.Errorf("got %+v", p.Steps)
		}
		if _, err := p.Execute(library); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := library.Load("Dev"); err != nil || !bytes.Equal(p.Text, mine.Text) {
		t.Errorf("the profile holds %q, %v", p.Text, err)
	}
}

// Whatever stands in a file, it is imported or refused, and what was imported can
// be a profile.
func FuzzRead(f *testing.F) {
	f.Add([]byte("127.0.0.1 localhost\n# profile.off x\n# 1.1.1.1 a\n"))
	f.Add([]byte(`{"version":[4,0],"data":{"list":{"tree":[{"id":1,"title":"a","type":"folder","children":[{}]}]}}}`))
	f.Add([]byte(`{"format":"fettle-profiles","profiles":[{"name":"a","text":"b"}]}`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, "x")
		save(t, path, data)
		s, err := Read(path, "")
		if err != nil {
			return
		}
		library := hosts.Library{Dir: filepath.Join(dir, "hosts")}
		p, err := PlanImport(s, library, hosts.Platform{}, "")
		if err != nil {
			t.Fatal(err)
		}
		done, err := p.Execute(library)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range done {
			if _, err := library.Load(name); err != nil {
				t.Error(err)
			}
		}
	})
}
