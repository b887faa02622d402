"""Expected failures and skips for continuous integration: read strictly, applied without a clock of our own.

An expected verdict is excused with its reason. An expectation that no longer holds is itself a failure: left
in place it would hide the next violation.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from conformance.errors import InputError, nearest_name
from conformance.expectation_results import ExpectationResult, ExpectationResults
from conformance.judge import is_broken
from conformance.log import Manifest
from conformance.pack import Pack
from conformance.results import NormResult
from conformance.strict_yaml import read_yaml
from conformance.verdicts import Verdict

MAX_ENTRIES = 1_000
MAX_WORDS = 500
_PATTERN_SIGNS = frozenset("*?[")


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry: which *norm* (an id, or a pattern such as ``S?.P8.*``) has which *verdict*, and why.

    *until* is the last day (local date of the log) on which it excuses; *issue* says where the matter is
    kept.
    """

    norm: str
    verdict: Literal["fail", "inconclusive", "not_run"]
    reason: str
    until: str | None = None
    issue: str | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    expected: tuple[Expectation, ...]


def read_expectations(path: Path, pack: Pack) -> tuple[Expectation, ...]:
    """Read the expectations in the YAML file *path* about the norms of *pack*.

    Raises InputError for anything that is not clear, and for an entry that names no norm of the pack: a
    misspelt one would excuse nothing.
    """
    known = [norm.id for norm in pack.norms]
    entries = read_yaml(path, _File).expected
    if len(entries) > MAX_ENTRIES:
        raise InputError(str(path), "expected", f"{len(entries)} entries", f"at most {MAX_ENTRIES}")
    seen: set[tuple[str, str]] = set()
    for i, entry in enumerate(entries):
        _check(str(path), f"expected[{i}]", entry)
        if (entry.norm, entry.verdict) in seen:
            raise InputError(
                str(path), f"expected[{i}].norm", f"{entry.norm} a second time", "each norm once"
            )
        seen.add((entry.norm, entry.verdict))
        if not _matching(entry.norm, known):
            expected = "a norm of the pack, or a pattern that matches one"
            nearest = nearest_name(entry.norm, known)
            found = f"the unknown norm {entry.norm}"
            raise InputError(str(path), f"expected[{i}].norm", found, expected, nearest)
    return entries


def last_day(last: str | None, zone: str) -> date | None:
    """Return the local day in *zone* of a log's *last* moment (a UTC text), None if it is not known."""
    if last is None:
        return None
    try:
        moment = datetime.fromisoformat(last)
        where = ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(where).date()


def hold_expectations(
    entries: Iterable[Expectation] | None, norms: Iterable[NormResult], manifest: Manifest
) -> ExpectationResults | None:
    """Hold *entries* against *norms* for the log of *manifest*: its extraction or its end is its last day."""
    last = manifest.extracted_at or manifest.period_end
    return None if entries is None else apply_expectations(entries, norms, last_day(last, manifest.zone))


def apply_expectations(
    entries: Iterable[Expectation], norms: Iterable[NormResult], day: date | None
) -> ExpectationResults:
    """Hold *entries* against the results of *norms* for a log that ends on *day*.

    Where nobody knows the day, an entry with an end has expired: it excuses nothing.
    """
    listed = list(norms)
    return ExpectationResults(
        day=None if day is None else day.isoformat(),
        entries=tuple(_applied(entry, listed, day) for entry in entries),
    )


def _applied(entry: Expectation, norms: list[NormResult], day: date | None) -> ExpectationResult:
    ids = set(_matching(entry.norm, [norm.id for norm in norms]))
    matched = [norm for norm in norms if norm.id in ids]
    holds = tuple(norm.id for norm in matched if _is_as_expected(entry, norm))
    passed = tuple(norm.id for norm in matched if norm.verdict is Verdict.PASS)
    others = tuple(norm.id for norm in matched if norm.id not in {*holds, *passed})
    if entry.until is not None and (day is None or day > date.fromisoformat(entry.until)):
        state = "expired"
    elif holds:
        state = "partial" if passed or others else "met"
    else:
        state = "unexpected_pass" if passed else "unused"
    return ExpectationResult(
        norm=entry.norm,
        verdict=entry.verdict,
        reason=entry.reason,
        until=entry.until,
        issue=entry.issue,
        state=state,
        as_expected=holds,
        passed=passed,
        others=others,
    )


def _is_as_expected(entry: Expectation, norm: NormResult) -> bool:
    """Tell whether the verdict is the one expected; an open one that hides a violation is not."""
    if entry.verdict == "inconclusive":
        return norm.verdict is Verdict.INCONCLUSIVE and not is_broken(norm)
    return norm.verdict == entry.verdict


def _matching(pattern: str, norms: list[str]) -> list[str]:
    if _PATTERN_SIGNS.isdisjoint(pattern):
        return [norm for norm in norms if norm == pattern]
    return [norm for norm in norms if fnmatchcase(norm, pattern)]


def _check(place: str, inside: str, entry: Expectation) -> None:
    for name in ("norm", "reason", "issue"):
        text = getattr(entry, name)
        if text is not None and not text.strip():
            raise InputError(place, f"{inside}.{name}", "nothing", "words")
        if text is not None and len(text) > MAX_WORDS:
            raise InputError(place, f"{inside}.{name}", f"{len(text)} signs", f"at most {MAX_WORDS}")
    if entry.until is not None:
        try:
            date.fromisoformat(entry.until)
        except ValueError:
            raise InputError(
                place, f"{inside}.until", repr(entry.until), "a date such as 2014-03-01"
            ) from None
