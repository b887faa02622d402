"""Write what a load study found as one HTML page: no network, whole without its script, readable in print."""

from collections.abc import Mapping
from typing import Any

from conformance.study_figures import Estimate, PointResults, StepFigures
from conformance.study_results import LoadTried, Staffing, StudyResults
from reports import study_words as words
from reports.canvas import Chart
from reports.characters import one_line
from reports.html import data_uri
from reports.sizing_words import alternative_text, move_text, note_texts
from reports.study_charts import steps_chart, sweep_chart, use_chart
from reports.study_curves import flow_chart, queue_chart, warm_up_chart
from reports.study_differences import difference_rows
from reports.study_overview import (
    KEPT_MARKS,
    focus_of,
    limits_of,
    nobody_came,
    standings,
    verdict_sentences,
)
from reports.study_text import warm_up_text
from reports.study_text_tables import breaking_chunks, given_breaks, sweep_row
from reports.templating import render_template
from reports.texts import Texts, zone_of

MOST_CASES = 100
FEWER_CASES = 20
"""So many cases are named of a point that is not the one looked at."""
MOST_DIFFERENCES = 60
MOST_ELSEWHERE = 12
"""So many limits that are not kept are shown of a point that is not the one looked at."""


def render_study_page(
    results: StudyResults, texts: Texts, files: Mapping[str, str] | None = None, *, with_cases: bool = False
) -> str:
    """Return the page of *results* in the language of *texts*, leading to the *files* of other languages.

    *with_cases*: the page of cases lies beside it.
    """
    view = {**_view(results, texts), "with_cases": with_cases}
    return render_template("study.html.j2", texts, view, files or {})


def _view(results: StudyResults, texts: Texts) -> dict[str, Any]:
    point = focus_of(results)
    zone, zone_name = zone_of(results.zone)
    limits = limits_of(point) if point is not None else []
    return {
        "r": results,
        "p": results.provenance,
        "w": words,
        "marks": KEPT_MARKS,
        "data_uri": data_uri,
        "line": one_line,
        "capital": _capital,
        "sentences": verdict_sentences(results, texts),
        "point": point,
        "counts": standings(point) if point is not None else None,
        "contents": _contents(results, point, texts),
        "limits": limits,
        "limits_title": _limits_title(results, point, texts),
        "unlimited": len(point.steps) - len(limits) if point is not None else 0,
        "charts": _charts(results, point, texts),
        "sweep": [(own, sweep_row(results, own, texts)) for own in results.points],
        "broken_elsewhere": _broken_elsewhere(results, point),
        "notes": note_texts(results, texts),
        "given_breaks": given_breaks(results, texts),
        "alternative": lambda move: alternative_text(results, move, texts),
        "move": lambda move: move_text(results, move, texts),
        "breaking": breaking_chunks(results.breaking_load, texts) if results.breaking_load else [],
        "share": lambda own: words.share_with_range(_share(own), texts, results.targets.share),
        "unended": [own for own in results.points if own.cases.abandoned or own.cases.unfinished],
        "nobody": nobody_came(results),
        "warm_up": warm_up_text(results, texts),
        "stop": words.stop_text(results, texts),
        "most_cases": MOST_CASES,
        "fewer_cases": FEWER_CASES,
        "differences": difference_rows(results, texts),
        "most_differences": MOST_DIFFERENCES,
        "moment": lambda us: texts.moment(us, zone),
        "moment_of": lambda text: words.local_moment(text, texts),
        "zone_name": zone_name,
    }


def _charts(results: StudyResults, point: PointResults | None, texts: Texts) -> dict[str, Chart]:
    charts = {"warm_up": warm_up_chart(results, texts)}
    if len(results.points) > 1:
        charts["sweep"] = sweep_chart(results, texts)
    if point is not None:
        charts["steps"] = steps_chart(results, point, texts)
        charts["use"] = use_chart(results, point, texts)
        charts["queue"] = queue_chart(results, point, texts)
        charts["flow"] = flow_chart(results, point, texts)
    return charts


def _contents(results: StudyResults, point: PointResults | None, texts: Texts) -> list[tuple[str, str]]:
    """Return the sections that this page has, with their titles."""
    there = {
        "what": ("study.page.what", True),
        "limits": ("study.page.limits", point is not None),
        "sweep": ("study.sweep", len(results.points) > 1),
        "breaking": ("study.breaking", results.breaking_load is not None),
        "sizing": ("study.sizing", results.sizing is not None),
        "stations": ("study.stations", point is not None),
        "day": ("study.page.day", point is not None),
        "unfinished": ("study.page.unfinished", True),
        "warm-up": ("study.page.warm_up", True),
        "provenance": ("page.provenance", True),
    }
    return [(section, texts.say(title)) for section, (title, shown) in there.items() if shown]


def _limits_title(results: StudyResults, point: PointResults | None, texts: Texts) -> str:
    if point is None or len(results.points) < 2:
        return texts.say("study.page.limits")
    return texts.say("study.page.limits_at", label=words.label_of(point, texts))


def _broken_elsewhere(
    results: StudyResults, point: PointResults | None
) -> list[tuple[PointResults, list[StepFigures]]]:
    found = []
    for own in results.points:
        broken = [step for step in limits_of(own) if step.kept == "not_kept"][:MOST_ELSEWHERE]
        if broken and own is not point:
            found.append((own, broken))
    return found


def _share(own: Staffing | LoadTried) -> Estimate:
    return Estimate(value=own.share, low=own.low, high=own.high, replications=own.replications)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
