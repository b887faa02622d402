"""Measure and tame text for places that cannot take every character: terminals and markup."""

import re
import unicodedata

_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(r"[^\S\xa0]+")  # a no-break blank holds the thousands of a number together
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def legal(text: str) -> str:
    """Return *text* without the characters that XML 1.0 and HTML forbid or discourage.

    Source: XML 1.0 (fifth edition), 2.2.
    """
    return _ILLEGAL.sub("", text)


def anchor(kind: str, name: str) -> str:
    """Return an id for *name*, different for different names, of letters, digits, ``_`` and ``.`` only."""
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9]", lambda match: f"_{ord(match[0]):x}.", name)


def one_line(text: str) -> str:
    """Return *text* as one harmless line: no control characters, so no terminal escapes, single blanks."""
    return _BLANKS.sub(" ", _DIRECTIONS.sub("", legal(text))).strip()


def display_width(text: str) -> int:
    """Return how many terminal columns *text* takes."""
    return sum(_columns(character) for character in text)


def pad(text: str, width: int) -> str:
    """Return *text* with blanks up to *width* columns."""
    return text + " " * max(0, width - display_width(text))


def shorten(text: str, width: int) -> str:
    """Return *text* cut to *width* columns, with an ellipsis where something was cut."""
    if display_width(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _columns(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def flow(chunks: list[str], width: int, indent: int = 0, gap: str = "   ") -> list[str]:
    """Set *chunks* into lines of at most *width* columns, later lines indented by *indent*.

    A chunk stays whole if it fits a line of its own; otherwise its words are wrapped, and a word
    longer than a line is cut into pieces.
    """
    lines: list[str] = []
    current, room = "", width
    for chunk in chunks:
        if current and display_width(current) + len(gap) + display_width(chunk) <= room:
            current += gap + chunk
            continue
        if current:
            lines.append(current)
            room = width - indent
        *full, current = _wrap(chunk, room, width - indent)
        if full:
            lines.extend(full)
            room = width - indent
    lines.append(current)
    return [lines[0], *(" " * indent + line for line in lines[1:])]


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrap(text: str, first: int, rest: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in _pieces(text, max(2, min(first, rest))):
        room = rest if lines else first
        if current and display_width(current) + 1 + display_width(word) > room:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    return [*lines, current]


def _pieces(text: str, width: int) -> list[str]:
    """Split *text* into words, and words that are too long into pieces."""
    pieces: list[str] = []
    for word in text.split(" "):
        piece, used = "", 0
        for character in word:
            columns = _columns(character)
            if used + columns > width:
                pieces.append(piece)
                piece, used = "", 0
            piece += character
            used += columns
        pieces.append(piece)
    return pieces
