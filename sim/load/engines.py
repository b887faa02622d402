"""Play drawn cases through a network with one engine or the other; all leave the same rows."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from sim.load.blocks import DrawnCases, PlayedCases
from sim.load.network import Network


class Engine(StrEnum):
    """How a plan is played: in SimPy, in the compiled loop, or in the same loop without a compiler."""

    SIMPY = "simpy"
    COMPILED = "compiled"
    UNCOMPILED = "uncompiled"


NO_NUMBA = "no_numba"


def usable_engine(engine: Engine) -> tuple[Engine, str | None]:
    """Return the engine that can be used for the one asked for, and why it is another one, as a code.

    Without Numba that is SimPy: it leaves the same rows in half the time of the loop without a compiler.
    """
    if engine is not Engine.COMPILED:
        return engine, None
    from sim.load.compiled import can_compile  # noqa: PLC0415

    if can_compile():
        return engine, None
    return Engine.SIMPY, NO_NUMBA


def play_cases(network: Network, blocks: Iterable[DrawnCases], engine: Engine) -> Iterator[PlayedCases]:
    """Yield what became of the cases of *blocks* as soon as they have ended; *joined* puts all in order.

    Blocks hold cases in the order of arrival. Those that have not ended by the horizon come last; the
    step that one was in then has an open row.
    """
    if engine is Engine.SIMPY:
        from sim.load.reference import Reference  # noqa: PLC0415 - SimPy is needed for this engine alone

        yield from Reference.prepare(network).play(blocks)
    else:
        yield from _play_in_loop(network, blocks, uncompiled=engine is Engine.UNCOMPILED)


def _play_in_loop(
    network: Network, blocks: Iterable[DrawnCases], *, uncompiled: bool
) -> Iterator[PlayedCases]:
    from sim.load.compiled import compiled_loop  # noqa: PLC0415
    from sim.load.desks import Desks  # noqa: PLC0415
    from sim.load.loop import run_events  # noqa: PLC0415
    from sim.load.state import ALL_ENDED, AT_HORIZON, NEEDS_CASES  # noqa: PLC0415

    run = run_events if uncompiled else compiled_loop()
    desks = Desks.prepare(network, as_list=uncompiled)
    coming = iter(blocks)
    while (reason := run(desks.m)) not in {ALL_ENDED, AT_HORIZON}:
        if reason != NEEDS_CASES:
            desks.lengthen_agenda()
            continue
        ended = desks.take_ended()
        if len(ended):
            yield ended
        block = next(coming, None)
        if block is None:
            desks.close()
        else:
            desks.load(block)
    yield desks.take_all()
