"""Norms of signatures: what was handed over verifies again, and what was refused does not.

Both directions are judged from the saved documents, never from the log's own claim.
"""

from conformance.answers import PASSED, Answer, because, settle
from conformance.cases import Case, Event
from conformance.context import Context, absence, unfinished, value_of
from conformance.document_verification import ARRIVED, is_there
from conformance.evidence import Saved, verify_document
from conformance.indications import REVOCATIONS, Finding, Indication, Sub, finding_from
from conformance.norms import RefusalGrounded, SignatureValid
from conformance.saved_documents import BadName, DocumentStore, place_of
from conformance.verdicts import Reason, Verdict


def judge_signature_valid(norm: SignatureValid, case: Case, context: Context) -> Answer:
    """Judge the document of each execution from the saved documents, never from the log's own claim."""
    events = case.judged(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    return settle(judge_handed_over(norm, event, case, context) for event in events)


def judge_refusal_grounded(norm: RefusalGrounded, case: Case, context: Context) -> Answer:
    """Judge each refusal because of a signature: the signature must not verify."""
    events = case.judged(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    return settle(judge_refused(norm, event, case, context).answer for event in events)


def judge_handed_over(norm: SignatureValid, event: Event, case: Case, context: Context) -> Answer:
    """Judge the document that *event* handed over, at the moment of its end."""
    folder = _folder_of(event, case, context)
    if isinstance(folder, Answer):
        return folder
    store, name = folder
    moment = event.row.completed_us
    if moment is None:
        return because(unfinished(case), f"{norm.step} has no end at which to verify the {norm.document}")
    doubt = event.reading_doubt_us
    saved = _saved(name, norm.document, event, case, context)
    return verify_document(store, saved, (moment - doubt, moment + doubt))


def stated_ground(event: Event) -> str | None:
    """Return the reason that the refusal *event* states, None if it states none."""
    reason = value_of(event, "attributes.reason")
    return reason if isinstance(reason, str) else None


def judge_refused(norm: RefusalGrounded, event: Event, case: Case, context: Context) -> Finding:
    """Hold the refusal *event* against what the judge finds of the refused document.

    What the answer says of the refusal stands beside what was found of the signature.
    """
    ground = stated_ground(event)
    if ground is None:
        return _untold(because(Reason.NO_DATA, f"{norm.step} states no reason to hold against the signature"))
    shown_by = next((known.shown_by for known in norm.grounds if known.reason == ground), None)
    if shown_by is None:
        return _untold(because(Reason.OUT_OF_SCOPE, f"refused for {ground}, no matter of the signature"))
    folder = _folder_of(event, case, context)
    if isinstance(folder, Answer):
        return _untold(folder)
    received = _received(norm, case)
    decided = event.row.enabled_us
    if received is None or decided is None:
        why = f"nothing says when the document refused at {norm.step} came, or when that was decided"
        return _untold(because(Reason.MISSING_START, why))
    store, name = folder
    saved = _saved(name, _refused_document(norm, store, name), event, case, context)
    at_receipt = _examine(store, saved, received)
    doubt = event.reading_doubt_us
    at_decision = _examine(store, saved, (decided - doubt, decided + doubt))
    return _weigh(ground, shown_by, at_receipt, at_decision)


def _weigh(ground: str, shown_by: tuple[Sub, ...], at_receipt: Finding, at_decision: Finding) -> Finding:
    """Return the finding that speaks to the refusal, with the answer about the refusal itself."""
    found = at_receipt
    if at_decision.sub in REVOCATIONS and (found.sub is None or at_decision.sub in shown_by):
        found = at_decision
    if found.answer.verdict is Verdict.ERROR:
        return found
    if not found.settled:
        why = f"refused for {ground}; whether the signature is valid cannot be told: {found.answer.detail}"
        return _with_answer(found, because(_unsettled_reason(found), why))
    if found.indication is Indication.TOTAL_PASSED:
        # What has ended since its receipt hides whether it was revoked as well by the decision.
        if at_decision.indication is not Indication.TOTAL_PASSED and REVOCATIONS & set(shown_by):
            why = f"refused for {ground}; at the decision: {at_decision.answer.detail}"
            return Finding(Indication.INDETERMINATE, Sub.NO_POE, because(Reason.INDETERMINATE_SIGNATURE, why))
        why = f"refused for {ground}, and the signature is valid"
        return _with_answer(found, because(Reason.REFUSED_VALID, why))
    if found.sub not in shown_by:
        why = f"refused for {ground}, rightly, but what is wrong is another thing: {found.answer.detail}"
        return _with_answer(found, because(Reason.WRONG_GROUND, why))
    return _with_answer(found, PASSED)


def _unsettled_reason(found: Finding) -> Reason:
    """Return why nobody can tell; that a document is absent proves nothing against a refusal."""
    reason = found.answer.reason
    return Reason.NO_DATA if reason in (None, Reason.MISSING_CONTENT) else reason


def _with_answer(found: Finding, answer: Answer) -> Finding:
    return Finding(found.indication, found.sub, answer)


def _untold(answer: Answer) -> Finding:
    return Finding(Indication.INDETERMINATE, Sub.SIGNED_DATA_NOT_FOUND, answer)


def _examine(store: DocumentStore, saved: Saved, moments_us: tuple[int, ...]) -> Finding:
    """Examine a document at all of *moments_us*; different findings leave open which one was met."""
    found = [finding_from(verify_document(store, saved, (us,)), saved.document) for us in moments_us]
    if len({one.sub for one in found}) == 1:
        return found[0]
    unclear = because(
        Reason.RESOLUTION, f"{saved.document}: the clock cannot tell whether the signature was valid then"
    )
    return Finding(Indication.INDETERMINATE, Sub.NO_POE, unclear)


def _received(norm: RefusalGrounded, case: Case) -> tuple[int, ...] | None:
    """Return between which moments the refused document came, None if the case does not tell.

    The step in which it came may name the moment; what lies outside the step is not believed.
    """
    events = case.by_step.get(norm.received, ())
    if len(events) != 1:
        return None
    row, doubt = events[0].row, events[0].reading_doubt_us
    if row.enabled_us is None or row.completed_us is None:
        return None
    stated = value_of(events[0], "attributes.received_us")
    if type(stated) is int and row.enabled_us - doubt <= stated <= row.completed_us + doubt:
        return (stated - doubt, stated + doubt)
    return (row.enabled_us - doubt, row.completed_us + doubt)


def _refused_document(norm: RefusalGrounded, store: DocumentStore, folder: str) -> str:
    """Return which document was refused: of a request that arrived otherwise than sent, what arrived."""
    try:
        place_of(store, folder)
    except BadName:
        return norm.document
    return ARRIVED if norm.document == "request" and is_there(store, folder, ARRIVED) else norm.document


def _folder_of(event: Event, case: Case, context: Context) -> tuple[DocumentStore, str] | Answer:
    """Return where the documents of *event* lie, or why nobody can tell."""
    step = event.step
    if context.documents is None:
        return because(Reason.NO_DATA, "no saved documents were given")
    folder = value_of(event, "attributes.documents")
    if folder is None:
        return because(Reason.NO_DATA, f"{step} names no saved documents")
    if not isinstance(folder, str):
        return because(Reason.BAD_INPUT, f"documents of {step} is not a name")
    others = sorted(context.folders.get(folder, frozenset()) - {case.case_id})
    if others:
        return because(Reason.NOT_UNIQUE, f"the documents of {step} are also those of {others[0]}")
    return context.documents, folder


def _saved(folder: str, document: str, event: Event, case: Case, context: Context) -> Saved:
    service = context.codes.get(case.service, case.service)
    signer = context.signers.get(case.path)
    return Saved(folder, document, signer, service, event.row.request_number)
