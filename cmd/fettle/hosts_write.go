package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/internal/elevate"
)

// newHostsWriteCommand returns the step that runs with more rights than the
// rest of Fettle. Whatever reaches it is hostile until shown otherwise: it
// takes its target from the arguments and refuses any but the system's hosts
// file, reads that file itself, and writes only what the request's profiles, or
// root's own history, lead to.
func newHostsWriteCommand(a *app) *cobra.Command {
	var file, hash string
	cmd := &cobra.Command{
		Use:    "write TARGET",
		Short:  "Write the system's hosts file, as root (used by the other commands)",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.runHostsWrite(cmd.Context(), args[0], file, hash)
			if err := json.NewEncoder(a.stdout).Encode(hosts.NewReply(p, err)); err != nil {
				return err
			}
			if err != nil {
				return &exitError{status: 1}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&file, "request", "", "read the request from this `file` instead of the standard input")
	cmd.Flags().StringVar(&hash, "sha256", "", "the `hash` of that file")
	return cmd
}

// checkPkexec refuses every command but the write step to root by way of
// pkexec. The policy can name no more than the program and its first argument,
// and its dialog speaks of the hosts file: whoever types the password there
// must not give away more, such as "fettle hosts run NAME -- sh". pkexec sets
// the variable whatever its caller's environment is.
func (a *app) checkPkexec(cmd *cobra.Command) error {
	if os.Geteuid() != 0 || a.getenv("PKEXEC_UID") == "" || cmd.CommandPath() == writeCommand {
		return nil
	}
	return &hinted{error: errors.New("pkexec runs the write step of Fettle, and no other command"),
		hint: "run it with sudo; in a shell that pkexec has started, unset PKEXEC_UID first"}
}

// writeCommand is how cobra calls the write step.
const writeCommand = "fettle hosts write"

// stepPath is where the write step looks for the programs that flush caches and
// mend labels, whatever its caller's PATH is.
const stepPath = "/usr/sbin:/usr/bin:/sbin:/bin"

func (a *app) runHostsWrite(ctx context.Context, target, file, hash string) (*hosts.Plan, error) {
	if target != hosts.SystemPath() || a.hostsFile != "" {
		return nil, hosts.ErrNotSystem
	}
	request, err := a.readRequest(file, hash)
	if err != nil {
		return nil, err
	}
	os.Clearenv()
	if err := os.Setenv("PATH", stepPath); err != nil {
		return nil, err
	}
	system, err := hosts.Open(target, hosts.Options{})
	if err != nil {
		return nil, err
	}
	if system.NeedsRights() {
		return nil, errors.New("the write step runs as root")
	}
	p, err := system.Carry(ctx, request)
	if err == nil && !p.Empty() {
		hosts.Flush(ctx)
	}
	return p, err
}

// readRequest reads the request once, from the file or the standard input.
func (a *app) readRequest(file, hash string) (hosts.Request, error) {
	var data []byte
	var err error
	if file != "" {
		data, err = elevate.ReadRequest(file, hash, hosts.MaxRequest)
	} else {
		data, err = io.ReadAll(io.LimitReader(a.stdin, hosts.MaxRequest+1))
	}
	if err != nil {
		return hosts.Request{}, err
	}
	if len(data) > hosts.MaxRequest {
		return hosts.Request{}, fmt.Errorf("%w: it is larger than %d bytes", hosts.ErrRefused, hosts.MaxRequest)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var request hosts.Request
	if err := decoder.Decode(&request); err != nil {
		return hosts.Request{}, fmt.Errorf("%w: %w", hosts.ErrRefused, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return hosts.Request{}, fmt.Errorf("%w: more stands behind it", hosts.ErrRefused)
	}
	return request, nil
}
