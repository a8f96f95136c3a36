// Package fettle_test holds what is true of the whole tree: which package may
// reach which, and what lies at the top level.
package fettle_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// An arrow that must not exist. Patterns are import paths; one that ends in
// "/..." means the path and everything below it.
type rule struct {
	from   string
	except string // packages that from matches and the rule does not mean
	never  []string
	direct bool // only imports of the package itself count, not what they reach
	why    string
}

const (
	cobra   = "github.com/spf13/cobra/..."
	fyne    = "fyne.io/fyne/v2/..."
	fyneApp = "fyne.io/fyne/v2/app"
	systray = "fyne.io/systray/..."
)

var rules = []rule{
	{from: "fettle/hosts/...", never: []string{cobra, fyne, systray, "fettle/ui/...", "fettle/tray/..."},
		why: "it is the library: both programs and other people use it"},
	{from: "fettle/docker/...", never: []string{cobra, fyne, systray, "fettle/ui/...", "fettle/tray/..."},
		why: "it is the library: both programs and other people use it"},
	{from: "fettle/archive/...", never: []string{cobra, fyne, systray, "fettle/ui/...", "fettle/tray/..."},
		why: "it is the library: both programs and other people use it"},

	{from: "fettle/hosts/...", never: []string{"fettle/docker/...", "fettle/archive/..."},
		why: "the domains do not know each other"},
	{from: "fettle/docker/...", never: []string{"fettle/hosts/...", "fettle/archive/..."},
		why: "the domains do not know each other"},
	{from: "fettle/archive/...", never: []string{"fettle/hosts/...", "fettle/docker/..."},
		why: "the domains do not know each other"},
	{from: "fettle/docker", never: []string{"fettle/docker/compose/..."},
		why: "the domains do not know each other"},
	{from: "fettle/docker/compose/...", never: []string{"fettle/docker"},
		why: "the domains do not know each other"},
	{from: "fettle/internal/...", never: []string{"fettle/hosts/...", "fettle/docker/...", "fettle/archive/...", "fettle/ui/...", "fettle/tray/..."},
		why: "plumbing does not know what flows through it"},

	{from: "fettle/cmd/fettle", never: []string{fyne, systray, "fettle/ui/...", "fettle/tray/..."},
		why: "the command builds with CGO_ENABLED=0 and runs on a server"},
	{from: "fettle/...", except: "fettle/cmd/fettle", never: []string{cobra}, direct: true,
		why: "the command line is the business of one program"},
	{from: "fettle/...", except: "fettle/cmd/fettle-desktop", never: []string{fyneApp}, direct: true,
		why: "cgo and OpenGL come with it, and tests would need a display stack"},
	{from: "fettle/ui/...", never: []string{fyneApp},
		why: "cgo and OpenGL would come with it, and tests would need a display stack"},
	{from: "fettle/ui/...", never: []string{"fettle/tray/...", systray},
		why: "the tray and the windows are two processes that share files, not code"},
	{from: "fettle/tray/...", never: []string{"fettle/ui/..."},
		why: "the tray and the windows are two processes that share files, not code"},
	{from: "fettle/tray/...", never: []string{fyne},
		why: "the resident process stays small: no OpenGL, no loop that ticks 60 times a second"},
	{from: "fettle/assets", never: []string{"fettle/..."},
		why: "it is data"},
}

// A pkg is what go list says about a package.
type pkg struct {
	ImportPath string
	Imports    []string // by itself
	Deps       []string // by itself and by what it imports
	Standard   bool
	CgoFiles   []string
	Error      *struct{ Err string }
}

func TestNoForbiddenImports(t *testing.T) {
	for _, v := range violations(list(t, "./..."), rules) {
		t.Error(v)
	}
}

// With CGO_ENABLED=0 files that need cgo just disappear, and with them perhaps
// what they did. The standard library has a second way to do it; others may not.
func TestCommandHasNoCgo(t *testing.T) {
	for _, p := range list(t, "-deps", "./cmd/fettle") {
		if len(p.CgoFiles) > 0 && !p.Standard {
			t.Errorf("fettle/cmd/fettle reaches %s, which has files for cgo: %s", p.ImportPath, p.CgoFiles)
		}
	}
}

// The check itself is checked on a graph in which every rule is broken once.
func TestRulesCanFail(t *testing.T) {
	for _, r := range rules {
		for _, never := range r.never {
			from := strings.TrimSuffix(r.from, "/...")
			if r.except != "" {
				from += "/elsewhere"
			}
			to := strings.TrimSuffix(never, "/...")
			if from == to {
				to += "/below"
			}
			p := pkg{ImportPath: from, Deps: []string{"fmt", to}}
			if r.direct {
				p.Imports = p.Deps
			}
			bad := violations([]pkg{{ImportPath: "fettle/innocent"}, p}, []rule{r})
			if len(bad) != 1 || !strings.Contains(bad[0], r.why) {
				t.Errorf("%s → %s: got %q, want one violation with the reason", from, to, bad)
			}
		}
	}
}

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"fettle/docker", "fettle/docker", true},
		{"fettle/docker", "fettle/docker/compose", false},
		{"fettle/docker/...", "fettle/docker", true},
		{"fettle/docker/...", "fettle/docker/compose", true},
		{"fettle/docker/...", "fettle/dockerfile", false},
		{"fyne.io/fyne/v2/app", "fyne.io/fyne/v2/app/internal", false},
		{"", "fettle", false},
	}
	for _, tt := range tests {
		if got := match(tt.pattern, tt.path); got != tt.want {
			t.Errorf("match(%q, %q): got %v, want %v", tt.pattern, tt.path, got, tt.want)
		}
	}
}

// violations returns a sentence for each forbidden arrow in the graph.
func violations(graph []pkg, rules []rule) []string {
	var bad []string
	for _, p := range graph {
		for _, r := range rules {
			if !match(r.from, p.ImportPath) || match(r.except, p.ImportPath) {
				continue
			}
			reached := p.Deps
			if r.direct {
				reached = p.Imports
			}
			i := slices.IndexFunc(reached, func(path string) bool {
				return path != p.ImportPath && slices.ContainsFunc(r.never, func(n string) bool { return match(n, path) })
			})
			if i >= 0 {
				bad = append(bad, fmt.Sprintf("%s reaches %s: %s", p.ImportPath, reached[i], r.why))
			}
		}
	}
	return bad
}

func match(pattern, path string) bool {
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == below || strings.HasPrefix(path, below+"/")
	}
	return path == pattern
}

// list asks the go command for packages, as they are built with cgo.
func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-e", "-tags=x11,no_emoji,migrated_fynedo",
		"-json=ImportPath,Standard,CgoFiles,Imports,Deps,Error"}, args...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, &stderr)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v: %v", cmd, err)
		}
		if p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) == 0 {
		t.Fatalf("%v lists no package", cmd)
	}
	return pkgs
}
