"""Compare saved runs: the first with each of the others, what got worse first, and what cannot be told."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from conformance import __version__
from conformance.comparison_norms import rows_of_runs
from conformance.comparison_results import (
    COMPARISON_SCHEMA_VERSION,
    Caveat,
    Comparison,
    Pair,
    RunShown,
)
from conformance.comparison_rows import settled_rows, standing_of
from conformance.comparison_studies import are_paired, matched_points, rows_of_studies
from conformance.errors import InputError
from conformance.regulation import Text
from conformance.results import Results
from conformance.study_results import StudyResults

Run = Results | StudyResults
MOST_RUNS = 12
_ORDER = ("worse", "cannot_tell", "nothing_worse")
_EXIT = {"nothing_worse": 0, "worse": 1, "cannot_tell": 3}


def compare(runs: Sequence[tuple[str, Run]], replay: str) -> Comparison:
    """Compare the first of *runs*, each with the place where it is saved, with every other.

    Raises InputError for fewer than two runs, for too many, and for runs of different kinds.
    """
    if not 2 <= len(runs) <= MOST_RUNS:
        raise InputError("the runs", "", str(len(runs)), f"2 to {MOST_RUNS} saved runs")
    (first_place, first), *others = runs
    for place, run in others:
        if isinstance(run, StudyResults) is not isinstance(first, StudyResults):
            expected = f"the results of a {_kind(first)}, as in {first_place}"
            raise InputError(place, "", f"the results of a {_kind(run)}", expected)
    shown = tuple(_run_shown(place, run, chr(ord("A") + i)) for i, (place, run) in enumerate(runs))
    pairs = tuple(_pair((0, i), first, run, (shown[0], shown[i])) for i, (_, run) in enumerate(runs) if i > 0)
    return Comparison(
        schema_version=COMPARISON_SCHEMA_VERSION,
        tool_version=__version__,
        replay=replay,
        standing=min((pair.standing for pair in pairs), key=_ORDER.index),
        runs=shown,
        pairs=pairs,
        services=_services(run for _, run in runs),
        paths={path.id: path.name for _, run in reversed(runs) for path in run.paths},
        stations={
            station.id: station.name
            for _, run in reversed(runs)
            if isinstance(run, StudyResults)
            for station in run.stations
        },
    )


def exit_code_of(comparison: Comparison) -> int:
    """Return 0 if nothing is shown to be worse, 1 if something is, 3 if it cannot be told."""
    return _EXIT[comparison.standing]


def _pair(places: tuple[int, int], before: Run, after: Run, shown: tuple[RunShown, RunShown]) -> Pair:
    if isinstance(before, StudyResults) and isinstance(after, StudyResults):
        rows = rows_of_studies(before, after)
        caveats = chain(_caveats(*shown), _study_caveats(before, after))
    elif isinstance(before, Results) and isinstance(after, Results):
        rows = rows_of_runs(before, after)
        caveats = chain(_caveats(*shown), _log_caveats(*shown))
    else:
        raise TypeError("two kinds of results")
    tested, sorted_rows = settled_rows(rows)
    complete = all(run.complete for run in shown)
    return Pair(
        before=places[0],
        after=places[1],
        standing=standing_of(sorted_rows, complete=complete),
        caveats=tuple(caveats),
        tested=tested,
        rows=sorted_rows,
    )


def _caveats(before: RunShown, after: RunShown) -> Iterator[Caveat]:
    if before.origin != after.origin:
        yield Caveat(code="other_origin", before=before.origin, after=after.origin)
    else:
        yield Caveat(code=f"both_{before.origin}")
    for run, code in ((before, "incomplete_before"), (after, "incomplete_after")):
        if not run.complete:
            yield Caveat(code=code)
    if before.pack != after.pack:
        yield Caveat(code="other_pack", before=before.pack, after=after.pack)
    elif before.pack_sha256 != after.pack_sha256:
        yield Caveat(code="other_version", before=before.pack_version, after=after.pack_version)
    if before.zone != after.zone:
        yield Caveat(code="other_zone", before=before.zone, after=after.zone)


def _log_caveats(before: RunShown, after: RunShown) -> Iterator[Caveat]:
    if before.log_sha256 == after.log_sha256:
        yield Caveat(code="same_log")
    else:
        yield Caveat(code="independent_cases")


def _study_caveats(before: StudyResults, after: StudyResults) -> Iterator[Caveat]:
    code = "paired" if are_paired(before, after) else "independent_seeds"
    if before.seed == after.seed and code != "paired":
        code = "not_saved"
    yield Caveat(code=code, before=str(before.seed), after=str(after.seed))
    if (before.starts, before.ends) != (after.starts, after.ends):
        period = [f"{run.starts} – {run.ends}" for run in (before, after)]
        yield Caveat(code="other_period", before=period[0], after=period[1])
    if before.targets != after.targets:
        targets = [f"{run.targets.share:g} / {run.targets.confidence:g}" for run in (before, after)]
        yield Caveat(code="other_targets", before=targets[0], after=targets[1])
    points = matched_points(before, after)
    gone = [label for label, _, new in points if new is None]
    fresh = [label for label, old, _ in points if old is None]
    if gone or fresh:
        yield Caveat(code="other_points", before=_listed(gone), after=_listed(fresh))


def _listed(labels: Iterable[str | None]) -> str:
    return ", ".join(label or "" for label in labels) or "–"


def _run_shown(place: str, run: Run, label: str) -> RunShown:
    if isinstance(run, StudyResults):
        kept = [point.kept for point in run.points]
        return RunShown(
            label=label,
            place=place,
            kind="study",
            command=run.command,
            name=run.study,
            outcome=next((word for word in ("not_kept", "not_shown", "kept") if word in kept), "not_shown"),
            complete=run.complete,
            origin="simulated",
            pack=run.pack,
            pack_version=run.provenance.pack_version,
            pack_sha256=run.provenance.pack_sha256,
            log_sha256=run.provenance.log_sha256,
            zone=run.zone,
            period_start=run.starts,
            period_end=run.ends,
            seed=run.seed,
            cases=sum(point.cases.arrived for point in run.points),
            rows=None,
            replications=run.replications,
            confidence=run.targets.confidence,
            target=run.targets.share,
        )
    source, summary = run.provenance, run.summary
    suites = dict.fromkeys([s.suite for s in run.scenarios] + [f.suite for f in run.faults])
    return RunShown(
        label=label,
        place=place,
        kind="run",
        command=summary.command,
        name=", ".join(suites),
        outcome=summary.outcome,
        complete=summary.complete,
        origin=source.origin,
        pack=source.pack,
        pack_version=source.pack_version,
        pack_sha256=source.pack_sha256,
        log_sha256=source.log_sha256,
        zone=source.zone,
        period_start=source.period_start,
        period_end=source.period_end,
        seed=source.seed,
        cases=summary.cases,
        rows=summary.rows,
    )


def _services(runs: Iterable[Run]) -> dict[str, Text]:
    """Return the names of services by all that rows may call them: ids, and codes in studies."""
    found: dict[str, Text] = {}
    for run in runs:
        for service in run.services:
            found.setdefault(service.id, service.name)
            if isinstance(run, Results):
                code = next((s.code for s in run.services if s.id == service.id), service.id)
                found.setdefault(code, service.name)
    return found


def _kind(run: Run) -> str:
    return "load study" if isinstance(run, StudyResults) else "judged run"
