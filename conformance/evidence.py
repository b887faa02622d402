"""Verify saved requests and results again, as a third party would: from the documents alone.

A folder of documents holds ``trust/root.pem`` (the pinned anchor) and one folder for each case with
``request.json``, ``request.p7s``, ``result.json``, ``result.p7s`` and ``trust.pem``.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from conformance.answers import PASSED, Answer, because
from conformance.errors import InputError
from conformance.signed_data import (
    ODD_CERTIFICATE,
    SignedData,
    Unacceptable,
    read_signature,
    verify_signature,
)
from conformance.trust import Trust, Unsettled, read_trust, require_chain, require_signing
from conformance.verdicts import Reason

MAX_DOCUMENT = 64 * 1024
MAX_SIGNATURE = 16 * 1024
MAX_TRUST = 16 * 1024 * 1024
MAX_CACHED = 64
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """A folder of saved documents; bundles of trust that were read once are remembered here."""

    folder: Path
    remembered: dict[str, Trust] = field(default_factory=dict, repr=False, compare=False)


class _Absent(Exception):  # noqa: N818 - a finding, not an error of the program
    pass


def open_documents(folder: Path) -> DocumentStore:
    """Return the documents saved in *folder*. Raises InputError if it is no readable directory."""
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise InputError(str(folder), "", found, "a directory of saved documents")
    return DocumentStore(folder.resolve())


def require_documents(folder: Path | None) -> None:
    """Refuse a *folder* that holds no anchor of trust: it is the wrong one. None is fine.

    Raises InputError.
    """
    if folder is not None and not (folder / "trust" / "root.pem").is_file():
        expected = "the folder of the log's signed documents"
        raise InputError(str(folder), "", "no trust/root.pem in it", expected)


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved document: its case's *folder*, ``request`` or ``result``, and what the log says of the case.

    The *path* says whose signature a request must carry: the consumer's, or that of the provider's employee.
    *service* is the service's code, *number* the request number where the row has one.
    """

    folder: str
    document: str
    path: str
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
    folder, document = saved.folder, saved.document
    try:
        octets = _read(store, folder, f"{document}.json", MAX_DOCUMENT)
        signed = read_signature(_read(store, folder, f"{document}.p7s", MAX_SIGNATURE))
        verify_signature(signed, octets)
        _require_identity(store, saved, octets, signed)
        require_signing(signed.certificate)
        require_chain(signed.certificate, _trust(store, folder), moment_us)
    except _Absent as absent:
        return because(Reason.MISSING_CONTENT, f"{absent} is not among the saved documents")
    except Unacceptable as cause:
        return because(Reason.INVALID_SIGNATURE, f"{document}: {cause}")
    except Unsettled as cause:
        return because(Reason.INDETERMINATE_SIGNATURE, f"{document}: {cause}")
    except _BadName:
        return because(Reason.BAD_INPUT, "the log names a folder of documents that is not a plain name")
    return PASSED


class _BadName(Exception):  # noqa: N818 - a finding, not an error of the program
    pass


def _read(store: DocumentStore, folder: str, name: str, limit: int) -> bytes:
    """Return the octets of a saved file. Raises _BadName, _Absent, or Unacceptable if it is too large."""
    path = _inside(store, folder) / name
    try:
        if not path.resolve().is_relative_to(store.folder) or not path.is_file():
            raise _Absent(name)
        with path.open("rb") as file:
            octets = file.read(limit + 1)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        raise _Absent(name) from None
    if len(octets) > limit:
        raise Unacceptable(f"format: {name} is over {limit} octets")
    return octets


def _inside(store: DocumentStore, folder: str) -> Path:
    parts = PurePosixPath(folder).parts
    if not parts or len(parts) > 8 or not all(_PLAIN_NAME.fullmatch(part) for part in parts):
        raise _BadName
    return store.folder.joinpath(*parts)


def _trust(store: DocumentStore, folder: str) -> Trust:
    try:
        root = _read(store, "trust", "root.pem", MAX_DOCUMENT)
        bundle = _read(store, folder, "trust.pem", MAX_TRUST)
    except (_Absent, Unacceptable) as error:
        raise Unsettled(f"no readable trust: {error}") from None
    key = hashlib.sha256(root).hexdigest() + hashlib.sha256(bundle).hexdigest()
    if key not in store.remembered:
        if len(store.remembered) >= MAX_CACHED:
            store.remembered.clear()
        store.remembered[key] = read_trust(root, bundle)
    return store.remembered[key]


def _require_identity(store: DocumentStore, saved: Saved, octets: bytes, signed: SignedData) -> None:
    content = _content(octets)
    if content.get("svc") != saved.service:
        raise Unacceptable("identity: the document is about another service")
    if saved.document == "request" and saved.path == "portal":
        _require_subject(signed, NameOID.SERIAL_NUMBER, "IIN", content.get("iin"))
        return
    _require_subject(signed, NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN", content.get("prov"))
    if saved.document == "result":
        _require_answer(saved, content, _read(store, saved.folder, "request.json", MAX_DOCUMENT))


def _require_answer(saved: Saved, content: dict[str, Any], request: bytes) -> None:
    """Require that a result grants the case's own request, at the provider that was asked."""
    if content.get("req_sha256") != hashlib.sha256(request).hexdigest():
        raise Unacceptable("identity: the result answers another request")
    if content.get("prov") != _content(request).get("prov"):
        raise Unacceptable("identity: another provider was asked")
    if content.get("outcome") != "issued":
        raise Unacceptable("content: the result does not grant the request")
    if saved.number is None:
        raise Unsettled("the log names no request number to compare")
    if content.get("reg_no") != saved.number:
        raise Unacceptable("identity: the result bears another request number")


def _require_subject(signed: SignedData, oid: x509.ObjectIdentifier, prefix: str, number: Any) -> None:
    """Require that the signer's certificate holds *number*; the number itself is never repeated."""
    try:
        values = [str(a.value) for a in signed.certificate.subject.get_attributes_for_oid(oid)]
    except ODD_CERTIFICATE:
        raise Unacceptable("certificate: unreadable") from None
    if not isinstance(number, str) or not number:
        raise Unacceptable(f"identity: the document names no {prefix}")
    if [value for value in values if value.startswith(prefix)] != [prefix + number]:
        raise Unacceptable(f"identity: the {prefix} of the certificate is not that of the document")


def _content(octets: bytes) -> dict[str, Any]:
    try:
        content = json.loads(octets.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Unacceptable("format: the document is not JSON with each key once") from None
    if not isinstance(content, dict):
        raise Unacceptable("format: the document is not a JSON object")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a repeated key")
    return values
