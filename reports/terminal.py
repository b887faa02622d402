"""Tell a run in a terminal: the worst first, then the counts, the verdict and the way to replay it."""

import os
import shutil
import sys

from conformance.results import FaultResult, NormResult, Results, ScenarioResult
from conformance.verdicts import Verdict
from reports.characters import display_width, flow, one_line, pad
from reports.evidence import decision_statement
from reports.expectations import excuse, told, worst_first
from reports.flow import flow_lines
from reports.indicator_terminal import indicator_lines
from reports.log_statements import log_lines
from reports.overview import (
    applicable,
    fault_status,
    faults_worst_first,
    main_reason,
    norms_worst_first,
    scenarios_worst_first,
    signature_statement,
    verdict_sentence,
    worst_replay,
)
from reports.rates import norm_notes
from reports.shares import finding_told, norm_share
from reports.texts import Texts

MOST_SHOWN = 10
MOST_CLOSEST = 3
LEAST_WIDTH = 40

_COLOURS = {
    "fail": "31",
    "failed": "31",
    "error": "35",
    "inconclusive": "33",
    "not_run": "33",
    "unexpected_pass": "31",
    "expired": "31",
}
_LOUD = {"fail", "failed", "error", "unexpected_pass", "expired"}
_LABELS = ("fail", "inconclusive", "error", "not_run", "pass")
_PLAYED_LABELS = ("failed", "error", "not_run")
_EXPECTED_LABELS = ("unexpected_pass", "expired", "unused", "partial")


def render_summary(
    results: Results, texts: Texts, width: int = 80, colour: bool = False, report: str | None = None
) -> str:
    """Return the summary of *results* in lines of at most *width* columns (not under 40).

    *report* is the place of the page to name at the end. Commands to copy are never broken, so
    they alone may be longer than a line.
    """
    page = _Page(texts, max(LEAST_WIDTH, width), colour, expected=results.expectations is not None)
    blocks = [
        _header(results, page),
        log_lines(results, texts, page.width),
        _scenarios(results, page),
        _faults(results, page),
        _expectations(results, page),
        _norms(results, page, (Verdict.ERROR, Verdict.FAIL)),
        _norms(results, page, (Verdict.INCONCLUSIVE,)),
        _unreached(results, page),
        _excused(results, page),
        _rates(results, page),
        _closest(results, page),
        flow_lines(results, texts, page.width),
        _counts(results, page),
        _end(results, page, report),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def terminal_width() -> int:
    """Return the columns of the terminal at stdout, 80 where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 80


def wants_colour() -> bool:
    """Tell whether stdout is a terminal whose owner has not said NO_COLOR."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


class _Page:
    """Width, language and colour of the lines."""

    __slots__ = ("colour", "label_width", "texts", "width")

    def __init__(self, texts: Texts, width: int, colour: bool, *, expected: bool = False) -> None:
        words = [texts.word("verdict", code) for code in _LABELS]
        words += [texts.word("played", code) for code in _PLAYED_LABELS]
        words += [texts.word("expected_state", code) for code in _EXPECTED_LABELS if expected]
        self.texts = texts
        self.width = width
        self.colour = colour
        self.label_width = max(display_width(word) for word in words) + 2

    def labelled(self, group: str, code: str, chunks: list[str]) -> list[str]:
        """Set *chunks* beside the word for *code*."""
        word = self.texts.word(group, code)
        label = pad(word.upper() if code in _LOUD else word, self.label_width)
        lines = self.under(chunks)
        if self.colour and code in _COLOURS:
            word = label.rstrip()
            label = f"\x1b[1;{_COLOURS[code]}m{word}\x1b[0m{label[len(word) :]}"
        return [label + lines[0].lstrip(), *lines[1:]] if lines else [label.rstrip()]

    def under(self, chunks: list[str]) -> list[str]:
        """Set *chunks* where the words beside a label stand."""
        indent = " " * self.label_width
        chunks = [one_line(chunk) for chunk in chunks if chunk]
        if not chunks:
            return []
        return [indent + line for line in flow(chunks, self.width - self.label_width, 2)]

    def more(self, shown: int, total: int) -> list[str]:
        """Say how many were left out."""
        return self.under([self.texts.say("more", n=total - shown)]) if total > shown else []


def _header(results: Results, page: _Page) -> list[str]:
    texts, run = page.texts, results.provenance
    suites = dict.fromkeys([s.suite for s in results.scenarios] + [f.suite for f in results.faults])
    chunks = [", ".join(suites) or f"reglament {results.summary.command}", f"{run.pack} {run.pack_version}"]
    if run.seed is not None:
        chunks.append(texts.say("header.seed", seed=str(run.seed)))
    chunks.append(texts.say("header.cases", n=results.summary.cases))
    chunks.append(texts.say("header.rows", n=results.summary.rows))
    chunks.append(texts.word("origin", run.origin))
    return flow([one_line(chunk) for chunk in chunks], page.width, 2)


def _scenarios(results: Results, page: _Page) -> list[str]:
    bad = [s for s in scenarios_worst_first(results) if s.status in {"failed", "error"}]
    unrun = [s for s in results.scenarios if s.status == "not_run"]
    lines: list[str] = []
    for scenario in bad[:MOST_SHOWN]:
        lines += _scenario(scenario, page)
    lines += page.more(MOST_SHOWN, len(bad))
    if unrun:
        names = ", ".join(f"{s.suite}/{s.id}" for s in unrun[:MOST_SHOWN])
        lines += page.labelled("played", "not_run", [page.texts.say("terminal.unrun", n=len(unrun)), names])
        lines += page.more(MOST_SHOWN, len(unrun))
    return lines


def _scenario(scenario: ScenarioResult, page: _Page) -> list[str]:
    texts = page.texts
    expected = f"{' '.join(scenario.expected_route)} ({scenario.expected_outcome})"
    got = f"{' '.join(scenario.got_route)} ({scenario.got_outcome or texts.say('nothing')})"
    lines = page.labelled(
        "played", scenario.status, [f"{scenario.suite}/{scenario.id}", page.texts.own(scenario.title)]
    )
    lines += page.under([texts.say("terminal.expected", value=expected)])
    lines += page.under([texts.say("terminal.got", value=got)])
    for failure in scenario.failures:
        lines += page.under([f"- {failure}"])
    if scenario.clauses:
        lines += page.under([texts.say("terminal.clause", clause=", ".join(scenario.clauses))])
    return [*lines, _command(page, scenario.replay)]


def _faults(results: Results, page: _Page) -> list[str]:
    missed = [f for f in faults_worst_first(results) if fault_status(f) != "passed"]
    lines: list[str] = []
    for fault in missed[:MOST_SHOWN]:
        lines += _fault(fault, page)
    return lines + page.more(MOST_SHOWN, len(missed))


def _fault(fault: FaultResult, page: _Page) -> list[str]:
    texts, status = page.texts, fault_status(fault)
    lines = page.labelled("played", status, [f"{fault.suite}/{fault.id}", page.texts.own(fault.title)])
    clause = texts.say("terminal.clause", clause=fault.clause)
    if status != "not_run":
        if not fault.caught:
            lines += page.under([texts.say("terminal.not_caught", norm=fault.norm), clause])
        if not fault.control_passed:
            lines += page.under([texts.say("terminal.control_failed")])
    for failure in fault.failures:
        lines += page.under([f"- {failure}"])
    return [*lines, _command(page, fault.replay)]


def _norms(results: Results, page: _Page, verdicts: tuple[Verdict, ...]) -> list[str]:
    """Tell the norms of these verdicts that some case reaches."""
    norms = [
        n for n in norms_worst_first(results) if n.verdict in verdicts and not n.excused and applicable(n)
    ]
    lines: list[str] = []
    for norm in norms[:MOST_SHOWN]:
        lines += _norm(norm, results, page)
    return lines + page.more(MOST_SHOWN, len(norms))


def _norm(norm: NormResult, results: Results, page: _Page) -> list[str]:
    texts = page.texts
    chunks = [norm.id, *_limit_and_measured(norm, texts)]
    chunks.append(texts.say("terminal.clause", clause=norm.clause))
    if norm.rate is None and (share := norm_share(norm, texts)) is not None:
        chunks.append(share)
    lines = page.labelled("verdict", norm.verdict.value, chunks)
    lines += page.under([norm.title.in_language(texts.language)])
    for note in norm_notes(norm, texts):
        lines += page.under([note])
    if excused := excuse(results.expectations, norm.id, texts):
        lines += page.under([excused])
    if norm.findings:
        first = norm.findings[0]
        return lines + page.under([f"{first.case_id}: {finding_told(norm, first, texts)[0]}"])
    reason = main_reason(norm)
    return lines + page.under([f"{texts.word('reason', reason)} ({reason})"] if reason else [])


def _expectations(results: Results, page: _Page) -> list[str]:
    """Tell the expectations that do not hold as they stand; those that hold stand beside their norms."""
    if results.expectations is None:
        return []
    lines: list[str] = []
    odd = [entry for entry in worst_first(results.expectations) if entry.state != "met"]
    for entry in odd[:MOST_SHOWN]:
        chunks = [f"{entry.norm}: {page.texts.word('verdict', entry.verdict)}", told(entry, page.texts)]
        chunks += [page.texts.say("expected.passed", names=", ".join(entry.passed))] if entry.passed else []
        lines += page.labelled("expected_state", entry.state, chunks)
    return lines + page.more(MOST_SHOWN, len(odd))


def _limit_and_measured(norm: NormResult, texts: Texts) -> list[str]:
    limit_us = None if norm.limit_s is None else norm.limit_s * 1_000_000
    chunks = []
    if limit_us is not None:
        chunks.append(texts.say("terminal.limit", value=texts.duration(limit_us)))
    if norm.measured is not None and norm.measured.n:
        chunks.append(texts.say("terminal.max", value=texts.duration(norm.measured.max_us, limit_us)))
    return chunks


def _excused(results: Results, page: _Page) -> list[str]:
    excused = [norm for norm in results.norms if norm.excused]
    if not excused:
        return []
    chunks = [
        page.texts.say("terminal.excused", n=len(excused)),
        ", ".join(n.id for n in excused[:MOST_SHOWN]),
    ]
    return page.labelled("verdict", "inconclusive", chunks) + page.more(MOST_SHOWN, len(excused))


def _unreached(results: Results, page: _Page) -> list[str]:
    """Tell in a line each what no case of the log reaches, and what is of services or paths not in it."""
    idle = [
        n for n in results.norms if n.verdict is Verdict.INCONCLUSIVE and not n.excused and not applicable(n)
    ]
    unrun = [n for n in results.norms if n.verdict is Verdict.NOT_RUN]
    lines: list[str] = []
    if idle:
        names = ", ".join(n.id for n in idle[:MOST_SHOWN])
        chunks = [page.texts.say("terminal.unreached", n=len(idle)), names]
        lines += page.labelled("verdict", "inconclusive", chunks) + page.more(MOST_SHOWN, len(idle))
    if unrun:
        lines += page.labelled("verdict", "not_run", [page.texts.say("terminal.out_of_scope", n=len(unrun))])
    return lines


def _rates(results: Results, page: _Page) -> list[str]:
    """Tell the rates that were met, with their counts: nothing else shows how far from all that is."""
    met = [n for n in results.norms if n.verdict is Verdict.PASS and n.rate is not None]
    lines: list[str] = []
    for norm in met[:MOST_SHOWN]:
        clause = page.texts.say("terminal.clause", clause=norm.clause)
        lines += page.labelled("verdict", "pass", [norm.id, *_limit_and_measured(norm, page.texts), clause])
        for note in norm_notes(norm, page.texts):
            lines += page.under([note])
    return lines + page.more(MOST_SHOWN, len(met))


def _closest(results: Results, page: _Page) -> list[str]:
    """Tell the met limits that came closest to being broken, so that a good run shows figures too."""
    passed = [n for n in results.norms if n.verdict is Verdict.PASS and n.rate is None]
    met = [n for n in passed if n.limit_s and n.measured is not None]
    met.sort(key=lambda n: (-_use_of_limit(n), n.id))
    lines: list[str] = []
    for norm in met[:MOST_CLOSEST]:
        chunks = [norm.id, *_limit_and_measured(norm, page.texts)]
        chunks.append(page.texts.say("terminal.clause", clause=norm.clause))
        chunks.append(norm_share(norm, page.texts) or "")
        lines += page.labelled("verdict", "pass", chunks)
    return lines


def _use_of_limit(norm: NormResult) -> float:
    return norm.measured.max_us / norm.limit_s if norm.measured and norm.limit_s else 0.0


def _counts(results: Results, page: _Page) -> list[str]:
    texts, s = page.texts, results.summary
    not_shown = s.norms_inconclusive + s.norms_excused
    rows = [
        (
            "clauses",
            [("pass", s.clauses_met), ("fail", s.clauses_not_met), ("inconclusive", s.clauses_not_shown)],
        ),
        ("norms", [("pass", s.norms_pass), ("fail", s.norms_fail), ("inconclusive", not_shown)]),
    ]
    told = {
        name: [f"{texts.number(n)} {texts.word('verdict', code)}" for code, n in counts]
        for name, counts in rows
    }
    if s.clauses_not_checked:
        told["clauses"].append(
            f"{texts.number(s.clauses_not_checked)} {texts.word('verdict', 'not_checked')}"
        )
    told["signatures"] = signature_statement(results.provenance.signatures, texts)
    if results.evidence is not None and results.evidence.decisions:
        told["decisions"] = decision_statement(results.evidence, texts)
    told |= indicator_lines(results, texts)
    lines = []
    width = max(display_width(texts.say(f"counts.{name}")) for name in told) + 2
    for name, chunks in told.items():
        head = pad(texts.say(f"counts.{name}"), width)
        first, *rest = flow(chunks, page.width - width)
        lines += [head + first, *(" " * width + line for line in rest)]
    return lines


def _end(results: Results, page: _Page, report: str | None) -> list[str]:
    lines = flow([verdict_sentence(results, page.texts)], page.width)
    if report is not None:
        lines.append(page.texts.say("terminal.report", place=one_line(report)))
    lines.append(page.texts.say("terminal.replay", command=one_line(worst_replay(results))))
    return lines


def _command(page: _Page, command: str) -> str:
    return " " * page.label_width + page.texts.say("terminal.replay", command=one_line(command))
