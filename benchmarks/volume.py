"""Many requests in one simulated run, none of them kept: how fast, and in how much memory."""

import resource
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import process_time

import msgspec

from actors.outcomes import Decision
from benchmarks.request_flow import CHEAP, SERVICE, WORLD
from conformance.calendar import parse_local
from conformance.log import Row
from conformance.pack import Pack
from conformance.strict_yaml import read_yaml
from sim.plan import CasePlan, CitizenPlan, Play, WorldPlan
from sim.recorder import Sink
from sim.signatures import SignatureChoice
from sim.volume import Totals, play_stream

PEOPLE = 500
EVERY_S = 30
_ENDINGS = frozenset(("P2", "P4", "P7", "P8"))


@dataclass(frozen=True, slots=True)
class Mark:
    """What was so when a number of requests had ended; *peak_mib* is the most memory held until then."""

    requests: int
    cpu_s: float
    peak_mib: float


@dataclass(slots=True)
class Tally(Sink):
    """Count what comes, keep none of it, and note a Mark whenever one of *marks_at* is reached."""

    marks_at: frozenset[int]
    rows: int = 0
    octets: int = 0
    messages: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    marks: list[Mark] = field(default_factory=list)

    def keep_row(self, row: Row) -> None:
        """Count a row; the last one of a case counts its outcome."""
        self.rows += 1
        if row.step not in _ENDINGS:
            return
        self.outcomes[row.outcome or ""] += 1
        ended = self.outcomes.total()
        if ended in self.marks_at:
            self.marks.append(Mark(ended, process_time(), peak_mib()))

    def keep(self, folder: str, name: str, octets: bytes | None) -> None:
        """Count the octets of a document."""
        del folder, name
        self.octets += len(octets or b"")

    def has_documents(self, folder: str) -> bool:
        """Want no bundle of trust for documents that are not kept."""
        del folder
        return False

    def keep_message(self, line: bytes) -> None:
        """Count a line of the message log."""
        del line
        self.messages += 1

    def end_messages(self, play_id: str) -> None:
        """Let the message log end; it was counted line by line."""

    def keep_decision(self, case_id: str, decision: Decision) -> None:
        """Count what a verification found."""
        del case_id
        self.decisions[decision.indication.value] += 1


def play_many(
    requests: int, pack: Pack, choice: SignatureChoice, marks_at: frozenset[int]
) -> tuple[Totals, Tally]:
    """Play *requests* home calls of 500 people, one every 30 seconds, day and night; nobody queues."""
    world = read_yaml(WORLD, WorldPlan)
    stations = {name: msgspec.structs.replace(one, servers=None) for name, one in world.stations.items()}
    play = Play(
        id="volume",
        starts_us=parse_local("2013-05-15T10:00", pack.act.zone),
        cases=(),
        world=msgspec.structs.replace(world, stations=stations),
    )
    tally = Tally(marks_at)
    totals = play_stream(play, _cases(requests), pack, 1, tally, password_cost=CHEAP, signatures=choice)
    return totals, tally


def peak_mib() -> float:
    """Return the most memory that this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _cases(requests: int) -> Iterator[CasePlan]:
    for number in range(requests):
        yield CasePlan(
            id=f"case-{number}",
            service=SERVICE,
            path="portal",
            citizen=CitizenPlan(person=f"person-{number % PEOPLE}"),
            arrives=f"{number * EVERY_S} s",
        )
