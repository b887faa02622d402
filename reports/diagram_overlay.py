"""What was measured of the steps of a diagram, in the lines that stand over each of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from conformance.results import NormResult, Results, StepResult
from conformance.verdicts import Verdict
from reports.characters import anchor
from reports.shares import norm_share
from reports.texts import Texts


@dataclass(frozen=True, slots=True)
class Overlay:
    """The lines of each step by its node, and the nodes of the steps that were found too slow."""

    lines: Mapping[str, tuple[str, ...]]
    broken: frozenset[str]


def overlay_of(results: Results, names: Collection[str], path: str, texts: Texts) -> Overlay:
    """Return what *results* say of the steps on *path* of the service whose id and code are *names*."""
    norms = {norm.id: norm for norm in results.norms}
    steps = [step for step in results.steps if step.service in names and step.path == path]
    lines: dict[str, tuple[str, ...]] = {}
    for step in steps:
        node = anchor("step", step.step)
        lines[node] = (*lines.get(node, ()), *_lines(step, norms.get(step.norm), texts))
    broken = frozenset(anchor("step", step.step) for step in steps if step.verdict is Verdict.FAIL)
    return Overlay(lines, broken)


def _lines(step: StepResult, norm: NormResult | None, texts: Texts) -> tuple[str, ...]:
    measured = step.measured
    if measured is None or not measured.n:
        return (texts.say("diagram.measured_none"),)
    share = norm_share(norm, texts) if norm is not None else None
    return (
        texts.say("diagram.measured", n=measured.n, median=texts.duration(measured.median_us)),
        texts.say("diagram.measured_p95", p95=texts.duration(measured.p95_us)),
        share or texts.word("verdict", step.verdict),
    )
