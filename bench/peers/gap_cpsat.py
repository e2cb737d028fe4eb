"""Solves one generalised assignment problem with OR-Tools CP-SAT and prints one line of JSON: usage: gap_cpsat.py FILE SECONDS

{"optimum", "solve_s", "cpu_s", "read_s", "peak_rss", "plan"}; the clock runs from the numbers in memory to the answer, the
building of the model included. Two workers, as many as the machine has cores.
"""

import gzip
import json
import os
import resource
import sys
import time

from ortools.sat.python import cp_model


def read(path):
    with open(path, "rb") as file:
        text = file.read()
    if text[:2] == b"\x1f\x8b":
        text = gzip.decompress(text)
    numbers = [int(float(word)) for word in text.split()]
    m, n = numbers[:2]
    rows = [numbers[2 + i * n : 2 + (i + 1) * n] for i in range(2 * m)]
    return rows[:m], rows[m:], numbers[2 + 2 * m * n :]


def cpu_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_rss():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return -1


def main(path, seconds):
    start = time.perf_counter()
    cost, use, capacity = read(path)
    ready, before = time.perf_counter(), cpu_s()
    model = cp_model.CpModel()
    x = [[model.new_bool_var("") for _ in row] for row in cost]
    for j in range(len(cost[0])):
        model.add_exactly_one(row[j] for row in x)
    for row, weights, room in zip(x, use, capacity):
        model.add(cp_model.LinearExpr.weighted_sum(row, weights) <= room)
    model.minimize(cp_model.LinearExpr.weighted_sum([v for row in x for v in row], [c for row in cost for c in row]))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds - (time.perf_counter() - ready)
    solver.parameters.num_workers = os.cpu_count()
    status = solver.solve(model)
    solve_s, used = time.perf_counter() - ready, cpu_s() - before
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        sys.exit("no assignment")
    value, bound = round(solver.objective_value), -int(-solver.best_objective_bound // 1)
    for row, weights, room in zip(x, use, capacity):
        assert sum(w for v, w in zip(row, weights) if solver.value(v)) <= room
    plan = {
        "status": "optimal" if status == cp_model.OPTIMAL else "feasible",
        "gap": (value - bound) / max(1, value),
        "tiers": [{"name": "cost", "value": value, "bound": bound}],
    }
    print(json.dumps({"optimum": value, "solve_s": solve_s, "cpu_s": used, "read_s": ready - start, "peak_rss": peak_rss(), "plan": plan}))


main(sys.argv[1], float(sys.argv[2]))
