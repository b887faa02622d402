"""Requests that were accepted: a nonce or an identifier never stands for a second one.

The key is a hash over the person, the service and the nonce, never over the signature: signatures can be
rewritten without the signer. Entries are kept until no request with that nonce can be fresh any more, and are
written to a journal before the acceptance is answered, so that a restart does not open the door again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from actors import canonical_json
from actors.durable import Journal, MemoryJournal
from actors.envelopes import Request
from actors.errors import FormatError

_COMPACT_AFTER = 1_000


class _Entry(NamedTuple):
    document: str
    until_us: int


@dataclass(slots=True, repr=False)
class SeenRequests:
    """Remember accepted requests; what *journal* holds already is remembered at once.

    A journal line that cannot be read is passed over: it was never acknowledged.
    """

    journal: Journal = field(default_factory=MemoryJournal)
    _entries: dict[str, _Entry] = field(default_factory=dict)
    _dropped: int = 0

    def __post_init__(self) -> None:
        """Read the journal."""
        for line in self.journal.lines():
            self._entries.update(_read(line))

    def __len__(self) -> int:
        return len(self._entries)

    def is_taken(self, request: Request, document_sha256: str) -> bool:
        """Say whether another document was accepted with this identifier, or this person's nonce."""
        known = (self._entries.get(key) for key in _keys(request))
        return any(entry is not None and entry.document != document_sha256 for entry in known)

    def holds(self, request: Request) -> bool:
        """Say whether the request's identifier or nonce is still remembered."""
        return any(key in self._entries for key in _keys(request))

    def accept(self, request: Request, document_sha256: str, until_us: int) -> None:
        """Write down that the request was accepted; its nonce is taken until *until_us* at least."""
        keys = _keys(request)
        if all(key in self._entries for key in keys):
            return
        entry = _Entry(document_sha256, until_us)
        self.journal.append(_line(keys, entry))
        self._entries.update(dict.fromkeys(keys, entry))

    def forget(self, before_us: int) -> None:
        """Drop what was to be remembered until a moment before *before_us*."""
        for key in tuple(_outdated(self._entries, before_us)):
            del self._entries[key]
            self._dropped += 1
        if self._dropped >= _COMPACT_AFTER:
            self.journal.replace(_line((key,), entry) for key, entry in self._entries.items())
            self._dropped = 0


def _outdated(entries: dict[str, _Entry], before_us: int) -> Iterator[str]:
    """Return outdated keys from the oldest on; they were accepted in the order of time."""
    for key, entry in entries.items():
        if entry.until_us >= before_us:
            return
        yield key


def _keys(request: Request) -> tuple[str, str]:
    nonce = f"{request.iin}\0{request.service}\0{request.nonce}"
    return "n" + sha256(nonce.encode()).hexdigest(), "r" + sha256(request.id.encode()).hexdigest()


def _line(keys: tuple[str, ...], entry: _Entry) -> bytes:
    return canonical_json.encode({"doc": entry.document, "keys": list(keys), "until": entry.until_us})


def _read(line: bytes) -> dict[str, _Entry]:
    try:
        values = canonical_json.decode(line)
    except FormatError:
        return {}
    match values:
        case {"doc": str(document), "keys": [*keys], "until": int(until_us)}:
            return dict.fromkeys(map(str, keys), _Entry(document, until_us))
    return {}
