"""The shown cases as a table for people: one row for each, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from conformance.log import utc_text
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


def cases_csv(source: CaseSource) -> str:
    """Return the cases that the page shows; moments in UTC, an empty cell for what is not known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    simulated = "yes" if source.origin == "simulated" else "no"
    for line in _lines(source, CaseSpans(source.listing)):
        writer.writerow([simulated, *map(harmless, line)])
    return out.getvalue()


def _lines(source: CaseSource, spans: CaseSpans) -> Iterator[tuple[Any, ...]]:
    names, judged = source.listing.names, source.listing.judged
    verdicts, norms = source.listing.cases["verdict"].tolist(), source.listing.cases["norms"].tolist()
    for number, case_id in enumerate(names["case_id"]):
        case = spans.case(number)
        yield (
            case_id,
            case.service,
            case.path,
            " ".join(case.steps),
            case.outcome or "",
            names["verdict"][verdicts[number]] if judged else "",
            "" if case.first_us is None else utc_text(case.first_us),
            "" if case.last_us is None else utc_text(case.last_us),
            "" if case.lasted_us is None else f"{case.lasted_us / 1_000_000:.6f}",
            " ".join(step for step, _ in case.late),
            names["norms"][norms[number]].replace("\n", "; "),
        )
