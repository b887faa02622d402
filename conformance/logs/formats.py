"""Which format a file is in: by its first octets, and by its name where they leave it open."""

from pathlib import Path

from conformance.errors import InputError

_HEAD = 64 * 1024
_BY_NAME = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "ocel-json",
    ".parquet": "parquet",
    ".xes": "xes",
    ".sqlite": "ocel-sqlite",
    ".sqlite3": "ocel-sqlite",
    ".db": "ocel-sqlite",
}
_EXPECTED = "a log: .csv, .jsonl, .parquet, .xes, .xes.gz, .json or .sqlite (OCEL 2.0)"


def format_of(path: Path) -> str:
    """Return the format of the log *path*, one of ``mapping.FORMATS``.

    Raises InputError for what is no readable file, or of no known format.
    """
    head = _head(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"SQLite format 3\0"):
        return "ocel-sqlite"
    if head.startswith(b"\x1f\x8b") or _starts_with(head, b"<"):
        return "xes"
    named = format_named(path)
    if named is not None:
        return named
    if not _starts_with(head, b"{"):
        raise InputError(str(path), "", "a file of an unknown format", _EXPECTED)
    return "ocel-json" if b'"objectTypes"' in head or b'"eventTypes"' in head else "jsonl"


def format_named(path: Path) -> str | None:
    """Return the format that the name of *path* promises, None if it promises none."""
    name = path.name.lower().removesuffix(".gz")
    return next((form for suffix, form in _BY_NAME.items() if name.endswith(suffix)), None)


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(str(path), "", "a directory", "an event log")
        if path.exists() and not path.is_file():
            raise InputError(str(path), "", "no regular file", "an event log")
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError) as error:
        found = str(getattr(error, "strerror", None) or "no file").lower()
        raise InputError(str(path), "", found, "a readable file") from None


def _starts_with(head: bytes, sign: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = text.replace(b"\0", b"")[2:]
    return text.lstrip(b" \t\r\n").startswith(sign)
