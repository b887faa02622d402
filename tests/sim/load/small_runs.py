"""Small runs that hold everything a measure has to tell apart: queues, offices, patience, cases cut off."""

from dataclasses import fields
from itertools import pairwise

import numpy as np

from sim.load.blocks import CaseColumns, DrawnCases, PlayedCases, RowColumns, VisitColumns, joined
from sim.load.engines import Engine, play_cases
from sim.load.frame import Frame, Limit, grid_over
from sim.load.network import Change, Kind, Network, always
from sim.load.programs import Draft, Op, Programs
from sim.load.state import NEVER

SECOND = 1_000_000
HOUR = 3600 * SECOND


def serve(draft, step, kind, patience=None):
    draft.put(Op.BEGIN, step)
    draft.put(Op.SEIZE, kind, 1, -1 if patience is None else draft.time(patience))
    draft.put(Op.SPEND, kind, draft.time(f"{step}"))
    draft.put(Op.RELEASE, kind)
    draft.put(Op.RECORD, 0)


def small_network(servers=2, horizon_us=2 * HOUR):
    """A portal that everybody shares, a desk in each of two offices, a registry without an end of servers."""
    programs = Programs()
    for patience in (None, "patience"):
        draft = Draft()
        serve(draft, 0, 0)
        serve(draft, 1, 1, patience)
        serve(draft, 2, 2)
        draft.put(Op.END)
        programs.add(draft)
    opens = (Change(-NEVER, 0), Change(10 * 60 * SECOND, 1), Change(90 * 60 * SECOND, 0))
    return Network(
        programs=programs,
        kinds=(
            Kind("portal", always(servers)),
            Kind("desk", (opens, ((Change(-NEVER, 2)),)), per_office=True),
            Kind("registry", None),
        ),
        offices=2,
        horizon_us=horizon_us,
    )


def small_frame(network, from_us=0, until_us=2 * HOUR, most=24, limit_s=90):
    first, second = sorted(network.programs.layouts)
    return Frame(
        programs={first: ("call", "portal"), second: ("visit", "portal")},
        steps=("ask", "handle", "answer"),
        outcomes=("ok",),
        limits={
            ("call", "portal", "ask"): Limit(limit_s * SECOND, "N1"),
            ("call", "portal", "handle"): Limit(5 * 60 * SECOND, "N2"),
            ("visit", "portal", "answer"): Limit(60 * SECOND, "N3", "unknown"),
        },
        from_us=from_us,
        until_us=until_us,
        ends_us=network.horizon_us,
        grid=grid_over(0, 2 * HOUR, most),
    )


def draw(network, seed, cases, every_s=30):
    rng = np.random.default_rng(seed)
    return DrawnCases(
        np.cumsum(rng.exponential(every_s * SECOND, cases)).astype(np.int64),
        rng.choice(sorted(network.programs.layouts), cases),
        rng.integers(0, network.offices, cases),
        np.zeros(cases, np.int64),
        rng.integers(5 * SECOND, 110 * SECOND, (cases, 4)),
    )


def play(network, drawn, engine=Engine.UNCOMPILED):
    return joined(list(play_cases(network, [drawn], engine)))


def pieces(run, cuts):
    """Cut a run into blocks before the cases with these places."""
    ends = [0, *sorted(cuts), len(run)]
    return [_part(run, a, b) for a, b in pairwise(ends) if a < b]


def _part(run, first, behind):
    numbers = run.cases.number[first:behind]

    def of(table, kind, which):
        return kind(**{field.name: getattr(table, field.name)[which] for field in fields(kind)})

    return PlayedCases(
        of(run.cases, CaseColumns, slice(first, behind)),
        of(run.rows, RowColumns, np.isin(run.rows.case, numbers)),
        of(run.visits, VisitColumns, np.isin(run.visits.case, numbers)),
    )
