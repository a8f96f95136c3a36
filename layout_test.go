package fettle_test

import (
	"os"
	"slices"
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
