package desktoptest

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fettle/internal/need"
)

// A Screen is an X display of its own, with a window manager.
type Screen struct {
	t    testing.TB
	name string // ":42"
}

// StartScreen starts a screen, which ends with the test. It needs "display".
func StartScreen(t testing.TB) *Screen {
	t.Helper()
	for _, tool := range []string{"Xvfb", "openbox", "xdotool", "import"} {
		_, err := exec.LookPath(tool)
		need.That(t, "display", err == nil, "the program "+tool+" is not installed")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	// It chooses a number that is free and writes it to descriptor 3.
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{write}
	startUntilEnd(t, server)
	write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	s := &Screen{t: t, name: ":" + strings.TrimSpace(number)}
	manager := exec.Command("openbox", "--sm-disable")
	manager.Env = append(os.Environ(), s.Env(), "HOME="+t.TempDir())
	startUntilEnd(t, manager)
	return s
}

// KeepPicture saves what the screen shows if the test has failed. It is a
// clean-up to be registered after the programs on the screen were started.
func (s *Screen) KeepPicture() {
	if !s.t.Failed() {
		return
	}
	name := filepath.Join(os.TempDir(), "fettle-"+strings.ReplaceAll(s.t.Name(), "/", "-")+".png")
	if _, err := s.run("import", "-window", "root", name); err != nil {
		s.t.Log(err)
		return
	}
	s.t.Log("the screen as it was at the end: " + name)
}

// startUntilEnd starts a program that is killed when the test ends.
func startUntilEnd(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended already
		_ = cmd.Wait()         // which says that it was killed
	})
}

// Env is the setting of the environment by which programs find the screen.
func (s *Screen) Env() string { return "DISPLAY=" + s.name }

// run runs a program on the screen and returns what it prints.
func (s *Screen) run(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), s.Env())
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, &complaint)
	}
	return out, err
}

// Windows returns the ids of the visible windows with this title.
func (s *Screen) Windows(title string) []string {
	// xdotool fails when it finds none.
	out, _ := s.run("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$")
	return strings.Fields(string(out))
}

// Window waits for the window with this title, until it is the active one.
func (s *Screen) Window(title string) *Window {
	s.t.Helper()
	w := &Window{screen: s}
	Eventually(s.t, func() bool {
		if ids := s.Windows(title); len(ids) > 0 {
			w.id = ids[0]
			active, err := s.run("xdotool", "getactivewindow")
			return err == nil && strings.TrimSpace(string(active)) == w.id
		}
		return false
	}, func() string { return fmt.Sprintf("a window %q opens and is active", title) })
	return w
}

// A Window is one on a [Screen].
type Window struct {
	screen *Screen
	id     string
}

func (w *Window) do(args ...string) {
	w.screen.t.Helper()
	if _, err := w.screen.run("xdotool", args...); err != nil {
		w.screen.t.Fatal(err)
	}
}

// Click clicks at a place in the window, in pixels from its upper left corner.
func (w *Window) Click(x, y int) {
	w.screen.t.Helper()
	w.do("mousemove", "--sync", "--window", w.id, fmt.Sprint(x), fmt.Sprint(y), "sleep", "0.05", "click", "1")
}

// Type types text.
func (w *Window) Type(text string) {
	w.screen.t.Helper()
	w.do("type", "--delay", "5", text)
}

// Key presses a key, as "ctrl+s".
func (w *Window) Key(key string) {
	w.screen.t.Helper()
	w.do("key", key)
}

// Picture returns what the window shows.
func (w *Window) Picture() image.Image {
	w.screen.t.Helper()
	data, err := w.screen.run("import", "-window", w.id, "png:-")
	if err != nil {
		w.screen.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		w.screen.t.Fatal(err)
	}
	return picture
}

// Color returns the colour of a pixel of the window.
func (w *Window) Color(x, y int) color.RGBA {
	w.screen.t.Helper()
	return color.RGBAModel.Convert(w.Picture().At(x, y)).(color.RGBA)
}
