package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

func (a *app) mincostFlow(r *recipe) *cobra.Command {
	stream := false
	cmd := &cobra.Command{
		Use:   "mincost-flow FILE",
		Short: "Minimum cost flow: DIMACS .min and .imin",
		Long: `mincost-flow reads a DIMACS network (.min), or a base network and blocks of changes (.imin), told apart by content and
plain or gzipped, and sends the supplies at least cost. After each block of changes it goes on from the optimum before. Work is
counted in pivots of the simplex. Seed, workers and threads change nothing: there is one search.

With --solution it writes "s COST" and "f SRC DST FLOW" in the file's ids: for .min every arc in the file's order, for .imin the
arcs that carry flow after the last block, or with --stream after the base and after every block.

` + exitCodes,
		Example: `  courtyard solve mincost-flow network.min --json
  courtyard solve mincost-flow changes.imin.gz --stream --solution - --json
  gzip -dc network.min.gz | courtyard solve mincost-flow - --time-limit 10s`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("solve mincost-flow needs one file (- is standard input); %d are given", len(args))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&stream, "stream", false, ".imin: write a solution after the base and after every block")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		file := args[0]
		return a.solveKind(cmd.Context(), "mincost-flow", file, r, func(ctx context.Context) (out *outcome, err error) {
			solveAll := func(w io.Writer) error {
				out, err = a.solveNetworks(ctx, file, r, stream, w)
				return err
			}
			switch {
			case r.solution == "":
				err = solveAll(nil)
			case stream && r.solution == "-":
				err = solveAll(a.stdout)
			default:
				err = a.writeOut(r.solution, solveAll)
			}
			return out, err
		})
	}
	return cmd
}

// solveNetworks solves the base network of the file and the network after each block of changes, each from the basis of
// the one before. It writes to w, unless that is nil, the last solution, or with stream all of them.
func (a *app) solveNetworks(ctx context.Context, file string, r *recipe, stream bool, w io.Writer) (*outcome, error) {
	start := time.Now()
	in, err := datasets.OpenInstance(file, a.stdin)
	if err != nil {
		return nil, badInput(err)
	}
	defer in.Close()
	var (
		reader = datasets.NewNetworkReader(in)
		meter  = a.newMeter()
		out    = &outcome{}
		net    *datasets.Network
		last   *mcf.Solution
	)
	defer meter.clear()
	for {
		next, err := reader.Next()
		out.read += time.Since(start)
		if errors.Is(err, io.EOF) && net != nil {
			break
		}
		if err != nil {
			return nil, badInput(err)
		}
		net = next
		opts, left := mincostOptions(r, out)
		if !left { // the limit was used up by the blocks before
			last = &mcf.Solution{Status: solver.Unknown, Stop: out.stop}
			break
		}
		if last != nil && !net.Renumbered {
			opts.Start = last.Basis
		}
		opts.OnProgress = func(p mcf.Progress) {
			meter.show(fmt.Sprintf("%s: block %d, %d pivots", in.Name, net.Block, p.Pivots), -1)
		}
		start = time.Now()
		last, err = mcf.Solve(ctx, &net.Problem, opts)
		if err != nil {
			return nil, explainNetwork(err, in.Name, net)
		}
		out.search += time.Since(start)
		out.work += last.Work
		out.stop = last.Stop
		if stream && w != nil {
			if err := writeFlow(w, net, last); err != nil {
				return nil, err
			}
		}
		start = time.Now()
	}
	out.status, out.stop = last.Status, last.Stop
	if out.status == solver.Unknown && out.stop == solver.StopCancelled {
		return nil, errStopped
	}
	if last.Status == solver.Optimal || last.Status == solver.Feasible {
		out.objective = &last.Objective
	}
	if last.HasBound {
		out.bound = &last.Bound
	}
	if w != nil && !stream {
		return out, writeFlow(w, net, last)
	}
	return out, nil
}

// mincostOptions returns the options for the next network: the limits less what is used up. left is false when nothing is
// left of them, or when an earlier network was cut.
func mincostOptions(r *recipe, out *outcome) (opts mcf.Options, left bool) {
	if out.stop != solver.StopNone && out.stop != solver.StopProved {
		return opts, false
	}
	if r.timeLimit.Duration > 0 {
		if opts.TimeLimit = r.timeLimit.Duration - out.search; opts.TimeLimit <= 0 {
			out.stop = solver.StopTime
			return opts, false
		}
	}
	if r.workLimit > 0 {
		if opts.WorkLimit = r.workLimit - out.work; opts.WorkLimit <= 0 {
			out.stop = solver.StopWork
			return opts, false
		}
	}
	return opts, true
}

// writeFlow writes one solution; a network without a flow is a comment.
func writeFlow(w io.Writer, net *datasets.Network, s *mcf.Solution) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var err error
	if s.Status == solver.Optimal || s.Status == solver.Feasible {
		err = net.WriteSolution(b, s.Objective, s.Flow)
	} else {
		_, err = fmt.Fprintf(b, "c %s\n", s.Status)
	}
	if err != nil {
		return err
	}
	return b.Flush()
}

// explainNetwork names the arcs and nodes of the file in an error of the solver.
func explainNetwork(err error, file string, net *datasets.Network) error {
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) {
		return fmt.Errorf("solve %s: %w", file, err)
	}
	out := &datasets.FileError{Total: invalid.Total}
	for _, f := range invalid.Faults {
		out.Faults = append(out.Faults, datasets.FileFault{
			File: file, Column: networkPart(f.Pointer, net), Code: f.Code, Detail: f.Detail, Value: f.Value,
		})
	}
	return out
}

// networkPart says which node or arc a pointer such as "/cost/12" means.
func networkPart(pointer string, net *datasets.Network) string {
	parts := strings.Split(pointer, "/")
	if len(parts) != 3 {
		return pointer
	}
	i, err := strconv.Atoi(parts[2])
	p := &net.Problem
	switch {
	case err != nil || i < 0:
		return pointer
	case parts[1] == "supply" && i < len(p.Supply):
		return fmt.Sprintf("node %d, supply", net.ID(int32(i)))
	case i < len(p.Tail):
		return fmt.Sprintf("arc %d from %d to %d, %s", i+1, net.ID(p.Tail[i]), net.ID(p.Head[i]), parts[1])
	}
	return pointer
}
