"""Count what an automated tool says of the accessibility of pages: by page and rule, nothing judged.

Source: WCAG 2.2 (https://www.w3.org/TR/WCAG22/), its success criteria by number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from conformance.errors import UnfitValue, nearest_name
from conformance.indicators.indicator_results import AccessibilityFinding
from conformance.log_rows import without_numbers

IMPACTS = ("minor", "moderate", "serious", "critical")
MAX_FINDINGS = 50_000
"""Pairs of a page and a rule: more is no report that anybody reads."""
MAX_COUNT = 999_999_999
MAX_NAME = 200

_RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]*")
_CRITERION = re.compile(r"([1-4])\.([1-9])\.([1-9][0-9]?)")
_TAG = re.compile(r"wcag([1-4])([1-9])([1-9][0-9]?)")
_CRITERIA = {
    "1.1": 1,
    "1.2": 9,
    "1.3": 6,
    "1.4": 13,
    "2.1": 4,
    "2.2": 6,
    "2.3": 3,
    "2.4": 13,
    "2.5": 8,
    "3.1": 6,
    "3.2": 6,
    "3.3": 9,
    "4.1": 3,
}
"""How many success criteria each guideline has, those of older versions (4.1.1) included."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one rule on one page."""

    count: int
    impact: str | None
    criteria: frozenset[str]


@dataclass(slots=True)
class Tally:
    """Findings by page and rule; what the tool said of a page before is added to, never replaced."""

    found: dict[tuple[str, str], Said] = field(default_factory=dict)

    def add(self, page: str, rule: str, said: Said) -> None:
        """Count what is *said* of *rule* on *page*; raise UnfitValue for too much of it."""
        before = self.found.get((page, rule))
        if before is not None:
            impact = max(before.impact, said.impact, key=severity)
            said = Said(before.count + said.count, impact, before.criteria | said.criteria)
        if said.count > MAX_COUNT:
            raise UnfitValue(f"a count of {said.count}", f"at most {MAX_COUNT}")
        self.found[page, rule] = said
        if len(self.found) > MAX_FINDINGS:
            raise UnfitValue(
                f"more than {MAX_FINDINGS} pairs of page and rule",
                f"at most {MAX_FINDINGS}, or several files",
            )

    def rows(self) -> tuple[AccessibilityFinding, ...]:
        """Return what was counted, by page and rule."""
        return tuple(
            AccessibilityFinding(
                page=page,
                rule=rule,
                count=said.count,
                impact=said.impact,
                criteria=tuple(sorted(said.criteria, key=_by_number)),
            )
            for (page, rule), said in sorted(self.found.items())
        )


def severity(impact: str | None) -> int:
    """Return the rank of *impact*, from none to critical."""
    return -1 if impact is None else IMPACTS.index(impact)


def impact_of(text: str | None) -> str | None:
    """Return the impact that *text* names, None for none; raise UnfitValue for another word."""
    if not text:
        return None
    if text not in IMPACTS:
        nearest = nearest_name(text[:MAX_NAME], IMPACTS)
        raise UnfitValue("another impact", f"{', '.join(IMPACTS)}, or none", nearest)
    return text


def rule_of(text: str) -> str:
    """Return the id of a rule; raise UnfitValue for what is none."""
    if len(text) > MAX_NAME or _RULE.fullmatch(text) is None:
        raise UnfitValue("no id of a rule", f"at most {MAX_NAME} letters, digits and marks, without blanks")
    return without_numbers(text)


def tool_name(text: str) -> str:
    """Return the name of a tool or of its version; raise UnfitValue for what is none."""
    if not text.strip() or len(text) > MAX_NAME or not text.isprintable():
        raise UnfitValue("no name of a tool", f"one line of at most {MAX_NAME} characters")
    return without_numbers(text.strip())


def criteria_of_tags(tags: Iterable[str]) -> frozenset[str]:
    """Return the success criteria among the *tags* of a rule: ``wcag111`` is 1.1.1, ``wcag2a`` is none."""
    found = (_TAG.fullmatch(tag) for tag in tags)
    numbers = (".".join(match.groups()) for match in found if match is not None)
    return frozenset(number for number in numbers if _exists(number))


def criteria_of_text(text: str) -> frozenset[str]:
    """Return the success criteria in *text*, between blanks; raise UnfitValue for what is none."""
    words = frozenset(text.split())
    for word in words:
        if _CRITERION.fullmatch(word) is None or not _exists(word):
            raise UnfitValue("no success criterion", "numbers of WCAG 2 such as 1.1.1, blanks between them")
    return words


def _exists(criterion: str) -> bool:
    guideline, _, number = criterion.rpartition(".")
    return int(number) <= _CRITERIA.get(guideline, 0)


def _by_number(criterion: str) -> tuple[int, ...]:
    return tuple(map(int, criterion.split(".")))
