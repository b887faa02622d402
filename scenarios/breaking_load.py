"""Find the load at which the first limit breaks, by bisection; all loads on the same random numbers.

There are three answers to a load: all limits are shown to be kept, one is shown not to be, or neither. So
there are two bounds, each found to the tolerance, and what lies between them is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from conformance.errors import InputError
from conformance.study_results import BreakingLoad, LoadTried
from scenarios.trials import Look, Trials, limit_shown
from sim.load.study import Study

MOST_DOUBLINGS = 10
"""The load is doubled, or halved, so often at most."""


@dataclass(slots=True)
class LoadSearch:
    """The loads that were tried with one staffing, which is that of *study*."""

    trials: Trials
    study: Study
    tolerance: float
    label: str
    looks: dict[float, Look] = field(default_factory=dict)
    complete: bool = True

    def find(self) -> BreakingLoad:
        """Search, and return what was found; a KeyboardInterrupt ends the search early."""
        try:
            if self.study.load > 0:
                self._search(self.study.load)
        except KeyboardInterrupt:
            self.complete = False
        return self._found()

    def _search(self, load: float) -> None:
        """Bracket both bounds from *load* on, then halve the brackets."""
        while not self._is_kept(load) and load > self.study.load / 2**MOST_DOUBLINGS:
            load /= 2
        load = self.study.load
        while not self._breaks(load) and load < self.study.load * 2**MOST_DOUBLINGS:
            load *= 2
            if not self._can_be_played(load):
                break
        self._halve(lambda load: not self._is_kept(load))
        self._halve(self._breaks)

    def _halve(self, is_too_much: Callable[[float], bool]) -> None:
        """Try loads between the greatest that is not too much and the next one, to the tolerance."""
        while True:
            too_much = min((load for load in self.looks if is_too_much(load)), default=None)
            low = max((load for load in self.looks if too_much is None or load < too_much), default=None)
            if too_much is None or low is None or too_much - low <= self.tolerance * low:
                return
            self._look((low + too_much) / 2)

    def _is_kept(self, load: float) -> bool:
        return self._look(load).kept == "kept"

    def _breaks(self, load: float) -> bool:
        return self._look(load).kept == "not_kept"

    def _can_be_played(self, load: float) -> bool:
        """Tell whether a load is not too much for the program itself."""
        try:
            self._look(load)
        except InputError:
            return False
        return True

    def _look(self, load: float) -> Look:
        if load not in self.looks:
            self.trials.listener.trying(f"load {load:g}, {self.label.replace('_', ' ')}")
            self.looks[load] = self.trials.look(replace(self.study, load=load))
        return self.looks[load]

    def _found(self) -> BreakingLoad:
        breaks_at = min((load for load, look in self.looks.items() if look.kept == "not_kept"), default=None)
        holds_at = max(
            (
                load
                for load, look in self.looks.items()
                if look.kept == "kept" and (breaks_at is None or load < breaks_at)
            ),
            default=None,
        )
        first = None if breaks_at is None else self.looks[breaks_at].worst
        return BreakingLoad(
            parameter="load",
            path=tuple(_tried(load, look) for load, look in self.looks.items()),
            holds_at=holds_at,
            breaks_at=breaks_at,
            tolerance=self.tolerance,
            first=None if first is None else limit_shown(first),
        )


def _tried(load: float, look: Look) -> LoadTried:
    worst = look.worst
    return LoadTried(
        value=load,
        replications=look.replications,
        share=None if worst is None else worst.share.value,
        low=None if worst is None else worst.share.low,
        high=None if worst is None else worst.share.high,
        kept=look.kept,
        worst=None if worst is None else limit_shown(worst),
    )
