package transfer

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A switchHostsExport is the JSON that SwitchHosts exports: version 3 has the
// texts in the list, version 4 (swh_data.json) a tree and a collection of texts,
// and version 5 a manifest with a tree and the texts by id.
type switchHostsExport struct {
	Format  string            `json:"format"`
	Version []json.RawMessage `json:"version"`
	List    []switchHostsNode `json:"list"`
	Data    struct {
		List struct {
			Tree []switchHostsNode `json:"tree"`
		} `json:"list"`
		Collection struct {
			Hosts struct {
				Data []switchHostsText `json:"data"`
			} `json:"hosts"`
		} `json:"collection"`
	} `json:"data"`
	Manifest struct {
		Root []switchHostsNode `json:"root"`
	} `json:"manifest"`
	Entries map[string]string `json:"entries"`
}

type switchHostsText struct {
	ID      looseID `json:"id"`
	Content string  `json:"content"`
}

// A switchHostsNode is one line of its list: "local", "remote", a "group" of
// others, or a "folder".
type switchHostsNode struct {
	ID       looseID           `json:"id"`
	Title    string            `json:"title"`
	Type     string            `json:"type"`
	Where    string            `json:"where"` // its type in version 3
	On       bool              `json:"on"`
	URL      string            `json:"url"`
	Token    string            `json:"token"`
	Interval float64           `json:"refresh_interval"` // seconds; hours in version 3
	Content  string            `json:"content"`          // version 3
	Include  []looseID         `json:"include"`
	Children []switchHostsNode `json:"children"`
}

// A looseID is text, or a number in version 3.
type looseID string

// UnmarshalJSON implements json.Unmarshaler.
func (id *looseID) UnmarshalJSON(data []byte) error {
	*id = looseID(strings.Trim(string(data), `"`))
	return nil
}

// isSwitchHosts reports whether the JSON is such an export.
func (e *switchHostsExport) isSwitchHosts() bool {
	return e.Format == "switchhosts-backup" || len(e.Version) > 0 && (e.List != nil || e.Data.List.Tree != nil)
}

func (e *switchHostsExport) source() *Source {
	r := switchHostsReader{Source: &Source{Program: SwitchHosts}, texts: map[looseID]string{}, titles: map[looseID]string{}}
	nodes, unit := e.Manifest.Root, time.Second
	for id, text := range e.Entries {
		r.texts[looseID(id)] = text
	}
	switch {
	case e.List != nil:
		nodes, unit = e.List, time.Hour
	case e.Data.List.Tree != nil:
		nodes = e.Data.List.Tree
		for _, text := range e.Data.Collection.Hosts.Data {
			r.texts[text.ID] = text.Content
		}
	}
	r.unit = unit
	r.name(nodes)
	r.add(nodes)
	return r.Source
}

type switchHostsReader struct {
	*Source
	unit   time.Duration // of intervals
	texts  map[looseID]string
	titles map[looseID]string
}

// name notes the titles, by which groups are told.
func (r *switchHostsReader) name(nodes []switchHostsNode) {
	for _, n := range nodes {
		r.titles[n.ID] = n.Title
		r.name(n.Children)
	}
}

func (r *switchHostsReader) add(nodes []switchHostsNode) {
	for _, n := range nodes {
		kind := n.Type
		if kind == "" {
			kind = n.Where
		}
		switch kind {
		case "folder":
			r.add(n.Children)
		case "group":
			var names []string
			for _, id := range n.Include {
				names = append(names, NameFor(r.titles[id]))
			}
			r.omit("the group %q, which is: fettle hosts use %s", n.Title, strings.Join(names, " "))
		case "local", "remote", "":
			r.addProfile(n)
		default:
			r.omit("%q, which is a %s", n.Title, kind)
		}
	}
}

func (r *switchHostsReader) addProfile(n switchHostsNode) {
	text := r.texts[n.ID]
	if text == "" {
		text = n.Content
	}
	if n.Token != "" {
		r.omit("the access token of %q; put it into the URL: fettle hosts subscribe", n.Title)
	}
	r.Found = append(r.Found, Found{
		Title: n.Title, Text: []byte(text), On: n.On, URL: n.URL, Every: time.Duration(n.Interval * float64(r.unit)),
	})
}

// readJSON takes the export of SwitchHosts, or our own.
func readJSON(path string, data []byte) (*Source, error) {
	var own export
	if err := json.Unmarshal(data, &own); err == nil && own.Format == exportFormat {
		return own.source(path)
	}
	var other switchHostsExport
	if err := json.Unmarshal(data, &other); err != nil {
		return nil, &FormatError{path, fmt.Sprintf("looks like JSON, but cannot be read as that: %v", err)}
	}
	if !other.isSwitchHosts() {
		return nil, &FormatError{path, "holds JSON that neither SwitchHosts nor Fettle has exported"}
	}
	return other.source(), nil
}
