package ui

import (
	"runtime"
	"time"

	"fettle/hosts"
)

// checkSoon has the text of an open profile checked once it has been quiet.
func (d *desk) checkSoon(name string) {
	if d.checks != nil {
		d.checks.Stop()
	}
	d.checks = time.AfterFunc(d.settle, func() { d.tell(func() { d.check(name) }) })
}

// check looks for lines that do not work, off the desk.
func (d *desk) check(name string) {
	doc := d.documents[name]
	if doc == nil || doc.base.locked != "" {
		return
	}
	draft := doc.draft
	o := hosts.CheckOptions{Name: name, GOOS: runtime.GOOS, Hostname: d.system.Platform.Hostname}
	if f := d.world.file; f != nil && f.Damage == nil {
		o.Outside = f.Outside()
		for _, a := range f.Active() {
			if p, ok := f.Applied(a.Name); ok {
				o.Others = append(o.Others, p)
			}
		}
	}
	d.work.Go(func() {
		found := hosts.Check([]byte(draft), o)
		worstFirst(found)
		d.tell(func() {
			// A newer text has a check of its own under way.
			if now := d.documents[name]; now != nil && now.draft == draft {
				now.findings = found
				d.render()
			}
		})
	})
}
