"""Solves one DIMACS .min file with OR-Tools' SimpleMinCostFlow and prints one line of JSON:

    {"optimum", "solve_s", "cpu_s", "read_s", "peak_rss"}

The clock runs from the network in memory as numpy arrays to the known optimum; reading is told apart.
"""

import json
import resource
import sys
import time

import numpy as np
from ortools.graph.python import min_cost_flow


def cpu_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_rss():
    """Peak resident bytes of this program alone: ru_maxrss would count the process that started it."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return -1


def read(path):
    """Returns supplies by node and the arcs as an (m, 5) array: tail, head, lower, upper, cost, nodes from 0."""
    supply, n, m, arcs = None, 0, 0, []
    with open(path) as file:
        for line in file:
            kind = line[:1]
            if kind == "a":
                arcs.append(line[1:])
            elif kind == "n":
                _, node, units = line.split()
                supply[int(node) - 1] = int(units)
            elif kind == "p":
                _, problem, n, m = line.split()
                if problem != "min":
                    sys.exit("not a min-cost flow file")
                supply = np.zeros(int(n), dtype=np.int64)
    table = np.array(" ".join(arcs).split(), dtype=np.int64).reshape(-1, 5)
    if len(table) != int(m):
        sys.exit("the number of arcs is not the header's")
    table[:, :2] -= 1
    return supply, table


def main(path):
    start = time.perf_counter()
    supply, table = read(path)
    tail, head, lower, upper, cost = (np.ascontiguousarray(column) for column in table.T)
    del table
    tail, head = tail.astype(np.int32), head.astype(np.int32)
    total = int(supply[supply > 0].sum())
    upper = np.where(upper < 0, total + int(lower.sum()), upper)
    base = 0
    if lower.any():  # the library has no lower bounds: send them first
        base = int((lower * cost).sum())
        np.subtract.at(supply, tail, lower)
        np.add.at(supply, head, lower)
        upper = upper - lower
    ready, spent = time.perf_counter(), cpu_s()

    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail, head, upper, cost)
    solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        sys.exit(f"no optimum: {status}")
    optimum = base + solver.optimal_cost()

    done, total_cpu = time.perf_counter(), cpu_s()
    print(
        json.dumps(
            {
                "optimum": optimum,
                "solve_s": round(done - ready, 6),
                "cpu_s": round(total_cpu - spent, 6),
                "read_s": round(ready - start, 6),
                "peak_rss": peak_rss(),
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: ortools_mcf.py FILE")
    main(sys.argv[1])
