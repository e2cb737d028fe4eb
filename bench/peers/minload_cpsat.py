"""Solves one file of minimum loads with OR-Tools CP-SAT and prints one line of JSON: usage: minload_cpsat.py FILE SECONDS"""

import sys

from ortools.sat.python import cp_model

import minload_file as load


def main(path, seconds):
    instance = load.read(path)
    clock = load.Clock()
    model = cp_model.CpModel()
    opens = [model.new_bool_var("") for _ in instance.seats]
    takes = [model.new_bool_var("") for _ in instance.pairs]
    without = [model.new_bool_var("") for _ in range(instance.people)]
    of_person = [[u] for u in without]
    of_session = [[] for _ in opens]
    for x, (person, session, _) in zip(takes, instance.pairs):
        of_person[person].append(x)
        of_session[session].append(x)
    for variables in of_person:
        model.add_exactly_one(variables)
    for y, variables, seats, least in zip(opens, of_session, instance.seats, instance.least):
        model.add(sum(variables) <= seats * y)
        model.add(sum(variables) >= least * y)
    variables = takes + without
    model.minimize(cp_model.LinearExpr.weighted_sum(variables, [p[2] for p in instance.pairs] + [instance.worth] * len(without)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds - clock.seconds()
    solver.parameters.num_workers = load.CORES
    status = solver.solve(model)
    spent = clock.stop()
    plan = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        plan = [-1] * instance.people
        for x, (person, session, _) in zip(takes, instance.pairs):
            if solver.boolean_value(x):
                plan[person] = session
    load.tell(instance, plan, solver.best_objective_bound, status == cp_model.OPTIMAL, spent)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: minload_cpsat.py FILE SECONDS")
    main(sys.argv[1], float(sys.argv[2]))
