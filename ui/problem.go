package ui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"fettle/hosts"
	"fettle/internal/elevate"
	"fettle/internal/human"
)

// A Problem is what went wrong, or is not as it should be, in the words of
// somebody who wants to go on: a sentence, the detail, and a button where there
// is a cure.
type Problem struct {
	Severe bool // nothing can be changed until it is solved, or nothing was
	Title  string
	Detail string
	Lines  []hosts.NumberedLine // of the hosts file, that it is about

	Cure    string // what the button says; "" when there is no cure
	Sure    string // the question to ask before, when the cure cannot be undone
	Apply   func()
	Dismiss func() // nil: it stands for as long as its cause does
}

// standing returns what is wrong with the files, the worst first, or nil.
func (d *desk) standing() *Problem {
	w := &d.world
	var damage *hosts.DamageError
	switch {
	case w.unreadable():
		return &Problem{Severe: true, Title: "The hosts file cannot be read.",
			Detail: w.fileErr.Error() + ". Programs of yours cannot look names up in it either.",
			Cure:   "Try again", Apply: d.refresh}
	case errors.Is(w.fileErr, fs.ErrNotExist):
		return &Problem{Severe: true, Title: "There is no hosts file.",
			Detail: d.system.Path + " is gone. Fettle does not guess what was in it: put it back, and this goes away.",
			Cure:   "Try again", Apply: d.refresh}
	case w.fileErr != nil:
		return &Problem{Severe: true, Title: "The hosts file cannot be read.",
			Detail: w.fileErr.Error(), Cure: "Try again", Apply: d.refresh}
	case errors.Is(w.file.Damage, hosts.ErrUTF16):
		return &Problem{Severe: true, Title: "The hosts file is in UTF-16.",
			Detail: "Resolvers cannot read it. Save " + d.system.Path + " as UTF-8 with an editor, and this goes away."}
	case errors.As(w.file.Damage, &damage):
		return d.damaged(damage)
	case w.interrupted:
		p := &Problem{Severe: true, Title: "A write of the hosts file was interrupted.",
			Detail: "The file may be torn. Its old content is safe, and the next switch puts it back first."}
		if !d.system.NeedsRights() {
			p.Cure, p.Apply = "Repair now", d.repair
		}
		return p
	case w.profilesErr != nil:
		return &Problem{Severe: true, Title: "The profiles cannot be listed.",
			Detail: w.profilesErr.Error(), Cure: "Try again", Apply: d.refresh}
	case w.file.Edited():
		return &Problem{Title: "Another program changed what Fettle wrote.",
			Detail: "Lines of Fettle's section in " + d.system.Path + " are no longer those of the profiles. Programs use what the file says now.",
			Cure:   "Write the profiles again", Apply: d.repair}
	case len(w.file.Active()) == 0 && w.file.Asides() > 0:
		return &Problem{Title: "Another program removed Fettle's section.",
			Detail: fmt.Sprintf("%s that a profile had set aside still carry Fettle's prefix.", human.Count(w.file.Asides(), "line")),
			Cure:   "Give them back", Apply: d.repair}
	case d.watchErr != nil:
		return &Problem{Title: "Changes of the files are not noticed.",
			Detail: d.watchErr.Error() + ". What other programs do shows up after “Look again” only.",
			Cure:   "Look again", Apply: d.refresh}
	}
	return nil
}

// damaged explains a section whose markers do not stand as they should.
func (d *desk) damaged(damage *hosts.DamageError) *Problem {
	p := &Problem{Severe: true, Title: "Fettle's section of the hosts file is damaged.",
		Detail: fmt.Sprintf("%s. Fettle cannot tell which lines are its own, and changes nothing. "+
			"Take these lines and what is between them out of %s with an editor", damage.Reason, d.system.Path),
		Lines: damage.Lines}
	if d.world.last == nil {
		p.Detail += ", and this goes away."
		return p
	}
	last := *d.world.last
	p.Detail += fmt.Sprintf(", or put the whole file back as it was before the last change (%s).", d.clock(last.Time))
	p.Cure = "Put it back…"
	p.Sure = fmt.Sprintf("%s becomes what it was before %s, %s. Lines that other programs wrote since are lost from it; "+
		"the history keeps the file as it is now.", d.system.Path, d.clock(last.Time), d.action(last))
	p.Apply = func() { d.putBack(last.Number) }
	return p
}

// repair writes the section as the profiles in force say. That also mends what a
// killed writer left behind.
func (d *desk) repair() {
	d.start(job{text: "Writing the hosts file"}, func(ctx context.Context) error {
		return d.apply(ctx, hosts.Switch{Op: hosts.On})
	})
}

// explain says what an error means for what the user wanted. Again does that once
// more.
func (d *desk) explain(err error, again func()) *Problem {
	p := &Problem{Severe: true, Title: "That did not work.", Detail: err.Error() + ".",
		Cure: "Try again", Apply: again, Dismiss: d.dismiss}
	var (
		conflict  *conflictError
		saved     *savedError
		protected *hosts.ProtectedError
		damage    *hosts.DamageError
	)
	isSaved := errors.As(err, &saved)
	switch {
	case errors.As(err, &conflict):
		p.Title, p.Detail = "Not saved: "+conflict.name+" has changed on disk.", "Choose above the text which of the two stays."
		p.Cure = ""
	case errors.Is(err, elevate.ErrDenied):
		p.Title, p.Detail = "Nothing was changed.", "The hosts file belongs to the system, and the password was not given."
	case errors.Is(err, elevate.ErrNoWay):
		p.Title = "Fettle cannot ask for the right to write the hosts file here."
		p.Detail = "On a terminal, “fettle hosts” can. Installing polkit makes it work here too."
	case errors.As(err, &protected):
		p.Title = fmt.Sprintf("%s cannot be overridden.", protected.Name)
		p.Detail = err.Error() + ". Take the name out of " + protected.Profile + ", and try again."
	case errors.As(err, &damage):
		p.Title = "Nothing was changed: Fettle's section is damaged."
	case errors.Is(err, hosts.ErrChanged):
		p.Title, p.Detail = "Another program keeps changing the hosts file.", "Nothing was changed."
	case errors.Is(err, hosts.ErrBusy):
		p.Title, p.Detail = "Another Fettle is writing the hosts file, and does not end.", "Nothing was changed."
	case errors.Is(err, hosts.ErrNoProfile):
		p.Title, p.Cure = "There is no such profile any more.", ""
	case errors.Is(err, fs.ErrPermission):
		p.Title = "No permission."
	}
	if isSaved {
		p.Title = saved.name + " is saved, but not in force."
		p.Apply = func() { d.tell(func() { d.beginApply(saved.name) }) }
	}
	return p
}
