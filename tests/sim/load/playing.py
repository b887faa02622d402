"""Cases given by hand, played by any engine in any blocks, and compared column by column."""

from dataclasses import fields
from itertools import accumulate

import numpy as np

from sim.load.blocks import DrawnCases, joined
from sim.load.engines import Engine, play_cases
from sim.load.network import Network
from sim.load.programs import Draft, Op, Programs
from sim.load.state import NEVER

TABLES = ("cases", "rows", "visits")
FOREVER_US = NEVER - 1


def drawn_cases(entries):
    """Return cases given as (arrival, program, times, office, priority); the last two may be left out."""
    whole = [(*entry, *(0, 0)[len(entry) - 3 :]) for entry in entries]
    width = max((len(entry[2]) for entry in whole), default=0)
    columns = [np.array([entry[at] for entry in whole], np.int64) for at in (0, 1, 3, 4)]
    times = [[*entry[2], *(0,) * (width - len(entry[2]))] for entry in whole]
    return DrawnCases(*columns, np.array(times, np.int64).reshape(len(whole), width))


def cut(drawn, sizes):
    """Return *drawn* in blocks of the given sizes, the rest as one more; a size may be 0."""
    ends = [min(end, len(drawn)) for end in accumulate(sizes)]
    begins = [0, *ends]
    return [
        DrawnCases(*(getattr(drawn, field.name)[begin:end] for field in fields(drawn)))
        for begin, end in zip(begins, [*ends, len(drawn)], strict=True)
    ]


def played(network, drawn, engine, sizes=()):
    """Return what became of the cases, as one."""
    return joined(list(play_cases(network, cut(drawn, sizes), engine)))


def differences(one, other):
    """Return the columns in which two outcomes are not the same."""
    return [
        f"{table}.{field.name}"
        for table in TABLES
        for field in fields(getattr(one, table))
        if not np.array_equal(
            getattr(getattr(one, table), field.name), getattr(getattr(other, table), field.name)
        )
    ]


def program(*lines):
    """Return programs with one that has *lines*, each an operation and its operands; END is added."""
    programs = Programs()
    programs.add(draft(*lines))
    return programs


def draft(*lines):
    """Return a draft of *lines*; its times are named by their indices."""
    made = Draft()
    for op, *operands in (*lines, (Op.END,)):
        made.put(op, *operands)
    return made


def network(programs, *kinds, **options):
    """Return a network of one office that ends when everybody has gone."""
    return Network(programs=programs, kinds=kinds, **{"offices": 1, "horizon_us": FOREVER_US, **options})


def visits(outcome):
    """Return the visits as tuples: case, station, asked, started, ended."""
    return [tuple(map(int, visit)) for visit in zip(*columns(outcome.visits), strict=True)]


def columns(table):
    """Return the columns of a table in order."""
    return [getattr(table, field.name) for field in fields(table)]


ENGINES = tuple(Engine)
