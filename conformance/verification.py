"""Verify a whole folder of saved documents as a third party: every case, every message log, how they tie."""

import hashlib
import re

from cryptography.hazmat.primitives.serialization import Encoding

from conformance.answers import PASSED, Answer, because
from conformance.document_verification import (
    ANSWERS,
    Scene,
    check_of,
    queries_of,
    verify_case,
    verify_uncounted,
)
from conformance.errors import printable
from conformance.folder_contents import list_contents
from conformance.log_rows import without_numbers
from conformance.message_log import Gateway, LogReading, Receipt, read_message_log
from conformance.saved_documents import (
    MAX_DOCUMENT,
    MESSAGES,
    PLAIN_NAME,
    Absent,
    DocumentStore,
    read_content,
    read_saved,
)
from conformance.saved_trust import anchor_of, trust_of, unite_lists
from conformance.signed_data import Unacceptable
from conformance.trust import Unsettled, read_trust
from conformance.verdicts import Reason, Verdict, severity
from conformance.verification_results import (
    VERIFICATION_SCHEMA_VERSION,
    DocumentCheck,
    LogCheck,
    Verification,
)

_BIN = re.compile(r"[0-9]{2}(0[1-9]|1[0-2])[4-6][0-3][0-9]{6}")
"""Year, month and kind: no number of a person has this form, whose fifth digit is at most 3."""
ROUTES = {
    ("portal", "workstation"): ("request",),
    ("workstation", "portal"): ANSWERS,
    ("workstation", "registry"): ("query",),
}
"""From whom to whom the gateway's log says that documents went, and of which kinds."""
_READ_WHOLE = frozenset(
    {Reason.SIGNATURE_NOT_COMPUTED, Reason.INDETERMINATE_SIGNATURE, Reason.MISSING_STEP, Reason.MISMATCH}
)


def verify_folder(store: DocumentStore) -> Verification:
    """Verify everything saved in *store*; nothing in it, however hostile, raises an error."""
    contents = list_contents(store.folder)
    scene = Scene(store)
    for folder in contents.cases:
        _index(scene, folder)
    gateway, logs = _verify_logs(scene)
    documents: list[DocumentCheck] = []
    uncounted: list[DocumentCheck] = []
    for folder in contents.cases:
        documents += verify_case(scene, folder)
        uncounted += verify_uncounted(scene, folder)
    if contents.strange:
        unread = f"folders not looked into (links, odd names, unreadable, too deep): {contents.strange}"
        documents.append(check_of("?", "folder", because(Reason.BAD_INPUT, unread)))
    return Verification(
        schema_version=VERIFICATION_SCHEMA_VERSION,
        anchor="saved" if store.anchor is None else "given",
        anchor_sha256=_fingerprint(store),
        saved_lists=store.known.saved_lists,
        given_lists=store.known.given_lists,
        gateway=gateway,
        cases=len(contents.cases),
        documents=tuple(documents),
        uncounted=tuple(uncounted),
        logs=tuple(logs),
        other_files=contents.other,
    )


def _index(scene: Scene, folder: str) -> None:
    for name in ("request", *ANSWERS, *queries_of(scene.store, folder)):
        try:
            octets = read_saved(scene.store, folder, f"{name}.json", MAX_DOCUMENT)
        except (Absent, Unacceptable):
            continue
        kind = name.split("-")[0]
        scene.holders.setdefault((kind, hashlib.sha256(octets).hexdigest()), folder)


def _fingerprint(store: DocumentStore) -> str:
    """Return the SHA-256 of the root certificate that was trusted, empty if there is no readable one.

    All revocation lists are read, whether or not a document asks for them: they are counted.
    """
    try:
        root = read_trust(anchor_of(store), b"").root
        unite_lists(store)
    except Unsettled:
        return ""
    return hashlib.sha256(root.public_bytes(Encoding.DER)).hexdigest()


def _verify_logs(scene: Scene) -> tuple[str | None, list[LogCheck]]:
    """Verify every message log, and remember the first receipt of each saved document."""
    folder = scene.store.folder / MESSAGES
    names = (
        sorted(path.stem for path in folder.glob("*.jsonl"))
        if folder.is_dir() and not folder.is_symlink()
        else []
    )
    scene.has_logs = bool(names)
    bin_, doubt = None, PASSED
    try:
        bin_ = _gateway_bin(scene.store)
    except Absent as absent:
        doubt = because(Reason.INDETERMINATE_SIGNATURE, f"no readable gateway.json: {absent}")
    except Unacceptable as cause:
        doubt = because(Reason.INVALID_SIGNATURE, f"gateway.json: {cause}")
    known: set[bytes] = set()
    checks = [_verify_log(scene, name, bin_, doubt, known) for name in names]
    # Whether a message is missing can be told only if every log was read whole.
    scene.logs_complete = all(_is_whole(check) for check in checks)
    return bin_, checks


def _is_whole(check: LogCheck) -> bool:
    return check.verdict is Verdict.PASS or check.reason in _READ_WHOLE


def _gateway_bin(store: DocumentStore) -> str:
    bin_ = read_content(read_saved(store, MESSAGES, "gateway.json", MAX_DOCUMENT)).get("bin")
    if not (isinstance(bin_, str) and _BIN.fullmatch(bin_)):
        raise Unacceptable("format: not the BIN of an organisation")
    return bin_


def _verify_log(scene: Scene, name: str, bin_: str | None, doubt: Answer, known: set[bytes]) -> LogCheck:
    reading = LogReading(because(Reason.BAD_INPUT, "not a readable file with a plain name"))
    stray: list[int] = []
    path = scene.store.folder / MESSAGES / f"{name}.jsonl"
    if PLAIN_NAME.fullmatch(name) and path.is_file() and not path.is_symlink():

        def heed(receipt: Receipt) -> None:
            if not _tie(scene, receipt, name):
                stray.append(1)

        with path.open("rb") as file:
            reading = read_message_log(file, _gateway(scene.store, name, bin_, doubt.detail), heed, known)
    answer = min(doubt, reading.answer, key=lambda found: severity(found.verdict))
    if stray and answer.verdict is not Verdict.FAIL:
        answer = because(
            Reason.MISMATCH, f"messages that carry what is not among the saved documents: {len(stray)}"
        )
    return LogCheck(
        name=without_numbers(printable(name)),
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


def _tie(scene: Scene, receipt: Receipt, log: str) -> bool:
    """Remember the earliest proof for a saved document; tell whether the message may stand where it does."""
    kinds = ROUTES.get((receipt.sender, receipt.receiver))
    if kinds is None:
        return True
    folders = [
        scene.holders[kind, receipt.sha256] for kind in kinds if (kind, receipt.sha256) in scene.holders
    ]
    if not folders:
        return False
    for folder in folders:
        scene.carriers.setdefault(folder, set()).add(log)
    known = scene.receipts.get(receipt.sha256)
    if known is None or (receipt.proved, -receipt.accepted_us) > (known.proved, -known.accepted_us):
        scene.receipts[receipt.sha256] = receipt
    return True
