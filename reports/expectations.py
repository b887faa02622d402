"""Tell what was expected to fail or not to run: what held, what did not, and what must be removed."""

from conformance.expectation_results import ExpectationResult, ExpectationResults
from reports.texts import Texts

ORDER = ("unexpected_pass", "expired", "unused", "partial", "met")
SIGN_OF = {
    "unexpected_pass": "fail",
    "expired": "fail",
    "unused": "inconclusive",
    "partial": "inconclusive",
    "met": "pass",
}
"""The sign that repeats the word for a state."""


def worst_first(found: ExpectationResults) -> list[ExpectationResult]:
    """Return the entries, those that must be looked at first."""
    return sorted(found.entries, key=lambda entry: ORDER.index(entry.state))


def told(entry: ExpectationResult, texts: Texts) -> str:
    """Return the reason of *entry*, with its issue and its last day."""
    parts = [entry.reason]
    if entry.issue is not None:
        parts.append(entry.issue)
    if entry.until is not None:
        parts.append(texts.say("expected.until", day=entry.until))
    return "; ".join(parts)


def excuse(found: ExpectationResults | None, norm: str, texts: Texts) -> str | None:
    """Return in words that the verdict of *norm* was expected, None if it was not."""
    entry = found.reason_for(norm) if found is not None else None
    return None if entry is None else texts.say("expected.reason", reason=told(entry, texts))


def unexpected(found: ExpectationResults | None, norm: str, texts: Texts) -> str | None:
    """Return in words that *norm* is met although it was expected not to be, None if it was not."""
    entries = found.unexpected if found is not None else ()
    entry = next((entry for entry in entries if norm in entry.passed), None)
    if entry is None:
        return None
    return texts.say("expected.unexpected", verdict=texts.word("verdict", entry.verdict), reason=entry.reason)
