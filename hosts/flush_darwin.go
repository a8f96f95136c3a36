package hosts

var flushCommands = [][]string{
	{"dscacheutil", "-flushcache"},
	{"killall", "-HUP", "mDNSResponder"},
}
