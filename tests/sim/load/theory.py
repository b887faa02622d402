"""Queues whose mean is known in closed form, and what the compiled engine finds for them.

Theory: D. Gross, C. Harris, Fundamentals of Queueing Theory, chapters 2 to 5; priorities: A. Cobham 1954.
"""

from dataclasses import dataclass, field
from math import factorial

import numpy as np
from scipy import stats

from sim.load.blocks import DrawnCases
from sim.load.engines import Engine
from sim.load.network import Kind, always
from sim.load.programs import Draft, Op, Programs
from tests.sim.load.playing import network, played

SERVICE_US = 1_000_000
"""The mean service at every station: waits come out in seconds."""


@dataclass(frozen=True)
class Queues:
    """Stations one after another, each with its *servers*.

    *arrivals_s* are the mean times between cases of each priority; *fixed*: no chance in the services.
    """

    servers: tuple[int, ...]
    arrivals_s: tuple[float, ...]
    fixed: bool = False


@dataclass
class Interval:
    """A t interval over replications."""

    mean: float
    half_width: float

    def __contains__(self, value):
        return abs(value - self.mean) <= self.half_width

    @property
    def width(self):
        """Return the half-width as a share of the mean."""
        return self.half_width / self.mean


@dataclass
class Waits:
    """The mean waits of each replication, by the name of what waited."""

    runs: dict[object, list[float]] = field(default_factory=dict)

    def add(self, name, mean):
        self.runs.setdefault(name, []).append(float(mean))

    def interval(self, name, confidence=0.95):
        values = np.array(self.runs[name])
        quantile = stats.t.ppf((1 + confidence) / 2, len(values) - 1)
        return Interval(float(values.mean()), float(quantile * values.std(ddof=1) / np.sqrt(len(values))))


def erlang_c_wait_s(servers, load):
    """Return the mean wait of M/M/c with a mean service of one second."""
    offered = servers * load
    last = offered**servers / factorial(servers) / (1 - load)
    waits = last / (sum(offered**k / factorial(k) for k in range(servers)) + last)
    return waits / (servers * (1 - load))


def pollaczek_khinchine_wait_s(load, squared_variation):
    """Return the mean wait of M/G/1 with a mean service of one second."""
    return load * (1 + squared_variation) / (2 * (1 - load))


def cobham_waits_s(loads):
    """Return the mean waits of M/M/1 by priority, none interrupted, with a mean service of one second."""
    waits, before = [], 0.0
    for load in loads:
        waits.append(sum(loads) / ((1 - before) * (1 - before - load)))
        before += load
    return waits


def waits_of(queues, *, seed, replications, cases, warm_up):
    """Return the mean waits of *replications* of *cases*, the first *warm_up* of each left out.

    The names are the stations, or with several priorities the priorities.
    """
    found = Waits()
    for stream in np.random.default_rng(seed).spawn(replications):
        block = drawn(queues, cases, stream)
        visits = played(_network(queues), block, Engine.COMPILED).visits
        waits_s = (visits.started_us - visits.asked_us) / 1e6
        kept = visits.case >= warm_up
        if len(queues.arrivals_s) > 1:
            for priority in range(len(queues.arrivals_s)):
                found.add(priority, waits_s[kept & (block.priority[visits.case] == priority)].mean())
        else:
            for station in range(len(queues.servers)):
                found.add(station, waits_s[kept & (visits.station == station)].mean())
    return found


def drawn(queues, cases, stream):
    """Return cases whose arrivals and services are exponential, unless services are fixed."""
    rates = 1 / np.array(queues.arrivals_s)
    arrival_us = np.cumsum(stream.exponential(1e6 / rates.sum(), cases)).astype(np.int64)
    priority = stream.choice(len(rates), cases, p=rates / rates.sum())
    shape = (cases, len(queues.servers))
    times = np.full(shape, SERVICE_US) if queues.fixed else stream.exponential(SERVICE_US, shape)
    nothing = np.zeros(cases, np.int64)
    return DrawnCases(arrival_us, nothing, nothing, priority, times.astype(np.int64))


def _network(queues):
    made = Draft()
    for kind in range(len(queues.servers)):
        made.put(Op.SEIZE, kind, 1)
        made.put(Op.SPEND, kind, made.time(str(kind)))
        made.put(Op.RELEASE, kind)
    made.put(Op.END)
    programs = Programs()
    programs.add(made)
    kinds = [Kind(f"k{number}", always(servers)) for number, servers in enumerate(queues.servers)]
    return network(programs, *kinds, priorities=len(queues.arrivals_s))
