"""The plan of a study: the network of its cases, and all that is drawn for them, by one function."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.laws import Law, draw_many_us
from sim.load.arrivals import (
    FixedSource,
    PoissonSource,
    Source,
    flash_moments_us,
    poisson_intensity,
    scaled_moments_us,
)
from sim.load.blocks import Column, DrawnCases
from sim.load.network import Network
from sim.load.paths import CaseKind
from sim.load.rehearsal import RowTemplate
from sim.load.study import Arrivals, FixedTimes, Flash, Poisson, Study
from sim.load.timeline import Span
from sim.streams import Streams

CASES_OF_A_WINDOW = 8_000
"""Roughly how many cases are drawn at a time; nothing that is drawn depends on it."""

MOST_WINDOWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of arrivals: the programs of its kinds of citizens, and the share of each up to it."""

    arrivals: Arrivals
    programs: tuple[int, ...]
    shares_up_to: tuple[float, ...]
    moments_us: Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """A study made ready to be played.

    *kinds* tells by the beginning of a program whose it is. *templates* are the rows by the number that the
    engines record as outcome. *laws* are those of all times that programs name. *office_shares* are the
    shares of the citizens up to each office.
    """

    study: Study
    pack: Pack
    network: Network
    starts_us: int
    ends_us: int
    streams: tuple[Stream, ...]
    kinds: Mapping[int, CaseKind]
    templates: tuple[RowTemplate, ...]
    steps: tuple[str, ...]
    offices: tuple[str, ...]
    office_shares: tuple[float, ...]
    laws: Mapping[str, Law]

    @property
    def zone(self) -> str:
        """Return the zone of the pack, in which days and hours are meant."""
        return self.pack.act.zone

    @property
    def station_names(self) -> tuple[str, ...]:
        """Return the name of each station; that of an office begins with the office."""
        return tuple(
            self.network.kinds[kind].name
            if office < 0
            else f"{self.offices[office]}/{self.network.kinds[kind].name}"
            for kind, office in self.network.stations
        )


def draw_cases(plan: LoadPlan, seed: int, replication: int) -> Iterator[DrawnCases]:
    """Yield all cases of a replication in the order of arrival; *seed* and number tell which.

    Everything is drawn for the n-th person of a stream from random streams of that stream's own, named by
    what they are for. So another rate, another staffing or another stream changes nothing of it.
    """
    streams = Streams(seed)
    sources = [_Drawer.of(plan, stream, streams, replication) for stream in plan.streams]
    expected = sum(drawer.expected for drawer in sources)
    windows = int(min(max(1, expected // CASES_OF_A_WINDOW), MOST_WINDOWS))
    bounds = np.linspace(plan.starts_us, plan.ends_us, windows + 1).astype(np.int64)
    for until_us in bounds[1:].tolist():
        parts = [drawer.until(until_us) for drawer in sources]
        yield _merged(parts)


@dataclass(slots=True)
class _Drawer:
    """Draw the people of one stream, in the order in which they come."""

    plan: LoadPlan
    stream: Stream
    source: Source
    expected: float
    office: Any
    trait: Any
    times: dict[str, Any]

    @classmethod
    def of(cls, plan: LoadPlan, stream: Stream, streams: Streams, replication: int) -> "_Drawer":
        prefix = f"study/{replication}/{stream.arrivals.id}"
        source, expected = _source(plan, stream, streams.stream(f"{prefix}/arrivals"))
        layouts = plan.network.programs.layouts
        names = sorted({name for program in stream.programs for name in layouts[program]})
        return cls(
            plan=plan,
            stream=stream,
            source=source,
            expected=expected,
            office=streams.stream(f"{prefix}/office"),
            trait=streams.stream(f"{prefix}/trait"),
            times={name: streams.stream(f"{prefix}/{name}") for name in names},
        )

    def until(self, moment_us: int) -> DrawnCases:
        """Return those who come before *moment_us* and have not been returned yet."""
        arrivals = self.source.until(moment_us)
        count, plan, stream = len(arrivals), self.plan, self.stream
        which = np.searchsorted(stream.shares_up_to, self.trait.random(count), side="right")
        offices = np.searchsorted(plan.office_shares, self.office.random(count), side="right")
        program = np.array(stream.programs, np.int64)[np.minimum(which, len(stream.programs) - 1)]
        return DrawnCases(
            arrival_us=arrivals,
            program=program,
            office=np.minimum(offices, len(plan.offices) - 1).astype(np.int64),
            priority=np.full(count, stream.arrivals.priority, np.int64),
            times_us=self._times(program),
        )

    def _times(self, program: Column) -> Any:
        """Return a table of the times of each case; all times of a stream are drawn for all its people."""
        layouts = self.plan.network.programs.layouts
        drawn = {
            name: draw_many_us(self.plan.laws[name], stream, len(program))
            for name, stream in self.times.items()
        }
        table = np.zeros((len(program), max(map(len, layouts.values()), default=0)), np.int64)
        for begins in self.stream.programs:
            cases = np.flatnonzero(program == begins)
            for column, name in enumerate(layouts[begins]):
                table[cases, column] = drawn[name][cases]
        return table


def _source(plan: LoadPlan, stream: Stream, chance: Any) -> tuple[Source, float]:
    """Return where the arrivals of *stream* come from, and roughly how many they are."""
    arrivals, load = stream.arrivals, plan.study.load
    span = Span(plan.starts_us, plan.ends_us, plan.zone)
    if isinstance(arrivals, Poisson):
        intensity = poisson_intensity(arrivals, span, load)
        return PoissonSource(intensity, chance), intensity.total
    if isinstance(arrivals, Flash):
        moments = flash_moments_us(arrivals, span, load, chance)
    else:
        known = _known_moments(plan, stream)
        moments = scaled_moments_us(known, arrivals.scale * load, chance)
    return FixedSource(moments), float(len(moments))


def _known_moments(plan: LoadPlan, stream: Stream) -> Column:
    if isinstance(stream.arrivals, FixedTimes):
        moments = plan.starts_us + np.array(
            sorted(parse_duration_us(text) for text in stream.arrivals.times), np.int64
        )
    else:
        moments = np.empty(0, np.int64) if stream.moments_us is None else stream.moments_us
    return moments[(moments >= plan.starts_us) & (moments < plan.ends_us)]


def _merged(parts: Sequence[DrawnCases]) -> DrawnCases:
    """Return the cases of all streams by their arrival; of one moment, in the order of the streams."""
    names = DrawnCases.__slots__
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    order = np.argsort(columns["arrival_us"], kind="stable")
    return DrawnCases(**{name: column[order] for name, column in columns.items()})
