package faults

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// calls are the system calls that are counted and broken: all that Go makes for
// files. Those that it makes for itself, such as epoll and futex, depend on
// timing and are not about data. The question mark lets strace accept a name
// that this architecture does not have.
var calls = []string{
	"?open", "openat", "?openat2", "close", "read", "pread64", "readv", "write", "pwrite64", "writev",
	"lseek", "?stat", "?lstat", "fstat", "newfstatat", "?fstatat64", "statx", "statfs", "fstatfs",
	"?access", "faccessat", "?faccessat2", "?readlink", "readlinkat", "getdents64",
	"fsync", "fdatasync", "sync_file_range", "syncfs", "ftruncate", "truncate", "fallocate",
	"?chmod", "fchmod", "fchmodat", "?fchmodat2", "?chown", "?lchown", "fchown", "fchownat", "utimensat",
	"?rename", "?renameat", "renameat2", "?link", "linkat", "?symlink", "symlinkat",
	"?unlink", "unlinkat", "?rmdir", "?mkdir", "mkdirat", "?mknod", "mknodat", "chdir", "fchdir",
	"setxattr", "lsetxattr", "fsetxattr", "getxattr", "lgetxattr", "fgetxattr",
	"listxattr", "llistxattr", "flistxattr", "removexattr", "lremovexattr", "fremovexattr",
	"flock", "copy_file_range", "sendfile", "splice",
}

// call is one system call of a traced command.
type call struct {
	Name    string
	Ordinal int    // the how manieth of its name since the process began, from 1
	Nth     int    // the how manieth of its name since the begin mark, from 1
	Line    string // as strace prints it
}

// reading are those among calls that change nothing.
var reading = []string{
	"read", "pread64", "readv", "lseek", "stat", "lstat", "fstat", "newfstatat", "fstatat64", "statx", "statfs", "fstatfs",
	"access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64",
	"getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr",
}

// kinds returns how the call is to be broken.
func (c call) kinds() []Kind {
	if slices.Contains(reading, c.Name) {
		return []Kind{IOError}
	}
	return []Kind{NoSpace, IOError, Kill}
}

// A line is "1234  openat(AT_FDCWD, …) = 3", or is cut in two when another
// thread comes between: then its first half counts, and the second begins
// with "<... openat resumed>".
var lineFormat = regexp.MustCompile(`^(\d+) +([a-z_0-9]+)(\(.*)$`)

// parseTrace returns the calls of the first process in the output of strace -f
// that lie between the marks.
func parseTrace(trace string) ([]call, error) {
	var found []call
	var pid string
	ordinals, before := map[string]int{}, map[string]int{}
	begun, ended := false, false
	for line := range strings.Lines(trace) {
		m := lineFormat.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		if pid == "" {
			pid = m[1]
		}
		if m[1] != pid {
			continue
		}
		name := m[2]
		ordinals[name]++
		switch {
		case strings.Contains(m[3], `"`+beginMark+`"`):
			begun = true
			maps.Copy(before, ordinals)
		case strings.Contains(m[3], `"`+endMark+`"`):
			ended = true
		case begun && !ended:
			found = append(found, call{Name: name, Ordinal: ordinals[name], Nth: ordinals[name] - before[name], Line: name + m[3]})
		}
	}
	if !begun || !ended {
		return nil, errors.New("the marks of faults.Helper are not in the trace: does the command call it, on its main goroutine?")
	}
	return found, nil
}

// summary counts calls by name: "close 3, fsync 2".
func summary(all []call) string {
	counts := map[string]int{}
	for _, c := range all {
		counts[c.Name]++
	}
	var parts []string
	for name, n := range counts {
		parts = append(parts, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
