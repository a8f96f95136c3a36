//go:build unix

package elevate

import (
	"testing"

	"fettle/internal/need"
)

func ruleFor(t *testing.T, program, user string) (Rule, error) {
	t.Helper()
	need.Root(t) // whom sudo tells for whom it works
	return NewRule(Step{Program: program, Target: "/etc/hosts"}, func(string) string { return user })
}

// A user or a path that sudoers(5) would read as more than itself gets no rule.
func TestRuleOfStrangers(t *testing.T) {
	const program = "/usr/local/bin/fettle"
	for _, row := range []struct{ program, user string }{
		{program, ""}, {program, "root"},
		{program, "ALL"}, {program, "ADMINS"}, {program, "A_1"}, // aliases, the first of everybody
		{program, "%wheel"}, {program, "#0"}, {program, "a,b"}, {program, "!a"},
		{"/opt/*/fettle", "carol"}, {"/opt/a b/fettle", "carol"}, {"/opt/a,/bin/sh", "carol"}, {"/opt/[a]/fettle", "carol"},
	} {
		if rule, err := ruleFor(t, row.program, row.user); err == nil {
			t.Errorf("%q for %q: got the rule %q", row.program, row.user, rule.Text())
		}
	}
	for _, user := range []string{"carol", "a.b", "Bob", "x-1", "_apt", "1000"} {
		if _, err := ruleFor(t, program, user); err != nil {
			t.Errorf("%q: %v", user, err)
		}
	}
}

// Taking one user's rule away leaves that of another.
func TestRulesOfUsersAreApart(t *testing.T) {
	seen := map[string]string{}
	for _, user := range []string{"a.b", "a_b", "a-b", "ab", "a..b", "a.b_"} {
		rule, err := ruleFor(t, "/usr/local/bin/fettle", user)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[rule.Path()]; ok {
			t.Errorf("%q and %q share %s", user, other, rule.Path())
		}
		seen[rule.Path()] = user
	}
}
