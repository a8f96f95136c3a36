//go:build unix

package elevate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"fettle/internal/atomicfile"
)

// ErrNotInstalled is the error for a program that a rule for sudo must not
// name, since somebody other than root could put another in its place.
var ErrNotInstalled = errors.New("this copy of fettle is not installed for all users")

// rulesDir is where sudo looks for rules beside its own.
const rulesDir = "/etc/sudoers.d"

// A Rule lets one user run the write step without a password.
type Rule struct {
	User string
	step Step
}

// NewRule returns the rule for the user who runs the program, or for whom sudo
// runs it.
func NewRule(step Step, getenv func(string) string) (Rule, error) {
	name := ""
	if os.Geteuid() == 0 {
		// The variable is sudo's own: it sets it whatever the caller's is.
		name = getenv("SUDO_USER")
	} else if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if name == "" || name == "root" {
		return Rule{}, errors.New("root needs no rule; run it as the user who shall switch profiles")
	}
	if !isPlainText(name) || isAlias(name) {
		return Rule{}, fmt.Errorf("the user name %q cannot stand in a rule for sudo", name)
	}
	if !isPlainText(strings.ReplaceAll(step.Program, "/", "")) {
		return Rule{}, fmt.Errorf("the path %q cannot stand in a rule for sudo", step.Program)
	}
	return Rule{User: name, step: step}, nil
}

// isPlainText reports whether no character of a text has a meaning of its own
// in a sudoers file, as wildcards, commas and blanks have.
func isPlainText(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == "" && text != ""
}

// isAlias reports whether sudoers(5) reads a name as that of an alias. "ALL" is
// the one for everybody.
func isAlias(name string) bool {
	return 'A' <= name[0] && name[0] <= 'Z' && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// IsRoot reports whether the process can install the rule.
func (r Rule) IsRoot() bool { return os.Geteuid() == 0 }

// Path returns the file of the rule. sudo passes over names with a dot; no
// plain user name has a percent sign.
func (r Rule) Path() string {
	return filepath.Join(rulesDir, "fettle-"+strings.ReplaceAll(r.User, ".", "%2e"))
}

// Text returns the rule: the step with all of its arguments, so that sudo
// refuses any others.
func (r Rule) Text() string {
	command := r.step.Program
	for _, arg := range r.step.args() {
		command += " " + escape(arg)
	}
	return fmt.Sprintf("# Written by \"fettle hosts allow\"; \"fettle hosts allow --revoke\" takes it away.\n%s ALL=(root) NOPASSWD: %s\n", r.User, command)
}

// escape protects what sudoers(5) gives a meaning to.
func escape(arg string) string {
	return strings.NewReplacer(`\`, `\\`, ",", `\,`, ":", `\:`, "=", `\=`, " ", `\ `).Replace(arg)
}

// Install checks the rule with sudo's own reader and puts it in force. The error
// is [ErrNotInstalled] for a program that others than root could replace.
func (r Rule) Install(ctx context.Context) error {
	if err := checkRootOwned(r.step.Program); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fettle-rule-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	draft := filepath.Join(dir, "rule")
	if err := os.WriteFile(draft, []byte(r.Text()), 0o440); err != nil {
		return err
	}
	// A file that sudo cannot read would lock everybody out of sudo.
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "visudo", "-c", "-q", "-f", draft).CombinedOutput(); err != nil {
		return fmt.Errorf("visudo refuses the rule: %w: %s", err, lastLine(string(out)))
	}
	if err := os.Remove(r.Path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := atomicfile.Create(r.Path(), []byte(r.Text()), 0o440); err != nil {
		return fmt.Errorf("writing the rule: %w", err)
	}
	return nil
}

// Revoke takes the rule away. A rule that is not there is no error.
func (r Rule) Revoke() error {
	if err := os.Remove(r.Path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("taking the rule away: %w", err)
	}
	return nil
}

// checkRootOwned refuses a path of which any part can be changed by others than
// root.
func checkRootOwned(path string) error {
	for part := path; ; part = filepath.Dir(part) {
		info, err := os.Lstat(part)
		if err != nil {
			return err
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || stat.Uid != 0 || info.Mode().Perm()&0o022 != 0 || info.Mode()&fs.ModeSymlink != 0 {
			return fmt.Errorf("%w: others than root can change %s", ErrNotInstalled, part)
		}
		if part == filepath.Dir(part) {
			return nil
		}
	}
}

// Again runs this program as root on the terminal, with other arguments.
func Again(ctx context.Context, program string, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	sudo, err := exec.LookPath("sudo")
	if err != nil {
		return fmt.Errorf("%w: sudo is not installed", ErrNoWay)
	}
	cmd := exec.CommandContext(ctx, sudo, append([]string{"--", program}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = killWait
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w: sudo did not run it, or it failed: %w", ErrDenied, err)
	}
	return nil
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[1+strings.LastIndexByte(text, '\n'):]
}
