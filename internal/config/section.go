package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fettle/internal/human"
	"fettle/internal/nearest"
)

// known holds the settings of each section.
var known = map[string][]string{
	"hosts": slices.Sorted(maps.Keys(new(Hosts).settings())),
}

// settings are what a section may hold: a function by key that takes the value
// over, or says what is wrong with it, in words that follow the key's name.
type settings map[string]func(value any) error

// Hosts are the settings of the section [hosts].
type Hosts struct {
	History     int   // changes that the history keeps
	HistorySize int64 // bytes that the kept states may take
	Verify      bool  // ask the system's resolver after a switch
	// Remind is how long a profile is on before the tray reminds of it; 0: never.
	Remind time.Duration
	// AlwaysOn are profiles that the tray does not remind of.
	AlwaysOn []string

	SubscriptionMax int64 // bytes that a subscribed list may have
}

func (h *Hosts) settings() settings {
	return settings{
		"history":          number(&h.History, 1, 100_000),
		"history_size":     size(&h.HistorySize, 1_000_000),
		"verify":           boolean(&h.Verify),
		"remind":           duration(&h.Remind, time.Minute),
		"always_on":        texts(&h.AlwaysOn),
		"subscription_max": size(&h.SubscriptionMax, 100_000),
	}
}

// HostsSection returns the section [hosts], with defaults for what the file
// does not set. The error joins an [*Error] for each mistake in the section; the
// settings returned with it are those without mistakes.
func (c *Config) HostsSection() (Hosts, error) {
	h := Hosts{History: 100, HistorySize: 200_000_000, Verify: true, Remind: 8 * time.Hour, SubscriptionMax: 10_000_000}
	err := c.read("hosts", h.settings())
	return h, err
}

// read hands the values of a section to its settings.
func (c *Config) read(section string, s settings) error {
	var errs []error
	for _, name := range c.strangers() {
		if likely, meant := nearestSection(name); likely == section {
			errs = append(errs, c.errorAt([]string{name}, "%s is not a section; did you mean %s?", name, meant))
		}
	}
	values, ok := c.sections[section].(map[string]any)
	if c.sections[section] != nil && !ok {
		errs = append(errs, c.errorAt([]string{section}, "%s must be a section, written [%s]", section, section))
	}
	for _, k := range c.keys {
		if len(k.path) != 2 || k.path[0] != section || !ok {
			continue
		}
		name := k.path[1]
		take := s[name]
		if take == nil {
			errs = append(errs, c.unknown(k, s))
			continue
		}
		if err := take(values[name]); err != nil {
			errs = append(errs, c.errorAt(k.path, "%s %v", k, err))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) unknown(k key, s settings) error {
	section, name := k.path[0], k.path[1]
	all := slices.Sorted(maps.Keys(s))
	if near := nearest.Of(name, all); near != "" {
		return c.errorAt(k.path, "%s is not a setting; did you mean %s.%s?", k, section, near)
	}
	return c.errorAt(k.path, "%s is not a setting; [%s] has %s", k, section, strings.Join(all, ", "))
}

// number takes a whole number from low to high.
func number(to *int, low, high int) func(any) error {
	return func(value any) error {
		n, ok := value.(int64)
		if !ok || n < int64(low) || n > int64(high) {
			return fmt.Errorf("must be a whole number from %d to %d", low, high)
		}
		*to = int(n)
		return nil
	}
}

// duration takes a length of time such as "8h", of low at least, or "never",
// which is 0.
func duration(to *time.Duration, low time.Duration) func(any) error {
	return func(value any) error {
		text, _ := value.(string)
		if text == "never" {
			*to = 0
			return nil
		}
		d, err := time.ParseDuration(text)
		if err != nil || d < low {
			return fmt.Errorf(`must be a length of time such as "8h", at least %s, or "never"`, human.Age(low))
		}
		*to = d
		return nil
	}
}

// texts takes a list of texts.
func texts(to *[]string) func(any) error {
	return func(value any) error {
		list, ok := value.([]any)
		out := make([]string, len(list))
		for i, v := range list {
			text, isText := v.(string)
			out[i], ok = text, ok && isText
		}
		if !ok {
			return errors.New(`must be a list of texts, such as ["ads"]`)
		}
		*to = out
		return nil
	}
}

// boolean takes true or false.
func boolean(to *bool) func(any) error {
	return func(value any) error {
		b, ok := value.(bool)
		if !ok {
			return errors.New("must be true or false")
		}
		*to = b
		return nil
	}
}
