"""Random networks, programs of every operation, and cases that meet at the same moments."""

import random
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from sim.load.network import Change, CutoffRule, HoursTable, Kind, Network, RetryRule, SlotTime
from sim.load.programs import NONE, WIDTH, Draft, Label, Op, Programs
from sim.load.state import NEVER
from tests.sim.load.playing import FOREVER_US, drawn_cases

LONG = 40
"""A horizon in units of time; a service takes up to four."""

flags = st.booleans()
seldom = st.sampled_from([False, False, False, True])


@dataclass
class Drawn:
    """A network with cases, and how they come in blocks."""

    network: Network
    cases: object
    sizes: list[int] = field(default_factory=list)

    def _repr_pretty_(self, printer, _cycle):
        codes = self.network.programs.codes
        lines = [
            f"{at // WIDTH}: {Op(codes[at]).name} {codes[at + 1 : at + WIDTH]}"
            for at in range(0, len(codes), WIDTH)
        ]
        printer.text(
            "\n".join(
                [*lines, repr(replace(self.network, programs=Programs())), repr(self.cases), repr(self.sizes)]
            )
        )


@dataclass
class Writer:
    """A program while it is drawn; *held* are the kinds of which it has a server."""

    draw: object
    kinds: int
    retries: list[RetryRule]
    rules: int
    draft: Draft = field(default_factory=Draft)
    held: list[int] = field(default_factory=list)
    open: list[Label] = field(default_factory=list)

    def time(self):
        return self.draft.time(str(self.draw(st.integers(0, 5))))

    def elsewhere(self):
        """Return a place further on where the case has the same servers as here."""
        self.open.append(Label())
        return self.open[-1]

    def retry(self):
        return self.draw(st.integers(0, len(self.retries) - 1))

    def segment(self, depth):
        """Write something of the middle of a program, and where a case goes on that has left it early."""
        before, self.open = self.open, []
        choice = self.draw(st.sampled_from(["step"] * 4 + ["call", "slot", "slot", "small", "hours"]))
        getattr(self, choice)(depth)
        for label in self.open:
            self.draft.place(label)
        self.open = before

    def step(self, depth):
        put = self.draft.put
        put(Op.BEGIN, self.draw(st.integers(0, 3)))
        kind = self.draw(st.integers(0, self.kinds - 1))
        if kind not in self.held:
            self.serve(kind, depth)
        if self.draw(seldom):
            put(Op.COMPLETE)
            self.small(depth)
        put(Op.RECORD, self.draw(st.integers(0, 2)))

    def serve(self, kind, depth):
        patience, otherwise, retry, repeats = NONE, NONE, NONE, 1
        if self.draw(flags):
            patience = self.time()
            otherwise = self.elsewhere() if self.draw(flags) else NONE
            if self.draw(flags):
                retry = self.retry()
                repeats = max(1, self.retries[retry].attempts)
        self.draft.put(Op.SEIZE, kind, int(self.draw(flags)), patience, otherwise, retry, repeats=repeats)
        self.held.append(kind)
        if not self.draw(seldom):
            self.draft.put(Op.SPEND, kind, self.time())
        if depth and self.draw(flags):
            self.segment(depth - 1)
        self.draft.put(Op.RELEASE, kind)
        self.held.remove(kind)

    def call(self, _depth):
        again = Label()
        self.draft.place(again)
        kind = self.draw(st.integers(0, self.kinds - 1))
        self.draft.put(
            Op.TRY, kind, self.retry(), again if self.draw(flags) else self.elsewhere(), self.elsewhere()
        )

    def slot(self, _depth):
        self.draft.put(Op.BEGIN, 3)
        without = Label()
        self.draft.put(Op.HOLD_SLOT, self.elsewhere() if self.draw(flags) else without)
        self.draft.put(Op.SPEND, NONE, self.time())
        self.draft.place(without)
        if self.draw(seldom):
            self.draft.put(Op.FREE_SLOT)
        self.draft.put(Op.TAKE_SLOT, self.elsewhere())
        self.draft.put(Op.RECORD, 3)
        if self.draw(flags):
            self.draft.put(Op.FREE_SLOT)

    def hours(self, _depth):
        rule = self.draw(st.sampled_from([0, self.rules - 1, NONE]))
        if self.draw(flags):
            self.draft.put(Op.LATE, rule, self.elsewhere())
        self.draft.put(Op.ADMIT, rule)

    def small(self, _depth):
        op = self.draw(
            st.sampled_from([Op.NUMBER, Op.MESSAGE, Op.MARK, Op.NOTE_NOW, Op.NOTE_SINCE, Op.SPEND, Op.JUMP])
        )
        operands = {Op.SPEND: (NONE, self.draft.time("0")), Op.JUMP: (self.elsewhere(),)}
        self.draft.put(op, *operands.get(op, ()))


@st.composite
def drawn_networks(draw, unit):
    """Return a network and its cases; moments are whole numbers up to LONG times *unit*."""
    offices, kinds = draw(st.sampled_from([1, 2])), draw(st.sampled_from([1, 2, 3, 4]))
    horizon_us = draw(st.sampled_from([FOREVER_US, LONG * unit, LONG // 4 * unit]))
    retries = draw(st.lists(retry_rules(unit, endless=horizon_us != FOREVER_US), min_size=1, max_size=2))
    rules = draw(st.lists(cutoff_rules(unit), min_size=1, max_size=2))
    slot_count = draw(st.sampled_from([4, 8, 0]))
    slots = draw(st.lists(slot_times(unit), min_size=slot_count, max_size=slot_count))
    programs = Programs()
    begins = [
        programs.add(draw(programs_of(kinds, retries, len(rules)))) for _ in range(draw(st.integers(1, 2)))
    ]
    network = Network(
        programs=programs,
        kinds=tuple(draw(kinds_of(number, unit, offices)) for number in range(kinds)),
        offices=offices,
        horizon_us=horizon_us,
        retries=tuple(retries),
        rules=tuple(rules),
        hours=draw(hours_of(unit)),
        slots=tuple(slots),
        doctors=tuple(draw(st.lists(st.sampled_from([1, 2, 0]), min_size=offices, max_size=offices))),
        slot_hold_us=draw(st.integers(0, 6)) * unit,
        priorities=draw(st.integers(1, 3)),
    )
    cases = draw(cases_of(network, begins, unit))
    return Drawn(network, cases, draw(st.lists(st.integers(0, 4), max_size=4)))


@st.composite
def programs_of(draw, kinds, retries, rules):
    writer = Writer(draw, kinds, retries, rules)
    for _ in range(draw(st.sampled_from([1, 2, 3, 4, 5]))):
        if draw(flags):
            writer.draft.put(draw(st.sampled_from([Op.NUMBER, Op.MESSAGE])))
        writer.segment(2)
    writer.draft.put(Op.END)
    return writer.draft


def moments(unit, longest=LONG):
    return st.integers(0, longest * unit) if unit > 1 else st.integers(0, longest)


@st.composite
def retry_rules(draw, unit, *, endless):
    attempts = draw(st.integers(0 if endless else 1, 3))
    pause_us = draw(st.integers(1 if attempts == 0 else 0, 3)) * unit
    longest_us = draw(st.sampled_from([NEVER, 3 * unit, 5 * unit]))
    return RetryRule(pause_us, draw(st.sampled_from([100, 150, 200])), longest_us, attempts)


@st.composite
def cutoff_rules(draw, unit):
    return CutoffRule(draw(st.sampled_from([NONE, 0, unit, 3 * unit])), draw(flags))


@st.composite
def slot_times(draw, unit):
    return SlotTime(draw(moments(unit)), draw(moments(unit, 10)), draw(st.sampled_from([0, 0, 0, 1, 2])))


@st.composite
def kinds_of(draw, number, unit, offices):
    per_office = draw(flags)
    if draw(seldom):
        return Kind(f"k{number}", None, per_office)
    return Kind(
        f"k{number}",
        tuple(draw(changes_of(unit)) for _ in range(offices if per_office else 1)),
        per_office,
    )


@st.composite
def changes_of(draw, unit):
    first = Change(-NEVER, draw(st.sampled_from([1, 2, 3, 0])))
    at = sorted(draw(st.lists(moments(unit, LONG // 2), max_size=4)))
    return (first, *(Change(moment, draw(st.integers(0, 3)), draw(flags)) for moment in at))


@st.composite
def hours_of(draw, unit):
    """Return round the clock, or days of eight units with up to two openings, some closed."""
    if draw(seldom):
        return HoursTable()
    opened, days = [], []
    for day in range(-1, draw(st.integers(4, 12))):
        own = draw(st.sampled_from([(), ((1, 5),), ((0, 8),), ((1, 2), (3, 6))]))
        spans = [((8 * day + begins) * unit, (8 * day + ends) * unit) for begins, ends in own]
        opened += spans
        days.append((8 * day * unit, spans[-1][1] if spans else NONE))
    return HoursTable(tuple(opened), tuple(days))


@st.composite
def cases_of(draw, network, begins, unit):
    count = draw(st.sampled_from([0, 1, 2, 5, 8, 12, 16, 20, 24]))
    chance = random.Random(draw(st.integers(0, 2**32)))
    widths = {begin: len(network.programs.layouts[begin]) for begin in begins}
    entries, arrival_us = [], draw(st.sampled_from([0, unit]))
    for _ in range(count):
        arrival_us += chance.choice([0, 0, chance.randint(0, 3 * unit)])
        begin = chance.choice(begins)
        times = [chance.choice([0, chance.randint(0, 4 * unit)]) for _ in range(widths[begin])]
        office, priority = chance.randrange(network.offices), chance.randrange(network.priorities)
        entries.append((arrival_us, begin, times, office, priority))
    return drawn_cases(entries)


@st.composite
def lines_of_desks(draw):
    """Return a network of plain steps: wait, be served, leave, write the row."""
    kinds = draw(st.sampled_from([1, 2, 3]))
    made = Draft()
    for step, kind in enumerate(draw(st.lists(st.integers(0, kinds - 1), min_size=1, max_size=4))):
        made.put(Op.BEGIN, step)
        made.put(Op.SEIZE, kind, 1)
        made.put(Op.SPEND, kind, made.time(str(step)))
        made.put(Op.RELEASE, kind)
        made.put(Op.RECORD, 0)
    made.put(Op.END)
    programs = Programs()
    begins = programs.add(made)
    stations = tuple(Kind(f"k{number}", (draw(changes_of(1)),)) for number in range(kinds))
    network = Network(
        programs=programs, kinds=stations, offices=1, horizon_us=draw(st.sampled_from([LONG, FOREVER_US]))
    )
    return Drawn(network, draw(cases_of(network, [begins], 1)))
