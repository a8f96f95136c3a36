package transfer

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"fettle/hosts"
)

// exportFormat is what a JSON export says of itself.
const exportFormat = "fettle-profiles"

// An export is the JSON of profiles.
type export struct {
	Format   string            `json:"format"` // exportFormat
	Version  int               `json:"version"`
	Profiles []exportedProfile `json:"profiles"`
}

type exportedProfile struct {
	Name   string `json:"name"`
	Text   string `json:"text,omitempty"`
	Base64 string `json:"base64,omitempty"` // in the place of a text that is no UTF-8
}

// exportVersion rises when older versions could not read what newer ones write.
const exportVersion = 1

// WriteJSON writes profiles as one JSON document, which [Read] recognises.
func WriteJSON(w io.Writer, profiles []hosts.Profile) error {
	e := export{Format: exportFormat, Version: exportVersion, Profiles: []exportedProfile{}}
	for _, p := range profiles {
		out := exportedProfile{Name: p.Name, Text: string(p.Text)}
		if !utf8.Valid(p.Text) {
			out.Text, out.Base64 = "", base64.StdEncoding.EncodeToString(p.Text)
		}
		e.Profiles = append(e.Profiles, out)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(e)
}

// WriteZip writes profiles as a zip of NAME.hosts files, which [Read] recognises.
// The same profiles give the same bytes.
func WriteZip(w io.Writer, profiles []hosts.Profile) error {
	z := zip.NewWriter(w)
	for _, p := range profiles {
		file, err := z.CreateHeader(&zip.FileHeader{Name: p.Name + ".hosts", Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := file.Write(p.Text); err != nil {
			return err
		}
	}
	return z.Close()
}

// WriteHosts writes the text of profiles, each behind a line with its name if
// there are several.
func WriteHosts(w io.Writer, profiles []hosts.Profile) error {
	for _, p := range profiles {
		text := p.Text
		if len(profiles) > 1 {
			text = slices.Concat([]byte("# --- profile "+p.Name+" ---\n"), text)
			if !bytes.HasSuffix(text, []byte("\n")) {
				text = append(text, '\n')
			}
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}

// source returns what a JSON export of ours holds.
func (e *export) source(file string) (*Source, error) {
	if e.Version > exportVersion {
		return nil, &FormatError{file, "was exported by a newer version of Fettle, which this one cannot read"}
	}
	s := &Source{Program: Fettle}
	for _, p := range e.Profiles {
		text := []byte(p.Text)
		if p.Base64 != "" {
			var err error
			if text, err = base64.StdEncoding.DecodeString(p.Base64); err != nil {
				return nil, &FormatError{file, fmt.Sprintf("is damaged: the text of %q cannot be decoded", p.Name)}
			}
		}
		s.Found = append(s.Found, Found{Title: p.Name, Text: text})
	}
	return s, nil
}

// maxUnpacked bounds all the texts of an archive, in bytes.
const maxUnpacked = 4 * maxText

// readZip takes the hosts files of an archive, in whatever folders of it they
// stand.
func readZip(file string, data []byte) (*Source, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, &FormatError{file, "is a damaged zip archive"}
	}
	s := &Source{Program: Fettle}
	unpacked := 0
	for _, f := range z.File {
		extension := strings.ToLower(path.Ext(f.Name))
		if !slices.Contains(extensions, extension) {
			continue
		}
		if len(s.Found) == maxFiles {
			return nil, &FormatError{file, fmt.Sprintf("has more than %d hosts files", maxFiles)}
		}
		text, err := unzip(file, f)
		if err != nil {
			return nil, err
		}
		if unpacked += len(text); unpacked > maxUnpacked {
			return nil, &FormatError{file, fmt.Sprintf("unpacks to more than %d MB", maxUnpacked>>20)}
		}
		s.Found = append(s.Found, Found{Title: strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name)), Text: text})
	}
	if len(s.Found) == 0 {
		return nil, &FormatError{file, "has no files that end in .hosts or .hst in it"}
	}
	return s, nil
}

func unzip(file string, f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, &FormatError{file, "is damaged: " + f.Name + " cannot be unpacked"}
	}
	defer r.Close()
	text, err := readBounded(file, r)
	if _, ok := errors.AsType[*FormatError](err); err != nil && !ok {
		return nil, &FormatError{file, "is damaged: " + f.Name + " cannot be unpacked"}
	}
	return text, err
}
