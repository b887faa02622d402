"""Verify a whole folder of saved documents as a third party: every case, every message log, how they tie."""

import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from conformance.answers import because
from conformance.document_verification import (
    ANSWERS,
    Scene,
    check_of,
    queries_of,
    verify_case,
    verify_uncounted,
)
from conformance.evidence import TYPES
from conformance.log_rows import without_numbers
from conformance.message_log import Gateway, LogReading, Receipt, read_message_log
from conformance.saved_documents import (
    MAX_DOCUMENT,
    PLAIN_NAME,
    QUERY_NAME,
    SUFFIXES,
    Absent,
    DocumentStore,
    anchor_of,
    read_content,
    read_saved,
    trust_of,
)
from conformance.signed_data import Unacceptable
from conformance.trust import Unsettled, read_trust
from conformance.verdicts import Reason, Verdict
from conformance.verification_results import (
    VERIFICATION_SCHEMA_VERSION,
    DocumentCheck,
    LogCheck,
    Verification,
)

MESSAGES = "messages"
MAX_DEPTH = 6

_ROUTES = {
    ("portal", "workstation"): ("request",),
    ("workstation", "portal"): ANSWERS,
    ("workstation", "registry"): ("query",),
}
_KNOWN_FILES = {"trust.pem", *(f"{name}.{suffix}" for name in TYPES for suffix in SUFFIXES)}
_READ_WHOLE = frozenset(
    {Reason.SIGNATURE_NOT_COMPUTED, Reason.INDETERMINATE_SIGNATURE, Reason.MISSING_STEP, Reason.MISMATCH}
)


def verify_folder(store: DocumentStore) -> Verification:
    """Verify everything saved in *store*; nothing in it, however hostile, raises an error."""
    folders, strange, others = _case_folders(store.folder)
    scene = Scene(store)
    for folder in folders:
        _index(scene, folder)
    gateway, logs = _verify_logs(scene)
    documents: list[DocumentCheck] = []
    uncounted: list[DocumentCheck] = []
    for folder in folders:
        documents += verify_case(scene, folder)
        uncounted += verify_uncounted(scene, folder)
    if strange:
        unread = f"folders not looked into (links, odd names, unreadable, too deep): {strange}"
        documents.append(check_of("?", "folder", because(Reason.BAD_INPUT, unread)))
    return Verification(
        schema_version=VERIFICATION_SCHEMA_VERSION,
        anchor="saved" if store.anchor is None else "given",
        anchor_sha256=_fingerprint(store),
        gateway=gateway,
        cases=len(folders),
        documents=tuple(documents),
        uncounted=tuple(uncounted),
        logs=tuple(logs),
        other_files=others,
    )


def _case_folders(root: Path) -> tuple[list[str], int, int]:
    """Return the folders that hold files, how many have strange names, and how many files nobody looks at."""
    found: list[str] = []
    strange = others = 0
    unreadable: list[OSError] = []
    for place, folders, files in os.walk(root, onerror=unreadable.append, followlinks=False):
        relative = Path(place).relative_to(root)
        if not relative.parts:
            folders[:] = [name for name in folders if name not in {"trust", MESSAGES}]
        deep = len(relative.parts) >= MAX_DEPTH
        plain = [name for name in folders if not deep and _is_plain(Path(place, name))]
        strange += len(folders) - len(plain)
        folders[:] = sorted(plain)
        if relative.parts and files:
            found.append(relative.as_posix())
            others += sum(name not in _KNOWN_FILES and not QUERY_NAME.fullmatch(name) for name in files)
    return sorted(found), strange + len(unreadable), others


def _is_plain(folder: Path) -> bool:
    return PLAIN_NAME.fullmatch(folder.name) is not None and not folder.is_symlink()


def _index(scene: Scene, folder: str) -> None:
    for name in ("request", *ANSWERS, *queries_of(scene.store, folder)):
        try:
            octets = read_saved(scene.store, folder, f"{name}.json", MAX_DOCUMENT)
        except (Absent, Unacceptable):
            continue
        kind = name.split("-")[0]
        scene.holders.setdefault((kind, hashlib.sha256(octets).hexdigest()), folder)


def _fingerprint(store: DocumentStore) -> str:
    """Return the SHA-256 of the root certificate that was trusted, empty if there is no readable one."""
    try:
        root = read_trust(anchor_of(store), b"").root
    except Unsettled:
        return ""
    return hashlib.sha256(root.public_bytes(Encoding.DER)).hexdigest()


def _verify_logs(scene: Scene) -> tuple[str | None, list[LogCheck]]:
    """Verify every message log, and remember the first receipt of each saved document."""
    folder = scene.store.folder / MESSAGES
    names = sorted(path.stem for path in folder.glob("*.jsonl")) if folder.is_dir() else []
    scene.has_logs = bool(names)
    bin_, doubt = None, ""
    try:
        bin_ = _gateway_bin(scene.store)
    except (Absent, Unacceptable) as cause:
        doubt = f"no readable gateway.json: {cause}"
    checks = [_verify_log(scene, name, bin_, doubt) for name in names]
    # Whether a message is missing can be told only if every log was read whole.
    scene.logs_complete = all(_is_whole(check) for check in checks)
    return bin_, checks


def _is_whole(check: LogCheck) -> bool:
    return check.verdict is Verdict.PASS or check.reason in _READ_WHOLE


def _gateway_bin(store: DocumentStore) -> str:
    bin_ = read_content(read_saved(store, MESSAGES, "gateway.json", MAX_DOCUMENT)).get("bin")
    if not (isinstance(bin_, str) and len(bin_) == 12 and bin_.isascii() and bin_.isdecimal()):
        raise Unacceptable("format: not the BIN of an organisation")
    return bin_


def _verify_log(scene: Scene, name: str, bin_: str | None, doubt: str) -> LogCheck:
    reading = LogReading(because(Reason.BAD_INPUT, "not a readable file with a plain name"))
    stray: list[int] = []
    path = scene.store.folder / MESSAGES / f"{name}.jsonl"
    if PLAIN_NAME.fullmatch(name) and path.is_file() and not path.is_symlink():

        def heed(receipt: Receipt) -> None:
            if not _tie(scene, receipt):
                stray.append(1)

        with path.open("rb") as file:
            reading = read_message_log(file, _gateway(scene.store, name, bin_, doubt), heed)
    answer = reading.answer
    if stray and answer.verdict is not Verdict.FAIL:
        answer = because(
            Reason.MISMATCH, f"messages that carry what is not among the saved documents: {len(stray)}"
        )
    return LogCheck(
        name=without_numbers(name),
        verdict=answer.verdict,
        reason=answer.reason,
        detail=answer.detail,
        entries=reading.entries,
        messages=reading.messages,
        delivered=reading.delivered,
        computed=reading.computed,
    )


def _gateway(store: DocumentStore, name: str, bin_: str | None, doubt: str) -> Gateway:
    if bin_ is None:
        return Gateway("", None, doubt)
    try:
        return Gateway(bin_, trust_of(store, MESSAGES, f"{name}.pem"))
    except Unsettled as cause:
        return Gateway(bin_, None, str(cause))


def _tie(scene: Scene, receipt: Receipt) -> bool:
    """Remember the earliest proof for a saved document; tell whether the message may stand where it does."""
    kinds = _ROUTES.get((receipt.sender, receipt.receiver))
    if kinds is None:
        return True
    if not any((kind, receipt.sha256) in scene.holders for kind in kinds):
        return False
    known = scene.receipts.get(receipt.sha256)
    if known is None or (receipt.proved, -receipt.accepted_us) > (known.proved, -known.accepted_us):
        scene.receipts[receipt.sha256] = receipt
    return True
