package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"fettle/hosts"
	"fettle/hosts/transfer"
	"fettle/internal/atomicfile"
	"fettle/internal/human"
)

// exportOptions are the flags of "fettle hosts export".
type exportOptions struct {
	all, force     bool
	format, output string
}

func newHostsExportCommand(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export NAME…",
		Short: "Write profiles for another machine or program",
		Long: `Write the text of profiles, to the standard output or into a file. "fettle hosts
import" reads all formats:

  hosts   a plain hosts file, of one profile as it is, of several with a comment
          above each
  json    one document with the names and texts
  zip     a file NAME.hosts for each

A subscribed profile is written with the text that it has. Its URL, which may
hold a password, is not.

` + exitHelp,
		Example: `  fettle hosts export staging > staging.txt
  fettle hosts export --all -o profiles.zip`,
		ValidArgsFunction: a.completeProfiles,
		Args: func(cmd *cobra.Command, names []string) error {
			switch {
			case o.all && len(names) > 0:
				return &usageError{text: "--all and names of profiles contradict each other", command: cmd.CommandPath()}
			case !o.all && len(names) == 0:
				return &usageError{text: "which profiles?", command: cmd.CommandPath(), hint: "name some, or use --all"}
			}
			return o.settleFormat(cmd)
		},
		RunE: func(_ *cobra.Command, names []string) error { return a.runHostsExport(names, o) },
	}
	cmd.Flags().BoolVarP(&o.all, "all", "a", false, "all profiles")
	cmd.Flags().StringVar(&o.format, "format", "", `"hosts", "json" or "zip" (default what the name of the file ends in, or "hosts")`)
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "write into this `file`")
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite that file")
	return cmd
}

// exporters write the formats.
var exporters = map[string]func(io.Writer, []hosts.Profile) error{
	"hosts": transfer.WriteHosts, "json": transfer.WriteJSON, "zip": transfer.WriteZip,
}

// settleFormat chooses the format where the user did not.
func (o *exportOptions) settleFormat(cmd *cobra.Command) error {
	if o.format == "" {
		o.format = strings.ToLower(strings.TrimPrefix(filepath.Ext(o.output), "."))
		if exporters[o.format] == nil {
			o.format = "hosts"
		}
	}
	if exporters[o.format] == nil {
		return &usageError{text: fmt.Sprintf("%q is not a format", o.format), command: cmd.CommandPath(), hint: `take "hosts", "json" or "zip"`}
	}
	return nil
}

func (a *app) runHostsExport(names []string, o exportOptions) error {
	library, err := a.library()
	if err != nil {
		return err
	}
	if o.all {
		list, err := library.List()
		if err != nil {
			return err
		}
		for _, l := range list {
			names = append(names, l.Name)
		}
	}
	var profiles []hosts.Profile
	for _, name := range names {
		p, err := library.Load(name)
		if err != nil {
			return a.nearestProfile(err, library, []string{name})
		}
		profiles = append(profiles, p)
	}
	var out bytes.Buffer
	if err := exporters[o.format](&out, profiles); err != nil {
		return err
	}
	if o.output == "" || o.output == "-" {
		if o.format == "zip" && a.stdoutTTY {
			return &hinted{error: errors.New("a zip archive would garble the terminal"), hint: "name a file for it: -o profiles.zip"}
		}
		_, err := a.stdout.Write(out.Bytes())
		return err
	}
	if err := saveExport(o.output, out.Bytes(), o.force); err != nil {
		return err
	}
	a.note("%s: %s, %s", o.output, human.Count(len(profiles), "profile"), human.Bytes(int64(out.Len())))
	return nil
}

// saveExport writes a file as one step, over another one only if that was asked
// for.
func saveExport(path string, data []byte, force bool) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder; name a file in it", path)
	case err == nil && !force:
		return &hinted{error: fmt.Errorf("%s exists", path), hint: "take another name, or overwrite it with --force"}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return atomicfile.Create(path, data, 0o644)
}
