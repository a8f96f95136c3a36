//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"syscall"
)

// inode names the file behind a name, which is another one after a replacement.
func inode(info fs.FileInfo) string {
	stat := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("%d:%d", stat.Dev, stat.Ino)
}
