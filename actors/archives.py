"""ZIP archives judged without trusting a word they say: counted while inflated, never beyond a limit.

Only the plain form is read: one disk, entries stored or deflated, laid one after the other with nothing
hidden between them, both headers of an entry in agreement. Any other archive is refused as broken, since two
readers could find different files in it.

Source: PKWARE APPNOTE 6.3.10, 4.3 (structure), 4.4 (fields), 4.6.9 (Unicode path).
"""

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import msgspec

MAGIC = b"PK\x03\x04"

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MAGIC, _CENTRAL_MAGIC = b"PK\x05\x06", b"PK\x01\x02"

_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13
_HAS_DESCRIPTOR = 1 << 3
_MAX_DESCRIPTOR = 16
_ZIP64, _UNICODE_PATH = 0x0001, 0x7075
_MAX_NAME = 1_024
_MANY_ENDS = 16
_TAIL = _END.size + 65_535

_DRIVE = re.compile(rb"[A-Za-z]:")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class ArchiveProblem(StrEnum):
    """Why an archive is refused."""

    BROKEN = "BROKEN"
    TOO_MANY = "TOO_MANY"
    TOO_LARGE = "TOO_LARGE"
    RATIO = "RATIO"
    BAD_NAME = "BAD_NAME"
    ENCRYPTED = "ENCRYPTED"
    LINK = "LINK"


class ArchiveRefused(Exception):  # noqa: N818 - a finding, turned into a result by whoever asked
    """Carry the reason out of the reader."""

    def __init__(self, problem: ArchiveProblem) -> None:
        self.problem = problem
        super().__init__(problem.value)


class ArchiveLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many entries an archive may have, and how large they may become; sizes in octets.

    *max_octets* is for all archives of a request together. *max_ratio* is the expanded size of an entry over
    its size in the archive.
    """

    max_entries: int = 100
    max_octets: int = 20_000_000
    max_entry_octets: int = 10_000_000
    max_ratio: int = 100

    def after(self, octets: int) -> Self:
        """Return the limits for what is left once *octets* were expanded."""
        return msgspec.structs.replace(self, max_octets=self.max_octets - octets)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    mode: int
    extra: bytes


def has_archive_end(octets: bytes) -> bool:
    """Tell whether a reader of archives would find one in *octets*, whatever they begin with."""
    first = max(0, len(octets) - _TAIL)
    at = len(octets)
    for _ in range(_MANY_ENDS):
        at = octets.rfind(_END_MAGIC, first, at)
        if at < 0:
            return False
        if at + _END.size <= len(octets):
            _, disk, first_disk, here, entries, length, start, _ = _END.unpack_from(octets, at)
            if disk == first_disk == 0 and here == entries > 0 and length > 0 and start + length <= at:
                return True
    return True  # so many are there on purpose


def read_archive(octets: bytes, limits: ArchiveLimits) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of a ZIP archive, one at a time.

    Everything that can be judged without inflating is judged first. Raises ArchiveRefused.
    """
    entries, directory = _entries(octets, limits)
    for entry in entries:
        _check_entry(entry, limits)
    if len({_text(entry.name).casefold() for entry in entries}) != len(entries):
        raise ArchiveRefused(ArchiveProblem.BAD_NAME)
    if sum(entry.size for entry in entries) > limits.max_octets:
        raise ArchiveRefused(ArchiveProblem.TOO_LARGE)
    places = _places(octets, entries, directory)
    for entry, start in zip(entries, places, strict=True):
        if not entry.name.endswith(b"/"):
            yield _text(entry.name), _inflate(octets[start : start + entry.packed], entry)


def _entries(octets: bytes, limits: ArchiveLimits) -> tuple[list[_Entry], int]:
    """Return the entries, and where their directory starts."""
    end = octets.rfind(_END_MAGIC, max(0, len(octets) - _TAIL))
    if end < 0 or end + _END.size > len(octets):
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    _, disk, first_disk, here, count, length, directory, comment = _END.unpack_from(octets, end)
    if count > limits.max_entries:
        raise ArchiveRefused(ArchiveProblem.TOO_MANY)
    plain = disk == first_disk == 0 and here == count and directory + length == end
    if not plain or end + _END.size + comment != len(octets):
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    found, at = [], directory
    for _ in range(count):
        entry, at = _central(octets, at, end)
        found.append(entry)
    if at != end:
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    return found, directory


def _central(octets: bytes, at: int, end: int) -> tuple[_Entry, int]:
    if at + _CENTRAL.size > end:
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    (
        magic, _, _, flags, method, _, _, crc, packed, size,
        name_length, extra_length, comment_length, disk, _, attributes, start,
    ) = _CENTRAL.unpack_from(octets, at)  # fmt: skip
    name_at = at + _CENTRAL.size
    extra_at = name_at + name_length
    following = extra_at + extra_length + comment_length
    if magic != _CENTRAL_MAGIC or disk or following > end:
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    entry = _Entry(
        name=octets[name_at:extra_at],
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        size=size,
        start=start,
        mode=attributes >> 16,
        extra=octets[extra_at : extra_at + extra_length],
    )
    return entry, following


def _check_entry(entry: _Entry, limits: ArchiveLimits) -> None:
    if entry.flags & _ENCRYPTED or entry.method == 99:
        raise ArchiveRefused(ArchiveProblem.ENCRYPTED)
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveRefused(ArchiveProblem.LINK)
    if not all(_is_good(name) for name in _names(entry)):
        raise ArchiveRefused(ArchiveProblem.BAD_NAME)
    is_folder = entry.name.endswith(b"/")
    if entry.method not in (_STORED, _DEFLATED) or is_folder < stat.S_ISDIR(entry.mode):
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    if is_folder and entry.size:
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    if entry.size > limits.max_entry_octets:
        raise ArchiveRefused(ArchiveProblem.TOO_LARGE)
    if entry.size > limits.max_ratio * entry.packed:
        raise ArchiveRefused(ArchiveProblem.RATIO)


def _places(octets: bytes, entries: list[_Entry], directory: int) -> list[int]:
    """Return where the content of each entry starts; nothing may overlap, and nothing hide between them."""
    places: dict[int, int] = {}
    reached, gap = 0, 0
    for entry in sorted(entries, key=lambda one: one.start):
        if not 0 <= entry.start - reached <= gap:
            raise ArchiveRefused(ArchiveProblem.BROKEN)
        places[entry.start] = _content_at(octets, entry)
        reached = places[entry.start] + entry.packed
        gap = _MAX_DESCRIPTOR if entry.flags & _HAS_DESCRIPTOR else 0
    if not 0 <= directory - reached <= gap:
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    return [places[entry.start] for entry in entries]


def _content_at(octets: bytes, entry: _Entry) -> int:
    at = entry.start + _LOCAL.size
    if at > len(octets):
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    magic, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack_from(
        octets, entry.start
    )
    agrees = magic == MAGIC and (flags, method) == (entry.flags, entry.method)
    if not entry.flags & _HAS_DESCRIPTOR:
        agrees = agrees and (crc, packed, size) == (entry.crc, entry.packed, entry.size)
    if not agrees or octets[at : at + name_length] != entry.name:
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    return at + int(name_length) + int(extra_length)


def _inflate(packed: bytes, entry: _Entry) -> bytes:
    """Return the content; one octet more than announced is as far as it is ever inflated."""
    content = packed
    if entry.method == _DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = stream.decompress(packed, entry.size + 1)
        except zlib.error:
            raise ArchiveRefused(ArchiveProblem.BROKEN) from None
        if not stream.eof or stream.unused_data:
            raise ArchiveRefused(ArchiveProblem.BROKEN)
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise ArchiveRefused(ArchiveProblem.BROKEN)
    return content


def _names(entry: _Entry) -> Iterator[bytes]:
    """Return every name that a reader could give the entry."""
    yield entry.name
    at = 0
    while at < len(entry.extra):
        if at + 4 > len(entry.extra):
            raise ArchiveRefused(ArchiveProblem.BROKEN)
        kind, length = struct.unpack_from("<2H", entry.extra, at)
        if kind == _ZIP64 or at + 4 + length > len(entry.extra):
            raise ArchiveRefused(ArchiveProblem.BROKEN)
        if kind == _UNICODE_PATH:
            yield entry.extra[at + 9 : at + 4 + length]
        at += 4 + length


def _is_good(name: bytes) -> bool:
    if len(name) > _MAX_NAME or b"\\" in name or _CONTROL.search(name) or _DRIVE.match(name):
        return False
    parts = name.removesuffix(b"/").split(b"/")
    return not any(part in (b"", b".", b"..") for part in parts)


def _text(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:  # the alphabet of an older archiver: some name, as good as any
        return name.decode("cp437")
