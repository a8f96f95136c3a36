package main

import "net"

// checkPeer accepts every peer: on Windows the socket stands in the user's own
// folder, which other users cannot reach.
func checkPeer(*net.UnixConn) error { return nil }
