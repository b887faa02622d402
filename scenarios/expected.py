"""Excuse scenarios of which nothing failed but norms that were expected to fail."""

from collections.abc import Collection
from dataclasses import replace

import msgspec

from conformance.expectation_results import ExpectationResults
from scenarios.run import Run
from scenarios.runner import Outcome

EXPECTED = "expected"
"""The status of a scenario that failed as expected: no pass, and no failure of the run."""


def with_expected(run: Run, found: ExpectationResults) -> tuple[Run, str]:
    """Return *run* with the scenarios marked that failed as expected, and the word for the whole run.

    An expectation that no longer holds is a failure of its own, unless the run was cut off.
    """
    marked = replace(run, outcomes=tuple(_marked(outcome, found.excused) for outcome in run.outcomes))
    outcome = marked.outcome
    if outcome in {"conforms", "incomplete"} and found.unexpected:
        return marked, "unexpected_pass"
    if outcome == "conforms" and found.excused:
        return marked, "as_expected"
    return marked, outcome


def _marked(outcome: Outcome, excused: Collection[str]) -> Outcome:
    if not outcome.broken or not outcome.broken <= set(excused):
        return outcome
    return replace(outcome, result=msgspec.structs.replace(outcome.result, status=EXPECTED))
