"""Words and numbers of a load study as people read them; what is rounded never meets a limit or a target."""

import math
from datetime import UTC, datetime, timedelta, tzinfo

from conformance.regulation import Text
from conformance.study_figures import (
    Estimate,
    LimitShown,
    PointResults,
    StationFigures,
    StepFigures,
    UnfinishedCase,
    UnfinishedPlace,
)
from conformance.study_results import NameOf, StudyResults
from reports.characters import one_line
from reports.texts import Texts

NONE = "–"
_MOST_SECONDS = 1000
"""From here on a time is told in minutes and hours; below, in seconds, as the tables of an act count."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TINY = 1e-9


def number(value: float, decimals: int, texts: Texts) -> str:
    """Return *value* with *decimals* decimals, as the language writes it."""
    whole, _, part = f"{abs(value):.{decimals}f}".partition(".")
    digits = texts.number(int(whole)) + (texts.decimal_sign + part if part else "")
    return "−" + digits if value < 0 and digits.strip("0.,") else digits


def plain(value: float | str | None, texts: Texts) -> str:
    """Return a value of a parameter: as short as it is, up to six digits; a text as it stands."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return one_line(value)
    short = f"{value:.6g}"
    if "e" in short:
        return short.replace(".", texts.decimal_sign)
    _, _, part = short.partition(".")
    return number(value, len(part), texts)


def mean(value: float, texts: Texts) -> str:
    """Return a mean with one decimal, a whole one without, and one that is not none never as none."""
    return plain(round(value, 1) or round(value, 3), texts)


def label_of(point: PointResults, texts: Texts) -> str:
    """Return what a point is called: its value, and its label where it has no number."""
    return (
        plain(point.value, texts) if isinstance(point.value, int | float) else label_text(point.label, texts)
    )


def label_text(label: str, texts: Texts) -> str:
    """Return the label of a point; those that a sizing gives have words."""
    return one_line(texts.word("study.label", label))


def level(share: float, texts: Texts) -> str:
    """Return a share that somebody set, such as a target or a confidence, as short as it is."""
    return texts.say("study.number_percent", value=plain(round(share * 100, 6), texts))


def percent(share: float | None, texts: Texts, target: float | None = None) -> str:
    """Return *share* in per cent, with as many decimals as tell it from everything and from *target*."""
    if share is None:
        return NONE
    return texts.say("study.number_percent", value=_share_digits(share, texts, target))


def share_with_range(found: Estimate, texts: Texts, target: float | None = None) -> str:
    """Return a share with its interval, whose ends are rounded outwards."""
    said = percent(found.value, texts, target)
    ends = share_range(found.low, found.high, texts)
    return texts.say("study.with_range", value=said, range=ends) if ends else said


def share_digits(found: Estimate, texts: Texts, target: float | None = None) -> str:
    """Return the same without the sign of per cent, for a column that has it in its head."""
    if found.value is None:
        return NONE
    said = _share_digits(found.value, texts, target)
    ends = share_range(found.low, found.high, texts)
    return texts.say("study.with_range", value=said, range=ends) if ends else said


def share_range(low: float | None, high: float | None, texts: Texts) -> str:
    """Return the ends of an interval of shares in per cent, rounded outwards; nothing where there is none."""
    if low is None or high is None:
        return ""
    down, up = math.floor(low * 1000 + _TINY) / 10, math.ceil(high * 1000 - _TINY) / 10
    return texts.say("study.range", low=number(down, 1, texts), high=number(up, 1, texts))


def seconds(value_s: float | None, texts: Texts, against_s: float | None = None) -> str:
    """Return a time for people; one over a limit *against_s* never reads like the limit."""
    if value_s is None:
        return NONE
    if abs(value_s) >= _MOST_SECONDS:
        return _long(value_s, texts, against_s)
    return texts.say("unit_of_time.s", value=_second_digits(value_s, texts, against_s))


def seconds_with_range(found: Estimate, texts: Texts, against_s: float | None = None) -> str:
    """Return a time with its interval."""
    if found.value is None or found.low is None or found.high is None:
        return seconds(found.value, texts, against_s)
    if max(abs(found.value), abs(found.low), abs(found.high)) >= _MOST_SECONDS:
        said = _long(found.value, texts, against_s)
        ends = [_long(end, texts, None) for end in (found.low, found.high)]
    else:
        said = seconds(found.value, texts, against_s)
        ends = [_second_digits(end, texts, None) for end in (found.low, found.high)]
    return texts.say(
        "study.with_range", value=said, range=texts.say("study.range", low=ends[0], high=ends[1])
    )


def with_range(found: Estimate, texts: Texts, decimals: int = 2) -> str:
    """Return any figure with its interval."""
    if found.value is None:
        return NONE
    said = number(found.value, decimals, texts)
    if found.low is None or found.high is None:
        return said
    low, high = (number(value, decimals, texts) for value in (found.low, found.high))
    return texts.say("study.with_range", value=said, range=texts.say("study.range", low=low, high=high))


def p95_of(step: StepFigures) -> Estimate:
    """Return the 95th percentile of a step over replications; where there is none, that of all executions."""
    own = step.sojourn_s.p95
    if own.value is not None:
        return own
    return Estimate(value=step.sojourn_s.p95_s, low=None, high=None, replications=own.replications)


def executions(step: StepFigures) -> int:
    """Return how often a step was begun: a late one may have no end yet."""
    return step.count + step.open


def limit_id(step: StepFigures | LimitShown) -> str:
    """Return the name of a limit: its norm, or the place of its step."""
    return one_line(step.norm or f"{step.service} {step.path} {step.step}")


def own_words(text: str | Text, texts: Texts) -> str:
    """Return a text of a study in a line, in the language of *texts* if it has it."""
    return one_line(texts.own(text))


def name_of(names: tuple[NameOf, ...], code: str, texts: Texts) -> str:
    """Return what a service, path or station is called; one that has no name by its code."""
    known = next((named.name for named in names if named.id == code), None)
    return one_line(known.in_language(texts.language) if known else code)


def path_name(results: StudyResults, path: str, texts: Texts) -> str:
    """Return what a path is called by the pack, or else by the reports."""
    if any(named.id == path for named in results.paths):
        return name_of(results.paths, path, texts)
    return one_line(texts.word("path", path))


def action(results: StudyResults, step: StepFigures | LimitShown, texts: Texts) -> str:
    """Return a step as the act words it; nothing if the results do not say."""
    place = (step.service, step.path, step.step)
    known = (s.action for s in results.steps if (s.service, s.path, s.step) == place)
    found = next(known, None)
    return one_line(found.in_language(texts.language)) if found is not None else ""


def station_name(results: StudyResults, row: StationFigures, texts: Texts) -> str:
    """Return a station with its office, or with the number of its offices."""
    name = name_of(results.stations, row.station, texts)
    if row.office is not None:
        return in_office(results, name, row.office)
    return f"{name}, {texts.say('study.all_offices', n=row.offices)}" if row.offices > 1 else name


def in_office(results: StudyResults, what: str, office: int) -> str:
    """Return *what* with the name of its office, as study and log name it; alone if there is only one."""
    return f"{what}, {one_line(results.offices[office])}" if len(results.offices) > 1 else what


def stands_at(results: StudyResults, place: UnfinishedPlace | UnfinishedCase, texts: Texts) -> str:
    """Return where cases without an end stand: service and path, step, station."""
    parts = [
        f"{name_of(results.services, place.service, texts)}, {path_name(results, place.path, texts)}",
        place.step or texts.say("study.between"),
        name_of(results.stations, place.station, texts) if place.station else "",
    ]
    return " · ".join(one_line(part) for part in parts if part)


def moment(us: int, zone: tzinfo, *, with_day: bool, language: str = "en") -> str:
    """Return the local time of a moment, with the day where a run has several."""
    try:
        local = (_EPOCH + timedelta(microseconds=us)).astimezone(zone)
    except (OverflowError, ValueError):  # outside the years 1 to 9999
        return NONE
    if not with_day:
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if language == "en" else f"{local:%d.%m %H:%M}"


def local_moment(text: str, texts: Texts) -> str:
    """Return a local time of the study (ISO 8601) as the language writes it."""
    return texts.moment_of(text, UTC)


def staffing_text(results: StudyResults, servers: dict[str, int], texts: Texts) -> str:
    """Return the servers by station."""
    return ", ".join(
        f"{name_of(results.stations, station, texts)} {texts.number(n)}" for station, n in servers.items()
    )


def _long(value_s: float, texts: Texts, against_s: float | None) -> str:
    """Return a long time in hours and minutes; whole seconds are enough where there is no limit near."""
    if against_s is None or abs(value_s - against_s) > 1:
        return texts.duration(round(value_s) * 1_000_000)
    return texts.duration(round(value_s * 1e6), round(against_s * 1e6))


def _share_digits(share: float, texts: Texts, target: float | None) -> str:
    wrong = [exact for exact in (1.0, target) if exact is not None and exact != share]
    for decimals in (1, 2, 3, 4):
        said = f"{share * 100:.{decimals}f}"
        if all(said != f"{exact * 100:.{decimals}f}" for exact in wrong):
            break
    return number(share * 100, decimals, texts)


def _second_digits(value_s: float, texts: Texts, against_s: float | None) -> str:
    least = 0 if value_s == round(value_s) else 2 if abs(value_s) < 10 else 1 if abs(value_s) < 100 else 0
    for decimals in range(least, 7):
        differs = against_s is None or value_s == against_s
        if differs or f"{value_s:.{decimals}f}" != f"{against_s:.{decimals}f}":
            break
    return number(value_s, decimals, texts)


def stop_text(results: StudyResults, texts: Texts) -> str:
    """Return why the replications came to an end."""
    rule = results.stop
    if rule.measure is None or rule.half_width is None:
        return texts.say("study.stop_fixed", n=rule.most)
    ends = "reached" if rule.reached else "not_reached" if results.complete else "broken_off"
    return texts.say(
        f"study.stop_{ends}",
        measure=one_line(rule.measure),
        half_width=plain(rule.half_width, texts),
        last=plain(rule.last_half_width, texts),
        most=rule.most,
    )
