"""The matrix of causes, written into docs/signatures.md from the suites and from what openssl says.

``python tests/signature_matrix.py`` writes the tables anew; the text above them is written by hand.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parent.parent))

from actors.messages import TEXTS
from actors.outcomes import MessageId
from conformance.regulation import Text
from conformance.strict_yaml import read_yaml
from scenarios.suite import Expectation
from scenarios.suite_checks import ReadyScenario
from scenarios.suite_reader import find_suite, read_suite
from sim.plan import CasePlan

DOCUMENT = Path(__file__).parent.parent / "docs" / "signatures.md"
VERDICTS = Path(__file__).parent / "oracles" / "matrix.yaml"
HEADING = "## The matrix"
SERVICE = "-s1"
"""Every scenario is played for all services, with the same end; the first one speaks for them."""

PASSED = "TOTAL_PASSED/-/ACCEPTED"
LATER = "TRY_LATER"


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What openssl says of a scenario's document, when it is asked, and why it differs from us."""

    openssl: str
    moment: str = "end"
    why: str | None = None

    @property
    def accepts(self) -> bool:
        """Tell whether openssl accepts the document."""
        return self.openssl == "accepts"


@dataclass(frozen=True, slots=True)
class Cause:
    """A scenario with the case, the finding and the document that it is about."""

    ready: ReadyScenario

    @property
    def id(self) -> str:
        """Return the identifier in the file, without the service."""
        return self.ready.id.removesuffix(SERVICE)

    @property
    def case(self) -> CasePlan:
        """Return the first case with a finding other than that all is well, or the first one."""
        cases, expected = self.ready.play.cases, self.ready.expected
        return next((one for one in cases if set(expected[one.id].findings) - {PASSED}), cases[0])

    @property
    def expected(self) -> Expectation:
        """Return what is expected of the case."""
        return self.ready.expected[self.case.id]

    @property
    def finding(self) -> tuple[str, str, str]:
        """Return indication, sub-indication and message of the first finding that is not all well."""
        findings = self.expected.findings
        indication, sub, message = next((one for one in findings if one != PASSED), PASSED).split("/")
        return indication, sub, message

    @property
    def document(self) -> str:
        """Return the name of the document that the finding is about."""
        if self.expected.route[-1] == "P4":
            return "rejected-request"
        by_citizen = self.expected.route[-1] == "P8" and self.finder == "citizen"
        return "result" if by_citizen else "request"

    @property
    def finder(self) -> str:
        """Return who comes to the finding."""
        route, findings = self.expected.route, self.expected.findings
        if route[-1] == "P4":
            return "portal"
        if route[0] == "V1" or route[-1] == "P7":
            return "workstation"
        if findings[0] != PASSED or findings == (PASSED,):
            return "portal"
        return "workstation" if LATER in findings[1] else "citizen"


def causes() -> tuple[Cause, ...]:
    """Return the causes in the order of the suites: all of signatures, then those that break the act."""
    regular = read_suite(find_suite("signatures")).scenarios
    violations = read_suite(find_suite("violations")).scenarios
    broken = [one for one in violations if one.expected[one.play.cases[0].id].findings]
    return tuple(Cause(ready) for ready in (*regular, *broken) if ready.id.endswith(SERVICE))


def verdicts() -> dict[str, Verdict]:
    """Return openssl's verdicts by cause."""
    return read_yaml(VERDICTS, dict[str, Verdict])


def page(text: str) -> str:
    """Return the *text* of the document with its tables written anew."""
    above, heading, _ = text.partition(HEADING)
    if not heading:
        raise ValueError(f"{DOCUMENT.name} has no heading {HEADING!r}")
    return above + "\n".join([HEADING, "", *_tables(causes(), verdicts())]) + "\n"


def _tables(all_causes: tuple[Cause, ...], said: dict[str, Verdict]) -> Iterator[str]:
    yield "Written by `python tests/signature_matrix.py`; do not edit below this line."
    for title, kind in (
        ("Refused or doubted: the signature and its certificate", "signature"),
        ("Refused: the request itself", "request"),
        ("Accepted, at once or later", "accepted"),
    ):
        yield from ("", f"### {title}", "")
        yield from _rows((one for one in all_causes if _kind(one) == kind), said)
    yield from (
        "",
        "### What the citizen is told",
        "",
        "| message | en | ru | kk |",
        "| --- | --- | --- | --- |",
    )
    for message in MessageId:
        text = TEXTS[message]
        yield f"| {message} | {text.en} | {text.ru} | {text.kk} |"


def _kind(cause: Cause) -> str:
    indication, sub, _ = cause.finding
    if indication in ("TOTAL_PASSED", "INDETERMINATE") and sub in ("-", LATER):
        return "accepted" if cause.expected.outcome == "ok" else "request"
    return "request" if indication == "REFUSED" else "signature"


def _rows(some: Iterable[Cause], said: dict[str, Verdict]) -> Iterator[str]:
    yield "| scenario | cause | found by | indication | sub-indication | message | outcome | openssl |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for cause in some:
        indication, sub, message = cause.finding
        breaks = ", ".join(norm.partition(".")[2] for norm in cause.ready.scenario.breaks)
        own = cause.ready.scenario.title
        title = (own.en if isinstance(own, Text) else own) + (f" (breaks {breaks})" if breaks else "")
        cells = (f"`{cause.id}`", title, cause.finder, indication, sub, message, cause.expected.outcome)
        yield f"| {' | '.join(cells)} | {_opinion(cause, said[cause.id])} |"


def _opinion(cause: Cause, verdict: Verdict) -> str:
    if not verdict.accepts:
        return f"refuses: {verdict.openssl}" + (f" ({verdict.why})" if verdict.why else "")
    if verdict.why is not None:
        return f"accepts: {verdict.why}"
    return "accepts" if _kind(cause) == "accepted" else "accepts: no matter of the signature"


if __name__ == "__main__":
    DOCUMENT.write_text(page(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
