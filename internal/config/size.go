package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"fettle/internal/human"
)

// units are the factors of the units of a size: decimal as in "200 MB", which
// is how Fettle prints sizes, and binary as in "200 MiB". Case does not count.
var units = map[string]float64{
	"": 1, "b": 1,
	"k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// size takes a number of bytes, or a text with a unit, of at least low bytes.
func size(to *int64, low int64) func(any) error {
	return func(value any) error {
		n, err := parseSize(value)
		if err != nil {
			return err
		}
		if n < low {
			return fmt.Errorf("must be at least %s", human.Bytes(low))
		}
		*to = n
		return nil
	}
}

func parseSize(value any) (int64, error) {
	bad := errors.New(`must be a size such as "200 MB", or a number of bytes`)
	switch v := value.(type) {
	case int64:
		return v, nil
	case string:
		text := strings.TrimSpace(v)
		end := strings.LastIndexAny(text, "0123456789.") + 1
		factor, ok := units[strings.ToLower(strings.TrimSpace(text[end:]))]
		n, err := strconv.ParseFloat(text[:end], 64)
		if !ok || err != nil || n*factor >= math.MaxInt64 {
			return 0, bad
		}
		return int64(n * factor), nil
	}
	return 0, bad
}
