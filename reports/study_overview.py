"""What a load study says first: which limits are kept at this load, which break first, what was not shown."""

from collections import Counter
from typing import NamedTuple

from conformance.study_figures import LimitShown, PointResults, StepFigures
from conformance.study_results import BreakingLoad, Sizing, StudyResults
from reports import study_words as words
from reports.characters import one_line
from reports.texts import Texts

KEPT_MARKS = {"kept": "✓", "not_kept": "✗", "not_shown": "?"}
"""A sign for every standing, so that none is told by colour alone."""
STATED = "agreed"
MOST_LABELS = 6
_RANK = {"not_kept": 0, "not_shown": 1, "kept": 2}


class Standings(NamedTuple):
    """How many limits of a point stand in which way."""

    n: int
    kept: int
    not_kept: int
    not_shown: int


def focus_of(results: StudyResults) -> PointResults | None:
    """Return the point to look at: the first at which a limit is not kept, or not shown, or the last one.

    Of a sizing it is the last one, which is the chosen staffing.
    """
    for kept in () if results.sizing is not None else ("not_kept", "not_shown"):
        for point in results.points:
            if point.kept == kept:
                return point
    return results.points[-1] if results.points else None


def limits_of(point: PointResults) -> list[StepFigures]:
    """Return the steps that have a limit, also one that the source has lost, the worst first."""
    limited = [step for step in point.steps if step.limit_status is not None]
    return sorted(limited, key=_worst_first)


def standings(point: PointResults) -> Standings:
    """Count the limits of a point by standing."""
    found = Counter(step.kept for step in limits_of(point))
    return Standings(found.total(), found["kept"], found["not_kept"], found["not_shown"])


def worst_of(point: PointResults) -> StepFigures | None:
    """Return the stated limit within which the smallest share was; None if none has a share."""
    known = [s for s in limits_of(point) if s.limit_status == STATED and s.share_within.value is not None]
    return min(known, key=lambda step: step.share_within.value or 0.0, default=None)


def first_to_break(results: StudyResults) -> LimitShown | None:
    """Return the limit that breaks first: of the bisection, or the worst not kept of the point looked at."""
    if results.breaking_load is not None and results.breaking_load.first is not None:
        return results.breaking_load.first
    point = focus_of(results)
    worst = worst_of(point) if point is not None and point.kept != "kept" else None
    if worst is None or worst.share_within.value is None:
        return None
    return LimitShown(
        service=worst.service,
        path=worst.path,
        step=worst.step,
        norm=worst.norm,
        share_within=worst.share_within.value,
    )


def nobody_came(results: StudyResults) -> bool:
    """Tell whether there was no case at any point."""
    return all(not point.cases.arrived for point in results.points)


def verdict_sentence(results: StudyResults, texts: Texts) -> str:
    """Return the verdict as one text."""
    return " ".join(verdict_sentences(results, texts))


def verdict_sentences(results: StudyResults, texts: Texts) -> list[str]:
    """Return the verdict: staffing and breaking load if they were asked for, standing of the limits."""
    parts = [] if results.complete else [texts.say("study.sentence.interrupted")]
    if results.sizing is not None:
        parts.append(_sized(results, results.sizing, texts))
    if results.breaking_load is not None:
        parts.append(_breaking(results.breaking_load, texts))
        first = results.breaking_load.first
        if first is not None:
            parts.append(texts.say("study.sentence.breaks_first", limit=words.limit_id(first)))
    return parts + _standing(results, texts)


def _standing(results: StudyResults, texts: Texts) -> list[str]:
    point = focus_of(results)
    if point is None:
        return [] if results.breaking_load or results.sizing else [texts.say("study.sentence.no_points")]
    if nobody_came(results):
        return [texts.say("study.sentence.nobody")]
    parts = []
    if len(results.points) > 1:
        parts += [
            texts.say(f"study.sentence.sweep_{kept}", labels=labels)
            for kept in ("kept", "not_kept", "not_shown")
            if (labels := _labels(results, kept, texts))
        ]
    own = standings(point)
    if not own.n:
        return [*parts, texts.say("study.sentence.no_limits")]
    at = {"label": words.label_of(point, texts)} if len(results.points) > 1 else {}
    where = "_at" if at else ""
    parts.append(texts.say(f"study.sentence.counts{where}", **at, **own._asdict()))
    worst = worst_of(point)
    if worst is not None and point.kept != "kept":
        share = words.percent(worst.share_within.value, texts, results.targets.share)
        limit = words.limit_id(worst)
        parts.append(texts.say(f"study.sentence.worst{where}", **at, limit=limit, share=share))
    return parts


def _labels(results: StudyResults, kept: str, texts: Texts) -> str:
    """Return the values at which the limits stand so; of many the first and the last ones."""
    own = [
        texts.say("study.sentence.label", label=words.label_of(point, texts))
        for point in results.points
        if point.kept == kept
    ]
    return ", ".join(own if len(own) <= MOST_LABELS else [*own[:3], "…", *own[-2:]])


def _sized(results: StudyResults, sizing: Sizing, texts: Texts) -> str:
    if sizing.chosen is None:
        return texts.say("study.sentence.none_chosen")
    staffing = words.staffing_text(results, sizing.chosen.servers, texts)
    return texts.say("study.sentence.chosen", staffing=staffing)


def _breaking(found: BreakingLoad, texts: Texts) -> str:
    holds, breaks = (words.plain(value, texts) for value in (found.holds_at, found.breaks_at))
    which = {(True, True): "between", (False, True): "below", (True, False): "above"}
    key = which.get((found.holds_at is not None, found.breaks_at is not None), "unknown")
    if key == "unknown":
        return texts.say("study.sentence.breaks_unknown")
    values = {"between": {"holds": holds, "breaks": breaks}, "below": {"breaks": breaks}}
    said = values.get(key, {"holds": holds})
    return texts.say(f"study.sentence.breaks_{key}", parameter=one_line(found.parameter), **said)


def _worst_first(step: StepFigures) -> tuple[int, bool, float]:
    share = step.share_within.value
    return (_RANK.get(step.kept, 1), step.limit_status != STATED, 1.0 if share is None else share)
