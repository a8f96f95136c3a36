// Package notify shows notifications of the desktop: a title, a sentence, and
// buttons where the desktop has them.
package notify

import "errors"

// ErrUnavailable is the error where nothing shows notifications: no session
// bus, or no program on it that does.
var ErrUnavailable = errors.New("this desktop shows no notifications")

// A Notification is one message to the user.
type Notification struct {
	// Subject tells notifications apart. A later one with the same subject
	// takes the place of an earlier one that is still shown.
	Subject string
	Title   string
	Body    string // plain text
	Actions []Action
}

// An Action is a button of a notification.
type Action struct {
	Key   string // what the function given to [New] is told
	Label string
}

// DefaultAction is the key of a click on the notification itself.
const DefaultAction = "default"
