"""The lists of a pack as text: deadlines, hours, participants, survey, counts and the registers."""

from collections import Counter
from collections.abc import Iterator

from conformance.norms import NormStatus
from conformance.pack import Pack
from conformance.regulation import Calendar, ClauseStatus
from conformance.text_layout import Page


def register_lines(pack: Pack, page: Page) -> Iterator[str]:
    """Yield the lines of every list of *pack*, each under its heading."""
    for lines in (_deadlines, _calendars, _participants, _survey, _counts, _terms, _defects, _assumptions):
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


def _hours(calendar: Calendar, page: Page) -> str:
    spans = [
        f"{' '.join(page.label(day) for day in hours.days)} {hours.opens}-{hours.closes}"
        for hours in calendar.hours
    ]
    holidays = ", ".join(calendar.holidays) or page.label("none")
    assumption = f" [{calendar.assumption}]" if calendar.assumption else ""
    return f"{'; '.join(spans)}; {page.label('holidays')}: {holidays}{assumption}"


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
