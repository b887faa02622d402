"""The figures of a load study as one CSV: a line for every step at every point, to compute with again."""

import csv
import io
from typing import Any

from conformance.study_figures import PointResults, Spread, StepFigures
from conformance.study_results import StudyResults
from reports.spreadsheets import harmless

FIGURES_FILE = "figures.csv"
_TIMES = ("mean_s", "median_s", "p90_s", "p95_s", "p99_s", "max_s")
_PLACE = ("simulated", "study", "point", "parameter", "value", "replications", "service", "path", "step")
_LIMIT = ("norm", "limit_status", "limit_s", "target", "count", "open", "late")
_SHARE = ("share_within", "share_low", "share_high", "share_method", "kept", "why")
_INTERVALS = ("confidence", "mean_of_means_s", "mean_low_s", "mean_high_s")
_P95 = ("mean_of_p95_s", "p95_low_s", "p95_high_s")
COLUMNS = (
    *_PLACE,
    *_LIMIT,
    *_SHARE,
    *(f"sojourn_{name}" for name in _TIMES),
    *_INTERVALS,
    *_P95,
    *(f"wait_{name}" for name in _TIMES),
    *(f"service_{name}" for name in _TIMES),
)


def figures_csv(results: StudyResults) -> str:
    """Return the figures of every step at every point; an empty cell is one that does not exist.

    Shares are from 0 to 1, times in seconds. The same results give the same bytes.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for point in results.points:
        for step in point.steps:
            line = _line(results, point, step)
            writer.writerow({name: harmless(value) for name, value in line.items()})
    return out.getvalue()


def _line(results: StudyResults, point: PointResults, step: StepFigures) -> dict[str, Any]:
    share, sojourn = step.share_within, step.sojourn_s
    place = ("yes", results.study, point.label, point.parameter, point.value, point.replications)
    limit = (
        step.norm,
        step.limit_status,
        step.limit_s,
        results.targets.share,
        step.count,
        step.open,
        step.late,
    )
    within = (share.value, share.low, share.high, share.method, step.kept, step.why)
    means = (results.targets.confidence, sojourn.mean.value, sojourn.mean.low, sojourn.mean.high)
    return {
        **dict(zip(_PLACE, (*place, step.service, step.path, step.step), strict=True)),
        **dict(zip(_LIMIT, limit, strict=True)),
        **dict(zip(_SHARE, within, strict=True)),
        **_times("sojourn", sojourn),
        **dict(zip(_INTERVALS, means, strict=True)),
        **dict(zip(_P95, (sojourn.p95.value, sojourn.p95.low, sojourn.p95.high), strict=True)),
        **_times("wait", step.wait_s),
        **_times("service", step.service_s),
    }


def _times(name: str, spread: Spread) -> dict[str, Any]:
    return {f"{name}_{figure}": getattr(spread, figure) for figure in _TIMES}
