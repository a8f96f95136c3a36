package tray

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"fettle/hosts"
	"fettle/internal/elevate"
	"fettle/internal/notify"
)

// The subjects of notifications. A later one takes the place of an earlier one
// of the same subject.
const (
	aboutReminder    = "reminder"
	aboutTimeIsOver  = "time is over"
	aboutEnd         = "end"
	aboutDisturbance = "disturbance"
	aboutPending     = "pending"
	aboutHeld        = "held back"
)

// A note is a notification, with what its buttons do.
type note struct {
	subject, title, body string
	buttons              []button
}

// A button does something, which is said on it.
type button struct {
	label  string
	action Action
}

// notification returns n as the desktop shows it. The key of a button is its
// number, and a click on the notification itself opens the window.
func (n note) notification() notify.Notification {
	out := notify.Notification{Subject: n.subject, Title: n.title, Body: n.body,
		Actions: []notify.Action{{Key: notify.DefaultAction, Label: "Open Fettle"}}}
	for i, b := range n.buttons {
		out.Actions = append(out.Actions, notify.Action{Key: strconv.Itoa(i), Label: b.label})
	}
	return out
}

// answer returns what a click on a button asks for.
func (n note) answer(key string) Action {
	if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.buttons) {
		return n.buttons[i].action
	}
	return Action{Kind: OpenWindow}
}

// reminderNote says what is still on.
func reminderNote(due []hosts.Active, now time.Time) note {
	names := hosts.Names(due)
	n := note{subject: aboutReminder, buttons: []button{
		{"Switch back", Action{Kind: Switch, Switch: hosts.Switch{Op: hosts.Off, Names: names}}},
	}}
	if len(due) == 1 {
		n.title = names[0] + " is on " + sinceText(due[0].Since, now)
		return n
	}
	n.title = join(names) + " are on"
	for _, a := range due {
		n.body += a.Name + " " + sinceText(a.Since, now) + "\n"
	}
	n.body = strings.TrimSpace(n.body)
	return n
}

// endedNote says that the tray has switched profiles off.
func endedNote(names []string) note {
	return note{subject: aboutEnd, title: join(names) + " " + are(names) + " off again", body: "The time was over."}
}

// overNote says that the time of profiles is over, and why they are still on.
func overNote(names []string, why error) note {
	return note{subject: aboutTimeIsOver, title: "The time of " + join(names) + " is over", body: whyNot(why),
		buttons: []button{{"Switch back", Action{Kind: Expire}}, {"Keep on", keepOn(names)}}}
}

// whyNot says why something was not done without a question.
func whyNot(err error) string {
	if errors.Is(err, elevate.ErrDenied) || errors.Is(err, elevate.ErrNoWay) {
		return "It needs your password."
	}
	return err.Error()
}

func keepOn(names []string) Action {
	return Action{Kind: Switch, Switch: hosts.Switch{Op: hosts.On, Names: names}}
}

// pendingNote says that the new text of subscribed profiles is not in force.
func pendingNote(names []string, why error) note {
	return note{subject: aboutPending, title: "New text of " + join(names) + " waits", body: whyNot(why),
		buttons: []button{{"Put in force", Action{Kind: PutInForce}}}}
}

// heldNote says that an update is not taken over unseen.
func heldNote(name string) note {
	return note{subject: aboutHeld, title: "An update of " + name + " is held back",
		body:    "It leads names to other machines. Look at it before you accept it.",
		buttons: []button{{"Look at it", Action{Kind: OpenWindow}}}}
}

// disturbanceNote says what another program did.
func disturbanceNote(d hosts.Disturbance) note {
	n := note{subject: aboutDisturbance, title: disturbanceText(d)}
	for _, r := range remedies(d) {
		n.buttons = append(n.buttons, button{r.Label, r.Action})
	}
	return n
}

// disturbanceText says what another program did to the section, or "".
func disturbanceText(d hosts.Disturbance) string {
	switch d.Harm {
	case hosts.Removed:
		return "Another program switched " + join(d.Was) + " off"
	case hosts.Replaced:
		return "Another program changed which profiles are on"
	case hosts.Edited:
		if len(d.Edited) > 0 {
			return "Another program changed " + join(d.Edited) + " in the hosts file"
		}
		return "Another program changed Fettle's section"
	case hosts.Damaged:
		return "Fettle's section of the hosts file is damaged"
	case hosts.Unharmed:
	}
	return ""
}

// remedies returns the lines of the menu that answer a disturbance.
func remedies(d hosts.Disturbance) []Item {
	var items []Item
	offer := func(label string, action Action) {
		items = append(items, Item{Slot: SlotRemedy, Label: label, Action: action})
	}
	again := d.Was
	if d.Harm == hosts.Edited {
		again = d.Now
	}
	switch d.Harm {
	case hosts.Unharmed, hosts.Damaged:
		return nil
	case hosts.Removed, hosts.Replaced, hosts.Edited:
	}
	if len(again) > 0 {
		offer("Apply "+join(again)+" again", Action{Kind: Switch, Switch: hosts.Switch{Op: hosts.Use, Names: again}})
	}
	if len(d.Edited) > 0 {
		offer("Take the change over into "+join(d.Edited), Action{Kind: Adopt, Names: d.Edited})
	}
	offer("Leave it as it is", Action{Kind: Accept})
	return items
}

// join joins names as a sentence does: "a", "a and b", "a, b and c".
func join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func are(names []string) string {
	if len(names) == 1 {
		return "is"
	}
	return "are"
}
