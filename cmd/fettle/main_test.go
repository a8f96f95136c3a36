package main

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"fettle/internal/faults"
)

var update = flag.Bool("u", false, "rewrite the golden sections of the scripts")

func TestMain(m *testing.M) {
	fettle := func() int { return run(context.Background(), osEnv(), os.Args[1:]) }
	if faults.Helping() {
		faults.Main(fettle)
	}
	testscript.Main(m, map[string]func(){"fettle": func() { os.Exit(fettle()) }, "listserver": serveLists})
}

// TestScripts runs the program as its users do. Each script has folders of its
// own, and a hosts file that is not the machine's.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FETTLE_CONFIG_DIR", env.WorkDir+"/config")
			env.Setenv("FETTLE_STATE_DIR", env.WorkDir+"/state")
			env.Setenv("FETTLE_HOSTS_FILE", env.WorkDir+"/hosts")
			env.Setenv("EDITOR", "false")
			return nil
		},
	})
}
