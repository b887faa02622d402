"""Attached files: what a request lists against what came with it, and what is fit to be passed on.

Files are known by their first octets, their names have to say the same, and nobody here opens a scan: its
decoder would be the easiest door into a portal. Archives are refused unless limits for them are given.

Source: paragraph 14(4) lets the consumer attach documents and names none (D-46); the limits are a choice.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from hashlib import sha256

import msgspec

from actors import archives
from actors.archives import ArchiveLimits, ArchiveProblem, ArchiveRefused
from actors.envelopes import AttachedFile

__all__ = [
    "ArchiveLimits",
    "AttachedFile",
    "AttachmentLimits",
    "AttachmentProblem",
    "check_attachments",
    "describe_file",
]

PDF, JPEG, PNG, TIFF, ZIP = "application/pdf", "image/jpeg", "image/png", "image/tiff", "application/zip"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (archives.MAGIC, ZIP),
)
_ENDINGS = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    TIFF: (".tif", ".tiff"),
    ZIP: (".zip",),
}
_OTHER_ARCHIVES = (
    b"PK\x05\x06",  # an empty ZIP
    b"PK\x07\x08",  # a ZIP of several volumes
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
)
_TAR_MAGIC = slice(257, 262)


class AttachmentProblem(StrEnum):
    """Why the files of a request are refused, the cheapest finding first."""

    TOO_MANY = "TOO_MANY"
    BAD_NAME = "BAD_NAME"
    REPEATED = "REPEATED"
    MISSING = "MISSING"
    UNLISTED = "UNLISTED"
    TOO_LARGE = "TOO_LARGE"
    SIZE_DIFFERS = "SIZE_DIFFERS"
    TOTAL_TOO_LARGE = "TOTAL_TOO_LARGE"
    WRONG_TYPE = "WRONG_TYPE"
    ARCHIVE_REFUSED = "ARCHIVE_REFUSED"
    HASH_DIFFERS = "HASH_DIFFERS"
    ARCHIVE_BROKEN = "ARCHIVE_BROKEN"
    ARCHIVE_TOO_MANY = "ARCHIVE_TOO_MANY"
    ARCHIVE_TOO_LARGE = "ARCHIVE_TOO_LARGE"
    ARCHIVE_RATIO = "ARCHIVE_RATIO"
    ARCHIVE_BAD_NAME = "ARCHIVE_BAD_NAME"
    ARCHIVE_ENCRYPTED = "ARCHIVE_ENCRYPTED"
    ARCHIVE_LINK = "ARCHIVE_LINK"
    ARCHIVE_NESTED = "ARCHIVE_NESTED"
    ARCHIVE_WRONG_TYPE = "ARCHIVE_WRONG_TYPE"


class AttachmentLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be attached to one request: sizes in octets; *archive* None refuses every archive.

    *max_octets* is for each file, *max_total_octets* for all together: every octet has to be hashed.
    """

    max_files: int = 10
    max_octets: int = 10_000_000
    max_total_octets: int = 20_000_000
    media: frozenset[str] = frozenset({PDF, JPEG, PNG, TIFF})
    archive: ArchiveLimits | None = None


def describe_file(name: str, content: bytes) -> AttachedFile:
    """Describe a file for the list in a request; a type that is not known is ``application/octet-stream``."""
    media = _media(content) or "application/octet-stream"
    return AttachedFile(name=name, media=media, size=len(content), sha256=sha256(content).hexdigest())


def check_attachments(
    listed: Sequence[AttachedFile], contents: Mapping[str, bytes], limits: AttachmentLimits
) -> AttachmentProblem | None:
    """Check the files that came, by name in *contents*, against those *listed* and against *limits*.

    Returns the first problem found, cheap checks before dear ones, or None. Nothing is decoded, and nothing
    inflated beyond a limit, so the time is bounded whatever came.
    """
    problem = _check_list(listed, contents, limits) or _check_sizes(listed, contents, limits)
    for check in (_check_type, _check_hash):
        for one in listed:
            if problem is not None:
                return problem
            problem = check(one, contents[one.name], limits)
    return problem or _check_archives(listed, contents, limits)


def _check_list(
    listed: Sequence[AttachedFile], contents: Mapping[str, bytes], limits: AttachmentLimits
) -> AttachmentProblem | None:
    if max(len(listed), len(contents)) > limits.max_files:
        return AttachmentProblem.TOO_MANY
    names = {one.name for one in listed}
    if not all(_is_good_name(name) for name in names):
        return AttachmentProblem.BAD_NAME
    # One file on a disk that knows no case and writes й in one way only.
    if len({unicodedata.normalize("NFKC", one.name).casefold() for one in listed}) != len(listed):
        return AttachmentProblem.REPEATED
    if not names <= contents.keys():
        return AttachmentProblem.MISSING
    if not contents.keys() <= names:
        return AttachmentProblem.UNLISTED
    return None


def _check_sizes(
    listed: Sequence[AttachedFile], contents: Mapping[str, bytes], limits: AttachmentLimits
) -> AttachmentProblem | None:
    for one in listed:
        if max(one.size, len(contents[one.name])) > limits.max_octets:
            return AttachmentProblem.TOO_LARGE
        if one.size != len(contents[one.name]):
            return AttachmentProblem.SIZE_DIFFERS
    total = sum(one.size for one in listed)
    return AttachmentProblem.TOTAL_TOO_LARGE if total > limits.max_total_octets else None


def _check_type(one: AttachedFile, content: bytes, limits: AttachmentLimits) -> AttachmentProblem | None:
    media = _media(content)
    if _is_archive(content) and (media != ZIP or limits.archive is None):
        return AttachmentProblem.ARCHIVE_REFUSED
    permitted = limits.media if limits.archive is None else limits.media | {ZIP}
    if media not in permitted or media != one.media or not _ends_as(one.name, media):
        return AttachmentProblem.WRONG_TYPE
    return None


def _check_hash(one: AttachedFile, content: bytes, limits: AttachmentLimits) -> AttachmentProblem | None:
    del limits
    differs = sha256(content).hexdigest() != one.sha256
    return AttachmentProblem.HASH_DIFFERS if differs else None


def _check_archives(
    listed: Sequence[AttachedFile], contents: Mapping[str, bytes], limits: AttachmentLimits
) -> AttachmentProblem | None:
    if limits.archive is None:
        return None
    left = limits.archive
    try:
        for one in listed:
            if one.media != ZIP:
                continue
            for name, inner in archives.read_archive(contents[one.name], left):
                problem = _check_inner(name, inner, limits)
                if problem is not None:
                    return problem
                left = left.after(len(inner))
    except ArchiveRefused as refusal:
        return _ARCHIVE_PROBLEMS[refusal.problem]
    return None


def _check_inner(name: str, inner: bytes, limits: AttachmentLimits) -> AttachmentProblem | None:
    media = _media(inner)
    if not all(_is_good_name(part) for part in name.split("/")):
        return AttachmentProblem.ARCHIVE_BAD_NAME
    if _is_archive(inner):
        return AttachmentProblem.ARCHIVE_NESTED
    if media not in limits.media - {ZIP} or not _ends_as(name, media):
        return AttachmentProblem.ARCHIVE_WRONG_TYPE
    return None


_ARCHIVE_PROBLEMS = {problem: AttachmentProblem(f"ARCHIVE_{problem}") for problem in ArchiveProblem}


def _media(content: bytes) -> str | None:
    return next((media for magic, media in _MAGIC if content.startswith(magic)), None)


def _is_archive(content: bytes) -> bool:
    # An archive is found from its end: any file can be one as well.
    if content.startswith((archives.MAGIC, *_OTHER_ARCHIVES)) or content[_TAR_MAGIC] == b"ustar":
        return True
    return archives.has_archive_end(content)


def _ends_as(name: str, media: str) -> bool:
    return name.casefold().endswith(_ENDINGS.get(media, ()))


_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def _is_good_name(name: str) -> bool:
    """Tell whether *name* is the name of a file, and of one file, on every system it could be saved on."""
    if not 0 < len(name) <= 255 or _UNFIT.search(name) or name != name.strip(". "):
        return False
    return _DEVICE.fullmatch(name) is None
