"""Write a run as one HTML page: no network, whole without its script, readable in print."""

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from conformance.pack import Pack
from conformance.results import ClauseResult, Results, StepResult, TimelineStep
from conformance.timelines import MOST_SHOWN, shown_first
from conformance.verdicts import Verdict
from reports import evidence, expectations, flow, shares
from reports.characters import anchor
from reports.charts import step_chart, step_headline
from reports.indicator_view import indicators_view
from reports.log_charts import chart_tables, log_charts
from reports.log_statements import log_statements
from reports.overview import (
    MARKS,
    fault_status,
    faults_worst_first,
    gaps,
    norms_worst_first,
    path_name,
    scenarios_worst_first,
    service_name,
    signature_statement,
    unit_name,
    verdict_sentence,
    worst_replay,
)
from reports.process_pictures import process_pictures
from reports.rates import norm_notes
from reports.sequence import sequence_of
from reports.sequence_svg import sequence_svg
from reports.templating import render_template
from reports.texts import Texts, zone_of

MOST_FINDINGS = 20
MOST_JUMPS = 6
"""Links from the head of the page to what failed, of each kind."""
DATA_FILES = ("results.json", "log.parquet", "manifest.json", "indicators.csv", "junit.xml", "earl.jsonld")
"""What lies beside the saved page of every run."""

Group = TypeVar("Group")
Item = TypeVar("Item")


def render_page(
    results: Results,
    texts: Texts,
    files: Mapping[str, str] | None = None,
    pack: Pack | None = None,
    *,
    with_cases: bool = False,
) -> str:
    """Return the page of *results* in the language of *texts*, leading to the *files* of other languages.

    *pack* is that of the judgement; without it nobody can draw the process. *with_cases*: the
    page of cases lies beside it.
    """
    pictures = process_pictures(results, pack, texts) if pack is not None else None
    view = {
        **_view(results, texts),
        "with_cases": with_cases,
        "pictures": pictures,
        "sequences": _sequences(results, pack, texts),
        "data_files": [f for f in DATA_FILES if f != "indicators.csv" or results.indicators is not None],
    }
    return render_template("report.html.j2", texts, view, files or {})


def _sequences(results: Results, pack: Pack | None, texts: Texts) -> dict[str, str]:
    """Return the pictures of the cases that the page tells step by step."""
    zone, _ = zone_of(results.provenance.zone)
    return {
        case: sequence_svg(
            sequence_of(case, steps, results, pack, texts),
            texts,
            f"sequence-{n}",
            lambda us: texts.moment(us, zone),
        )
        for n, (case, steps) in enumerate(_timelines(results)[:MOST_SHOWN], 1)
    }


def _view(results: Results, texts: Texts) -> dict[str, Any]:
    norms = norms_worst_first(results)
    zone, zone_name = zone_of(results.provenance.zone)
    timelines = _timelines(results)
    return {
        "r": results,
        "p": results.provenance,
        "s": results.summary,
        "marks": MARKS,
        "anchor": anchor,
        "flow": flow,
        "log_statements": log_statements,
        "actions": flow.actions(results, texts.language),
        "evidence": evidence,
        "expectations": expectations,
        "sentence": verdict_sentence(results, texts),
        "gaps": gaps(results, texts),
        "signatures": signature_statement(results.provenance.signatures, texts),
        "clause_groups": _grouped(results.clauses, _service_of),
        "step_groups": _grouped(results.steps, _service_and_path),
        "step_chart": step_chart(results, texts),
        "headline": step_headline(results, texts),
        "charts": log_charts(results, texts),
        "chart_tables": chart_tables(results, texts),
        "ind": indicators_view(results, texts),
        "data_uri": data_uri,
        "shown_norms": [n for n in norms if n.verdict not in {Verdict.PASS, Verdict.NOT_RUN}],
        "unrun_norms": [n for n in norms if n.verdict is Verdict.NOT_RUN],
        "met_norms": [n for n in norms if n.verdict is Verdict.PASS],
        "by_id": {norm.id: norm for norm in results.norms},
        "scenarios": scenarios_worst_first(results),
        "faults": [(fault, fault_status(fault)) for fault in faults_worst_first(results)],
        "timelines": timelines[:MOST_SHOWN],
        "timelines_hidden": max(0, len(timelines) - MOST_SHOWN),
        "most_findings": MOST_FINDINGS,
        "jumps": _jumps(results),
        "most_jumps": MOST_JUMPS,
        "targets": _targets(results, timelines[:MOST_SHOWN]),
        "moment": lambda us: texts.moment(us, zone),
        "moment_of": lambda text: texts.moment_of(text, zone),
        "zone_name": zone_name,
        "shares": shares,
        "service_name": lambda service: service_name(results, service, texts.language),
        "path_name": lambda path: path_name(results, path, texts),
        "unit_name": lambda unit: unit_name(results, unit, texts),
        "norm_notes": lambda norm: norm_notes(norm, texts),
        "worst_replay": worst_replay(results),
    }


def _jumps(results: Results) -> list[tuple[str, str, str, list[str]]]:
    """Return what failed, to be led to from the head of the page: group and code of the word, kind, names."""
    scenarios = [(s.status, f"{s.suite}/{s.id}") for s in results.scenarios]
    faults = [(fault_status(f), f"{f.suite}/{f.id}") for f in results.faults]
    norms = [(norm.verdict.value, norm.id) for norm in results.norms]
    found = [
        (group, code, kind, [name for status, name in items if status == code])
        for group, kind, codes, items in (
            ("played", "scenario", ("error", "failed"), scenarios),
            ("played", "fault", ("error", "failed"), faults),
            ("verdict", "norm", ("error", "fail"), norms),
        )
        for code in codes
    ]
    return [jump for jump in found if jump[3]]


def _targets(
    results: Results, timelines: list[tuple[str, tuple[TimelineStep, ...]]]
) -> dict[str, frozenset[str]]:
    """Return the names that have a place on the page, by kind: only they are linked."""
    return {
        "clause": frozenset(clause.id for clause in results.clauses),
        "norm": frozenset(norm.id for norm in results.norms),
        "case": frozenset(case for case, _ in timelines),
    }


def _timelines(results: Results) -> list[tuple[str, tuple[TimelineStep, ...]]]:
    """Return the timelines, those of cases with a shown violation first."""
    return [(case, results.timelines[case]) for case in shown_first(results.norms, results.timelines)]


def _grouped(items: Iterable[Item], key: Callable[[Item], Group]) -> list[tuple[Group, list[Item]]]:
    """Return *items* by *key*, groups and items in the order in which they first come."""
    groups: dict[Group, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.items())


def _service_of(clause: ClauseResult) -> str | None:
    return clause.service


def _service_and_path(step: StepResult) -> tuple[str, str]:
    return (step.service, step.path)


def data_uri(svg: str) -> str:
    """Return *svg* as the address of an image, whose ids are then its own."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
