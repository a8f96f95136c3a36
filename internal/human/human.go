// Package human says sizes, ages and counts the way a person would. What a
// program will read gets the plain numbers instead.
package human

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bytes says a size in decimal units, as Docker does: "532 B", "3.2 GB",
// "94 MB". Below ten there is one decimal.
func Bytes(n int64) string {
	if n < 0 {
		// The smallest number has no positive counterpart; a float64 does not mind.
		return "-" + bytes(-float64(n))
	}
	return bytes(float64(n))
}

func bytes(n float64) string {
	if n < 1000 {
		return fmt.Sprintf("%.0f B", n)
	}
	units := []string{"kB", "MB", "GB", "TB", "PB", "EB"}
	unit := 0
	// 999,500 would be rounded to "1000 kB".
	for n /= 1000; n >= 999.5; n /= 1000 {
		unit++
	}
	if n < 9.95 {
		return fmt.Sprintf("%.1f %s", n, units[unit])
	}
	return fmt.Sprintf("%.0f %s", n, units[unit])
}

// Age says a duration by its largest unit, cut off rather than rounded, as
// people say their own age: "3 days" until the fourth is over. Less than a
// second, and a negative age, which a corrected clock can bring about, is "a
// moment".
func Age(d time.Duration) string {
	const day = 24 * time.Hour
	for _, unit := range []struct {
		from, length time.Duration
		name         string
	}{
		{2 * 365 * day, 365 * day, "year"},
		{60 * day, 30 * day, "month"},
		{14 * day, 7 * day, "week"},
		{day, day, "day"},
		{time.Hour, time.Hour, "hour"},
		{time.Minute, time.Minute, "minute"},
		{time.Second, time.Second, "second"},
	} {
		if d >= unit.from {
			return Count(int(d/unit.length), unit.name)
		}
	}
	return "a moment"
}

// Left says how long it is until something happens, by the largest unit and as
// people say it of a clock: 29 minutes and 31 seconds are "30 minutes", so that
// half an hour is not "29 minutes" as soon as it begins.
func Left(d time.Duration) string {
	if d > time.Minute {
		return Age(d.Round(time.Minute))
	}
	return Age((d + time.Second - 1).Truncate(time.Second))
}

// Printable returns text as it can be shown on a terminal: what would move the
// cursor, change colours or is no UTF-8 becomes a dot. Tabs and newlines stay.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r != utf8.RuneError && unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, text)
}

// Count says a number of things: "1 profile", "2 profiles", "0 entries",
// "3 addresses". The noun is a regular one, in the singular.
func Count(n int, noun string) string {
	if n != 1 {
		noun = plural(noun)
	}
	return strconv.Itoa(n) + " " + noun
}

func plural(noun string) string {
	for _, hiss := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(noun, hiss) {
			return noun + "es"
		}
	}
	stem, ok := strings.CutSuffix(noun, "y")
	if ok && stem != "" && !strings.ContainsRune("aeiou", rune(stem[len(stem)-1])) {
		return stem + "ies"
	}
	return noun + "s"
}
