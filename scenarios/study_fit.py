"""Fit a load study to an event log: arrivals, service times, servers, offices, traits, and how good it is.

What the log does not show is that of a world, and is said to be. Nothing here plays anything but one citizen
of each kind, to learn which endings belong to which trait.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from conformance.calendar import WorkingCalendar, local_time, parse_day, parse_local
from conformance.errors import InputError
from conformance.fit_results import ArrivalFit, FitResults, Gap, OfficeFit, ServerFit, TimeFit
from conformance.logs.intake import Intake, take_in
from conformance.logs.mapping import read_mapping
from conformance.manifests import manifest_beside
from conformance.pack import Pack
from scenarios.arrival_fits import Days, days_of, fit_arrivals
from scenarios.fit_rows import FitRows, Sample, fit_rows
from scenarios.fit_yaml import TRACE, study_text
from scenarios.law_fits import CRITERION
from scenarios.server_fits import fit_offices, fit_servers
from scenarios.study_reader import read_study
from scenarios.suite_reader import load_named_pack, load_world
from scenarios.time_fits import LEAST_ROWS, fit_time
from scenarios.trait_fits import fit_traits
from sim.laws import Law
from sim.load.preparation import prepare
from sim.load.rehearsal import Rehearsal
from sim.load.study import MOST_OFFICES
from sim.load.study_checks import APPOINTMENT
from sim.plan import WorldPlan
from sim.plan_checks import PATHS, STATIONS_OF_STEPS

STUDY_NAME, FIT_NAME = "study.yaml", "fit.json"
WORLD = "astana-2013"
MOST_DAYS = 28
"""A fitted study lasts as long as the log, but no longer than this: what repeats is said by the profile."""
DRAIN_DAYS = 3
MOST_STREAMS = 100
MOST_OUTCOMES = 50
"""So many streams of arrivals and endings are told at most: the largest."""
MOST_CLOSED_DAYS = 60
SLOTS_OF_A_DOCTOR = 24
MOST_SLOTS_SHOWN = 10_000_000
_REGISTERING = {"portal": ("P6", ("P7", "P8")), "provider": ("V6", ("V7", "V8"))}


@dataclass(slots=True)
class _Fit:
    """A fit while it is made; *laws* are the fitted ones by time and station."""

    pack: Pack
    world: WorldPlan | None
    rows: FitRows
    resolution_us: int
    gaps: list[Gap] = field(default_factory=list)
    laws: dict[str, Mapping[str, Law]] = field(default_factory=dict)
    waiting_in_decisions: bool = False

    def say(self, code: str, place: str = "", n: int = 0, total: int = 0, detail: str = "") -> None:
        """Keep something that the log does not show."""
        self.gaps.append(Gap(code=code, place=place, n=n, total=total, detail=detail))

    def arrivals(self) -> tuple[Days, list[ArrivalFit]]:
        """Return the arrivals of each service and path and their days, with what is doubtful in them.

        Raises InputError if no case has a moment.
        """
        streams = self.rows.streams()
        if len(streams) > MOST_STREAMS:
            self.say("more_streams", n=len(streams), total=MOST_STREAMS)
            streams = sorted(sorted(streams, key=lambda one: -one[2])[:MOST_STREAMS])
        if not streams:
            raise InputError("the log", "", "no row with a moment", "rows that say when they began or ended")
        moments = [self._moments_us(service, path) for service, path, _, _ in streams]
        ends = int(min(m[0] for m in moments)), int(max(m[-1] for m in moments))
        days = days_of(ends, self.rows.period_us(), self.pack.act.zone)
        found = []
        for (service, path, cases, opened), moments_us in zip(streams, moments, strict=True):
            fit = fit_arrivals(service, path, moments_us, days, self.resolution_us)
            found.append(fit)
            if fit.dispersion is None:
                self.say("few_arrivals", fit.id, cases)
            elif fit.kind == "trace":
                self.say("uneven", fit.id, detail=f"{fit.dispersion:.2f}")
            if opened:
                self.say("open_cases", fit.id, opened, cases)
            if fit.at_once * 100 > cases:
                self.say("at_once", fit.id, fit.at_once, cases)
            once = [weekday.day for weekday in fit.week if weekday.days < 2]
            if once and fit.dispersion is not None:
                self.say("rare_weekdays", fit.id, n=len(once), detail=", ".join(once))
        return days, found

    def _moments_us(self, service: str, path: str) -> Any:
        """Return when the cases of a stream came; those that the log shows at an opening, before it.

        Who comes to a closed office is seen when it opens. When they came nobody knows, and it changes
        nothing: they are spread evenly over the time for which it was closed, up to the day on which it
        opens.
        """
        moments = self.rows.arrivals_us(service, path)
        if path != "provider" or self.world is None or self.resolution_us > 1_000_000:
            return moments
        calendar = WorkingCalendar(self.pack.calendar("provider-hours"), self.pack.act.zone)
        earliest_us = self.rows.period_us()[0]
        moved = 0
        for moment in np.unique(moments[moments % 60_000_000 == 0]).tolist():
            closed_us = _closed_since_us(calendar, moment)
            if closed_us is not None:
                mine = moments == moment
                count = int(np.sum(mine))
                shares = (np.arange(count) + 0.5) / count
                begins_us = max(closed_us, min(earliest_us, moment))
                ends_us = _midnight_before_us(calendar, moment)
                ends_us = ends_us if ends_us > begins_us else moment
                moments[mine] = begins_us + (shares * (ends_us - begins_us)).astype(np.int64)
                moved += count
        if moved:
            self.say("at_opening", f"{service}-{path}", moved, len(moments))
        return np.sort(moments)

    def times(self) -> list[TimeFit]:
        """Return the times of the steps of the log, and of the decisions."""
        if self.world is None:
            return []
        found = []
        seen = self.rows.steps()
        for step in (step for step in STATIONS_OF_STEPS if step in seen):
            sample = self.rows.work_times(step)
            world = {station: self.world.steps[step][station] for station in STATIONS_OF_STEPS[step]}
            fitted = fit_time(step, sample, world, self.resolution_us)
            self._keep(fitted.laws, fitted.fit.name, fitted.gaps)
            found.append(fitted.fit)
        for path, (registering, answers) in _REGISTERING.items():
            if registering not in seen:
                continue
            name = f"decision/{path}"
            sample = self._decisions(path, registering, answers)
            fitted = fit_time(name, sample, {"decision": self.world.decision[path]}, self.resolution_us)
            self._keep(fitted.laws, name, fitted.gaps)
            found.append(fitted.fit)
        if "P0" in seen:
            self.say("sign_ups", "P0", n=self.rows.work_times("P0").rows)
        for step in seen:
            if step not in STATIONS_OF_STEPS:
                self.say("unknown_step", step)
        return found

    def _decisions(self, path: str, registering: str, answers: tuple[str, ...]) -> Sample:
        """Return the times of decisions: on the portal path, of requests that did surely not wait."""
        every = self.rows.decision_times(path, registering, answers, undisturbed=False)
        if path != "portal":
            return every
        free = self.rows.decision_times(path, registering, answers, undisturbed=True)
        self.waiting_in_decisions = free.used < LEAST_ROWS <= every.used
        if self.waiting_in_decisions:
            self.say("decisions_with_waiting", "decision/portal", every.used)
            return every
        self.say("decisions_at_once", "decision/portal", free.used, every.used)
        return free

    def _keep(self, laws: Mapping[str, Law], name: str, gaps: tuple[Gap, ...]) -> None:
        self.laws[name] = laws
        self.gaps += gaps

    def stations(self) -> tuple[list[ServerFit], list[OfficeFit]]:
        """Return servers and offices; offices that no study could name get a number as their name."""
        if self.world is None:
            return [], []
        seen = frozenset(self.rows.steps())
        world = {name: station.servers for name, station in self.world.stations.items()}
        waiting = self.waiting_in_decisions
        servers = fit_servers(self.rows, seen, world, waiting_in_decisions=waiting)
        offices = fit_offices(self.rows, seen, servers)
        if len(offices) > MOST_OFFICES:
            self.say("too_many_offices", n=len(offices), total=MOST_OFFICES)
            return servers, []
        if any(not _is_name(office.name) for office in offices):
            self.say("offices_renamed", n=len(offices))
            offices = [
                msgspec.structs.replace(office, name=f"office-{number}")
                for number, office in enumerate(offices, 1)
            ]
        return servers, offices

    def whole_log(self, intake: Intake) -> None:
        """Keep what is doubtful in the log as a whole."""
        for code, n in (
            ("rejected", intake.rejected),
            ("mixed_cases", self.rows.mixed_cases()),
            ("unplaced_cases", self.rows.unplaced_cases()),
            ("no_enabled", self.rows.late_beginnings()),
        ):
            if n:
                self.say(code, n=n)


def fit_study(
    log: Path, pack: str, folder: Path, *, mapping: Path | None = None, world: str = WORLD
) -> FitResults:
    """Fit a study to *log*, and write ``study.yaml``, ``fit.json`` and the log of arrivals into *folder*.

    *pack* and *world* are names or, of a pack, a folder, of a world, a file. A log whose paths nobody plays
    gets no study, only ``fit.json`` with its arrivals. Raises InputError for what cannot be read.
    """
    known, pack_name = load_named_pack(Path("fit"), pack)
    means = read_mapping(mapping) if mapping is not None else None
    with TemporaryDirectory(prefix="reglament-") as own:
        canonical = Path(own) / "log.parquet"
        intake = take_in(log, means, known, canonical, place=str(mapping or ""))
        beside, _ = manifest_beside(log)
        origin = beside.origin if beside is not None else intake.facts.origin
        with fit_rows(canonical) as rows:
            _, _, resolution_us = rows.totals()
            plays = _plays(known, rows)
            plan = load_world(Path("fit"), world, known) if plays else None
            fit = _Fit(known, plan, rows, resolution_us)
            results = _results(fit, intake, origin, pack_name, _world_name(world))
            if plan is not None:
                _write_study(fit, results, folder)
    octets = msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n"
    (folder / FIT_NAME).write_bytes(octets)
    return results


def _plays(pack: Pack, rows: FitRows) -> bool:
    """Tell whether cases of *rows* can be played: the pack's steps are those of the played paths."""
    services = {service.code for service in pack.services}
    streams = [stream for stream in rows.streams() if stream[0] in services and stream[1] in PATHS]
    return bool(streams) and {step.code for step in pack.steps} >= set(STATIONS_OF_STEPS)


def _world_name(world: str) -> str:
    return str(Path(world).resolve()) if world.endswith(".yaml") else world


def _results(fit: _Fit, intake: Intake, origin: str, pack: str, world: str) -> FitResults:
    rows, cases, resolution_us = fit.rows.totals()
    days, arrivals = fit.arrivals()
    fit.whole_log(intake)
    times = fit.times()
    servers, offices = fit.stations()
    starts = _starts(fit, days) if fit.world is not None else None
    results = FitResults(
        pack=pack,
        world=world,
        zone=fit.pack.act.zone,
        log_sha256=intake.facts.sha256,
        origin=origin,
        rows=rows,
        cases=cases,
        rejected=intake.rejected,
        first_day=days.first.isoformat(),
        last_day=(days.first + timedelta(days=days.count - 1)).isoformat(),
        days=days.count,
        resolution_us=resolution_us,
        playable=fit.world is not None,
        starts=starts,
        criterion=CRITERION,
        arrivals=tuple(arrivals),
        times=tuple(times),
        servers=tuple(servers),
        offices=tuple(offices),
        traits=(),
        outcomes=(),
        gaps=(),
    )
    if fit.world is None:
        fit.say("not_played", detail=", ".join(sorted({one.path for one in arrivals})))
    else:
        results = _with_traits(fit, fit.world, results)
        results = _only_playable(fit, results)
        _say_slots(fit, results)
    return msgspec.structs.replace(results, gaps=tuple(fit.gaps))


def _starts(fit: _Fit, days: Days) -> str:
    """Return when a study can start: with the log, or where the pack knows its hours, on the same weekday."""
    calendar = WorkingCalendar(fit.pack.calendar("provider-hours"), fit.pack.act.zone)
    lasts = timedelta(days=min(days.count, MOST_DAYS) + DRAIN_DAYS)
    if calendar.knows(days.first) and calendar.knows(days.first + lasts):
        return f"{days.first}T00:00"
    valid = calendar.calendar.valid
    first = parse_day(valid.first) if valid is not None else days.first
    day = first + timedelta(days=(days.first.weekday() - first.weekday()) % 7)
    fit.say("moved", detail=day.isoformat())
    return f"{day}T00:00"


def _only_playable(fit: _Fit, results: FitResults) -> FitResults:
    """Return *results* without the arrivals that no study can have; they are said to be left out."""
    services = {service.code for service in fit.pack.services}
    kept = []
    for one in results.arrivals:
        if one.service in services and one.path in PATHS:
            kept.append(one)
        else:
            fit.say("left_out", one.id, one.cases)
    return msgspec.structs.replace(results, arrivals=tuple(kept))


def _with_traits(fit: _Fit, world: WorldPlan, results: FitResults) -> FitResults:
    services = {service.code for service in fit.pack.services}
    endings = [one for one in fit.rows.endings() if one[0] in services and one[1] in PATHS]
    near_us = parse_local(results.starts or "", fit.pack.act.zone)
    traits, outcomes = fit_traits(endings, Rehearsal(fit.pack, world, near_us))
    if len(outcomes) > MOST_OUTCOMES:
        fit.say("more_outcomes", n=len(outcomes), total=MOST_OUTCOMES)
    return msgspec.structs.replace(results, traits=tuple(traits), outcomes=tuple(outcomes[:MOST_OUTCOMES]))


def _say_slots(fit: _Fit, results: FitResults) -> None:
    """Say how many doctors an office needs so that nobody goes without a slot."""
    booked = sum(one.per_day for one in results.arrivals if one.service == APPOINTMENT)
    if not booked:
        return
    share = max((office.share for office in results.offices), default=1.0)
    wanted = math.ceil(3 * booked * share / SLOTS_OF_A_DOCTOR) + 1
    days = min(results.days, MOST_DAYS) + DRAIN_DAYS + 8
    most = MOST_SLOTS_SHOWN // (days * SLOTS_OF_A_DOCTOR * max(1, len(results.offices)))
    gone = sum(one.cases for one in results.outcomes if one.service == APPOINTMENT and one.why == "moment")
    fit.say("slots", n=max(1, min(wanted, most, 1_000)), total=gone)


def _write_study(fit: _Fit, results: FitResults, folder: Path) -> None:
    """Write the study, and make it ready once as whoever plays it will do: what is written can be played."""
    if any(arrivals.kind == "trace" for arrivals in results.arrivals):
        fit.rows.write_beginnings(folder / TRACE)
    place = folder / STUDY_NAME
    place.write_text(study_text(results, fit.laws, _lasts_days(fit, results)), encoding="utf-8")
    ready = read_study(place)
    prepare(ready.study, ready.world, ready.pack, place=STUDY_NAME, moments_us=ready.moments_us)


def _lasts_days(fit: _Fit, results: FitResults) -> int:
    """Return for how many days the pack knows the hours from the start on, at most as many as the log has."""
    calendar = WorkingCalendar(fit.pack.calendar("provider-hours"), fit.pack.act.zone)
    first = parse_day((results.starts or "")[:10])
    wanted = min(results.days, MOST_DAYS)
    while wanted > 1 and not calendar.knows(first + timedelta(days=wanted + DRAIN_DAYS)):
        wanted -= 1
    return wanted


def _closed_since_us(calendar: WorkingCalendar, moment_us: int) -> int | None:
    """Return since when the office was closed that opens at *moment_us*; None if it does not open then."""
    day = calendar.local_day(moment_us)
    if not calendar.knows(day) or calendar.opens_us(day) != moment_us:
        return None
    for back in range(1, MOST_CLOSED_DAYS):
        closes_us = calendar.closes_us(day - timedelta(days=back))
        if closes_us is not None:
            return closes_us if closes_us < moment_us else None
    return None


def _midnight_before_us(calendar: WorkingCalendar, moment_us: int) -> int:
    local = local_time(moment_us, calendar.zone)
    return moment_us - (local.hour * 60 + local.minute) * 60_000_000


def _is_name(name: str) -> bool:
    """Tell whether a study can name an office so."""
    return 0 < len(name) <= 60 and name.isascii() and name.replace("-", "").isalnum()
