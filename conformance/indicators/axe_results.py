"""Read the JSON that axe-core writes: one result object, or a list of them.

Read are ``url``, ``timestamp``, ``testEngine``, ``violations``, ``incomplete`` and ``passes``; whatever else
stands there (elements of the page, options, the browser) is held to be JSON and left alone.
Source: axe-core, doc/API.md, "Results Object".
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from conformance.errors import InputError, UnfitValue, printable
from conformance.indicators.accessibility_tally import (
    MAX_NAME,
    Said,
    Tally,
    criteria_of_tags,
    impact_of,
    rule_of,
    tool_name,
)
from conformance.indicators.indicator_results import Accessibility
from conformance.indicators.page_address import page_of
from conformance.log import utc_text
from conformance.log_rows import EARLIEST_US, LATEST_US, without_numbers

MAX_RESULTS = 20_000
MAX_DEPTH = 64
MAX_MARKS = 5_000_000
"""Braces, brackets and commas: octets bound what is read, these what it becomes in memory and time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = "results of axe-core: url, timestamp, testEngine, violations, incomplete, passes"
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]


class _Node(msgspec.Struct, frozen=True, gc=False):
    pass


class _Rule(msgspec.Struct, frozen=True):
    id: _Name
    tags: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=MAX_NAME)]
    nodes: Annotated[tuple[_Node, ...], msgspec.Meta(min_length=1)]
    impact: str | None = None


class _Passed(msgspec.Struct, frozen=True):
    id: _Name


class _Engine(msgspec.Struct, frozen=True):
    name: _Name
    version: _Name


class _Result(msgspec.Struct, frozen=True, rename={"engine": "testEngine"}):
    url: str
    timestamp: Annotated[datetime, msgspec.Meta(tz=True)]
    engine: _Engine
    violations: tuple[_Rule, ...]
    incomplete: tuple[_Rule, ...]
    passes: tuple[_Passed, ...]


_Results = Annotated[tuple[_Result, ...], msgspec.Meta(min_length=1, max_length=MAX_RESULTS)]


def read_axe(octets: bytes, place: str, sha256: str) -> Accessibility:
    """Return what the results in *octets*, from the file *place*, say of their pages.

    Raises InputError for anything else, for results of two tools, and where no rule applied to any page.
    """
    results, alone = _decoded(octets, place)
    pages: set[str] = set()
    blank: set[str] = set()
    moments: list[int] = []
    findings, review = Tally(), Tally()
    for number, result in enumerate(results):
        inside = "" if alone else f"[{number}]"
        try:
            _refuse_other_tool(result, results[0])
            moments.append(_moment_us(result.timestamp))
            page = page_of(result.url)
            applied = result.violations or result.incomplete or result.passes
            (pages if applied else blank).add(page)
            _count(findings, page, result.violations)
            _count(review, page, result.incomplete)
        except UnfitValue as error:
            raise InputError(place, inside, error.found, error.expected, error.nearest) from None
    if not pages:
        raise InputError(place, "", "no page to which a rule applied", "one checked page at least")
    return Accessibility(
        tool=tool_name(results[0].engine.name),
        tool_version=tool_name(results[0].engine.version),
        sha256=sha256,
        entries=len(results),
        pages=len(pages),
        pages_without_rules=len(blank - pages),
        first_checked=utc_text(min(moments)),
        last_checked=utc_text(max(moments)),
        findings=findings.rows(),
        needs_review=review.rows(),
    )


def _count(tally: Tally, page: str, rules: Iterable[_Rule]) -> None:
    for rule in rules:
        said = Said(len(rule.nodes), impact_of(rule.impact), criteria_of_tags(rule.tags))
        tally.add(page, rule_of(rule.id), said)


def _refuse_other_tool(result: _Result, first: _Result) -> None:
    """Refuse a second tool or version: what two of them find on one page would be counted twice."""
    tool_name(result.engine.name)
    tool_name(result.engine.version)
    if result.engine != first.engine:
        raise UnfitValue("another tool or version than before", "results of one tool")


def _moment_us(moment: datetime) -> int:
    us = (moment - _EPOCH) // timedelta(microseconds=1)
    if not EARLIEST_US <= us <= LATEST_US:
        raise UnfitValue("a timestamp out of range", "a moment in the years 1990 to 2200")
    return us


def _decoded(octets: bytes, place: str) -> tuple[tuple[_Result, ...], bool]:
    """Return the results, and whether one stands alone instead of in a list."""
    alone = octets.lstrip().startswith(b"{")
    try:
        _refuse_odd_shapes(octets)
        if alone:
            return (msgspec.json.decode(octets, type=_Result),), True
        return msgspec.json.decode(octets, type=_Results), False
    except UnfitValue as error:
        raise InputError(place, "", error.found, error.expected) from None
    except RecursionError:
        raise InputError(place, "", "too many nested levels", f"at most {MAX_DEPTH}") from None
    except msgspec.ValidationError as error:
        raise _misshapen(str(error), place) from None
    except (msgspec.MsgspecError, ValueError):
        raise InputError(place, "", "broken JSON", _SHAPE) from None


def _misshapen(message: str, place: str) -> InputError:
    problem, _, at = printable(without_numbers(message)).partition(" - at `$")
    inside = at.removesuffix("`").removeprefix(".")
    wanted, _, got = problem.removeprefix("Expected ").partition(", got ")
    if got:
        return InputError(place, inside, got, wanted)
    found = problem[:1].lower() + problem[1:]
    return InputError(place, inside, found, _SHAPE)


def _refuse_odd_shapes(octets: bytes) -> None:
    """Refuse a name that stands twice in one object, since a decoder keeps but one; depth; bulk."""
    if sum(map(octets.count, (b"{", b"[", b","))) > MAX_MARKS:
        raise UnfitValue("too many values", f"at most {MAX_MARKS} braces, brackets and commas")

    def depth_of(pairs: list[tuple[str, Any]]) -> tuple[int]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise UnfitValue("a name twice in one object", "each name once")
        return (_depth([value for _, value in pairs]),)

    # An object is replaced by its depth as soon as it is read, so that the whole is never held in memory.
    if _depth(json.loads(octets, object_pairs_hook=depth_of)) > MAX_DEPTH:
        raise UnfitValue("too many nested levels", f"at most {MAX_DEPTH}")


def _depth(value: Any) -> int:
    if isinstance(value, tuple):
        return int(value[0])
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0
