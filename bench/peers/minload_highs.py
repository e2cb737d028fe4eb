"""Solves one file of minimum loads with HiGHS and prints one line of JSON: usage: minload_highs.py FILE SECONDS

Only whether a session opens is an integer: with that given the rest is a flow, whose corners are whole.
"""

import sys

import highspy
import numpy as np
from ortools.graph.python import min_cost_flow

import minload_file as load


def seat(instance, opened):
    """Returns the best plan in which just these sessions open, the session of each person or -1: a flow."""
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = instance.people + len(opened)
    arcs = [
        flow.add_arc_with_capacity_and_unit_cost(person, instance.people + session, 1, metres) if opened[session] else -1
        for person, session, metres in instance.pairs
    ]
    for person in range(instance.people):
        flow.set_node_supply(person, 1)
        flow.add_arc_with_capacity_and_unit_cost(person, sink, 1, instance.worth)
    rest = instance.people
    for session in np.flatnonzero(opened):
        least = instance.least[session]
        flow.set_node_supply(instance.people + int(session), -least)
        flow.add_arc_with_capacity_and_unit_cost(instance.people + int(session), sink, instance.seats[session] - least, 0)
        rest -= least
    flow.set_node_supply(sink, -rest)
    if flow.solve() != flow.OPTIMAL:
        sys.exit("the sessions that open cannot be filled")
    plan = [-1] * instance.people
    for arc, (person, session, _) in zip(arcs, instance.pairs):
        if arc >= 0 and flow.flow(arc):
            plan[person] = session
    return plan


def main(path, seconds):
    instance = load.read(path)
    clock = load.Clock()
    people, sessions = instance.people, len(instance.seats)
    pairs = np.array(instance.pairs, dtype=np.int64)
    count = len(pairs)
    seats, least = np.array(instance.seats), np.array(instance.least)

    # columns: pairs, people without a seat, sessions; rows: people, most and least of each session
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count + people + sessions, people + 2 * sessions
    lp.col_cost_ = np.concatenate([pairs[:, 2], np.full(people, instance.worth), np.zeros(sessions)]).astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    inf = highspy.kHighsInf
    lp.row_lower_ = np.concatenate([np.ones(people), np.full(sessions, -inf), np.zeros(sessions)])
    lp.row_upper_ = np.concatenate([np.ones(people), np.zeros(sessions), np.full(sessions, inf)])
    each = np.arange(sessions)
    most = people + each
    index = np.concatenate([
        np.column_stack([pairs[:, 0], people + pairs[:, 1], people + sessions + pairs[:, 1]]).ravel(),
        np.arange(people),
        np.column_stack([most, most + sessions]).ravel(),
    ])
    value = np.concatenate([np.ones(3 * count + people), np.column_stack([-seats, -least]).ravel()])
    width = np.concatenate([np.full(count, 3), np.ones(people, dtype=int), np.full(sessions, 2)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(width)]).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = index.astype(np.int32), value.astype(float)
    part, whole = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    lp.integrality_ = [part] * (count + people) + [whole] * sessions

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", load.CORES)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.passModel(lp)
    highs.setOptionValue("time_limit", seconds - clock.seconds())
    highs.run()
    spent = clock.stop()
    info = highs.getInfo()
    plan = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        plan = seat(instance, np.array(highs.getSolution().col_value[count + people :]) > 0.5)
    optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    load.tell(instance, plan, info.mip_dual_bound, optimal, spent)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: minload_highs.py FILE SECONDS")
    main(sys.argv[1], float(sys.argv[2]))
