"""What the drivers of minimum loads share: reading the file of bench/minload, measuring a plan again, the line of JSON."""

import json
import math
import os
import resource
import sys
import time

CORES = os.cpu_count()


class Instance:
    """people; seats and least by session; pairs (person, session, metres); worth of a person without a seat, in metres."""

    def __init__(self):
        self.people, self.worth, self.seats, self.least, self.pairs = 0, 0, [], [], []


class Clock:
    """Wall and CPU seconds since it was made."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), cpu_s()

    def seconds(self):
        return time.perf_counter() - self.wall

    def stop(self):
        return self.seconds(), cpu_s() - self.cpu


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
    instance = Instance()
    count = sessions = -1
    with open(path) as file:
        for line in file:
            kind, *numbers = line.split()
            numbers = [int(x) for x in numbers]
            if kind == "p":
                instance.people, sessions, count, instance.worth = numbers
            elif kind == "s":
                instance.seats.append(numbers[0])
                instance.least.append(numbers[1])
            elif kind == "a":
                instance.pairs.append(tuple(numbers))
    if len(instance.seats) != sessions or len(instance.pairs) != count:
        sys.exit("the file is cut short")
    return instance


def measured(instance, plan):
    """Returns persons without a seat and metres of a plan, the session of each person or -1; ends if it breaks a rule."""
    metres = {(person, session): cost for person, session, cost in instance.pairs}
    taken = [0] * len(instance.seats)
    total = 0
    for person, session in enumerate(plan):
        if session >= 0:
            if (person, session) not in metres:
                sys.exit(f"person {person} cannot reach session {session}")
            taken[session] += 1
            total += metres[person, session]
    for session, persons in enumerate(taken):
        if persons and not instance.least[session] <= persons <= instance.seats[session]:
            sys.exit(f"session {session} has {persons} persons")
    return sum(session < 0 for session in plan), total


def tell(instance, plan, bound, optimal, spent):
    """Prints the line. plan is None if the solver found none: then nobody has a seat, which is a plan as well. bound is that
    of the sum worth·unmet + metres; the bound of the tuple is what it proves."""
    status = "optimal" if optimal else "feasible"
    if plan is None:
        plan, status = [-1] * instance.people, "no plan"
    unmet, metres = measured(instance, plan)
    total = instance.worth * unmet + metres
    least = total if optimal else min(total, math.ceil(max(0.0, bound) - 1e-3))
    unmet_bound, cost_bound = divmod(least, instance.worth)
    tiers = [
        {"name": "unmet_2", "value": unmet, "bound": unmet_bound},
        {"name": "cost", "value": metres, "bound": cost_bound},
    ]
    gap = 0.0
    for tier in tiers:
        if tier["value"] != tier["bound"]:
            gap = (tier["value"] - tier["bound"]) / max(1, tier["value"])
            break
    line = {"solve_s": round(spent[0], 6), "cpu_s": round(spent[1], 6), "peak_rss": peak_rss()}
    print(json.dumps(line | {"plan": {"status": status, "gap": gap, "tiers": tiers}}))
