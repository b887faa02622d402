"""Verify one case's saved documents as a third party: signature, identity, moment, way through the gateway.

A document is judged at the moment of the gateway's receipt for it, which proves that it existed then. Without
one (nothing passes the gateway from the provider's desk) only its signer says when it was signed, and it is
judged then. A request of the consumer and its answer must have passed the gateway; a message between portal
and workplace must carry a saved document.

Source: ETSI EN 319 102-1 for the proof of existence; paragraphs 12(8) and 12(12) of the act for the gateway.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.x509.oid import NameOID

from conformance.answers import PASSED, Answer, because
from conformance.errors import printable
from conformance.evidence import TYPES, require_answers
from conformance.log_rows import without_numbers
from conformance.message_log import Receipt, require_near
from conformance.saved_documents import (
    MAX_DOCUMENT,
    QUERY_NAME,
    SUFFIXES,
    Absent,
    BadName,
    DocumentStore,
    NotComputed,
    read_content,
    read_saved,
    read_saved_signature,
    require_subject,
    subject_values,
)
from conformance.saved_trust import trust_of
from conformance.signed_data import SignedData, Unacceptable, read_signature, verify_signature
from conformance.trust import Unsettled, require_chain, require_right_to_sign, require_signing
from conformance.verdicts import Reason, severity
from conformance.verification_results import DocumentCheck

ANSWERS = ("result", "refusal")
REJECTED, ARRIVED = "rejected-request", "arrived-request"
UNCOUNTED = (REJECTED, ARRIVED)
"""What may be bad by its nature: it was turned away, or it arrived otherwise than it was sent."""
NOT_ASKED = "PROVIDER_MISMATCH"
"""The reason with which a provider refuses a request that names another one."""
QUERY_TYPE = "egov.query.v1"
UNPROVED = "the gateway's receipt for it is not proved"

_OUTCOMES = {"result": "issued", "refusal": "refused"}


@dataclass(slots=True)
class Scene:
    """What is known of the whole folder: which documents lie where, and what the gateway took.

    *holders* maps a document and the hash of its octets to the first folder that holds it, *receipts* the
    hash to the best proof that the gateway had it, *carriers* a folder to the logs that carried anything
    of it.
    """

    store: DocumentStore
    holders: dict[tuple[str, str], str] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    carriers: dict[str, set[str]] = field(default_factory=dict)
    has_logs: bool = False
    logs_complete: bool = False


@dataclass(frozen=True, slots=True)
class _Document:
    """A document whose signature value is right."""

    folder: str
    name: str
    octets: bytes
    content: dict[str, Any]
    signed: SignedData

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.octets).hexdigest()


def is_there(store: DocumentStore, folder: str, document: str) -> bool:
    """Tell whether any file of *document* lies in *folder*."""
    return any(os.path.lexists(store.folder / folder / f"{document}.{suffix}") for suffix in SUFFIXES)


def verify_case(scene: Scene, folder: str) -> Iterator[DocumentCheck]:
    """Verify the queries of a case to the registry, its request and its answers."""
    queries = queries_of(scene.store, folder)
    for name in queries:
        yield _verify_query(scene, folder, name)
    there = [name for name in ANSWERS if is_there(scene.store, folder, name)]
    asked = is_there(scene.store, folder, "request")
    if not asked and not there:
        if not queries and not is_there(scene.store, folder, REJECTED):
            yield check_of(folder, "answer", because(Reason.NO_DATA, "the folder holds no document"))
        return
    request, on_portal = _verify_document(scene, folder, "request", on_portal=None)
    yield request
    if not there:
        yield check_of(folder, "answer", because(Reason.NO_DATA, "neither a result nor a refusal is saved"))
    for name in there:
        yield _verify_document(scene, folder, name, on_portal=on_portal)[0]
    if len(there) == 2:
        yield check_of(folder, "answer", because(Reason.REPEATED, "granted and refused as well"))


def queries_of(store: DocumentStore, folder: str) -> list[str]:
    """Return the names of the queries to the registry saved in *folder*, in the order of their numbers."""
    try:
        names = [path.name for path in (store.folder / folder).iterdir()]
    except OSError:
        return []
    found = (match[1] for name in names if (match := QUERY_NAME.fullmatch(name)))
    return sorted(found, key=lambda name: (len(name), name))


def _verify_query(scene: Scene, folder: str, name: str) -> DocumentCheck:
    """Verify that the gateway carried this very query: nobody signs one, its receipt is all there is."""
    try:
        octets = read_saved(scene.store, folder, f"{name}.json", MAX_DOCUMENT)
        type_ = read_content(octets).get("typ")
    except Absent as absent:
        return check_of(folder, name, because(Reason.MISSING_CONTENT, f"{absent} cannot be read"))
    except Unacceptable as cause:
        return check_of(folder, name, because(Reason.INVALID_SIGNATURE, str(cause)))
    digest = hashlib.sha256(octets).hexdigest()
    receipt = scene.receipts.get(digest)
    answer = PASSED
    if type_ != QUERY_TYPE:
        answer = because(Reason.INVALID_SIGNATURE, "content: the document is no query")
    elif scene.holders.get(("query", digest)) != folder:
        answer = because(Reason.NOT_UNIQUE, "the same query lies in another case")
    elif receipt is None:
        answer = _unlogged(scene)
    elif not receipt.proved:
        answer = because(Reason.INDETERMINATE_SIGNATURE, UNPROVED)
    else:
        return check_of(folder, name, answer, receipt.accepted_us, "receipt")
    return check_of(folder, name, answer)


def verify_uncounted(scene: Scene, folder: str) -> Iterator[DocumentCheck]:
    """Verify what was turned away or arrived changed, if the case has it; no receipt is looked for."""
    for name in UNCOUNTED:
        if is_there(scene.store, folder, name):
            yield _verify_document(scene, folder, name, on_portal=None)[0]


def _verify_document(
    scene: Scene, folder: str, name: str, *, on_portal: bool | None
) -> tuple[DocumentCheck, bool | None]:
    """Verify one document; tell as well whether it came through the portal, None if that is unknown."""
    try:
        document = _read_document(scene.store, folder, name)
        answers = []
        if name in ANSWERS:
            answers.append(_answers_request(scene.store, document))
        else:
            on_portal = _require_requester(document)
        require_signing(document.signed.certificate)
        receipt = None if name in UNCOUNTED else scene.receipts.get(document.sha256)
        moment_us, source = _moment(document, receipt)
        answers.append(_at_moment(scene, document, moment_us, receipt))
        if name not in UNCOUNTED:
            answers.append(_passage(scene, document, receipt, on_portal))
        return check_of(folder, name, min(answers, key=_severity), moment_us, source), on_portal
    except Absent as absent:
        answer = because(Reason.MISSING_CONTENT, f"{absent} is not among the saved documents")
    except NotComputed:
        answer = because(Reason.SIGNATURE_NOT_COMPUTED, "no signature was computed")
    except Unacceptable as cause:
        answer = because(Reason.INVALID_SIGNATURE, str(cause))
    except BadName:
        answer = because(Reason.BAD_INPUT, "not a plain name")
    return check_of(folder, name, answer), on_portal


def _read_document(store: DocumentStore, folder: str, name: str) -> _Document:
    octets = read_saved(store, folder, f"{name}.json", MAX_DOCUMENT)
    signed = read_signature(read_saved_signature(store, folder, name))
    verify_signature(signed, octets)
    content = read_content(octets)
    if content.get("typ") != TYPES[name]:
        raise Unacceptable(f"content: the document is no {name.rsplit('-', maxsplit=1)[-1]}")
    return _Document(folder, name, octets, content, signed)


def _require_requester(document: _Document) -> bool:
    """Require the signature of the consumer or of the provider's employee; tell whether it is the first."""
    content, signed = document.content, document.signed
    if subject_values(signed, NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN"):
        require_subject(signed, NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN", content.get("prov"))
        return False
    require_subject(signed, NameOID.SERIAL_NUMBER, "IIN", content.get("iin"))
    return True


def _answers_request(store: DocumentStore, document: _Document) -> Answer:
    """Hold an answer against the case's request. Raises Unacceptable.

    A refusal may be of what arrived changed: whether it did can be told only from what arrived.
    """
    content = document.content
    require_subject(document.signed, NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN", content.get("prov"))
    require_right_to_sign(document.signed.certificate)
    request = read_saved(store, document.folder, "request.json", MAX_DOCUMENT)
    if content.get("outcome") != _OUTCOMES[document.name]:
        raise Unacceptable(f"content: the document is no {document.name}")
    if document.name == "refusal":
        if not content.get("reason"):
            raise Unacceptable("content: a refusal without a reason")
        asked = read_content(request)
        same = content.get("req_sha256") == hashlib.sha256(request).hexdigest()
        if not same and all(content.get(key) == asked.get(key) for key in ("req", "svc", "prov")):
            return _refuses_what_arrived(store, document)
    misdirected = document.name == "refusal" and content.get("reason") == NOT_ASKED
    require_answers(content, request, by_another=misdirected)
    return PASSED


def _refuses_what_arrived(store: DocumentStore, document: _Document) -> Answer:
    """Hold a refusal against what arrived, which must not verify itself. Raises Unacceptable."""
    if not is_there(store, document.folder, ARRIVED):
        return because(Reason.NO_DATA, "refuses other octets than were sent; what arrived is not saved")
    arrived = read_saved(store, document.folder, f"{ARRIVED}.json", MAX_DOCUMENT)
    if document.content.get("req_sha256") != hashlib.sha256(arrived).hexdigest():
        raise Unacceptable("identity: the result answers neither what was sent nor what arrived")
    try:
        _read_document(store, document.folder, ARRIVED)
    except (Unacceptable, Absent):
        return PASSED
    except NotComputed:
        return because(Reason.NO_DATA, "whether what arrived was changed cannot be told")
    raise Unacceptable("identity: the result answers another request")


def _moment(document: _Document, receipt: Receipt | None) -> tuple[int | None, str | None]:
    """Return when the document is known to have existed, and who says so."""
    claimed_us = document.signed.signing_time_us
    if receipt is not None and receipt.proved:
        require_near(claimed_us, receipt.accepted_us)
        return receipt.accepted_us, "receipt"
    return (None, None) if claimed_us is None else (claimed_us, "signer")


def _at_moment(scene: Scene, document: _Document, moment_us: int | None, receipt: Receipt | None) -> Answer:
    if moment_us is None:
        return because(Reason.INDETERMINATE_SIGNATURE, "nothing says when it was signed")
    try:
        trust = trust_of(scene.store, document.folder, carriers=scene.carriers.get(document.folder, ()))
        require_chain(document.signed.certificate, trust, moment_us)
    except Unsettled as cause:
        return because(Reason.INDETERMINATE_SIGNATURE, str(cause))
    if receipt is not None and not receipt.proved:
        return because(Reason.INDETERMINATE_SIGNATURE, UNPROVED)
    return PASSED


def _passage(scene: Scene, document: _Document, receipt: Receipt | None, on_portal: bool | None) -> Answer:
    """Hold a document against the message logs, and against the other cases."""
    holder = scene.holders.get((document.name, document.sha256))
    if holder is not None and holder != document.folder:
        return because(Reason.NOT_UNIQUE, f"the same document lies in {without_numbers(holder)}")
    if on_portal is False or receipt is not None:
        return PASSED
    if on_portal is None:
        return because(Reason.NO_DATA, "nobody can tell whether it had to pass the gateway")
    return _unlogged(scene)


def _unlogged(scene: Scene) -> Answer:
    """Return what it means that no receipt was found."""
    if not scene.has_logs:
        return because(Reason.NO_DATA, "no message log of the gateway is saved")
    if not scene.logs_complete:
        return because(Reason.NO_DATA, "its message is not in the logs, as far as they can be read")
    return because(Reason.MISSING_CONTENT, "its message is in no log of the gateway")


def _severity(answer: Answer) -> int:
    return severity(answer.verdict)


def check_of(
    folder: str,
    document: str,
    answer: Answer,
    moment_us: int | None = None,
    moment_from: str | None = None,
) -> DocumentCheck:
    """Return *answer* about a document; a person's number in the name of the folder is made unreadable."""
    return DocumentCheck(
        folder=without_numbers(printable(folder)),
        document=document,
        verdict=answer.verdict,
        reason=answer.reason,
        detail=answer.detail,
        moment_us=moment_us,
        moment_from=moment_from,
    )
