"""Do what the command `size` does: the smallest staffing that keeps every limit, the loads that break it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import process_time
from typing import TypeVar

import msgspec

from conformance.errors import InputError
from conformance.study_results import BreakingLoad, PhaseTime, StudyResults
from scenarios.breaking_load import LoadSearch
from scenarios.sizing import Search, Sized
from scenarios.staffing import staffed_stations, with_staffing
from scenarios.study_command import StudyRequest
from scenarios.study_findings import Circumstances, findings
from scenarios.study_journal import Journal
from scenarios.study_play import PlayedStudy, StudyPlayer
from scenarios.trials import TrialListener, Trials
from scenarios.tried_staffings import MOST_TRIED
from sim.load.engines import usable_engine
from sim.load.study import Study
from sim.load.workers import require_workers

GIVEN, CHOSEN = "given_staffing", "smallest_staffing"
_Found = TypeVar("_Found")


def do_size(
    request: StudyRequest,
    journal: Journal,
    listener: TrialListener,
    tolerance: float | None = 0.05,
    most: int = MOST_TRIED,
) -> StudyResults:
    """Search the smallest staffing of a study and return what was found; its sweep is left out.

    The loads that break it are found to the *tolerance* (None: not at all); so many staffings are tried at
    *most*. After an interruption what was tried so far is returned, marked incomplete. Raises
    KeyboardInterrupt if nothing was tried, InputError for what cannot be played or sized.
    """
    study = msgspec.structs.replace(request.ready.study, sweep=None)
    ready = replace(request.ready, study=study)
    _require_two(request, study)
    engine, note = usable_engine(request.engine)
    require_workers(request.force)
    player = StudyPlayer(ready, request.seed, engine, request.force, journal, listener)
    played = player.play(request.replications)
    if not played.points[0].replications:
        raise KeyboardInterrupt
    trials = Trials(player, listener, _from_us(played), played.until)
    work = _Sizing(study, trials, played, tolerance, most)
    if played.complete:
        work.do()
    how = Circumstances(
        command="size",
        replay=request.replay,
        seed=request.seed,
        engine=engine,
        engine_note=note,
        phases=(PhaseTime(phase="play", cpu_s=played.cpu_s), *work.phases),
        breaking_load=work.chosen_breaks or work.given_breaks,
        given_breaking_load=work.given_breaks if work.chosen_breaks else None,
        sizing=None if work.sized is None else work.sized.sizing,
    )
    return findings(ready, work.played, how)


@dataclass(slots=True)
class _Sizing:
    """The parts of a sizing as they come: the search, the loads, the points that are shown."""

    study: Study
    trials: Trials
    played: PlayedStudy
    tolerance: float | None
    most: int
    sized: Sized | None = None
    given_breaks: BreakingLoad | None = None
    chosen_breaks: BreakingLoad | None = None
    phases: tuple[PhaseTime, ...] = ()

    def do(self) -> None:
        """Do all parts, up to an interruption."""
        point = self.played.points[0]
        stations = staffed_stations(self.trials.player.ready, point.plan)
        if not stations:
            place = str(self.trials.player.ready.path)
            raise InputError(
                place, "stations", "no station with a number of servers", "one that can be staffed"
            )
        sized = self._timed("sizing", Search(self.trials, self.study, stations, self.most).find)
        self.sized = sized
        if not sized.complete:
            self._break_off()
        elif sized.numbers is not None:
            self._show_chosen(with_staffing(self.study, stations, sized.numbers))
        elif self.tolerance is not None and _could_be_kept(sized):
            self.given_breaks = self._breaking_load(self.study, GIVEN)

    def _show_chosen(self, chosen: Study) -> None:
        """Add the chosen staffing as a second point, and the loads that break both."""
        given = replace(self.played.points[0], point=replace(self.played.points[0].point, label=GIVEN))
        is_given = chosen is self.study
        points = (given,) if is_given else (given, self.trials.played(chosen, CHOSEN))
        self.played = replace(self.played, points=points)
        if self.tolerance is None:
            return
        self.given_breaks = self._breaking_load(self.study, GIVEN)
        if not is_given and self.played.complete:
            self.chosen_breaks = self._breaking_load(chosen, CHOSEN)

    def _breaking_load(self, study: Study, label: str) -> BreakingLoad:
        search = LoadSearch(self.trials, study, self.tolerance or 0.0, label)
        found = self._timed("breaking load", search.find)
        if not search.complete:
            self._break_off()
        return found

    def _timed(self, phase: str, find: Callable[[], _Found]) -> _Found:
        began_s = process_time()
        found = find()
        self.phases = (*self.phases, PhaseTime(phase=phase, cpu_s=process_time() - began_s))
        return found

    def _break_off(self) -> None:
        self.played = replace(self.played, complete=False)


def _from_us(played: PlayedStudy) -> int:
    return played.points[0].plan.starts_us + (played.warm_up.cut_us or 0)


def _could_be_kept(sized: Sized) -> bool:
    """Tell whether some staffing kept every limit, though none was chosen."""
    return any(staffing.kept == "kept" for staffing in sized.sizing.path)


def _require_two(request: StudyRequest, study: Study) -> None:
    most = study.stop.most if study.stop and request.replications is None else study.replications
    if (most if request.replications is None else request.replications) < 2:
        raise InputError("--replications", "", "1 replication", "at least 2, or nothing can be shown")
