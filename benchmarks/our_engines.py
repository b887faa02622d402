"""Our own engines in benchmarks/engines.py: the reference work as a network, with a program for each route.

What the engine needs before it starts is made in `prepare_*`: the network, the blocks of drawn cases, and the
machine code (told as *compile_s*). The run is play_cases from the first arrival to the last departure; it
leaves the columns of a load study: more than the other engines write.
"""

from time import process_time

import numpy as np

from benchmarks.reference_work import (
    ROUTES,
    SERVERS,
    STATIONS,
    AbsentError,
    Numbers,
    Prepared,
    Work,
    draw,
)
from sim.load.blocks import DrawnCases, PlayedCases, joined
from sim.load.compiled import can_compile, compiled_loop
from sim.load.desks import Desks
from sim.load.engines import Engine, play_cases
from sim.load.network import Kind, Network, always
from sim.load.programs import Draft, Op, Programs
from sim.load.state import NEEDS_ROOM

BLOCK = 10_000
"""Requests that are handed to an engine at a time."""
AFTER_ALL_US = 10**15
"""A horizon that no request reaches."""
OK = 0


def prepare_simpy(work: Work) -> Prepared:
    """Prepare our SimPy engine: timing alone, no documents."""
    return _prepared(work, Engine.SIMPY)


def prepare_compiled(work: Work) -> Prepared:
    """Prepare our compiled engine; raise AbsentError without numba."""
    if not can_compile():
        raise AbsentError("numba is not installed")
    begun_s = process_time()
    _prepared(draw(1), Engine.COMPILED).run()
    return _prepared(work, Engine.COMPILED, process_time() - begun_s)


def prepare_loop(work: Work) -> Prepared:
    """Prepare the compiled loop alone: cases are at their desks, and what they leave stays there, as in C."""
    if not can_compile():
        raise AbsentError("numba is not installed")
    begun_s = process_time()
    network, blocks = _network_and_blocks(work)
    loop, desks = compiled_loop(), Desks.prepare(network, as_list=False)
    loop(Desks.prepare(network, as_list=False).m)
    compile_s = process_time() - begun_s
    spent_s = [0.0]

    def run() -> list[PlayedCases]:
        played: list[PlayedCases] = []
        for block in [*blocks, None]:
            if block is None:
                desks.close()
            else:
                desks.load(block)
            inside_s = process_time()
            while loop(desks.m) == NEEDS_ROOM:
                desks.lengthen_agenda()
            spent_s[0] += process_time() - inside_s
            played.append(desks.take_ended())
        return played

    return Prepared(run, read, compile_s, lambda: spent_s[0])


def prepare_uncompiled(work: Work) -> Prepared:
    """Prepare the loop of our compiled engine as plain Python, as it runs where numba is not installed."""
    return _prepared(work, Engine.UNCOMPILED)


def _network_and_blocks(work: Work) -> tuple[Network, list[DrawnCases]]:
    programs = Programs()
    begins = [_add_route(programs, route) for route in ROUTES]
    network = Network(
        programs=programs,
        kinds=tuple(Kind(name, always(servers)) for name, servers in zip(STATIONS, SERVERS, strict=True)),
        offices=1,
        horizon_us=AFTER_ALL_US,
    )
    taken = (work.station == np.array(ROUTES[1])).all(axis=1).astype(np.int64)
    blocks = [_drawn(work, np.array(begins)[taken], first) for first in range(0, work.requests, BLOCK)]
    return network, blocks


def _prepared(work: Work, engine: Engine, compile_s: float = 0.0) -> Prepared:
    network, blocks = _network_and_blocks(work)

    def run() -> list[PlayedCases]:
        return list(play_cases(network, blocks, engine))

    return Prepared(run, read, compile_s)


def read(played: list[PlayedCases]) -> Numbers:
    """Return the rows of the steps."""
    rows = joined(played).rows
    return np.column_stack(
        (rows.case, rows.step, rows.station, rows.enabled_us, rows.started_us, rows.completed_us)
    )


def _add_route(programs: Programs, route: tuple[int, ...]) -> int:
    """Write the program of a route, and return where it begins; the times of its steps are in their order."""
    draft = Draft()
    for step, station in enumerate(route):
        draft.put(Op.BEGIN, step)
        draft.put(Op.SEIZE, station, 1)
        draft.put(Op.SPEND, station, draft.time(f"step {step}"))
        draft.put(Op.RELEASE, station)
        draft.put(Op.RECORD, OK)
    draft.put(Op.END)
    return programs.add(draft)


def _drawn(work: Work, programs: Numbers, first: int) -> DrawnCases:
    block = slice(first, first + BLOCK)
    nothing = np.zeros(len(work.arrive_us[block]), np.int64)
    return DrawnCases(work.arrive_us[block], programs[block], nothing, nothing, work.service_us[block])
