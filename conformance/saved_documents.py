"""A folder of saved documents, read as hostile input: plain names, inside the folder, bounded sizes.

A folder of documents holds ``trust/root.pem`` (the anchor that came with them), ``messages/`` (the gateway's
logs) and one folder for each case with ``request.json``, ``request.p7s``, ``result.json``, ``result.p7s`` and
``trust.pem``; ``query-1.json`` and so on are the queries to the registry, which the gateway's receipts alone
vouch for. An empty ``request.computed`` instead of ``request.p7s`` says that no signature was made.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography import x509

from conformance.errors import InputError
from conformance.signed_data import ODD_CERTIFICATE, SignedData, Unacceptable
from conformance.trust import Trust, Unsettled, read_trust

MAX_DOCUMENT = 64 * 1024
MAX_SIGNATURE = 16 * 1024
MAX_TRUST = 16 * 1024 * 1024
MAX_CACHED = 64
SUFFIXES = ("json", "p7s", "computed")
"""The files of one document: its octets, their signature, or the word that there is none."""
QUERY_NAME = re.compile(r"(query-[1-9][0-9]{0,3})\.json")
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """A folder of saved documents; bundles of trust that were read once are remembered here.

    *anchor* is a root certificate (PEM) that the reader pins; None: the one that came with the documents,
    which proves only that they agree among themselves.
    """

    folder: Path
    anchor: bytes | None = field(default=None, repr=False)
    remembered: dict[str, Trust] = field(default_factory=dict, repr=False, compare=False)


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
    """Return the PEM of the certificate to pin. Raises InputError if *root* does not hold exactly one."""
    expected = "one self-signed certificate of an authority, as PEM"
    try:
        with root.open("rb") as file:
            pem = file.read(MAX_DOCUMENT + 1)
    except OSError as error:
        raise InputError(str(root), "", str(error.strerror or error).lower(), expected) from None
    try:
        read_trust(pem[:MAX_DOCUMENT], b"")
    except Unsettled:
        raise InputError(str(root), "", "something else", expected) from None
    return pem


def anchor_of(store: DocumentStore) -> bytes:
    """Return the PEM of the root that *store* is trusted under. Raises Unsettled if there is none."""
    if store.anchor is not None:
        return store.anchor
    try:
        return read_saved(store, "trust", "root.pem", MAX_DOCUMENT)
    except (Absent, Unacceptable) as error:
        raise Unsettled(f"no readable trust: {error}") from None


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


def trust_of(store: DocumentStore, folder: str, name: str = "trust.pem") -> Trust:
    """Return the anchor with the bundle of authorities and lists saved as *name*. Raises Unsettled."""
    try:
        root, bundle = anchor_of(store), read_saved(store, folder, name, MAX_TRUST)
    except (Absent, Unacceptable) as error:
        raise Unsettled(f"no readable trust: {error}") from None
    key = hashlib.sha256(root).hexdigest() + hashlib.sha256(bundle).hexdigest()
    if key not in store.remembered:
        if len(store.remembered) >= MAX_CACHED:
            store.remembered.clear()
        store.remembered[key] = read_trust(root, bundle)
    return store.remembered[key]


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
