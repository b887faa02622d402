"""Change saved documents after they were signed, to see whether the judge notices."""

import shutil
from pathlib import Path

from conformance.errors import InputError
from conformance.fragment_changes import EXCHANGED, TAMPERED


def save_tampered(documents: Path, folder: str, document: str) -> None:
    """Save a copy of *folder* beside it, in which one letter of *document* differs from what was signed.

    Raises InputError if the folder has no such document.
    """
    copy = documents / f"{folder}{TAMPERED}"
    try:
        shutil.copytree(documents / folder, copy, dirs_exist_ok=True)
        octets = bytearray((copy / f"{document}.json").read_bytes())
        (copy / f"{document}.json").write_bytes(_with_other_letter(octets))
    except OSError as error:
        found = str(error.strerror or error).lower()
        raise InputError(str(documents), folder, found, f"a saved {document}") from None


def save_exchanged(documents: Path, folder: str, document: str, other: str) -> None:
    """Save a copy of *folder* beside it, in which the request in the folder *other* stands as *document*.

    Raises InputError if one of the folders is not as it should be.
    """
    copy = documents / f"{folder}{EXCHANGED}"
    try:
        shutil.copytree(documents / folder, copy, dirs_exist_ok=True)
        shutil.copy(documents / other / "trust.pem", copy)
        for suffix in ("json", "p7s"):
            shutil.copy(documents / other / f"request.{suffix}", copy / f"{document}.{suffix}")
    except OSError as error:
        found = str(error.strerror or error).lower()
        raise InputError(str(documents), folder, found, "saved requests to exchange") from None


def _with_other_letter(octets: bytearray) -> bytes:
    """Return *octets* with the last letter or digit replaced by another: JSON stays JSON."""
    place = max(n for n, octet in enumerate(octets) if chr(octet).isascii() and chr(octet).isalnum())
    octets[place] = ord("1") if octets[place] != ord("1") else ord("2")
    return bytes(octets)
