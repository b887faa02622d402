"""Norms of signatures: what was handed over verifies again, at the moment it was handed over."""

from conformance.answers import Answer, because, settle
from conformance.cases import Case, Event
from conformance.context import Context, absence, unfinished, value_of
from conformance.evidence import Saved, verify_document
from conformance.norms import SignatureValid
from conformance.verdicts import Reason


def judge_signature_valid(norm: SignatureValid, case: Case, context: Context) -> Answer:
    """Judge the document of each execution from the saved documents, never from the log's own claim."""
    events = case.by_step.get(norm.step)
    if not events:
        return absence(case, (norm.step,), context)
    return settle(_verified(norm, event, case, context) for event in events)


def _verified(norm: SignatureValid, event: Event, case: Case, context: Context) -> Answer:
    if context.documents is None:
        return because(Reason.NO_DATA, "no saved documents were given")
    folder = value_of(event, "attributes.documents")
    if folder is None:
        return because(Reason.NO_DATA, f"{norm.step} names no saved documents")
    moment = event.row.completed_us
    if moment is None:
        return because(unfinished(case), f"{norm.step} has no end at which to verify the {norm.document}")
    if not isinstance(folder, str):
        return because(Reason.BAD_INPUT, f"documents of {norm.step} is not a name")
    others = sorted(context.folders.get(folder, frozenset()) - {case.case_id})
    if others:
        return because(Reason.NOT_UNIQUE, f"the documents of {norm.step} are also those of {others[0]}")
    doubt = event.uncertainty_us
    service = context.codes.get(case.service, case.service)
    saved = Saved(folder, norm.document, context.signers.get(case.path), service, event.row.request_number)
    return verify_document(context.documents, saved, (moment - doubt, moment + doubt))
