package fettle_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// topLevel are the folders and files that a visitor meets first. A new package of
// the user's world belongs here; everything else has a place inside one of these.
var topLevel = []string{
	"cmd", "ui", "hosts", "docker", "archive", "tray", "assets", "internal", "docs",
	"README.md", "CHANGELOG.md", "LICENSE", "Makefile", "FyneApp.toml", "go.mod", "go.sum",
	"imports_test.go", "layout_test.go",
	"build", "dist", // what make and packaging produce; git does not know them
}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topLevel, e.Name()) {
			t.Errorf("%s has no business at the top level", e.Name())
		}
	}
}

// CI must have all that a test can ask for: a name that .ci/run forgets would let
// the test be skipped there, and nobody would notice.
func TestCIRequiresWhatTestsNeed(t *testing.T) {
	script, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^FETTLE_REQUIRE=(\S+)$`).FindSubmatch(script)
	if found == nil {
		t.Fatal(".ci/run does not set FETTLE_REQUIRE")
	}
	required := strings.Split(string(found[1]), ",")
	needed := neededByTests(t)
	if len(needed) == 0 {
		t.Error("no test needs anything: the search is broken")
	}
	for what, file := range needed {
		if !slices.Contains(required, what) {
			t.Errorf("%s needs %q, which FETTLE_REQUIRE in .ci/run lacks", file, what)
		}
	}
	for _, what := range required {
		if needed[what] == "" {
			t.Errorf("FETTLE_REQUIRE in .ci/run lists %q, which no test needs", what)
		}
	}
}

// neededByTests returns the names given to the functions of internal/need, each
// with a file that does.
func neededByTests(t *testing.T) map[string]string {
	t.Helper()
	needed := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (path == "build" || path == "dist" || d.Name()[0] == '.'):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if what := neededBy(call); what != "" {
					needed[what] = path
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return needed
}

// neededBy returns what a call such as need.Tool(t, "strace") asks for, or "" for
// any other call.
func neededBy(call *ast.CallExpr) string {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if pkg, ok := f.X.(*ast.Ident); !ok || pkg.Name != "need" {
		return ""
	}
	if f.Sel.Name == "Root" {
		return "root"
	}
	if len(call.Args) > 1 {
		if arg, ok := call.Args[1].(*ast.BasicLit); ok {
			if name, err := strconv.Unquote(arg.Value); err == nil {
				return name
			}
		}
	}
	return ""
}
