"""The trust saved with documents: an anchor, a bundle for each case, and what further lists revoke.

Whoever puts together a folder chooses which lists lie beside a case. So what any properly signed list of the
same history says counts as well. Each play of a simulation is a history of its own: a certificate revoked in
one is good in the next. To one history belong a message log with its bundle, the cases that it carried, and
those named after it (``NAME-1``). Lists beside the pinned root, and those that lie in no case, such as in
``trust/``, count for every document.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from cryptography.hazmat.primitives import hashes

from conformance.saved_documents import (
    MAX_DOCUMENT,
    MAX_TRUST,
    MESSAGES,
    TRUST,
    Absent,
    DocumentStore,
    read_saved,
)
from conformance.signed_data import Unacceptable
from conformance.trust import RevocationList, Trust, Unsettled, read_lists, read_trust, with_lists

MAX_CACHED = 1_024
EVERYWHERE = ""
"""The scope of lists that count for every document."""
_NUMBERED = re.compile(r"(.+)-[0-9]+")


def anchor_of(store: DocumentStore) -> bytes:
    """Return the PEM of the root that *store* is trusted under. Raises Unsettled if there is none."""
    if store.anchor is not None:
        return store.anchor
    try:
        return read_saved(store, "trust", "root.pem", MAX_DOCUMENT)
    except (Absent, Unacceptable) as error:
        raise Unsettled(f"no readable trust: {error}") from None


def trust_of(
    store: DocumentStore, folder: str, name: str = "trust.pem", carriers: Iterable[str] = ()
) -> Trust:
    """Return the anchor with the bundle saved as *name*, and what further lists revoke. Raises Unsettled.

    *carriers* are the message logs that carried the folder's documents.
    """
    try:
        root, bundle = anchor_of(store), read_saved(store, folder, name, MAX_TRUST)
    except (Absent, Unacceptable) as error:
        raise Unsettled(f"no readable trust: {error}") from None
    unite_lists(store)
    scope = _scope_of(PurePosixPath(folder, name))
    trust = _read(store, root, bundle, scope)
    known = store.known.revoked
    scopes = sorted({EVERYWHERE, scope, *carriers} & known.keys())
    return replace(trust, revoked=tuple(known[one] for one in scopes))


def unite_lists(store: DocumentStore) -> None:
    """Read every list in the folder and beside the anchor, once. Raises Unsettled without an anchor."""
    root, known = anchor_of(store), store.known
    if known.complete:
        return
    saved: set[tuple[object, ...]] = set()
    given: set[tuple[object, ...]] = set()
    for bundle, scope in _bundles(store.folder):
        trust = _read(store, root, bundle, scope)
        beside = _given_lists(store, root, trust)
        given.update(map(_identity, beside))
        saved.update(map(_identity, trust.lists[: len(trust.lists) - len(beside)]))
    known.saved_lists, known.given_lists, known.complete = len(saved), len(given), True


def _scope_of(path: PurePosixPath) -> str:
    """Return the history to which a bundle belongs, by its place in the folder."""
    folder = path.parent
    if folder == PurePosixPath(MESSAGES):
        return path.stem
    if path.name != "trust.pem" or folder.name in {"", TRUST}:
        return EVERYWHERE
    numbered = _NUMBERED.fullmatch(folder.name)
    return numbered[1] if numbered else folder.name


def _identity(known: RevocationList) -> tuple[object, ...]:
    return known.signer, known.number, known.base, known.this_update_us


def _read(store: DocumentStore, root: bytes, bundle: bytes, scope: str) -> Trust:
    """Return the trust of *bundle*; the lists beside the anchor stand last."""
    bundles, key = store.known.bundles, (scope, hashlib.sha256(bundle).digest())
    if key not in bundles:
        if len(bundles) >= MAX_CACHED:
            del bundles[next(iter(bundles))]
        trust = read_trust(root, bundle)
        trust = replace(trust, lists=_unite(store, trust.lists, scope))
        bundles[key] = with_lists(trust, _given_lists(store, root, trust))
    return bundles[key]


def _given_lists(store: DocumentStore, root: bytes, trust: Trust) -> tuple[RevocationList, ...]:
    if store.anchor is None:
        return ()
    issuers = (trust.root, *trust.issuers)
    key = b"".join(sorted(issuer.fingerprint(hashes.SHA256()) for issuer in issuers))
    if key not in store.known.given:
        store.known.given[key] = _unite(store, read_lists(root, issuers), EVERYWHERE)
    return store.known.given[key]


def _unite(store: DocumentStore, lists: Iterable[RevocationList], scope: str) -> tuple[RevocationList, ...]:
    """Add what *lists* say to what is revoked in *scope*; return them without it, to save memory."""
    revoked = store.known.revoked.setdefault(scope, {})
    emptied = []
    for known in lists:
        united = revoked.setdefault(known.signer, {})
        for serial, since_us in known.revoked.items():
            united[serial] = min(since_us, united.get(serial, since_us))
        emptied.append(replace(known, revoked={}))
    return tuple(emptied)


def _bundles(folder: Path) -> Iterator[tuple[bytes, str]]:
    """Yield each readable bundle of the folder with its scope; links lead nowhere."""
    for place, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for path in (Path(place, name) for name in sorted(files) if name.endswith(".pem")):
            if octets := _octets(path):
                yield octets, _scope_of(PurePosixPath(path.relative_to(folder).as_posix()))


def _octets(path: Path) -> bytes:
    """Return what a plain file holds, nothing if it is none, cannot be read or is too large."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return b""
        with path.open("rb") as file:
            octets = file.read(MAX_TRUST + 1)
    except OSError:
        return b""
    return octets if len(octets) <= MAX_TRUST else b""
