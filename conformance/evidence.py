"""Verify saved requests and results again, as a third party would: from the documents alone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.x509.oid import NameOID

from conformance.answers import PASSED, Answer, because
from conformance.errors import InputError
from conformance.regulation import Signer
from conformance.saved_documents import (
    MAX_DOCUMENT,
    Absent,
    BadName,
    DocumentStore,
    NotComputed,
    read_content,
    read_saved,
    read_saved_signature,
    require_subject,
)
from conformance.saved_trust import trust_of
from conformance.signed_data import SignedData, Unacceptable, read_signature, verify_signature
from conformance.trust import Unsettled, require_chain, require_right_to_sign, require_signing
from conformance.verdicts import Reason

TYPES = {
    "request": "egov.request.v1",
    "rejected-request": "egov.request.v1",
    "arrived-request": "egov.request.v1",
    "result": "egov.result.v1",
    "refusal": "egov.result.v1",
}
"""The type that each document names, so that a signature for one purpose serves no other."""

MAX_REMEMBERED = 256
"""How many verifications are remembered: those of one case, which several norms ask for."""


def require_documents(folder: Path | None, root: Path | None = None) -> None:
    """Refuse a *folder* that holds no anchor of trust: it is the wrong one. None is fine without a *root*.

    Raises InputError.
    """
    if folder is None and root is not None:
        raise InputError("--root", "", "no documents", "--documents as well: what the root is to vouch for")
    if folder is not None and not (folder / "trust" / "root.pem").is_file():
        expected = "the folder of the log's signed documents"
        raise InputError(str(folder), "", "no trust/root.pem in it", expected)


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved document: its case's *folder*, ``request`` or ``result``, and what the log says of the case.

    *signed_by* says whose signature a request must carry, as the pack has it for the case's path.
    *service* is the service's code, *number* the request number where the row has one.
    """

    folder: str
    document: str
    signed_by: Signer | None
    service: str
    number: str | None = None


def verify_document(store: DocumentStore, saved: Saved, moments_us: Iterable[int]) -> Answer:
    """Verify the document *saved* in *store* at every one of *moments_us*, microseconds UTC.

    If the answers differ, the log's clock is too coarse to tell.
    """
    answers = [_verify_at(store, saved, moment) for moment in sorted(set(moments_us))]
    if len({answer.verdict for answer in answers}) == 1:
        return answers[0]
    unclear = f"{saved.document}: the clock cannot tell whether the signature was valid then"
    return because(Reason.RESOLUTION, unclear)


def _verify_at(store: DocumentStore, saved: Saved, moment_us: int) -> Answer:
    """Verify the document once for each moment: norms and decisions ask one after the other."""
    verified, key = store.known.verified, (saved, moment_us)
    if key not in verified:
        if len(verified) >= MAX_REMEMBERED:
            del verified[next(iter(verified))]
        verified[key] = _verify_anew(store, saved, moment_us)
    return verified[key]


def _verify_anew(store: DocumentStore, saved: Saved, moment_us: int) -> Answer:
    folder, document = saved.folder, saved.document
    try:
        octets = read_saved(store, folder, f"{document}.json", MAX_DOCUMENT)
        signed = read_signature(read_saved_signature(store, folder, document))
        verify_signature(signed, octets)
        _require_identity(store, saved, octets, signed)
        require_signing(signed.certificate)
        require_chain(signed.certificate, trust_of(store, folder), moment_us)
    except Absent as absent:
        return because(Reason.MISSING_CONTENT, f"{absent} is not among the saved documents")
    except NotComputed:
        return because(Reason.SIGNATURE_NOT_COMPUTED, f"{document}: no signature was computed")
    except Unacceptable as cause:
        return because(Reason.INVALID_SIGNATURE, f"{document}: {cause}")
    except Unsettled as cause:
        return because(Reason.INDETERMINATE_SIGNATURE, f"{document}: {cause}")
    except BadName:
        return because(Reason.BAD_INPUT, "the log names a folder of documents that is not a plain name")
    return PASSED


def _require_identity(store: DocumentStore, saved: Saved, octets: bytes, signed: SignedData) -> None:
    content = read_content(octets)
    if content.get("typ") != TYPES[saved.document]:
        raise Unacceptable(f"content: the document is no {saved.document}")
    if content.get("svc") != saved.service:
        raise Unacceptable("identity: the document is about another service")
    if saved.document.endswith("request") and saved.signed_by is None:
        raise Unsettled("the pack does not say whose signature a request must carry")
    if saved.document.endswith("request") and saved.signed_by is Signer.CONSUMER:
        require_subject(signed, NameOID.SERIAL_NUMBER, "IIN", content.get("iin"))
        return
    require_subject(signed, NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN", content.get("prov"))
    if saved.document == "result":
        require_right_to_sign(signed.certificate)
        _require_answer(saved, content, read_saved(store, saved.folder, "request.json", MAX_DOCUMENT))


def _require_answer(saved: Saved, content: dict[str, Any], request: bytes) -> None:
    """Require that a result grants the case's own request, at the provider that was asked."""
    require_answers(content, request)
    if content.get("outcome") != "issued":
        raise Unacceptable("content: the result does not grant the request")
    if saved.number is None:
        raise Unsettled("the log names no request number to compare")
    if content.get("reg_no") != saved.number:
        raise Unacceptable("identity: the result bears another request number")


def require_answers(content: dict[str, Any], request: bytes, *, by_another: bool = False) -> None:
    """Require that the result *content* answers the *request* with these octets. Raises Unacceptable.

    *by_another* permits that a provider answers that was not asked: it may say just that.
    """
    if content.get("req_sha256") != hashlib.sha256(request).hexdigest():
        raise Unacceptable("identity: the result answers another request")
    asked = read_content(request)
    if content.get("prov") != asked.get("prov") and not by_another:
        raise Unacceptable("identity: another provider was asked")
    if content.get("svc") != asked.get("svc"):
        raise Unacceptable("identity: another service was asked for")
