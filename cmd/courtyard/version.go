package main

import (
	_ "embed" // the licence
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/internal/report"
)

//go:embed licenses/Apache-2.0.txt
var apacheLicense string

func (a *app) versionCommand() *cobra.Command {
	licenses := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version, or the licences",
		Long:  "version prints the version of the program; with --licenses the licences of the program, its data and its fonts.\n\n" + exitCodes,
		Example: `  courtyard version
  courtyard version --licenses`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if licenses {
				return a.writeOut("", writeLicenses)
			}
			fmt.Fprintf(a.stdout, "courtyard %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
	cmd.Flags().BoolVar(&licenses, "licenses", false, "print the licences of the program, its data and its fonts")
	return cmd
}

// version returns the version that the Go command wrote into the binary, "dev" when it wrote none.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}

func writeLicenses(w io.Writer) error {
	rule := strings.Repeat("=", 78)
	_, err := fmt.Fprintf(w, "Courtyard is licensed under the Apache License 2.0, its embedded data and fonts under licences of their own.\n"+
		"\n%[1]s\nThe program\n\n%[2]s\n%[1]s\nThe data of the sample city\n\n%[3]s\n%[1]s\nThe fonts of the map: subsets of Noto Sans SC\n\n%[4]s",
		rule, apacheLicense, dali.Licences(), report.FontLicence())
	return err
}
