package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"fettle/internal/nearest"
)

// An Error is a mistake in config.toml.
type Error struct {
	File   string
	Line   int // from 1
	Column int // from 1, in bytes
	Text   string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text) }

// A Config holds what config.toml says, unjudged: each section is judged by the
// method that returns it.
type Config struct {
	file     string
	sections map[string]any
	keys     []key // in the order of the file
}

// A key is the first place in the file that names a section or setting.
type key struct {
	path         []string
	line, column int
}

func (k key) String() string { return strings.Join(k.path, ".") }

// Load reads config.toml. The error is an [*Error] for a file that is not TOML,
// which concerns every section, or says that the file cannot be read.
func Load(d Dirs) (*Config, error) {
	data, err := os.ReadFile(d.File())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the settings: %w", err)
	}
	return parse(d.File(), data)
}

func parse(file string, data []byte) (*Config, error) {
	// TOML wants none, but the Notepad of older Windows writes it.
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	c := &Config{file: file}
	if err := toml.Unmarshal(data, &c.sections); err != nil {
		var bad *toml.DecodeError
		if !errors.As(err, &bad) {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		line, column := bad.Position()
		return nil, &Error{File: file, Line: line, Column: column, Text: strings.TrimPrefix(bad.Error(), "toml: ")}
	}
	c.keys = findKeys(data)
	return c, nil
}

// findKeys returns the keys of a valid TOML document, with their places, which
// the decoder of go-toml keeps to itself.
func findKeys(data []byte) []key {
	var (
		p     unstable.Parser
		found []key
		seen  = map[string]bool{}
		table []string // the header above the line
	)
	enter := func(above []string, keys unstable.Iterator) []string {
		path := slices.Clone(above)
		for keys.Next() {
			node := keys.Node()
			path = append(path, string(node.Data))
			id := strings.Join(path, "\x00")
			if seen[id] {
				continue
			}
			seen[id] = true
			before := data[:node.Raw.Offset]
			found = append(found, key{
				path: slices.Clone(path),
				line: 1 + bytes.Count(before, []byte("\n")), column: len(before) - bytes.LastIndexByte(before, '\n'),
			})
		}
		return path
	}
	var enterValue func(path []string, value *unstable.Node)
	enterValue = func(path []string, value *unstable.Node) {
		if value.Kind != unstable.InlineTable {
			return
		}
		for pairs := value.Children(); pairs.Next(); {
			pair := pairs.Node()
			enterValue(enter(path, pair.Key()), pair.Value())
		}
	}
	for p.Reset(data); p.NextExpression(); {
		switch node := p.Expression(); node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = enter(nil, node.Key())
		case unstable.KeyValue:
			enterValue(enter(table, node.Key()), node.Value())
		}
	}
	return found
}

// errorAt returns an error at the key with this path.
func (c *Config) errorAt(path []string, format string, args ...any) *Error {
	e := &Error{File: c.file, Line: 1, Column: 1, Text: fmt.Sprintf(format, args...)}
	for _, k := range c.keys {
		if slices.Equal(k.path, path) {
			e.Line, e.Column = k.line, k.column
			break
		}
	}
	return e
}

// Warnings returns what the file says to nobody: sections that this Fettle does
// not know. One that looks like a misspelt section is not among them; it is an
// error of the section that it was likely meant for.
func (c *Config) Warnings() []string {
	var warnings []string
	for _, name := range c.strangers() {
		if _, near := nearestSection(name); near == "" {
			warnings = append(warnings, c.errorAt([]string{name}, "%s is not a section that Fettle knows, and means nothing", name).Error())
		}
	}
	return warnings
}

// strangers returns the names at the top of the file that are not sections, in
// the order of the file.
func (c *Config) strangers() []string {
	var names []string
	for _, k := range c.keys {
		if name := k.path[0]; known[name] == nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// nearestSection returns the section for which a stranger at the top of the
// file was likely meant, and what it should have been: the section, or a
// setting that stands outside of its section. Both are "" when it resembles
// nothing.
func nearestSection(name string) (section, meant string) {
	for section, keys := range known {
		if slices.Contains(keys, name) {
			return section, section + "." + name
		}
	}
	if section := nearest.Of(name, slices.Sorted(maps.Keys(known))); section != "" {
		return section, section
	}
	return "", ""
}
