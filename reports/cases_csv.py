"""The shown cases as a table for people: one row for each, safe to open in a spreadsheet."""

import re
from collections.abc import Iterable, Iterator

from reports.cases_source import CaseSource
from reports.cases_spans import CaseSpans
from reports.spreadsheets import harmless

CASES_FILE = "cases.csv"
COLUMNS = (
    "simulated",
    "case",
    "service",
    "path",
    "steps",
    "outcome",
    "verdict",
    "begins",
    "ends",
    "lasted_s",
    "late_steps",
    "norms",
)


_QUOTED = re.compile('[",\r\n]')


def cases_csv(source: CaseSource, spans: CaseSpans) -> str:
    """Return the cases that the page shows; moments in UTC, an empty cell for what is not known."""
    lines = map(",".join, zip(*_columns(source, spans), strict=True))
    return "\n".join([",".join(COLUMNS), *lines, ""])


def _cell(text: str) -> str:
    """Return *text* as a cell that no spreadsheet takes for a formula, in quotes where it needs them.

    Source: RFC 4180, 2 (5 to 7).
    """
    text = harmless(text)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _columns(source: CaseSource, spans: CaseSpans) -> list[Iterable[str]]:
    """Return the cells of each column: what many cases share is worded once, not case by case."""
    listing = source.listing
    names = {
        name: tuple(map(_cell, listing.names[name])) for name in ("service", "path", "outcome", "verdict")
    }
    norms = tuple(_cell(text.replace("\n", "; ")) for text in listing.names["norms"])
    simulated = "yes" if source.origin == "simulated" else "no"
    verdicts, broken = listing.cases["verdict"].tolist(), listing.cases["norms"].tolist()
    first, last = spans.moments()
    return [
        [simulated] * listing.shown,
        map(_cell, listing.names["case_id"]),
        map(names["service"].__getitem__, spans.of_first_rows("service")),
        map(names["path"].__getitem__, spans.of_first_rows("path")),
        _joined(spans.steps()),
        ("" if place < 0 else names["outcome"][place] for place in spans.of_last_rows("outcome")),
        map(names["verdict"].__getitem__, verdicts) if listing.judged else [""] * listing.shown,
        _utc_texts(first),
        _utc_texts(last),
        _lasted(first, last),
        _joined(spans.late_steps()),
        map(norms.__getitem__, broken),
    ]


def _joined(steps: Iterable[tuple[str, ...]]) -> Iterator[str]:
    said: dict[tuple[str, ...], str] = {}
    for one in steps:
        if one not in said:
            said[one] = _cell(" ".join(one))
        yield said[one]


def _utc_texts(moments: list[int | None]) -> Iterator[str]:
    """Yield each moment as ``utc_text`` does, at a tenth of its time."""
    import numpy as np  # noqa: PLC0415 - as long to load as all the rest

    known = np.array([us for us in moments if us is not None], dtype="datetime64[us]")
    said = iter(np.datetime_as_string(known, unit="us", timezone="UTC").tolist() if len(known) else ())
    return ("" if us is None else next(said) for us in moments)


def _lasted(first: list[int | None], last: list[int | None]) -> Iterator[str]:
    for begin, end in zip(first, last, strict=True):
        yield "" if begin is None or end is None else f"{(end - begin) / 1_000_000:.6f}"
