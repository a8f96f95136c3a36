package hosts

import "github.com/rogpeppe/go-internal/diff"

// Diff returns the change of the plan as a unified diff of the file called
// name, or nothing when it changes nothing.
func (p *Plan) Diff(name string) []byte {
	return diff.Diff(name, p.old, name, p.Content())
}
