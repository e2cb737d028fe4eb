package main

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) mincostFlow(r *recipe) *cobra.Command {
	cmd := &cobra.Command{Use: "mincost-flow FILE", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.solveKind(cmd.Context(), "mincost-flow", args[0], r, func(context.Context) (*outcome, error) { panic("x") })
	}
	return cmd
}
