"""Tell, of the cases that the results hold, what the judge found of each signature on their way."""

from collections.abc import Iterable, Sequence

import msgspec

from conformance.cases import Case
from conformance.context import Context
from conformance.decisions import decisions_of, signature_norms
from conformance.evidence_results import EvidenceResult, SeenSignature
from conformance.norms import Norm
from conformance.results import NormResult
from conformance.timelines import MOST_TIMELINES, shown_first


def with_seen(
    evidence: EvidenceResult | None,
    norms: Sequence[Norm],
    results: Iterable[NormResult],
    cases: Sequence[Case],
    context: Context,
) -> EvidenceResult | None:
    """Return *evidence* with the signatures of *cases*, up to a limit, verified again."""
    if evidence is None:
        return None
    by_id = {case.case_id: case for case in cases}
    wanted = [by_id[case_id] for case_id in shown_first(results, by_id)[:MOST_TIMELINES]]
    return msgspec.structs.replace(evidence, seen=tuple(_seen(wanted, norms, context)))


def _seen(cases: Iterable[Case], norms: Sequence[Norm], context: Context) -> Iterable[SeenSignature]:
    speaking = signature_norms(norms)
    for case in cases:
        own = [norm for norm in speaking if case.service in norm.services and norm.path == case.path]
        for decision in decisions_of(own, case, context):
            answer = decision.finding.answer
            yield SeenSignature(
                case_id=case.case_id,
                step=decision.norm.step,
                document=decision.norm.document,
                decided=decision.decided,
                verdict=answer.verdict,
                reason=answer.reason,
                indication=decision.finding.indication.value,
                sub_indication=decision.finding.sub.value if decision.finding.sub is not None else None,
                detail=answer.detail,
            )
