package transfer

import (
	"bytes"
	"regexp"
	"strings"

	"fettle/hosts"
)

// The markers of hostctl (pkg/parser and pkg/file of guumaster/hostctl): a block
// begins with "# profile.on NAME" or "# profile.off NAME", where older versions
// have "# profile NAME", and ends with "# end". Lines of a block that is off are
// comments. The blocks stand below a banner of three lines. In the old form a
// name with blanks would be a remark as likely.
var (
	hostctlBegin  = regexp.MustCompile(`^# profile(?:\.(on|off)\s+([a-z0-9._ -]+?)|\s+([a-z0-9._-]+))\s*$`)
	hostctlEnd    = regexp.MustCompile(`^(?i)# end\s*$`)
	hostctlBanner = []byte("# Content under this line is handled by hostctl. DO NOT EDIT.")
)

// cutBlocks returns the profiles of hostctl that a hosts file holds, and the file
// without them. A block without an end runs to the end of the file, as it does
// for hostctl.
func cutBlocks(data []byte) (blocks []Found, rest []byte) {
	if !bytes.Contains(data, []byte("# profile")) {
		return nil, data
	}
	var block *Found
	for line := range bytes.Lines(data) {
		text := bytes.TrimRight(line, "\r\n")
		begin := hostctlBegin.FindSubmatch(text)
		switch {
		case begin != nil:
			blocks = append(blocks, Found{Title: string(begin[2]) + string(begin[3]), On: string(begin[1]) != "off"})
			block = &blocks[len(blocks)-1]
		case block != nil && hostctlEnd.Match(text):
			block = nil
		case block == nil:
			rest = append(rest, line...)
		case block.On:
			block.Text = append(block.Text, line...)
		default:
			block.Text = append(block.Text, uncomment(line)...)
		}
	}
	if len(blocks) == 0 {
		return nil, data
	}
	return blocks, withoutBanner(rest)
}

// uncomment takes the "#" from a line that is a mapping without it.
func uncomment(line []byte) []byte {
	rest, ok := bytes.CutPrefix(line, []byte("#"))
	rest = bytes.TrimLeft(rest, " \t")
	if !ok || hosts.MapsNothing(rest) || hosts.Judge(rest) != nil {
		return line
	}
	return rest
}

// withoutBanner takes the banner away, with the lines of "#" around it.
func withoutBanner(data []byte) []byte {
	var out [][]byte
	skip := false
	for line := range bytes.Lines(data) {
		isRule := len(line) > 10 && strings.Trim(string(bytes.TrimSpace(line)), "#") == ""
		switch {
		case bytes.HasPrefix(line, hostctlBanner):
			if n := len(out); n > 0 && strings.Trim(string(bytes.TrimSpace(out[n-1])), "#") == "" {
				out = out[:n-1]
			}
			skip = true
		case skip && isRule:
			skip = false
		default:
			skip = false
			out = append(out, line)
		}
	}
	return bytes.Join(out, nil)
}
