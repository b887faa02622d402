"""Read the findings of an automated accessibility check: the JSON of axe-core, or a CSV of any other tool.

The CSV has the columns *page*, *rule*, *count* and, if wanted, *impact*, *wcag* (success criteria between
blanks) and *tool* (the same in every line). A page without findings is a line with the count 0, its rule
empty or not. A line that cannot be read ends the reading: unlike a survey, a list of barriers with a hole
in it would look better than the pages are.
"""

import csv
import hashlib
from pathlib import Path

from conformance.errors import InputError, UnfitValue, nearest_name
from conformance.indicators.accessibility_tally import (
    MAX_COUNT,
    Said,
    Tally,
    criteria_of_text,
    impact_of,
    rule_of,
    tool_name,
)
from conformance.indicators.axe_results import read_axe
from conformance.indicators.indicator_results import Accessibility
from conformance.indicators.page_address import page_of
from conformance.log_rows import without_numbers

REQUIRED = ("page", "rule", "count")
OPTIONAL = ("impact", "wcag", "tool")
MAX_OCTETS = 64 * 1024 * 1024
MAX_LINE = 16_384
MAX_LINES = 200_000

_BOM = b"\xef\xbb\xbf"


def read_accessibility(path: Path) -> Accessibility:
    """Return what the file *path* says of its pages; its first character tells JSON from CSV.

    Raises InputError, with the place inside, for a file of another shape, beyond a limit or unreadable.
    """
    try:
        with path.open("rb") as file:
            octets = file.read(MAX_OCTETS + 1)
    except OSError as error:
        found = str(error.strerror or error).lower()
        raise InputError(str(path), "", found, "readable findings (JSON of axe-core, or CSV)") from None
    if len(octets) > MAX_OCTETS:
        raise InputError(str(path), "", f"more than {MAX_OCTETS} octets", f"at most {MAX_OCTETS}")
    sha256 = hashlib.sha256(octets).hexdigest()
    octets = octets.removeprefix(_BOM)
    if octets.lstrip()[:1] in {b"{", b"["}:
        return read_axe(octets, str(path), sha256)
    return _read_csv(octets, str(path), sha256)


def _read_csv(octets: bytes, place: str, sha256: str) -> Accessibility:
    if octets.count(b"\n") > MAX_LINES:
        raise InputError(place, "", "more lines", f"at most {MAX_LINES}")
    lines = octets.split(b"\n")
    names = _names(lines[0], place)
    pages: set[str] = set()
    tools: set[str | None] = set()
    findings, entries = Tally(), 0
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        entries += 1
        try:
            values = dict(zip(names, _cells(line, len(names)), strict=True))
            pages.add(_add(findings, values))
            _add_tool(tools, values.get("tool"))
        except UnfitValue as error:
            raise InputError(place, f"line {number}", error.found, error.expected, error.nearest) from None
    if not pages:
        raise InputError(place, "", "no line but the names of columns", "one checked page at least")
    return Accessibility(
        tool=tools.pop(),
        tool_version=None,
        sha256=sha256,
        entries=entries,
        pages=len(pages),
        pages_without_rules=0,
        first_checked=None,
        last_checked=None,
        findings=findings.rows(),
        needs_review=None,
    )


def _names(line: bytes, place: str) -> list[str]:
    expected = ", ".join(REQUIRED)
    try:
        names = _cells(line, None)
    except UnfitValue:
        raise InputError(place, "line 1", "no line of column names", f"JSON, or {expected}") from None
    known = (*REQUIRED, *OPTIONAL)
    for name in names:
        if name not in known:
            found = f"the unknown column {without_numbers(name[:60])!r}"
            nearest = nearest_name(name[:60], known)
            raise InputError(place, "line 1", found, ", ".join(known), nearest)
        if names.count(name) > 1:
            raise InputError(place, "line 1", f"the column {name} twice", "each column once")
    for name in REQUIRED:
        if name not in names:
            raise InputError(place, "line 1", f"no column {name}", expected)
    return names


def _cells(line: bytes, wanted: int | None) -> list[str]:
    if len(line) > MAX_LINE:
        raise UnfitValue(f"a line of {len(line)} octets", f"at most {MAX_LINE}")
    try:
        (cells,) = csv.reader([line.decode().removesuffix("\r")], strict=True)
    except UnicodeDecodeError:
        raise UnfitValue("octets that are no UTF-8", "UTF-8") from None
    except (csv.Error, ValueError):
        raise UnfitValue("a line that is no CSV", "one line of CSV") from None
    if wanted is not None and len(cells) != wanted:
        raise UnfitValue(f"{len(cells)} cells", f"{wanted}")
    return cells


def _add_tool(tools: set[str | None], text: str | None) -> None:
    """Note the tool of a line; a second one is refused, since both would count the same barriers."""
    tools.add(tool_name(text) if text else None)
    if len(tools) > 1:
        raise UnfitValue("another tool than before", "the findings of one tool")


def _add(findings: Tally, values: dict[str, str]) -> str:
    """Count one line; return its page."""
    page = page_of(values["page"])
    text = values["count"]
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_COUNT))):
        raise UnfitValue("no count", f"a whole number from 0 to {MAX_COUNT}")
    count = int(text)
    rule = rule_of(values["rule"]) if values["rule"] or count else ""
    said = Said(count, impact_of(values.get("impact")), criteria_of_text(values.get("wcag", "")))
    if count:
        findings.add(page, rule, said)
    return page
