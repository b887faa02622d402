"""The staffings that a search has tried, what they came to, and the path that led through them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.study_results import Move, Staffing
from scenarios.staffing import Numbers, StaffedStation, cost_of, with_staffing
from scenarios.trials import Look, Trials, limit_shown
from sim.load.study import Study

MOST_TRIED = 400


class EnoughTriedError(Exception):
    """As many staffings were tried as were allowed."""


@dataclass(slots=True)
class TriedStaffings:
    """What was tried of a study, each staffing once; *best* is the cheapest so far that keeps every limit.

    At *most* so many are tried, then EnoughTriedError is raised. Those that are *confirmed* have been looked
    at with all replications.
    """

    trials: Trials
    study: Study
    stations: tuple[StaffedStation, ...]
    most: int = MOST_TRIED
    path: list[Staffing] = field(default_factory=list)
    first_looks: dict[Numbers, Look] = field(default_factory=dict)
    looks: dict[Numbers, Look] = field(default_factory=dict)
    best: Numbers | None = None
    confirmed: set[Numbers] = field(default_factory=set)

    def first_look(self, numbers: Numbers, move: Move) -> Look:
        """Return what a few replications say of a staffing."""
        if numbers not in self.first_looks:
            self._begin(numbers)
            found = self.trials.first_look(self.variant(numbers))
            self.first_looks[numbers] = found
            self._keep(numbers, found, move)
        return self.first_looks[numbers]

    def look(self, numbers: Numbers, move: Move) -> Look:
        """Return what all replications say of a staffing, or a few if these are clear: not kept."""
        if numbers in self.looks:
            return self.looks[numbers]
        first = self.first_looks.get(numbers)
        if first is None:
            self._begin(numbers)
        found = self.trials.look(self.variant(numbers))
        if first is None:
            self.first_looks[numbers] = self.trials.first_look(self.variant(numbers))
        if first is None or found.kept != "not_kept" or found.replications > first.replications:
            self._keep(numbers, found, move)
        self.looks[numbers] = found
        cheaper = self.best is None or self.cost(numbers) < self.cost(self.best)
        if found.kept == "kept" and cheaper:
            self.best = numbers
        return found

    def keeps(self, numbers: Numbers, move: Move) -> bool:
        """Tell whether a staffing keeps every limit."""
        return self.look(numbers, move).kept == "kept"

    def cost(self, numbers: Numbers) -> float:
        """Return what a staffing costs."""
        return cost_of(self.stations, numbers)

    def is_confirmed(self, numbers: Numbers) -> bool:
        """Tell whether a staffing that seemed to keep every limit does so by all replications."""
        if numbers not in self.confirmed:
            few = self.looks[numbers]
            found = self.trials.full_look(self.variant(numbers))
            self.confirmed.add(numbers)
            self.looks[numbers] = found
            if found.replications > few.replications:
                self._keep(numbers, found, Move(kind="confirmed"))
            if found.kept != "kept" and self.best == numbers:
                self.best = next(iter(self.keeping(lambda _: True)), None)
        return self.looks[numbers].kept == "kept"

    def variant(self, numbers: Numbers) -> Study:
        """Return the study with a staffing."""
        return with_staffing(self.study, self.stations, numbers)

    def _begin(self, numbers: Numbers) -> None:
        if len(self.path) >= self.most:
            raise EnoughTriedError
        shown = ", ".join(f"{s.name} {n}" for s, n in zip(self.stations, numbers, strict=True))
        self.trials.listener.trying(f"staffing {len(self.path) + 1}: {shown}")

    def _keep(self, numbers: Numbers, found: Look, move: Move) -> None:
        self.path.append(self.staffing(numbers, found, move))

    def staffing(self, numbers: Numbers, found: Look, move: Move | None) -> Staffing:
        """Return a staffing as it is saved."""
        worst = found.worst
        return Staffing(
            servers={s.name: n for s, n in zip(self.stations, numbers, strict=True)},
            cost=self.cost(numbers),
            replications=found.replications,
            share=None if worst is None else worst.share.value,
            low=None if worst is None else worst.share.low,
            high=None if worst is None else worst.share.high,
            kept=found.kept,
            worst=None if worst is None else limit_shown(worst),
            move=move,
        )

    def keeping(self, fits: Callable[[Numbers], bool]) -> list[Numbers]:
        """Return staffings that keep every limit, the cheapest first."""
        found = [numbers for numbers, look in self.looks.items() if look.kept == "kept" and fits(numbers)]
        return sorted(found, key=lambda numbers: (self.cost(numbers), numbers))
