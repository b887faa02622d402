"""Names replaced by keyed digests: equal names stay equal, and without the key nobody finds them again."""

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path

from conformance.errors import InputError
from conformance.logs.mapping import Pseudonymise

MIN_KEY = 16
MAX_KEY = 4096


def pseudonym_maker(wanted: Pseudonymise, place: str) -> Callable[[str, str], str]:
    """Return the function (column, name) -> pseudonym; a name gets another pseudonym in each column.

    Raises InputError if the key is absent, unreadable or too short. The key is kept nowhere else.
    """
    key = _key(wanted, place)

    def pseudonym(column: str, name: str) -> str:
        digest = hmac.new(key, f"{column}\0{name}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return "p" + digest.hexdigest()[:32]

    return pseudonym


def _key(wanted: Pseudonymise, place: str) -> bytes:
    if wanted.key_variable is not None:
        inside = "pseudonymise.key_variable"
        key = os.environ.get(wanted.key_variable, "").encode("utf-8", "surrogateescape")
    else:
        inside = "pseudonymise.key_file"
        key = _key_in(Path(place).parent / (wanted.key_file or ""), place)
    if len(key) < MIN_KEY:
        raise InputError(place, inside, f"a key of {len(key)} octets", f"at least {MIN_KEY}")
    return key


def _key_in(path: Path, place: str) -> bytes:
    try:
        if not path.is_file():
            raise InputError(place, "pseudonymise.key_file", "no such file", "a file with the key")
        with path.open("rb") as file:
            return file.read(MAX_KEY).strip()
    except (OSError, ValueError):
        inside = "pseudonymise.key_file"
        raise InputError(place, inside, "an unreadable file", "a file with the key") from None
