package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/atomicfile"
	"fettle/internal/human"
)

func newHostsMapCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "map NAME ADDRESS HOST…",
		Short: "Map host names to an address in a profile",
		Long: `Map host names to an address in the profile NAME, which is made if it does not
exist. A name that the profile maps to another address of the same family moves.
If the profile is on, the change is applied at once.

` + exitHelp,
		Example: `  fettle hosts map staging 10.0.0.1 shop.test www.shop.test
  fettle hosts map staging ::1 shop.test`,
		Args:              cobra.MinimumNArgs(3),
		ValidArgsFunction: a.completeOneProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			addr, err := netip.ParseAddr(args[1])
			if err != nil {
				return &usageError{text: fmt.Sprintf("%q is not an IP address", args[1]), command: cmd.CommandPath(),
					hint: "the order is: fettle hosts map NAME ADDRESS HOST…"}
			}
			return a.editProfile(cmd.Context(), args[0], dryRun, true, func(text []byte) ([]byte, error) {
				return hosts.Map(text, addr, args[2:])
			})
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the changes, and change nothing")
	return cmd
}

func newHostsUnmapCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "unmap NAME HOST…",
		Short: "Take host names out of a profile",
		Long: `Take host names out of the profile NAME. A line that has no name left goes with
its comment. If the profile is on, the change is applied at once.

` + exitHelp,
		Example: `  fettle hosts unmap staging www.shop.test
  fettle hosts unmap staging shop.test --dry-run`,
		Args:              cobra.MinimumNArgs(2),
		ValidArgsFunction: a.completeOneProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.editProfile(cmd.Context(), args[0], dryRun, false, func(text []byte) ([]byte, error) {
				text, missing := hosts.Unmap(text, args[1:])
				if len(missing) > 0 {
					return nil, fmt.Errorf("profile %q does not map %s", args[0], strings.Join(missing, ", "))
				}
				return text, nil
			})
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "print the changes, and change nothing")
	return cmd
}

// editProfile changes the text of a profile, and applies it if it is on. With
// create set, a profile that does not exist is made.
func (a *app) editProfile(ctx context.Context, name string, dryRun, create bool, edit func([]byte) ([]byte, error)) error {
	library, err := a.library()
	if err != nil {
		return err
	}
	if err := refuseSubscribed(library, name); err != nil {
		return err
	}
	old, err := library.Load(name)
	fresh := create && errors.Is(err, hosts.ErrNoProfile)
	if err != nil && !fresh {
		return a.nearestProfile(err, library, []string{name})
	}
	text, err := edit(old.Text)
	if err != nil {
		return err
	}
	p := hosts.Profile{Name: name, Text: text}
	switch {
	case dryRun:
		path := library.Path(name)
		if err := a.printDiff(diff.Diff(path, old.Text, path, text)); err != nil {
			return err
		}
	case fresh:
		if err := library.Create(p); err != nil {
			return err
		}
		a.note("made the profile %s", library.Path(name))
	case !bytes.Equal(text, old.Text):
		if err := library.Save(p); err != nil {
			return err
		}
	}
	return a.applyIfOn(ctx, library, p, dryRun)
}

// applyIfOn puts the text of a profile in force, if the profile is on.
func (a *app) applyIfOn(ctx context.Context, library hosts.Library, p hosts.Profile, dryRun bool) error {
	system, err := a.openHosts(false)
	if err != nil {
		return err
	}
	f, err := system.Read()
	if err != nil {
		return err
	}
	if !slices.Contains(hosts.Names(f.Active()), p.Name) {
		switch {
		case a.json:
			return a.printJSON(changeResult{Path: system.Path, Outcomes: []changeOutcome{}})
		case a.quiet || dryRun:
			return nil
		}
		return a.printf("saved; %s is off, switch it on with: fettle hosts on %s\n", p.Name, p.Name)
	}
	return a.carryOut(ctx, change{dryRun: dryRun, decide: func(s *hosts.System, f *hosts.File) (*hosts.Plan, error) {
		return hosts.PlanReload(f, library, p, s.Platform, a.moment())
	}})
}

// rejectedSuffix ends the name of the file that keeps an edited text which was
// not taken over.
const rejectedSuffix = ".rejected"

func newHostsEditCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "edit NAME",
		Short: "Edit a profile in $EDITOR, checked when it is saved",
		Long: `Edit a profile in $VISUAL or $EDITOR. What was saved is checked: a text with
more errors than the old one is not taken over, but kept beside the profile, and
the next "edit" goes on with it. If the profile is on, the new text is applied.

` + exitHelp,
		Example: `  fettle hosts edit staging
  EDITOR='code --wait' fettle hosts edit staging`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeOneProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runHostsEdit(cmd.Context(), args[0])
		},
	}
}

func (a *app) runHostsEdit(ctx context.Context, name string) error {
	library, err := a.library()
	if err != nil {
		return err
	}
	if err := refuseSubscribed(library, name); err != nil {
		return err
	}
	old, err := library.Load(name)
	if err != nil {
		return a.nearestProfile(err, library, []string{name})
	}
	rejected := library.Path(name) + rejectedSuffix
	start := old.Text
	if kept, err := os.ReadFile(rejected); err == nil {
		a.note("going on with the text that was not taken over last time (%s)", rejected)
		start = kept
	}
	text, err := a.editText(ctx, name, start)
	if err != nil {
		return err
	}
	keep := func(reason error) error {
		if err := atomicfile.Create(rejected, text, 0o644); err != nil {
			return errors.Join(reason, fmt.Errorf("keeping the new text: %w", err))
		}
		if library.Chown != nil {
			reason = errors.Join(reason, library.Chown(rejected))
		}
		return &hinted{error: reason, hint: fmt.Sprintf("the new text is in %s; \"fettle hosts edit %s\" goes on with it", rejected, name)}
	}
	before, after := errorsIn(old), errorsIn(hosts.Profile{Name: name, Text: text})
	if len(after) > len(before) {
		a.warnOfProblems(name, after)
		return keep(fmt.Errorf("the new text of profile %q has %s, so the old one stays", name, human.Count(len(after), "error")))
	}
	if now, err := library.Load(name); err != nil || !bytes.Equal(now.Text, old.Text) {
		return keep(fmt.Errorf("profile %q was changed by another program meanwhile, so its text stays", name))
	}
	if bytes.Equal(text, old.Text) {
		a.note("nothing was changed")
	} else if err := library.Save(hosts.Profile{Name: name, Text: text}); err != nil {
		return keep(err)
	}
	if err := os.Remove(rejected); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return a.applyIfOn(ctx, library, hosts.Profile{Name: name, Text: text}, false)
}

func errorsIn(p hosts.Profile) []hosts.Problem {
	return slices.DeleteFunc(hosts.Check(p.Text, hosts.CheckOptions{Name: p.Name, GOOS: runtime.GOOS}), func(p hosts.Problem) bool {
		return p.Severity != hosts.SeverityError
	})
}

// editText lets the user edit text in a temporary file.
func (a *app) editText(ctx context.Context, name string, text []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "fettle-edit-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := dir + string(os.PathSeparator) + name + ".hosts"
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, err
	}
	cmd := a.editorCommand(ctx, path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.stdin, a.stdout, a.stderr
	if err := cmd.Run(); err != nil {
		return nil, &hinted{error: fmt.Errorf("the editor failed, and nothing was changed: %w", err),
			hint: "name the editor to use: EDITOR=nano fettle hosts edit " + name}
	}
	return os.ReadFile(path)
}

// editorCommand returns the command that edits the file at path. The variables
// may hold arguments, as in "code --wait", so a shell splits them.
func (a *app) editorCommand(ctx context.Context, path string) *exec.Cmd {
	editor := a.getenv("VISUAL")
	if editor == "" {
		editor = a.getenv("EDITOR")
	}
	if runtime.GOOS == "windows" {
		words := append(strings.Fields(editor), path)
		if editor == "" {
			words = []string{"notepad", path}
		}
		return exec.CommandContext(ctx, words[0], words[1:]...)
	}
	if editor == "" {
		editor = "editor" // Debian's alternative; vi is everywhere else
		if _, err := exec.LookPath(editor); err != nil {
			editor = "vi"
		}
	}
	return exec.CommandContext(ctx, "sh", "-c", editor+` "$1"`, "sh", path)
}
