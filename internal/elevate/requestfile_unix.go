//go:build unix

package elevate

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// openOwned opens a regular file of mode 0600 that belongs to the user who
// asked for the step, or to root where nobody says who that was.
func openOwned(path string) (*os.File, error) {
	// O_NONBLOCK: a FIFO in the place of the file must not hang root.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = checkOwned(info)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func checkOwned(info os.FileInfo) error {
	if !info.Mode().IsRegular() {
		return errors.New("it is not a regular file")
	}
	if info.Mode().Perm() != 0o600 {
		return fmt.Errorf("its mode is %v and not -rw-------", info.Mode().Perm())
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("its owner is unknown")
	}
	for _, name := range []string{"SUDO_UID", "PKEXEC_UID"} {
		if uid, err := strconv.ParseUint(os.Getenv(name), 10, 32); err == nil && uint32(uid) != stat.Uid {
			return fmt.Errorf("it belongs to user %d, but user %d asked", stat.Uid, uid)
		}
	}
	return nil
}
