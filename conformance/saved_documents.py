"""A folder of saved documents, read as hostile input: plain names, inside the folder, bounded sizes.

A folder of documents holds ``trust/root.pem`` (the anchor that came with them), ``messages/`` (the gateway's
logs) and one folder for each case with ``request.json``, ``request.p7s``, ``result.json``, ``result.p7s`` and
``trust.pem``; ``query-1.json`` and so on are the queries to the registry, which the gateway's receipts alone
vouch for. An empty ``request.computed`` instead of ``request.p7s`` says that no signature was made.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography import x509

from conformance.answers import Answer
from conformance.errors import InputError
from conformance.signed_data import ODD_CERTIFICATE, SignedData, Unacceptable
from conformance.trust import RevocationList, Trust, Unsettled, read_trust

MESSAGES, TRUST = "messages", "trust"
MAX_DOCUMENT = 64 * 1024
MAX_SIGNATURE = 16 * 1024
MAX_TRUST = 16 * 1024 * 1024
SUFFIXES = ("json", "p7s", "computed")
"""The files of one document: its octets, their signature, or the word that there is none."""
QUERY_NAME = re.compile(r"(query-[1-9][0-9]{0,3})\.json")
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(slots=True)
class KnownTrust:
    """What was read of trust, once for a whole folder.

    *revoked* is what all lists of a scope say: scope -> signer -> serial number -> moment. The lists in
    *bundles* (by scope and the hash of their octets) and in *given* (those beside the pinned root, by the
    hashes of their possible issuers) are without it. *saved_lists* and *given_lists* count different ones;
    *complete*: the whole folder was read. *verified* are the last verifications, by document and moment.
    """

    revoked: dict[str, dict[bytes, dict[int, int]]] = field(default_factory=dict)
    bundles: dict[tuple[str, bytes], Trust] = field(default_factory=dict)
    given: dict[bytes, tuple[RevocationList, ...]] = field(default_factory=dict)
    saved_lists: int = 0
    given_lists: int = 0
    complete: bool = False
    verified: dict[Any, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """A folder of saved documents; bundles of trust that were read once are remembered here.

    *anchor* is a root certificate (PEM) that the reader pins, and revocation lists beside it; None: the one
    that came with the documents, which proves only that they agree among themselves.
    """

    folder: Path
    anchor: bytes | None = field(default=None, repr=False)
    known: KnownTrust = field(default_factory=KnownTrust, repr=False, compare=False)


class Absent(Exception):  # noqa: N818 - a finding, not an error of the program
    """Name a file that is not among the saved documents."""


class NotComputed(Exception):  # noqa: N818 - a finding, not an error of the program
    """Name a document whose signature was never made, only its outcome worked out."""


class BadName(Exception):  # noqa: N818 - a finding, not an error of the program
    """Say that a name is not that of a folder of documents."""


def open_documents(folder: Path, root: Path | None = None) -> DocumentStore:
    """Return the documents saved in *folder*, trusted under the certificate in the file *root* if given.

    Raises InputError if *folder* is no readable directory or *root* no file with one PEM certificate.
    """
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise InputError(str(folder), "", found, "a directory of saved documents")
    return DocumentStore(folder.resolve(), None if root is None else read_anchor(root))


def read_anchor(root: Path) -> bytes:
    """Return the PEM of the certificate to pin, with any revocation lists beside it.

    Raises InputError if *root* does not hold exactly one certificate, or is too large.
    """
    expected = "one self-signed certificate of an authority, as PEM"
    try:
        with root.open("rb") as file:
            pem = file.read(MAX_TRUST + 1)
    except OSError as error:
        raise InputError(str(root), "", str(error.strerror or error).lower(), expected) from None
    if len(pem) > MAX_TRUST:
        raise InputError(str(root), "", f"over {MAX_TRUST} octets", expected)
    try:
        read_trust(pem, b"")
    except Unsettled:
        raise InputError(str(root), "", "something else", expected) from None
    return pem


def read_saved(store: DocumentStore, folder: str, name: str, limit: int) -> bytes:
    """Return the octets of a saved file. Raises BadName, Absent, or Unacceptable if it is too large."""
    path = place_of(store, folder) / name
    try:
        if not path.resolve().is_relative_to(store.folder) or not path.is_file():
            raise Absent(name)
        with path.open("rb") as file:
            octets = file.read(limit + 1)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        raise Absent(name) from None
    if len(octets) > limit:
        raise Unacceptable(f"format: {name} is over {limit} octets")
    return octets


def read_saved_signature(store: DocumentStore, folder: str, document: str) -> bytes:
    """Return the octets of a document's signature.

    Raises NotComputed where a marker says that it was never made, otherwise as read_saved.
    """
    try:
        return read_saved(store, folder, f"{document}.p7s", MAX_SIGNATURE)
    except Absent:
        try:
            read_saved(store, folder, f"{document}.computed", 0)
        except (Absent, Unacceptable):
            pass
        else:
            raise NotComputed(document) from None
        raise


def place_of(store: DocumentStore, folder: str) -> Path:
    """Return where *folder* lies. Raises BadName unless every part of it is a plain name."""
    parts = PurePosixPath(folder).parts
    if not parts or len(parts) > 8 or not all(PLAIN_NAME.fullmatch(part) for part in parts):
        raise BadName
    return store.folder.joinpath(*parts)


def subject_values(signed: SignedData, oid: x509.ObjectIdentifier, prefix: str) -> list[str]:
    """Return the signer's attributes *oid* that begin with *prefix*. Raises Unacceptable if unreadable."""
    try:
        values = [str(a.value) for a in signed.certificate.subject.get_attributes_for_oid(oid)]
    except ODD_CERTIFICATE:
        raise Unacceptable("certificate: unreadable") from None
    return [value for value in values if value.startswith(prefix)]


def require_subject(signed: SignedData, oid: x509.ObjectIdentifier, prefix: str, number: Any) -> None:
    """Require that the signer's certificate holds *number*; the number itself is never repeated."""
    if not isinstance(number, str) or not number:
        raise Unacceptable(f"identity: the document names no {prefix}")
    if subject_values(signed, oid, prefix) != [prefix + number]:
        raise Unacceptable(f"identity: the {prefix} of the certificate is not that of the document")


def read_content(octets: bytes) -> dict[str, Any]:
    """Return the JSON object in *octets*. Raises Unacceptable for anything else, or for a repeated key."""
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
