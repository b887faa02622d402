"""What a case does, as a list of instructions that both engines follow.

A case runs through its program until an instruction makes it wait: for a server, for the end of a service,
for an opening, or before another try. Instructions are rows of *WIDTH* integers; a program is given by its
beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

WIDTH = 6
"""Integers of one instruction: the operation and its operands *a* to *e*."""

NONE = -1
"""An operand that is absent: no time, no target, no server."""


class Op(IntEnum):
    """The operations; operands that are not named are unused."""

    END = 0
    """The case has ended."""
    BEGIN = 1
    """A step can start now: *a* is the step."""
    ADMIT = 2
    """Wait until a request that arrives now is taken up: *a* is the rule of the cut-off, NONE: none."""
    LATE = 3
    """Go on at *b* if the cut-off of rule *a* has passed."""
    SEIZE = 4
    """Wait for a server of station *a*; *b*: it counts as waiting of the step; *c* is the time one has the
    patience to wait, NONE for any; whose patience ends goes on at *d*, with NONE the case is abandoned, and
    tries again before that as the retry *e* says."""
    SPEND = 5
    """Be served for the time *b*; *a* is the station, NONE for a time that is no work on the step."""
    RELEASE = 6
    """Give the server of station *a* back."""
    TRY = 7
    """If station *a* refuses now, wait as the retry *b* says, then go on at *c*, in the end at *d*."""
    NUMBER = 8
    """Take the next request number of the office."""
    MESSAGE = 9
    """Take the next message number of the office."""
    HOLD_SLOT = 10
    """Hold the earliest free slot of the office; go on at *a* if there is none."""
    TAKE_SLOT = 11
    """Take the slot for good; go on at *a* if somebody else has it, or if there was none."""
    COMPLETE = 12
    """The step is completed now, its row comes later."""
    MARK = 13
    """Remember this moment."""
    NOTE_NOW = 14
    """Keep this moment as the note of the rows to come."""
    NOTE_SINCE = 15
    """Keep the time since the mark as the note of the rows to come."""
    RECORD = 16
    """Write the row of the step with the outcome *a*; it is completed now, if not before."""
    JUMP = 17
    """Go on at *a*."""
    FREE_SLOT = 18
    """Give a slot back that is only held."""


@dataclass(slots=True)
class Programs:
    """All programs of a plan, one after another.

    *codes* are the instructions, flat; *layouts* names for each program, by its beginning, the times that are
    drawn for a case, in the order of their indices. No case leaves more than *rows* rows and *visits* visits.
    """

    codes: list[int] = field(default_factory=list)
    layouts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0
    visits: int = 0

    def add(self, draft: "Draft") -> int:
        """Add a program and return where it begins. Raises ValueError for one with an open target."""
        begins = len(self.codes) // WIDTH
        for line in draft.finished():
            placed = (begins + o.at if isinstance(o, Label) else o for o in line.operands)
            self.codes.extend((int(line.op), *placed))
        self.layouts[begins] = tuple(draft.times)
        self.rows = max(self.rows, 1 + draft.longest(Op.RECORD))
        self.visits = max(self.visits, draft.longest(Op.SEIZE))
        return begins


@dataclass(slots=True)
class Label:
    """A place in a program that can be gone to; *at* is known once it is placed."""

    at: int = NONE


Operand = int | Label


@dataclass(frozen=True, slots=True)
class Line:
    """One instruction; *repeats* is how often a case can execute it in a row."""

    op: Op
    operands: tuple[Operand, ...]
    repeats: int = 1

    @property
    def targets(self) -> tuple[int, ...]:
        """Return where the instruction can go on, other than at the next one."""
        return tuple(operand.at for operand in self.operands if isinstance(operand, Label))


@dataclass(slots=True)
class Draft:
    """A program while it is written; times are named and get their indices as they are first used."""

    lines: list[Line] = field(default_factory=list)
    times: list[str] = field(default_factory=list)

    def put(self, op: Op, *operands: Operand, repeats: int = 1) -> None:
        """Add an instruction; operands that are left out are absent."""
        self.lines.append(Line(op, (*operands, *(NONE,) * (WIDTH - 1 - len(operands))), repeats))

    def time(self, name: str) -> int:
        """Return the index of the time *name*."""
        if name not in self.times:
            self.times.append(name)
        return self.times.index(name)

    def place(self, label: Label) -> None:
        """Let *label* stand for the instruction that comes next."""
        label.at = len(self.lines)

    def longest(self, op: Op) -> int:
        """Return how often at most a case executes *op*; a way back is only ever one to the same try."""
        counts = [0] * (len(self.lines) + 1)
        for place in reversed(range(len(self.lines))):
            line = self.lines[place]
            following = [target for target in line.targets if target > place]
            if line.op not in {Op.END, Op.JUMP}:
                following.append(place + 1)
            own = line.repeats if line.op is op else 0
            counts[place] = own + max((counts[n] for n in following), default=0)
        return counts[0]

    def finished(self) -> Sequence[Line]:
        """Return the instructions; raise ValueError if one goes to a place that was never given."""
        for line in self.lines:
            if any(not 0 <= target < len(self.lines) for target in line.targets):
                raise ValueError(f"{line.op.name} goes to a place that is not in the program")
        return self.lines
