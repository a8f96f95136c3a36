package atomicfile

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// relabel gives the file the SELinux label that the policy wants for its name.
// A file that came by rename may carry that of a new file in the directory,
// etc_t instead of net_conf_t, and name resolution is then denied to confined
// services (tailscale 20167). Best effort: without the tool, or without the
// right to use it, the label copied from the old file has to do.
func relabel(path string) {
	if _, err := os.Stat("/sys/fs/selinux/enforce"); err != nil {
		return
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = exec.CommandContext(ctx, "restorecon", path).Run()
}
