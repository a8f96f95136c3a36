package hosts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"fettle/internal/atomicfile"
)

// sidecarExtension ends the name of the file that makes a profile a subscribed
// one.
const sidecarExtension = ".subscription"

const (
	// DefaultEvery is how often a subscription is fetched that does not say.
	DefaultEvery = 24 * time.Hour
	// MinEvery is how often a subscription may be fetched at most.
	MinEvery = time.Hour
)

// ErrNotSubscribed is the error for a profile without a subscription.
var ErrNotSubscribed = errors.New("it is not subscribed to anything")

// A Subscription says where the text of a profile comes from. The profile is an
// ordinary one, which holds the last text that was accepted, so that it works
// without a network. The subscription stands beside it, in NAME.subscription,
// so that whatever carries the one carries the other.
type Subscription struct {
	Name         string
	URL          string        // may hold a password: see [Subscription.Source]
	Every        time.Duration // how old a copy may get; 0: it is fetched by hand only
	InsecureHTTP bool          // whether the URL may be http
	// Written is the hash of the text that Fettle wrote last, or zero. A profile
	// with another one was edited by somebody else. It stands here and not with
	// the state of this machine, since a synced folder brings new texts that
	// another machine has fetched.
	Written Hash
}

// A sidecar is the form of a Subscription on disk.
type sidecar struct {
	URL          string `toml:"url"`
	Every        string `toml:"every"`
	InsecureHTTP bool   `toml:"insecure_http,omitempty"`
	Written      string `toml:"sha256,omitempty" comment:"of the text that Fettle wrote; see \"fettle hosts refresh --help\""`
}

// SubscriptionPath returns where the subscription of a profile stands. The name
// must be valid.
func (l Library) SubscriptionPath(name string) string {
	return filepath.Join(l.Dir, name+sidecarExtension)
}

// Subscription returns the subscription of a profile, or [ErrNotSubscribed].
func (l Library) Subscription(name string) (Subscription, error) {
	if err := CheckName(name); err != nil {
		return Subscription{}, err
	}
	data, err := os.ReadFile(l.SubscriptionPath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return Subscription{}, fmt.Errorf("profile %q: %w", name, ErrNotSubscribed)
	}
	if err != nil {
		return Subscription{}, fmt.Errorf("reading the subscription of profile %q: %w", name, err)
	}
	s, err := parseSubscription(name, data)
	if err != nil {
		return Subscription{}, fmt.Errorf("%s: %w", l.SubscriptionPath(name), err)
	}
	return s, nil
}

// Subscribed reports whether a profile has a subscription, readable or not.
func (l Library) Subscribed(name string) bool {
	_, err := os.Lstat(l.SubscriptionPath(name))
	return CheckName(name) == nil && err == nil
}

// Subscriptions returns the subscriptions by name. Those that cannot be read
// are left out, and the error joins the reasons.
func (l Library) Subscriptions() ([]Subscription, error) {
	entries, err := os.ReadDir(l.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the subscriptions: %w", err)
	}
	var list []Subscription
	var errs []error
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), sidecarExtension)
		if !ok || CheckName(name) != nil {
			continue
		}
		s, err := l.Subscription(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Subscription) int { return strings.Compare(a.Name, b.Name) })
	return list, errors.Join(errs...)
}

func parseSubscription(name string, data []byte) (Subscription, error) {
	var file sidecar
	decoder := toml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, bom)))
	if err := decoder.DisallowUnknownFields().Decode(&file); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) && len(strict.Errors) > 0 {
			return Subscription{}, fmt.Errorf("%q is not a setting of a subscription", strings.Join(strict.Errors[0].Key(), "."))
		}
		return Subscription{}, err
	}
	s := Subscription{Name: name, URL: file.URL, Every: DefaultEvery, InsecureHTTP: file.InsecureHTTP}
	var err error
	if file.Every != "" {
		if s.Every, err = ParseEvery(file.Every); err != nil {
			return Subscription{}, err
		}
	}
	if file.Written != "" {
		if s.Written, err = ParseHash(file.Written); err != nil {
			return Subscription{}, err
		}
	}
	return s, s.Check()
}

// saveSubscription writes the subscription as one step. Nobody else may read
// it, since the URL may hold a password.
func (l Library) saveSubscription(s Subscription) error {
	if err := CheckName(s.Name); err != nil {
		return err
	}
	file := sidecar{URL: s.URL, Every: FormatEvery(s.Every), InsecureHTTP: s.InsecureHTTP}
	if !s.Written.IsZero() {
		file.Written = s.Written.String()
	}
	data, err := toml.Marshal(file)
	if err != nil {
		return err
	}
	if _, err := makeDirs(l.Dir, 0o755, l.Chown); err != nil {
		return fmt.Errorf("saving the subscription of profile %q: %w", s.Name, err)
	}
	path := l.SubscriptionPath(s.Name)
	_, statErr := os.Lstat(path)
	if err := atomicfile.Create(path, data, 0o600); err != nil {
		return fmt.Errorf("saving the subscription of profile %q: %w", s.Name, err)
	}
	if statErr == nil {
		return nil // an old file keeps its owner
	}
	return give(path, l.Chown)
}

// CreateSubscribed makes a profile that is subscribed from the start. Its text
// counts as the last that was fetched.
func (l Library) CreateSubscribed(p Profile, s Subscription) error {
	s.Name, s.Written = p.Name, p.Hash()
	if err := s.Check(); err != nil {
		return err
	}
	if err := l.Create(p); err != nil {
		return err
	}
	return l.saveSubscription(s)
}

// removeSubscription makes a profile an ordinary one.
func (l Library) removeSubscription(name string) error {
	err := os.Remove(l.SubscriptionPath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// maxURL is how long a URL may be, in bytes.
const maxURL = 4096

// Check returns an error unless the subscription can be fetched: its URL is a
// whole one with https, or with http where that is allowed.
func (s Subscription) Check() error {
	if s.URL == "" {
		return errors.New("the subscription has no url")
	}
	if len(s.URL) > maxURL {
		return fmt.Errorf("the URL is longer than %d bytes", maxURL)
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		// The error of the parser repeats the URL, with its password.
		return errors.New("the URL cannot be read")
	}
	switch {
	case u.Scheme == "http" && !s.InsecureHTTP:
		return ErrInsecure
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("the URL must begin with https://, not with %s", quote(u.Scheme+":"))
	case u.Host == "" || u.Hostname() == "":
		return errors.New("the URL names no host")
	}
	if s.Every != 0 && s.Every < MinEvery {
		return fmt.Errorf("a subscription can be fetched every hour at most, not every %s", FormatEvery(s.Every))
	}
	return nil
}

// ErrInsecure is the error for a URL with http where only https is allowed.
var ErrInsecure = errors.New("the URL begins with http://, so anybody on the way could change the text")

// Source returns the URL as it may be shown: without a user, a password, and
// the query, which may be a key.
func (s Subscription) Source() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return "a URL that cannot be read"
	}
	return showURL(u)
}

func showURL(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	text := printable(shown.String())
	if u.RawQuery != "" {
		text += "?…"
	}
	return text
}

// ParseEvery reads how often a subscription is fetched: "24h", "7d", or "never",
// which is 0.
func ParseEvery(text string) (time.Duration, error) {
	switch text {
	case "never", "0":
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		if n > 3650 {
			err = strconv.ErrRange
		}
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil {
		return 0, fmt.Errorf(`%s is not a time such as "24h" or "7d", nor "never"`, quote(text))
	}
	if d < MinEvery {
		return 0, fmt.Errorf(`%s is too often; every hour ("1h") is the most, and "never" means by hand only`, quote(text))
	}
	return d, nil
}

// FormatEvery writes what [ParseEvery] reads.
func FormatEvery(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == 0:
		return "never"
	case d%day == 0 && d > day:
		return strconv.Itoa(int(d/day)) + "d"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return d.String()
}

// printable returns text with everything escaped that a terminal would not show
// as it is: control characters, invisible ones, those that turn the direction
// of writing, and bytes that are no UTF-8.
func printable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) || r == '\uFFFD' }) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}
