package assets

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
)

var coloured = map[string][]byte{"original": TrayOriginal, "profiles": TrayProfiles, "attention": TrayAttention}

var templates = map[string][]byte{
	"original": TrayOriginalTemplate, "profiles": TrayProfilesTemplate, "attention": TrayAttentionTemplate,
}

func TestSizes(t *testing.T) {
	check := func(name string, data []byte, want int) {
		if got := decode(t, name, data).Bounds(); got != image.Rect(0, 0, want, want) {
			t.Errorf("%s: got %v, want %d pixels each way", name, got, want)
		}
	}
	check("App", App, 256)
	for name, data := range coloured {
		check(name, data, 64)
	}
	for name, data := range templates {
		check(name+" template", data, 64)
	}
}

// macOS keeps the transparency of a template and throws its colours away.
func TestTemplatesAreBlack(t *testing.T) {
	for name, data := range templates {
		m := decode(t, name, data)
		for i := range 64 * 64 {
			if r, g, b, _ := m.At(i%64, i/64).RGBA(); r|g|b != 0 {
				t.Errorf("%s: pixel %d, %d has a colour", name, i%64, i/64)
				break
			}
		}
	}
}

// Somebody who sees no colours, on a panel where an icon has 16 pixels, must
// still tell the states apart: the templates have nothing but a shape.
func TestStatesDifferByShape(t *testing.T) {
	const least = 256 / 8
	names := []string{"original", "profiles", "attention"}
	for i, a := range names {
		for _, b := range names[i+1:] {
			before, after := shape(t, a), shape(t, b)
			differ := 0
			for p := range before {
				if max(before[p], after[p])-min(before[p], after[p]) > 0x80 {
					differ++
				}
			}
			if differ < least {
				t.Errorf("%s and %s: %d of 256 pixels differ, want %d", a, b, differ, least)
			}
		}
	}
}

// shape returns how opaque each pixel of a template is at 16 pixels.
func shape(t *testing.T, name string) [256]int {
	m := decode(t, name, templates[name])
	var opaque [256]int
	for y := range 64 {
		for x := range 64 {
			_, _, _, a := m.At(x, y).RGBA()
			opaque[y/4*16+x/4] += int(a >> 8)
		}
	}
	for p := range opaque {
		opaque[p] /= 16
	}
	return opaque
}

func TestICO(t *testing.T) {
	for _, data := range [][]byte{TrayOriginal, App} {
		var header struct {
			Reserved, Kind, Pictures   uint16
			Width, Height, Colours, No uint8
			Planes, Bits               uint16
			Size, Offset               uint32
		}
		ico := ICO(data)
		if err := binary.Read(bytes.NewReader(ico), binary.LittleEndian, &header); err != nil {
			t.Fatal(err)
		}
		if header.Kind != 1 || header.Pictures != 1 || int(header.Offset)+int(header.Size) != len(ico) {
			t.Errorf("got %+v for %d bytes", header, len(ico))
		}
		inside := decode(t, "inside", ico[header.Offset:]).Bounds()
		if got := uint8(inside.Dx()); header.Width != got || header.Height != got {
			t.Errorf("got %d × %d, want %d", header.Width, header.Height, got)
		}
	}
}

// The policy decides who may write the hosts file with which password, so a slip
// in it must not wait for somebody with polkit to find it.
func TestPolicy(t *testing.T) {
	data, err := os.ReadFile("linux/org.fettle.Fettle.policy")
	if err != nil {
		t.Fatal(err)
	}
	var policy struct {
		Actions []struct {
			ID       string `xml:"id,attr"`
			Any      string `xml:"defaults>allow_any"`
			Inactive string `xml:"defaults>allow_inactive"`
			Active   string `xml:"defaults>allow_active"`
			Notes    []struct {
				Key   string `xml:"key,attr"`
				Value string `xml:",chardata"`
			} `xml:"annotate"`
		} `xml:"action"`
	}
	if err := xml.Unmarshal(data, &policy); err != nil {
		t.Fatal(err)
	}
	if len(policy.Actions) != 1 {
		t.Fatalf("got %d actions, want 1", len(policy.Actions))
	}
	a := policy.Actions[0]
	if a.ID != "org.fettle.hosts.write" || a.Any != "auth_admin" || a.Inactive != "auth_admin" || a.Active != "auth_admin_keep" {
		t.Errorf("got %+v", a)
	}
	notes := map[string]string{}
	for _, n := range a.Notes {
		notes[strings.TrimPrefix(n.Key, "org.freedesktop.policykit.exec.")] = n.Value
	}
	// The Makefile puts the real prefix in.
	if notes["path"] != "/usr/local/bin/fettle" || notes["argv1"] != "hosts" {
		t.Errorf("the action is about %q", notes)
	}
}

func decode(t *testing.T, name string, data []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}
