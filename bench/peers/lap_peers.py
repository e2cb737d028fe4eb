"""Solves one assignment problem with one function of a peer and prints one line of JSON:

    {"optimum", "solve_s", "cpu_s", "read_s", "peak_rss"}

The file is NumPy's: a matrix of int32 or float64 costs, or three columns of rows, columns and costs. The functions: "scipy" (dense:
linear_sum_assignment, sparse: min_weight_full_bipartite_matching), "ortools" (sparse), and every one of lapx, by name; with "/f32"
behind it on costs of 32 bits. The clock runs from the costs in memory, in the form that the function takes without converting, to
the assignment; reading and the sum are told apart.
"""

import json
import resource
import sys
import time

import numpy as np

REAL_SCALE = 1e6  # of a real optimum, which is printed as a whole number


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


def dense(costs, name):
    """Returns a function without arguments that solves a matrix and returns the column of each row."""
    if name == "scipy":
        from scipy.optimize import linear_sum_assignment

        matrix = costs.astype(np.float64)
        return lambda: linear_sum_assignment(matrix)[1]
    import lap

    name, _, width = name.partition("/")
    matrix = np.ascontiguousarray(costs.astype(np.float32 if width == "f32" else np.float64))
    call = getattr(lap, name)

    def solve():
        if name.startswith("lapjvsa") or name.startswith("lapjvxa"):  # pairs of rows and columns
            pairs = np.asarray(call(matrix, return_cost=False))
            columns = np.empty(len(matrix), dtype=np.int64)
            columns[pairs[:, 0]] = pairs[:, 1]
            return columns
        first, second = call(matrix, return_cost=False)
        if name in ("lapjv", "lapjvc"):
            return np.asarray(first if name == "lapjv" else second)
        columns = np.empty(len(matrix), dtype=np.int64)  # rows and their columns
        columns[np.asarray(first)] = np.asarray(second)
        return columns

    return solve


def sparse(table, name):
    """The same for lists of pairs, sorted by row."""
    rows, cols, costs = (np.ascontiguousarray(column) for column in table.T)
    n = int(rows.max()) + 1
    if name == "ortools":
        from ortools.graph.python import linear_sum_assignment

        wide = costs.astype(np.int64)

        def solve():
            solver = linear_sum_assignment.SimpleLinearSumAssignment()
            solver.add_arcs_with_cost(rows, cols, wide)
            if solver.solve() != solver.OPTIMAL:
                sys.exit("no optimum")
            return np.array([solver.right_mate(i) for i in range(n)])

        return solve
    start = np.searchsorted(rows, np.arange(n + 1)).astype(np.int32)
    real = costs.astype(np.float64)
    if name == "scipy":
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import min_weight_full_bipartite_matching

        graph = csr_array((real, cols, start), shape=(n, n))
        return lambda: min_weight_full_bipartite_matching(graph)[1]
    import lap

    return lambda: np.asarray(getattr(lap, name)(n, real, start, cols, return_cost=False)[0])


def main(path, name):
    start = time.perf_counter()
    table = np.load(path)
    listed = table.shape[1] == 3
    solve = sparse(table, name) if listed else dense(table, name)
    ready, spent = time.perf_counter(), cpu_s()
    columns = solve()
    done, total_cpu = time.perf_counter(), cpu_s()
    if listed:
        n = int(table[:, 0].max()) + 1
        chosen = columns[table[:, 0]] == table[:, 1]
        order = np.lexsort((table[chosen, 2], table[chosen, 0]))  # of a pair that stands twice the better
        kept, at = np.unique(table[chosen, 0][order], return_index=True)
        if len(kept) != n or len(np.unique(columns)) != n:
            sys.exit("not an assignment")
        optimum = table[chosen, 2][order][at].sum()
    else:
        if len(np.unique(columns)) != len(table):
            sys.exit("not an assignment")
        optimum = table[np.arange(len(table)), columns].sum()
    if table.dtype == np.float64:
        optimum = round(optimum * REAL_SCALE)
    print(
        json.dumps(
            {
                "optimum": int(optimum),
                "solve_s": round(done - ready, 6),
                "cpu_s": round(total_cpu - spent, 6),
                "read_s": round(ready - start, 6),
                "peak_rss": peak_rss(),
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: lap_peers.py FILE FUNCTION")
    main(sys.argv[1], sys.argv[2])
