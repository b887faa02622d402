"""Tell a load study in a terminal: the verdict, the limits that are not kept, what to add, how sure it is."""

from conformance.study_figures import PointResults, StepFigures
from conformance.study_results import StudyResults
from reports import study_words as words
from reports.characters import display_width, flow, one_line, pad
from reports.study_overview import focus_of, limits_of, verdict_sentence
from reports.study_text_tables import bottleneck_lines, breaking_lines, sizing_lines, sweep_lines
from reports.texts import Texts

LEAST_WIDTH = 40
MOST_LIMITS = 12
MOST_PLACES = 6
UNSTATED = "limit_not_stated"
"""Why most limits are not shown: told once for all, without their steps."""

_COLOURS = {"not_kept": "31", "not_shown": "33"}
_LABELS = ("kept", "not_kept", "not_shown")


def render_study_summary(
    results: StudyResults,
    texts: Texts,
    width: int = 80,
    colour: bool = False,
    report_path: str | None = None,
) -> str:
    """Return the summary of *results* in lines of at most *width* columns (not under 40).

    *report_path* is the place of the page to name at the end; it alone may be longer than a line.
    """
    width = max(LEAST_WIDTH, width)
    point = focus_of(results)
    blocks = [
        _header(results, texts, width),
        flow([one_line(verdict_sentence(results, texts))], width),
        _limits(results, point, texts, width, colour) if point is not None else [],
        bottleneck_lines(results, point, texts, width) if point is not None else [],
        _without_end(results, texts, width),
        sweep_lines(results, texts, width),
        breaking_lines(results, texts, width),
        sizing_lines(results, texts, width),
        _how(results, texts, width),
    ]
    if report_path is not None:
        blocks.append([texts.say("terminal.report", place=one_line(report_path))])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _header(results: StudyResults, texts: Texts, width: int) -> list[str]:
    chunks = [
        f"{texts.word('study.command', results.command)} {results.study}",
        words.own_words(results.title, texts),
        f"{results.pack} {results.provenance.pack_version}",
    ]
    return flow([one_line(chunk) for chunk in chunks], width, 2)


def _limits(results: StudyResults, point: PointResults, texts: Texts, width: int, colour: bool) -> list[str]:
    """Tell each limit that is not kept or not shown; of those kept only the number."""
    limits = limits_of(point)
    if not limits:
        return []
    shown = [step for step in limits if step.kept != "kept"]
    label_width = max(display_width(texts.word("study.kept", code)) for code in _LABELS) + 2
    lines: list[str] = []
    for step in shown[:MOST_LIMITS]:
        lines += _limit(results, step, texts, (width, label_width), colour)
    if any(step.why == UNSTATED for step in shown[:MOST_LIMITS]):
        said = flow([texts.word("study.why", UNSTATED)], width - label_width, 2)
        lines += [" " * label_width + line for line in said]
    if len(shown) > MOST_LIMITS:
        lines.append(" " * label_width + texts.say("study.more_kept", n=len(shown) - MOST_LIMITS))
    if kept := len(limits) - len(shown):
        more = texts.say("study.more_kept", n=kept) if shown else texts.number(kept)
        lines.append(pad(texts.word("study.kept", "kept"), label_width) + more)
    target = texts.say(
        "study.target",
        share=words.level(results.targets.share, texts),
        confidence=words.level(results.targets.confidence, texts),
    )
    return lines + flow([f"({target})"], width)


def _limit(
    results: StudyResults, step: StepFigures, texts: Texts, widths: tuple[int, int], colour: bool
) -> list[str]:
    width, label_width = widths
    share = words.share_with_range(step.share_within, texts, results.targets.share)
    p95 = words.seconds_with_range(words.p95_of(step), texts, step.limit_s)
    measured = [
        words.limit_id(step),
        texts.say("study.limit", value=words.seconds(step.limit_s, texts)),
        texts.say("study.p95", value=p95),
        texts.say("study.within", value=share),
        texts.say("study.late", late=step.late, n=words.executions(step)),
    ]
    if step.open:
        measured.append(texts.say("study.open", n=step.open))
    if step.kept == "not_shown" and step.why != UNSTATED:
        measured.append(texts.word("study.why", step.why or "interval"))
    place = [
        words.action(results, step, texts),
        words.name_of(results.services, step.service, texts),
        words.path_name(results, step.path, texts),
    ]
    lines = flow(measured, width - label_width, 2)
    if step.why != UNSTATED:
        lines += flow([" · ".join(part for part in place if part)], width - label_width, 2)
    word = texts.word("study.kept", step.kept)
    word = word.upper() if step.kept == "not_kept" else word
    label = pad(word, label_width)
    if colour and step.kept in _COLOURS:
        label = f"\x1b[1;{_COLOURS[step.kept]}m{word}\x1b[0m{label[len(word) :]}"
    return [label + lines[0], *(" " * label_width + line for line in lines[1:])]


def _without_end(results: StudyResults, texts: Texts, width: int) -> list[str]:
    """Tell the cases that were abandoned or had not ended at each point, and where at the one looked at."""
    focus = focus_of(results)
    lines: list[str] = []
    for point in results.points:
        cases = point.cases
        if not cases.abandoned and not cases.unfinished:
            continue
        head = [words.label_of(point, texts)] if len(results.points) > 1 else []
        if cases.abandoned:
            head.append(texts.say("study.abandoned", n=cases.abandoned, arrived=cases.arrived))
        if cases.unfinished:
            head.append(texts.say("study.unfinished_n", n=cases.unfinished, arrived=cases.arrived))
        lines += ["  " + line for line in flow(head, width - 2, 2)]
        if point is not focus:
            continue
        places = sorted(point.unfinished_where, key=lambda place: -place.count)
        for place in places[:MOST_PLACES]:
            where = words.stands_at(results, place, texts)
            doing = texts.word("study.doing", place.doing)
            said = texts.say("study.place", n=place.count, doing=doing, place=where)
            lines += ["    " + line for line in flow([said], width - 4, 2)]
        if len(places) > MOST_PLACES:
            lines.append("    " + texts.say("study.more_kept", n=len(places) - MOST_PLACES))
    return [texts.say("study.unfinished"), *lines] if lines else []


def _how(results: StudyResults, texts: Texts, width: int) -> list[str]:
    """Tell how sure the figures are and how to get them again; last of all that they are simulated."""
    chunks = [
        texts.say("study.replications", n=results.replications),
        *([words.stop_text(results, texts)] if results.stop.measure is not None else []),
        texts.say("study.confidence", value=words.level(results.targets.confidence, texts)),
        warm_up_text(results, texts),
        texts.say("study.engine", name=results.engine),
        texts.say("header.seed", seed=str(results.seed)),
        texts.say("study.simulated"),
    ]
    lines = flow([one_line(chunk) for chunk in chunks], width, 2)
    if results.engine_note is not None:
        lines += flow([one_line(texts.word("study.engine_note", results.engine_note))], width, 2)
    if not results.warm_up.settled and results.warm_up.series:
        lines += flow([texts.say("study.warm_up_unsettled")], width, 2)
    return lines


def warm_up_text(results: StudyResults, texts: Texts) -> str:
    """Return what was cut off at the beginning and by which method."""
    found = results.warm_up
    method = texts.word("study.warm_up", found.method)
    if not found.cut_us:
        return texts.say("study.warm_up_none", method=method)
    return texts.say("study.warm_up_cut", value=texts.duration(found.cut_us), method=method)
