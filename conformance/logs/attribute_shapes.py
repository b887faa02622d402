"""One regular expression for the attributes that a log usually has: what it matches needs no closer look.

It is made of the shapes found in a sample: which keys, in which order, with which kinds of values. A text
that matches is a flat JSON object with each key once, without escapes and without a run of exactly twelve
digits: so it is well-formed and holds nobody's number. A text that does not match may still be well: it is
asked one by one. The expression is kept small on purpose, so that it runs fast.
"""

import json
import re
from collections.abc import Iterable

MAX_SHAPES = 64
NOTHING = r"[^\x00-\x{10FFFF}]"
_LETTER = r'[^"\\\x00-\x1f0-9]'
_WORDS = f"{_LETTER}*(?:[0-9]{{1,11}}{_LETTER}+)*"
"""Text with short numbers in it, each with something after it: two of them must not make a long one."""
_KINDS = {
    "text": f'"{_WORDS}(?:[0-9]{{1,11}})?"',
    "long number in a text": f'"{_WORDS}[0-9]{{13,40}}{_LETTER}*"',
    "true or false": "(?:true|false)",
    "number": "-?(?:0|[1-9][0-9]{0,10})",
    "long number": "-?[1-9][0-9]{12,17}",
    "fraction": r"-?(?:0|[1-9][0-9]{0,10})\.[0-9]{1,11}",
    "null": "null",
    "list": rf'\[(?:"{_LETTER}*"(?:,"{_LETTER}*")*)?\]',
}
_LONG_RUN = re.compile("[0-9]{13,40}")
_KEY = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,60}\Z")


Shape = tuple[tuple[str, str], ...]


def usual_shapes(sample: Iterable[str]) -> str:
    """Return the regular expression (of RE2) for the shapes of the *sample*, in the order of first sight."""
    shapes: dict[Shape, None] = {}
    for text in sample:
        shape = _shape(text)
        if shape is not None and len(shapes) < MAX_SHAPES:
            shapes[shape] = None
    return "|".join(map(_pattern, shapes)) or NOTHING


def _shape(text: str) -> Shape | None:
    """Return keys and kinds of a flat object, None for whatever is not one or has odd keys."""
    try:
        pairs = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if not text.startswith("{") or not isinstance(pairs, tuple):
        return None
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys) or len(keys) > 40 or not all(map(_KEY.match, keys)):
        return None
    return tuple((key, _kind(value)) for key, value in pairs)


def _kind(value: object) -> str:
    """Return the kind of a value; what is of none gets one that matches little."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "number" if abs(value) < 10**11 else "long number"
    if isinstance(value, float):
        return "fraction"
    if isinstance(value, str):
        return "long number in a text" if _LONG_RUN.search(value) else "text"
    return "list"


def _pattern(shape: Shape) -> str:
    return r"\{" + ",".join(f'"{re.escape(key)}":{_KINDS[kind]}' for key, kind in shape) + r"\}"
