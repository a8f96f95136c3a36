package desktoptest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// The names of the StatusNotifierItem specification of KDE, and of the menus
// that go with it.
const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
	itemName    = "org.kde.StatusNotifierItem"
	menuName    = "com.canonical.dbusmenu"
)

// A Tray is the part of a panel that shows status items: a watcher with which
// programs register, and the host that reads them.
type Tray struct {
	t    testing.TB
	conn *dbus.Conn

	mu    sync.Mutex
	items []*Item
}

// StartTray puts a tray on the bus.
func (b *Bus) StartTray() *Tray {
	b.t.Helper()
	tray := &Tray{t: b.t, conn: b.Connect()}
	if err := tray.conn.Export(watcher{tray}, watcherPath, watcherName); err != nil {
		b.t.Fatal(err)
	}
	_, err := prop.Export(tray.conn, watcherPath, prop.Map{watcherName: {
		"IsStatusNotifierHostRegistered": {Value: true},
		"ProtocolVersion":                {Value: int32(0)},
	}})
	if err != nil {
		b.t.Fatal(err)
	}
	tray.Show()
	return tray
}

// watcher holds what programs may call.
type watcher struct{ tray *Tray }

// RegisterStatusNotifierItem takes the path of the item, or the name of the
// service that has it.
func (w watcher) RegisterStatusNotifierItem(sender dbus.Sender, service string) *dbus.Error {
	w.tray.mu.Lock()
	defer w.tray.mu.Unlock()
	item := &Item{t: w.tray.t, conn: w.tray.conn, owner: string(sender), path: "/StatusNotifierItem"}
	if strings.HasPrefix(service, "/") {
		item.path = dbus.ObjectPath(service)
	}
	w.tray.items = append(w.tray.items, item)
	return nil
}

// Show takes the name by which programs find the tray.
func (tray *Tray) Show() {
	tray.t.Helper()
	reply, err := tray.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		tray.t.Fatalf("taking the name of the tray: %v, %v", reply, err)
	}
}

// Hide gives the name up, as a panel does that ends, and forgets the items.
func (tray *Tray) Hide() {
	tray.t.Helper()
	if _, err := tray.conn.ReleaseName(watcherName); err != nil {
		tray.t.Fatal(err)
	}
	tray.mu.Lock()
	defer tray.mu.Unlock()
	tray.items = nil
}

// Count returns how many items have registered.
func (tray *Tray) Count() int {
	tray.mu.Lock()
	defer tray.mu.Unlock()
	return len(tray.items)
}

// Item waits for the first item and returns it.
func (tray *Tray) Item() *Item {
	tray.t.Helper()
	Eventually(tray.t, func() bool { return tray.Count() > 0 }, func() string { return "a program registers its icon" })
	tray.mu.Lock()
	defer tray.mu.Unlock()
	return tray.items[0]
}

// An Item is what a program shows in the tray.
type Item struct {
	t     testing.TB
	conn  *dbus.Conn
	owner string
	path  dbus.ObjectPath
}

func (i *Item) property(name string, value any) {
	i.t.Helper()
	v, err := i.conn.Object(i.owner, i.path).GetProperty(itemName + "." + name)
	if err == nil {
		err = v.Store(value)
	}
	if err != nil {
		i.t.Fatalf("reading the item's %s: %v", name, err)
	}
}

// Title returns the name of the item.
func (i *Item) Title() string {
	i.t.Helper()
	var title string
	i.property("Title", &title)
	return title
}

// Status returns whether the item asks to be seen: "Active", "Passive" or
// "NeedsAttention".
func (i *Item) Status() string {
	i.t.Helper()
	var status string
	i.property("Status", &status)
	return status
}

// Tooltip returns the text that hovering over the item shows.
func (i *Item) Tooltip() string {
	i.t.Helper()
	var tip struct {
		Icon  string
		Pix   []pixmap
		Title string
		Text  string
	}
	i.property("ToolTip", &tip)
	return strings.TrimSpace(tip.Title + " " + tip.Text)
}

type pixmap struct {
	Width, Height int32
	Pixels        []byte // ARGB
}

// Icon returns the picture of the item, as a string to compare, and its width.
func (i *Item) Icon() (picture string, width int) {
	i.t.Helper()
	var pix []pixmap
	i.property("IconPixmap", &pix)
	if len(pix) == 0 {
		return "", 0
	}
	return string(pix[0].Pixels), int(pix[0].Width)
}

// Click clicks the item itself with the left button.
func (i *Item) Click() {
	i.t.Helper()
	if err := i.conn.Object(i.owner, i.path).Call(itemName+".Activate", 0, int32(0), int32(0)).Err; err != nil {
		i.t.Fatalf("clicking the icon: %v", err)
	}
}

// A MenuItem is one line of the menu, as a desktop shows it.
type MenuItem struct {
	ID        int32
	Label     string // as the user reads it
	Enabled   bool
	Check     bool // whether it has a check mark at all
	Checked   bool
	Separator bool
}

// String shows the item as one line of text.
func (m MenuItem) String() string {
	text := m.Label
	switch {
	case m.Separator:
		return "----"
	case m.Check && m.Checked:
		text = "[x] " + text
	case m.Check:
		text = "[ ] " + text
	}
	if !m.Enabled {
		return "(" + text + ")"
	}
	return text
}

// A layout is a node of com.canonical.dbusmenu.
type layout struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// Menu returns the visible lines of the menu, from top to bottom.
func (i *Item) Menu() []MenuItem {
	i.t.Helper()
	var root layout
	// The first answer after a change of the menu may lack the children.
	for range 2 {
		var revision uint32
		err := i.menu().Call(menuName+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
		if err != nil {
			i.t.Fatalf("reading the menu: %v", err)
		}
	}
	var items []MenuItem
	for _, child := range root.Children {
		var node layout
		if err := dbus.Store([]any{child.Value()}, &node); err != nil {
			i.t.Fatalf("reading a line of the menu: %v", err)
		}
		if visible, ok := node.Properties["visible"]; ok && visible.Value() == false {
			continue
		}
		items = append(items, menuItem(node))
	}
	return trimSeparators(items)
}

func (i *Item) menu() dbus.BusObject {
	var path dbus.ObjectPath
	i.property("Menu", &path)
	return i.conn.Object(i.owner, path)
}

func menuItem(node layout) MenuItem {
	text := func(key string) string {
		s, _ := node.Properties[key].Value().(string)
		return s
	}
	enabled, isSet := node.Properties["enabled"].Value().(bool)
	state, _ := node.Properties["toggle-state"].Value().(int32)
	return MenuItem{
		ID:        node.ID,
		Label:     readLabel(text("label")),
		Enabled:   enabled || !isSet,
		Check:     text("toggle-type") == "checkmark",
		Checked:   state == 1,
		Separator: text("type") == "separator",
	}
}

// readLabel returns what a desktop shows for a label: an underscore marks the
// letter of a shortcut, and two of them are one.
func readLabel(label string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(label, "__", "\x00"), "_", ""), "\x00", "_")
}

// trimSeparators leaves out the separators that desktops do not show: at an end
// of the menu, and a second in a row.
func trimSeparators(items []MenuItem) []MenuItem {
	var out []MenuItem
	for _, item := range items {
		if item.Separator && (len(out) == 0 || out[len(out)-1].Separator) {
			continue
		}
		out = append(out, item)
	}
	if n := len(out); n > 0 && out[n-1].Separator {
		out = out[:n-1]
	}
	return out
}

// MenuText returns the menu as text, one line each.
func (i *Item) MenuText() string {
	i.t.Helper()
	var b strings.Builder
	for _, item := range i.Menu() {
		fmt.Fprintln(&b, item)
	}
	return b.String()
}

// Choose clicks the line of the menu with this label, which must be enabled.
func (i *Item) Choose(label string) {
	i.t.Helper()
	for _, item := range i.Menu() {
		if item.Label == label && !item.Separator {
			if !item.Enabled {
				i.t.Fatalf("%q cannot be clicked", label)
			}
			i.ChooseID(item.ID)
			return
		}
	}
	i.t.Fatalf("the menu has no %q:\n%s", label, i.MenuText())
}

// ChooseID clicks the line with this id, whatever it is by now.
func (i *Item) ChooseID(id int32) {
	i.t.Helper()
	err := i.menu().Call(menuName+".Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0)).Err
	if err != nil {
		i.t.Fatalf("clicking: %v", err)
	}
}
