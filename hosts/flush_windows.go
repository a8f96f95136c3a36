package hosts

var flushCommands = [][]string{
	{"ipconfig", "/flushdns"},
}
