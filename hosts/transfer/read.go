package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fettle/hosts"
)

// The programs whose profiles are recognised.
const (
	PlainFile   = "a hosts file"
	GasMask     = "Gas Mask"
	SwitchHosts = "SwitchHosts"
	Hostctl     = "hostctl"
	Fettle      = "Fettle"
)

// A Source is what a file or a folder holds.
type Source struct {
	Program string
	Found   []Found
	// Omitted says what has no counterpart here, a sentence for each.
	Omitted []string
}

// A Found is a profile as another program has it.
type Found struct {
	Title string // its name there, which may be any text
	Text  []byte
	On    bool // whether it was in force there
	// URL is where the text comes from, or "". Every is how often it was fetched;
	// 0 is by hand only.
	URL   string
	Every time.Duration
}

func (s *Source) omit(format string, args ...any) {
	s.Omitted = append(s.Omitted, fmt.Sprintf(format, args...))
}

const (
	// maxText bounds a text, in bytes: ten times the longest list in use.
	maxText = 64 << 20
	// maxFiles bounds the files of a folder or an archive.
	maxFiles = 10_000
)

// A FormatError says that a file or a folder holds nothing that can be imported.
type FormatError struct {
	Path   string
	Reason string // follows the path: "holds JSON that …"
}

func (e *FormatError) Error() string { return e.Path + " " + e.Reason }

// Read recognises what stands at path: a hosts file, with or without the blocks
// that hostctl marks in it; an export of SwitchHosts or of Fettle; the folder of
// Gas Mask, or one of hosts files. System is the path of the hosts file in force:
// of that only the blocks are taken. The error is a [*FormatError], or what the
// file system said.
func Read(path, system string) (*Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return readFolder(path)
	}
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	title := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	start := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readZip(path, data)
	case bytes.HasPrefix(start, []byte("{")):
		return readJSON(path, start)
	}
	inForce := false
	if s, err := os.Stat(system); err == nil {
		inForce = os.SameFile(s, info)
	}
	return readHosts(path, title, data, inForce)
}

// readFile reads a regular file, or a pipe, of a size that a text can have.
func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readBounded(path, file)
}

func readBounded(path string, from io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(from, maxText+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxText {
		return nil, &FormatError{path, fmt.Sprintf("is larger than %d MB, so it is no hosts file", maxText>>20)}
	}
	return data, nil
}

// readHosts takes a hosts file apart: the profiles of Fettle's section, the
// blocks of hostctl, and the rest.
func readHosts(path, title string, data []byte, inForce bool) (*Source, error) {
	f := hosts.Parse(data)
	if f.Damage != nil {
		return nil, fmt.Errorf("%s: %w", path, f.Damage)
	}
	s := &Source{Program: PlainFile}
	for _, name := range hosts.Names(f.Active()) {
		p, _ := f.Applied(name)
		s.Program = Fettle
		s.Found = append(s.Found, Found{Title: name, Text: p.Text, On: true})
	}
	blocks, rest := cutBlocks(f.Outside())
	if len(blocks) > 0 {
		s.Program = Hostctl
		s.Found = append(s.Found, blocks...)
	}
	switch special := len(s.Found) > 0; {
	case special && hosts.MapsNothing(rest):
	case special && inForce:
		s.omit("the lines outside the profiles, which are in force anyway")
	default:
		if err := judge(path, rest); err != nil {
			return nil, err
		}
		s.Found = append(s.Found, Found{Title: title, Text: rest})
	}
	return s, nil
}

// judge returns a [*FormatError] for what is no hosts file at all.
func judge(path string, text []byte) error {
	if content, ok := errors.AsType[*hosts.ContentError](hosts.Judge(text)); ok {
		return &FormatError{path, "holds " + content.Reason}
	}
	return nil
}

// readFolder takes the folder of Gas Mask, or any with hosts files in it.
func readFolder(dir string) (*Source, error) {
	s := &Source{Program: PlainFile}
	// Gas Mask has three folders in its own, in ~/Library/Gas Mask. Combined has
	// lists of files of the other two.
	folders := []string{dir}
	if isFolder(filepath.Join(dir, "Local")) {
		s.Program = GasMask
		folders = []string{filepath.Join(dir, "Local"), filepath.Join(dir, "Remote")}
		s.omitCombined(filepath.Join(dir, "Combined"))
	}
	for _, folder := range folders {
		if err := s.addFolder(folder); err != nil {
			return nil, err
		}
	}
	if len(s.Found) == 0 && len(s.Omitted) == 0 {
		reason := "has no files that end in .hosts or .hst"
		if slices.ContainsFunc([]string{"manifest.json", "data/list/tree.json"}, func(name string) bool { return isFile(filepath.Join(dir, name)) }) {
			reason = "is where SwitchHosts keeps its data; export it there (in the menu), and import that file"
		}
		return nil, &FormatError{dir, reason}
	}
	return s, nil
}

// addFolder adds the hosts files of a folder. One that cannot be used costs
// itself, and not the others.
func (s *Source) addFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		extension := strings.ToLower(filepath.Ext(entry.Name()))
		path := filepath.Join(dir, entry.Name())
		if !slices.Contains(extensions, extension) || !isFile(path) {
			continue
		}
		if len(s.Found) == maxFiles {
			return &FormatError{dir, fmt.Sprintf("has more than %d hosts files", maxFiles)}
		}
		text, err := readFile(path)
		if err == nil && !hosts.MapsNothing(text) {
			err = judge(path, text)
		}
		if err != nil {
			s.omit("%v", err)
			continue
		}
		s.Found = append(s.Found, Found{Title: strings.TrimSuffix(entry.Name(), filepath.Ext(entry.Name())), Text: text})
		if filepath.Base(dir) == "Remote" && s.Program == GasMask {
			s.omit("where %s comes from: Gas Mask keeps the URL elsewhere; see \"fettle hosts subscribe\"", entry.Name())
		}
	}
	return nil
}

// extensions end the names of hosts files: of Fettle, and of Gas Mask.
var extensions = []string{".hosts", ".hst"}

// omitCombined says which of its files Gas Mask switches on together.
func (s *Source) omitCombined(dir string) {
	entries, _ := os.ReadDir(dir) // most have none
	for _, entry := range entries {
		list, err := readFile(filepath.Join(dir, entry.Name()))
		if err != nil || filepath.Ext(entry.Name()) != ".hst" {
			continue
		}
		var names []string
		for line := range strings.Lines(string(list)) {
			if _, name, ok := strings.Cut(strings.TrimSpace(line), "/"); ok { // "Local/My file"
				names = append(names, NameFor(name))
			}
		}
		s.omit("the combination %s, which is: fettle hosts use %s", strings.TrimSuffix(entry.Name(), ".hst"), strings.Join(names, " "))
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
