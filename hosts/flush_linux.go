package hosts

var flushCommands = [][]string{
	{"resolvectl", "flush-caches"},
	{"nscd", "-i", "hosts"},
}
