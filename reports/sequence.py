"""Make the sequence of one case: who did what, what was handed over, how its signature was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.evidence_results import SeenSignature
from conformance.pack import Pack
from conformance.regulation import Message
from conformance.results import Results, TimelineStep
from conformance.verdicts import Verdict
from reports.overview import MARKS, unit_name
from reports.texts import Texts


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


def sequence_of(
    case: str, steps: Sequence[TimelineStep], results: Results, pack: Pack | None, texts: Texts
) -> CaseSequence:
    """Return the sequence of *case*; without the *pack* nothing says what was handed over."""
    signatures = _signatures(case, results)
    acts = tuple(_act(case, step, signatures, results, pack, texts) for step in steps)
    used = [unit for act in acts for unit in _units(act)]
    known = [unit.code for unit in pack.units] if pack is not None else []
    order = sorted(dict.fromkeys(used), key=lambda unit: known.index(unit) if unit in known else len(known))
    return CaseSequence(case, {unit: unit_name(results, unit, texts) for unit in order}, acts)


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


def _act(  # noqa: PLR0913, PLR0917 - a step, and all that is known of it
    case: str,
    step: TimelineStep,
    signatures: dict[str, list[SeenSignature]],
    results: Results,
    pack: Pack | None,
    texts: Texts,
) -> Act:
    verdict, said = _duration(case, step, results, texts)
    outcome = (
        [] if step.outcome in {None, "ok"} else [texts.say("sequence.outcome", outcome=step.outcome or "")]
    )
    seen = signatures.get(step.step, [])
    signature = [_signature(seen.pop(0), texts)] if seen else []
    broken = bool(signature) and signature[0][1]
    words = [text for text, _ in signature]
    messages = _messages(step, pack)
    handovers = tuple(
        Handover(
            message.sender,
            message.receiver,
            message.through,
            (message.document.in_language(texts.language), *words),
            broken,
        )
        for message in messages
    )
    return Act(
        lane=step.unit,
        title=_title(step, results, texts),
        words=(*said, *outcome, *(words if not messages else ())),
        enabled_us=step.enabled_us,
        started_us=step.started_us,
        completed_us=step.completed_us,
        broken=verdict in {Verdict.FAIL, Verdict.ERROR} or (broken and not messages),
        handovers=handovers,
    )


def _messages(step: TimelineStep, pack: Pack | None) -> list[Message]:
    if pack is None or step.completed_us is None:
        return []
    names = {step.service}
    for service in pack.services:
        if step.service in {service.id, service.code}:
            names = {service.id, service.code}
    return [
        message
        for message in pack.messages
        if message.step == step.step and message.path == step.path and names & set(message.services)
    ]


def _title(step: TimelineStep, results: Results, texts: Texts) -> str:
    for known in results.steps:
        if (known.service, known.path, known.step) == (step.service, step.path, step.step):
            return f"{step.step} · {known.action.in_language(texts.language)}"
    return step.step


def _duration(
    case: str, step: TimelineStep, results: Results, texts: Texts
) -> tuple[Verdict | None, list[str]]:
    """Return how long *step* took against its limit, in words, and the verdict where it was no pass."""
    if step.completed_us is None:
        return None, [texts.say("page.open")]
    if step.enabled_us is None:
        return None, [texts.say("sequence.no_start")]
    took_us = step.completed_us - step.enabled_us
    known = next(
        (s for s in results.steps if (s.service, s.path, s.step) == (step.service, step.path, step.step)),
        None,
    )
    limit_us = known.limit_s * 1_000_000 if known is not None and known.limit_s is not None else None
    said = [texts.say("sequence.took", time=texts.duration(took_us, limit_us))]
    if step.started_us is not None and step.started_us > step.enabled_us:
        waited = texts.duration(step.started_us - step.enabled_us)
        said = [texts.say("sequence.took_waiting", time=texts.duration(took_us, limit_us), waited=waited)]
    if known is None or limit_us is None:
        return None, said
    said.append(texts.say("sequence.limit", limit=texts.duration(limit_us)))
    for norm in results.norms:
        for finding in norm.findings if norm.id == known.norm else ():
            if finding.case_id == case and finding.verdict is not Verdict.PASS:
                said.append(f"{MARKS[finding.verdict]} {texts.word('verdict', finding.verdict)}")
                return finding.verdict, said
    return None, said


def _signature(seen: SeenSignature, texts: Texts) -> tuple[str, bool]:
    """Return what was found of one signature in words, and whether it contradicts what was decided of it."""
    found = texts.word("indication", seen.indication)
    document = texts.word("evidence_document", seen.document)
    text = texts.say("sequence.signature", document=document, found=found)
    if seen.sub_indication is not None:
        text = f"{text} ({seen.sub_indication})"
    decided = texts.word("evidence_decided", seen.decided)
    verdict = texts.word("verdict", seen.verdict)
    mark = MARKS.get(seen.verdict, "·")
    return f"{text}; {decided}: {mark} {verdict}", seen.verdict in {Verdict.FAIL, Verdict.ERROR}
