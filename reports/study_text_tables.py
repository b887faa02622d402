"""The tables of a load study in a terminal: bottlenecks, loads compared, breaking load, staffing."""

from conformance.study_figures import Estimate, LimitShown, PointResults, StationFigures, StepFigures
from conformance.study_results import BreakingLoad, LoadTried, Sizing, Staffing, StudyResults
from reports import study_words as words
from reports.characters import flow, one_line
from reports.sizing_words import alternative_text, move_text, note_texts
from reports.study_overview import worst_of
from reports.text_table import Column, text_table
from reports.texts import Texts

MOST_STATIONS = 6
MOST_POINTS = 24
MOST_MOVES = 8
MOST_ALTERNATIVES = 3


def bottleneck_lines(results: StudyResults, point: PointResults, texts: Texts, width: int) -> list[str]:
    """Tell the stations that hold cases up most."""
    rows = []
    for found in point.bottlenecks[:MOST_STATIONS]:
        name = words.name_of(results.stations, found.station, texts)
        if found.office is not None:
            name = words.in_office(results, name, found.office)
        broken = found.breaks
        breaks = (
            f"{words.limit_id(broken)} {words.percent(broken.share_within, texts)}" if broken else words.NONE
        )
        rows.append(
            [name, words.percent(found.utilisation, texts), words.percent(found.wait_share, texts), breaks]
        )
    if not rows:
        return []
    columns = [
        Column(_head("station", texts), elastic=True),
        Column(_head("utilisation", texts), right=True),
        Column(_head("wait_share", texts), right=True),
        Column(_head("breaks", texts), elastic=True),
    ]
    return [_title("bottlenecks", point, results, texts), *text_table(columns, rows, width)]


def sweep_lines(results: StudyResults, texts: Texts, width: int) -> list[str]:
    """Tell the points of a sweep; nothing where there is only one."""
    if len(results.points) < 2:
        return []
    rows = [sweep_row(results, point, texts) for point in results.points[:MOST_POINTS]]
    columns = [
        Column(_head("load", texts), right=True, elastic=True),
        Column(_head("kept", texts)),
        Column(_head("worst", texts), elastic=True),
        Column(_head("within", texts), right=True),
        Column(_head("p95", texts), right=True),
        Column(_head("busiest", texts), elastic=True),
    ]
    head = [texts.say("study.sweep")]
    if results.points[0].parameter is not None:
        head.append(one_line(results.points[0].parameter))
    lines = flow(head, width, 2) + text_table(columns, rows, width)
    if len(results.points) > MOST_POINTS:
        lines.append("  " + texts.say("study.more_kept", n=len(results.points) - MOST_POINTS))
    return lines


def sweep_row(results: StudyResults, point: PointResults, texts: Texts) -> list[str]:
    """Return the cells of a point: load, standing, worst limit, share, p95, busiest station."""
    worst, busiest = worst_of(point), busiest_station(point)
    used = words.NONE
    if busiest is not None:
        name = words.name_of(results.stations, busiest.station, texts)
        used = f"{words.percent(busiest.utilisation.value, texts)} {name}"
    return [
        words.label_of(point, texts),
        texts.word("study.short", point.kept),
        words.limit_id(worst) if worst else words.NONE,
        words.share_digits(worst.share_within, texts, results.targets.share) if worst else words.NONE,
        words.seconds(_p95(worst), texts, worst.limit_s) if worst else words.NONE,
        used,
    ]


def busiest_station(point: PointResults) -> StationFigures | None:
    """Return the station that is used most, one office by itself where that is known."""
    used = [row for row in point.stations if row.utilisation.value is not None and row.asked]
    return max(used, key=lambda row: row.utilisation.value or 0.0, default=None)


def breaking_lines(results: StudyResults, texts: Texts, width: int) -> list[str]:
    """Tell between which loads the first limit breaks."""
    found = results.breaking_load
    if found is None:
        return []
    head = flow([texts.say("study.breaking"), one_line(found.parameter)], width, 2)
    return head + ["  " + line for line in flow(breaking_chunks(found, texts), width - 2, 2)]


def breaking_chunks(found: BreakingLoad, texts: Texts) -> list[str]:
    """Return up to which load the limits are kept, from which on not, which is first, and how exactly."""
    chunks = [
        texts.say("study.holds_nowhere")
        if found.holds_at is None
        else _tried(found, "holds", found.holds_at, texts),
        texts.say("study.breaks_nowhere")
        if found.breaks_at is None
        else _tried(found, "breaks", found.breaks_at, texts),
    ]
    if found.first is not None:
        chunks.append(texts.say("study.first", limit=limit_with_share(found.first, texts)))
    chunks.append(texts.say("study.tolerance", value=words.plain(found.tolerance, texts)))
    chunks.append(texts.say("study.tried", n=len(found.path)))
    return chunks


def given_breaks(results: StudyResults, texts: Texts) -> list[str]:
    """Return what load the given staffing carries, where another one was chosen."""
    found = results.given_breaking_load
    if found is None:
        return []
    return [texts.say("study.given_breaks", said="; ".join(breaking_chunks(found, texts)[:2]))]


def limit_with_share(found: LimitShown, texts: Texts) -> str:
    """Return a limit with its share in time."""
    return f"{words.limit_id(found)} {words.percent(found.share_within, texts)}"


def sizing_lines(results: StudyResults, texts: Texts, width: int) -> list[str]:
    """Tell the staffing that was chosen, the next ones, and the last moves that led to it."""
    found = results.sizing
    if found is None:
        return []
    path = found.path[-MOST_MOVES:]
    rows = [_staffing(results, own, move_text(results, own.move, texts), texts) for own in path]
    lines = [texts.say("study.sizing"), *_order(results, found, texts, width)]
    if len(found.path) > len(path):
        lines.append("  " + texts.say("study.path_before", n=len(found.path) - len(path)))
    if found.chosen is not None:
        rows.append(_staffing(results, found.chosen, texts.say("study.chosen"), texts))
    rows += [
        _staffing(results, own, alternative_text(results, own.move, texts), texts)
        for own in found.alternatives[:MOST_ALTERNATIVES]
    ]
    columns = [
        Column(_head("servers", texts)),
        Column(_head("cost", texts), right=True),
        Column(_head("within", texts), right=True),
        Column(_head("kept", texts)),
    ]
    moves, cells = [move for move, _ in rows], [row for _, row in rows]
    lines += text_table(columns, cells, width, 4, moves) if rows else []
    notes = [] if found.chosen is not None else [texts.say("study.none_chosen")]
    if found.chosen is not None:
        notes.append(
            f"{texts.say('study.chosen')}: {words.staffing_text(results, found.chosen.servers, texts)}"
        )
        if not found.alternatives:
            notes.append(texts.say("study.no_alternatives"))
    notes += note_texts(results, texts)
    notes += given_breaks(results, texts)
    for note in notes:
        lines += ["  " + line for line in flow([note], width - 2, 2)]
    return lines


def _order(results: StudyResults, found: Sizing, texts: Texts, width: int) -> list[str]:
    """Say once which number of a staffing belongs to which station."""
    some = found.chosen or next(iter(found.path), None)
    if some is None:
        return []
    names = " · ".join(words.name_of(results.stations, station, texts) for station in some.servers)
    return ["  " + line for line in flow([texts.say("study.servers_order", names=names)], width - 2, 2)]


def _staffing(results: StudyResults, own: Staffing, move: str, texts: Texts) -> tuple[str, list[str]]:
    """Return what led to a staffing, and the cells of its row."""
    return move, [
        " · ".join(texts.number(n) for n in own.servers.values()),
        words.plain(own.cost, texts),
        words.share_digits(_estimate(own), texts, results.targets.share),
        texts.word("study.short", own.kept),
    ]


def _estimate(own: Staffing | LoadTried) -> Estimate:
    return Estimate(value=own.share, low=own.low, high=own.high, replications=own.replications)


def _tried(found: BreakingLoad, key: str, value: float, texts: Texts) -> str:
    """Return what is said of a load, with the share of its worst limit."""
    said = texts.say(f"study.{key}", value=words.plain(value, texts))
    own = next((tried for tried in found.path if tried.value == value and tried.share is not None), None)
    return f"{said}: {words.share_with_range(_estimate(own), texts)}" if own else said


def _p95(step: StepFigures | None) -> float | None:
    return None if step is None else words.p95_of(step).value


def _title(name: str, point: PointResults, results: StudyResults, texts: Texts) -> str:
    said = texts.say(f"study.{name}")
    if len(results.points) < 2:
        return said
    return one_line(f"{said} {texts.say('study.at', label=words.label_of(point, texts))}")


def _head(name: str, texts: Texts) -> str:
    return texts.say(f"study.column.{name}")
