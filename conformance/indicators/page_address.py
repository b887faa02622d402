"""Name a page by its address without what may be personal: no user, no query, no fragment, no number."""

import re
from urllib.parse import unquote

from conformance.errors import UnfitValue
from conformance.log_rows import without_numbers

MAX_ADDRESS = 8192
MAX_PAGE = 500
MOST_DECODED = 4
"""How often an address may be percent-encoded over itself."""

EXPECTED = "the address of a page: http, https or file, or host and path"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?![0-9])(//)?")
_AUTHORITY = re.compile(r"[^/\\?#]*")
_HOST = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_AFTER_PATH = re.compile(r"[?#;]")


def page_of(address: str) -> str:
    """Return host and path of *address*, of a local file its name alone: folders are named after people.

    Path parameters (after ``;``), queries and fragments are left out, since a session or a person may
    stand there, and so is a user; the number of a person is masked, percent-encoded or not.
    Raises UnfitValue, in words that do not repeat it, for what is not the address of a page.
    """
    if len(address) > MAX_ADDRESS:
        raise UnfitValue(f"an address of {len(address)} characters", f"at most {MAX_ADDRESS}")
    scheme, rest = _split(address.strip())
    if scheme is None and rest.startswith("/"):
        host, path = "", rest
    else:
        host, path = _host(rest)
    path = _readable(path)
    if scheme == "file":
        host, path = "", re.split(r"[/\\]", path)[-1]
    page = without_numbers(host + (path or "/" if host else path))
    if not page:
        raise UnfitValue("no page in the address", EXPECTED)
    if len(page) > MAX_PAGE:
        raise UnfitValue(f"a path of {len(page)} characters", f"at most {MAX_PAGE}")
    return page


def _split(address: str) -> tuple[str | None, str]:
    """Return the scheme and what follows it; a port behind a host is not taken for one."""
    found = _SCHEME.match(address)
    if found is None:
        relative = address.startswith("//")
        return ("http", address[2:]) if relative else (None, address)
    scheme = found[1].lower()
    if scheme == "file" or (scheme in {"http", "https"} and found[2]):
        return scheme, address[found.end() :]
    raise UnfitValue("an address of another kind", EXPECTED)


def _host(rest: str) -> tuple[str, str]:
    """Return the host, with its port, and the path; a name and password before the host are dropped."""
    authority = _AUTHORITY.match(rest)
    end = authority.end() if authority is not None else 0
    host = rest[:end].rpartition("@")[2].lower()
    if host and _HOST.fullmatch(host) is None:
        raise UnfitValue("a host that is none", EXPECTED)
    return host, rest[end:]


def _readable(path: str) -> str:
    """Return *path* decoded, up to what follows it, without characters that cannot be seen."""
    for _ in range(MOST_DECODED):
        decoded = unquote(path)
        if decoded == path:
            break
        path = decoded
    else:
        raise UnfitValue("an address encoded over and over", EXPECTED)
    shown = _AFTER_PATH.split(path, maxsplit=1)[0]
    return "".join(character for character in shown if character.isprintable())
