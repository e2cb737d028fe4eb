"""POST /v1/match as one would build it from FastAPI, numpy and OR-Tools: the peer of Courtyard's endpoint.

The same lists in, the same model: eligible pairs by service, kind and mode, qualifications and distance; whole units;
cost of a unit = metres + price; first as few units unmet as can be, then least cost (one class of priority). Distances
and eligibility are whole-matrix numpy, the flow is SimpleMinCostFlow with a penalty for an unmet unit above the cost of
all others together. The answer holds the matches and the unmet needs; Courtyard's also holds reasons, the value of one
more unit of each resource, and the figures.

    uvicorn --app-dir bench/peers endpoint:app --port 8001
"""

import numpy as np
import pydantic_core
from fastapi import FastAPI, HTTPException, Response
from ortools.graph.python import min_cost_flow
from pydantic import BaseModel, ConfigDict, Field

EARTH_M = 6_371_008.8
NO_LIMIT = np.iinfo(np.int64).max


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Need(Strict):
    id: str
    service: str
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    units: int = Field(1, ge=1)
    priority: int = Field(2, ge=2, le=2)
    accepts: list[str] = []
    requires: list[str] = []
    max_distance_m: int | None = Field(None, ge=0)
    max_price: int | None = Field(None, ge=0)
    mode: str = "visit"


class Offer(Strict):
    service: str


class Resource(Strict):
    id: str
    kind: str
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    services: list[Offer]
    qualifications: list[str] = []
    capacity: int = Field(1, ge=0)
    radius_m: int | None = Field(None, ge=0)
    price: int = Field(0, ge=0)


class Options(Strict):
    w_distance: int = Field(1, ge=0)
    w_price: int = Field(1, ge=0)


class MatchRequest(Strict):
    needs: list[Need]
    resources: list[Resource]
    options: Options = Options()
    mode: str = "solve"


class Bits:
    """Numbers names and turns lists of names into bit sets, 63 names at most."""

    def __init__(self):
        self.of = {}

    def set(self, names):
        bits = 0
        for name in names:
            bits |= 1 << self.of.setdefault(name, len(self.of))
        if len(self.of) > 63:
            raise HTTPException(422, "more than 63 names")
        return bits


def radians(rows):
    return np.radians(np.array([(row.lon, row.lat) for row in rows], dtype=np.float64).reshape(-1, 2))


def limits(values):
    return np.array([NO_LIMIT if v is None else v for v in values], dtype=np.int64)


def distances(needs, resources):
    """Great-circle metres of every pair, rounded half up."""
    a, b = radians(needs), radians(resources)
    dlon = np.sin((a[:, None, 0] - b[None, :, 0]) / 2)
    dlat = np.sin((a[:, None, 1] - b[None, :, 1]) / 2)
    h = dlat * dlat + np.cos(a[:, 1])[:, None] * np.cos(b[:, 1])[None, :] * dlon * dlon
    return np.floor(2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(h, 1))) + 0.5).astype(np.int64)


def eligible(needs, resources, metres):
    services, skills = Bits(), Bits()
    asked = np.array([services.set([n.service]) for n in needs], dtype=np.int64)
    offered = np.array([services.set([o.service for o in r.services]) for r in resources], dtype=np.int64)
    required = np.array([skills.set(n.requires) for n in needs], dtype=np.int64)
    held = np.array([skills.set(r.qualifications) for r in resources], dtype=np.int64)
    kinds = Bits()
    kind = np.array([kinds.set([r.kind]) for r in resources], dtype=np.int64)
    accepted = np.array([kinds.set(n.accepts) if n.accepts else -1 for n in needs], dtype=np.int64)
    visit = np.array([n.mode == "visit" for n in needs])
    venue = np.array([r.kind == "venue" for r in resources])
    price = np.array([r.price for r in resources], dtype=np.int64)
    return (
        ((asked[:, None] & offered[None, :]) != 0)
        & ((required[:, None] & ~held[None, :]) == 0)
        & ((accepted[:, None] & kind[None, :]) != 0)
        & ~(visit[:, None] & venue[None, :])
        & (metres <= limits([n.max_distance_m for n in needs])[:, None])
        & (metres <= limits([r.radius_m for r in resources])[None, :])
        & (price[None, :] <= limits([n.max_price for n in needs])[:, None])
    )


app = FastAPI()


@app.get("/healthz")
def health():
    return {}


@app.post("/v1/match")
def match(request: MatchRequest) -> Response:
    needs, resources, options = request.needs, request.resources, request.options
    n, m = len(needs), len(resources)
    if n == 0 or m == 0:
        raise HTTPException(422, "an empty list")
    metres = distances(needs, resources)
    i, j = np.nonzero(eligible(needs, resources, metres))
    price = np.array([r.price for r in resources], dtype=np.int64)
    cost = options.w_distance * metres[i, j] + options.w_price * price[j]
    units = np.array([need.units for need in needs], dtype=np.int64)
    capacity = np.array([r.capacity for r in resources], dtype=np.int64)
    asked = int(units.sum())
    penalty = asked * int(cost.max(initial=0)) + 1

    sink, home, resource = n + m, np.arange(n), np.arange(n, n + m)
    solver = min_cost_flow.SimpleMinCostFlow()
    pairs = solver.add_arcs_with_capacity_and_unit_cost(i, n + j, np.minimum(units[i], capacity[j]), cost)
    left = solver.add_arcs_with_capacity_and_unit_cost(home, np.full(n, sink), units, np.full(n, penalty))
    solver.add_arcs_with_capacity_and_unit_cost(resource, np.full(m, sink), capacity, np.zeros(m, dtype=np.int64))
    solver.set_nodes_supplies(np.arange(n + m + 1), np.concatenate([units, np.zeros(m, dtype=np.int64), [-asked]]))
    if solver.solve() != solver.OPTIMAL:
        raise HTTPException(500, "no optimum")

    flow = solver.flows(pairs)
    used = np.nonzero(flow)[0]
    unmet = solver.flows(left)
    answer = {
        "status": "optimal",
        "objective": {"unmet_by_class": [0, int(unmet.sum()), 0], "cost": int((flow * cost).sum())},
        "matches": [
            {"need_id": needs[a].id, "resource_id": resources[b].id, "units": u, "distance_m": d, "cost": c}
            for a, b, u, d, c in zip(
                i[used].tolist(),
                j[used].tolist(),
                flow[used].tolist(),
                metres[i[used], j[used]].tolist(),
                (flow[used] * cost[used]).tolist(),
            )
        ],
        "unmet": [{"need_id": needs[a].id, "units": int(unmet[a])} for a in np.nonzero(unmet)[0].tolist()],
        "eligible_pairs": len(i),
    }
    return Response(pydantic_core.to_json(answer), media_type="application/json")
