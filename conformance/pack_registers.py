"""The lists of a pack as text: deadlines, hours, participants, survey, counts and the registers."""

from collections import Counter
from collections.abc import Callable, Iterator, Sized

from conformance.norms import NormStatus
from conformance.pack import Pack
from conformance.regulation import Calendar, ClauseStatus, DayException
from conformance.text_layout import Page


def register_lines(pack: Pack, page: Page) -> Iterator[str]:
    """Yield the lines of every list of *pack* that holds something, each under its heading."""
    listed: tuple[tuple[Sized, Callable[[Pack, Page], Iterator[str]]], ...] = (
        (pack.deadlines, _deadlines),
        (pack.calendars, _calendars),
        (pack.participants, _participants),
        (pack.survey, _survey),
        (pack.clauses, _counts),
        (pack.terms, _terms),
        (pack.defects, _defects),
        (pack.assumptions, _assumptions),
    )
    for entries, lines in listed:
        if entries:
            yield from lines(pack, page)


def _deadlines(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("deadlines"))
    for deadline in pack.deadlines:
        seconds = deadline.before_closing_s
        bound = "" if seconds is None else f", {seconds} {page.label('seconds')}"
        assumption = f"; {deadline.assumption}" if deadline.assumption else ""
        where = f"[{', '.join(deadline.services)}; {deadline.paragraph}{bound}{assumption}]"
        yield from page.entry(deadline.id, f"{page.text(deadline.gist)} {where}")


def _calendars(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("calendars"))
    for calendar in pack.calendars:
        yield from page.entry(calendar.id, _hours(calendar, page))
        if calendar.version or calendar.source or calendar.valid:
            yield from page.entry(" ", _edition(calendar, page))
        for exception in calendar.exceptions:
            yield from page.entry(exception.date, _exception(exception, page), indent=2)


def _edition(calendar: Calendar, page: Page) -> str:
    words = []
    if calendar.version:
        words.append(f"{page.label('version')} {calendar.version}")
    if calendar.valid:
        bounds = f"{page.label('from')} {calendar.valid.first} {page.label('until')} {calendar.valid.until}"
        words.append(f"{page.label('valid')} {bounds}")
    if calendar.source:
        words.append(f"{page.label('source')}: {calendar.source}")
    return "; ".join(words)


def _exception(exception: DayException, page: Page) -> str:
    hours = page.label("closed") if exception.closed else f"{exception.opens}-{exception.closes}"
    origin = "; ".join(word for word in (exception.source, exception.assumption) if word)
    return f"{hours}: {exception.note}" + (f" [{origin}]" if origin else "")


def _hours(calendar: Calendar, page: Page) -> str:
    spans = [
        f"{' '.join(page.label(day) for day in hours.days)} {hours.opens}-{hours.closes}"
        for hours in calendar.hours
    ]
    if calendar.holidays or not calendar.exceptions:
        spans.append(f"{page.label('holidays')}: {', '.join(calendar.holidays) or page.label('none')}")
    assumption = f" [{calendar.assumption}]" if calendar.assumption else ""
    return "; ".join(spans) + assumption


def _participants(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("participants"))
    for participant in pack.participants:
        listed = page.label("listed" if participant.listed else "not_listed")
        note = f" {participant.note}" if participant.note else ""
        where = f"[{listed}; {', '.join(participant.services)}{page.defects(participant.defects)}]"
        yield from page.entry(participant.code, f"{page.text(participant.name)} {where}{note}")


def _survey(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("survey"))
    for question in pack.survey:
        answers = "; ".join(f"{i} {page.text(answer)}" for i, answer in enumerate(question.answers, start=1))
        yield from page.entry(question.id, f"{page.text(question.question)} ({answers})")


def _counts(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("clauses"))
    clauses = Counter(clause.status for clause in pack.clauses)
    for status in ClauseStatus:
        yield from page.entry(f"{clauses[status]:>5}", page.label(status))
    yield from page.heading(page.label("norms"))
    norms = Counter(norm.status for norm in pack.norms)
    for norm_status in NormStatus:
        yield from page.entry(f"{norms[norm_status]:>5}", page.label(norm_status))


def _terms(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(page.label("terms"))
    for term in pack.terms:
        where = f" [{term.paragraph}]" if term.paragraph else ""
        yield from page.entry(term.code, f"{' / '.join(term.kk)} - {term.ru} - {term.en}{where}")


def _defects(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(f"{page.label('defect_register')} ({len(pack.defects)})")
    for defect in pack.defects:
        where = f"[{defect.where}; {', '.join(defect.services)}; {defect.kind}, {defect.weight}]"
        yield from page.entry(defect.id, f"{where} {defect.finding} -> {defect.handling}")


def _assumptions(pack: Pack, page: Page) -> Iterator[str]:
    yield from page.heading(f"{page.label('assumptions')} ({len(pack.assumptions)})")
    for assumption in pack.assumptions:
        yield from page.entry(
            assumption.id, f"{assumption.topic}. {assumption.choice} ({assumption.grounds})"
        )
