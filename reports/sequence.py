"""Make the sequence of one case: who did what, what was handed over, how its signature was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.evidence_results import SeenSignature
from conformance.pack import Pack
from conformance.regulation import Message
from conformance.results import Results, StepResult, TimelineStep
from conformance.verdicts import Verdict
from reports.overview import MARKS, step_at, unit_name
from reports.texts import Texts

_BROKEN = frozenset({Verdict.FAIL, Verdict.ERROR})


@dataclass(frozen=True, slots=True)
class Handover:
    """A document that goes from one lane to another, and the words on its signature."""

    sender: str
    receiver: str
    through: str | None
    words: tuple[str, ...]
    broken: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a case in the lane of who performed it; moments in microseconds since the epoch, UTC."""

    lane: str
    title: str
    words: tuple[str, ...]
    enabled_us: int | None
    started_us: int | None
    completed_us: int | None
    broken: bool
    handovers: tuple[Handover, ...]


@dataclass(frozen=True, slots=True)
class CaseSequence:
    """The lanes, by unit with their names, and the acts of one case in the order of their ends."""

    case: str
    lanes: Mapping[str, str]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is to say of the steps of one case, whichever of them is told."""

    case: str
    results: Results
    pack: Pack | None
    texts: Texts
    signatures: Mapping[str, list[SeenSignature]]
    found: Mapping[str, Verdict]
    """The verdict of each norm that the case does not keep."""


def sequence_of(
    case: str, steps: Sequence[TimelineStep], results: Results, pack: Pack | None, texts: Texts
) -> CaseSequence:
    """Return the sequence of *case*; without the *pack* nothing says what was handed over."""
    found = {
        norm.id: finding.verdict
        for norm in results.norms
        for finding in norm.findings
        if finding.case_id == case and finding.verdict is not Verdict.PASS
    }
    known = _Known(case, results, pack, texts, _signatures(case, results), found)
    acts = tuple(_act(step, known) for step in steps)
    used = [unit for act in acts for unit in _units(act)]
    order = [unit.code for unit in pack.units] if pack is not None else []
    lanes = sorted(dict.fromkeys(used), key=lambda unit: order.index(unit) if unit in order else len(order))
    return CaseSequence(case, {unit: unit_name(results, unit, texts) for unit in lanes}, acts)


def _units(act: Act) -> list[str]:
    passed = [
        unit
        for handed in act.handovers
        for unit in (handed.sender, handed.through, handed.receiver)
        if unit is not None
    ]
    return [act.lane, *passed]


def _signatures(case: str, results: Results) -> dict[str, list[SeenSignature]]:
    """Return by step what was found of the signatures of *case*, in the order of the executions."""
    found: dict[str, list[SeenSignature]] = {}
    for seen in results.evidence.seen if results.evidence is not None else ():
        if seen.case_id == case:
            found.setdefault(seen.step, []).append(seen)
    return found


def _act(step: TimelineStep, known: _Known) -> Act:
    texts = known.texts
    of = step_at(known.results, (step.service, step.path, step.step))
    verdict = known.found.get(of.norm) if of is not None else None
    seen = known.signatures.get(step.step, [])
    words, broken = ([], False) if not seen else _signature(seen.pop(0), texts)
    handovers = tuple(
        Handover(
            message.sender,
            message.receiver,
            message.through,
            (message.document.in_language(texts.language), *words),
            broken,
        )
        for message in _messages(step, known.pack)
    )
    said = _duration(step, of, verdict, texts)
    if step.outcome is not None and step.outcome != "ok":
        said.append(texts.say("sequence.outcome", outcome=step.outcome))
    return Act(
        lane=step.unit,
        title=step.step if of is None else f"{step.step} · {of.action.in_language(texts.language)}",
        words=(*said, *(() if handovers else words)),
        enabled_us=step.enabled_us,
        started_us=step.started_us,
        completed_us=step.completed_us,
        broken=verdict in _BROKEN or (broken and not handovers),
        handovers=handovers,
    )


def _messages(step: TimelineStep, pack: Pack | None) -> list[Message]:
    if pack is None or step.completed_us is None:
        return []
    place = (step.path, step.step)
    return [m for m in pack.messages if (m.path, m.step) == place and step.service in m.services]


def _duration(step: TimelineStep, of: StepResult | None, verdict: Verdict | None, texts: Texts) -> list[str]:
    """Return how long *step* took against its limit, in words, with the *verdict* where it was no pass."""
    if step.completed_us is None:
        return [texts.say("page.open")]
    if step.enabled_us is None:
        return [texts.say("sequence.no_start")]
    limit_us = of.limit_s * 1_000_000 if of is not None and of.limit_s is not None else None
    took = texts.duration(step.completed_us - step.enabled_us, limit_us)
    if step.started_us is not None and step.started_us > step.enabled_us:
        waited = texts.duration(step.started_us - step.enabled_us)
        said = [texts.say("sequence.took_waiting", time=took, waited=waited)]
    else:
        said = [texts.say("sequence.took", time=took)]
    if limit_us is not None:
        said.append(texts.say("sequence.limit", limit=texts.duration(limit_us)))
        if verdict is not None:
            said.append(f"{MARKS[verdict]} {texts.word('verdict', verdict)}")
    return said


def _signature(seen: SeenSignature, texts: Texts) -> tuple[list[str], bool]:
    """Return what was found of one signature in words, and whether it contradicts what was decided of it."""
    found = texts.word("indication", seen.indication)
    document = texts.word("evidence_document", seen.document)
    text = texts.say("sequence.signature", document=document, found=found)
    if seen.sub_indication is not None:
        text = f"{text} ({seen.sub_indication})"
    decided = texts.word("evidence_decided", seen.decided)
    verdict = texts.word("verdict", seen.verdict)
    mark = MARKS.get(seen.verdict, "·")
    return [f"{text}; {decided}: {mark} {verdict}"], seen.verdict in _BROKEN
