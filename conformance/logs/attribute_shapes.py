"""One regular expression for the attributes that a log usually has: what it matches needs no closer look.

It is made of the shapes found in a sample: which keys, in which order, with which types. A text that matches
is a flat JSON object with each key once and without escapes, so it is well-formed. A text that does not match
may still be well: it is asked one by one. The expression is kept small on purpose, so that it runs fast.
"""

import json
import re
from collections.abc import Iterable

MAX_SHAPES = 64
NOTHING = "^$"
_TEXT = r'"[^"\\\x00-\x1f]*"'
_WHOLE = "-?(?:0|[1-9][0-9]*)"
_KINDS = {
    str: _TEXT,
    bool: "(?:true|false)",
    int: _WHOLE,
    float: rf"{_WHOLE}(?:\.[0-9]+)?",
    type(None): "null",
    list: rf"\[(?:{_TEXT}(?:,{_TEXT})*)?\]",
}
_KEY = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,60}\Z")


Shape = tuple[tuple[str, type], ...]


def usual_shapes(sample: Iterable[str]) -> str:
    """Return the regular expression (of RE2) for the shapes of the *sample*, in the order of first sight."""
    shapes: dict[Shape, None] = {}
    for text in sample:
        shape = _shape(text)
        if shape is not None and len(shapes) < MAX_SHAPES:
            shapes[shape] = None
    return "|".join(_pattern(shape) for shape in shapes) or NOTHING


def _shape(text: str) -> Shape | None:
    """Return keys and types of a flat object, None for whatever is not one or has odd keys."""
    try:
        pairs = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if not text.startswith("{") or not isinstance(pairs, tuple):
        return None
    keys = [key for key, _ in pairs]
    odd = len(set(keys)) < len(keys) or len(keys) > 40 or not all(map(_KEY.match, keys))
    return None if odd or any(type(value) not in _KINDS for _, value in pairs) else _kinds(pairs)


def _kinds(pairs: Iterable[tuple[str, object]]) -> Shape:
    return tuple((key, type(value)) for key, value in pairs)


def _pattern(shape: Shape) -> str:
    return r"\{" + ",".join(f'"{re.escape(key)}":{_KINDS[kind]}' for key, kind in shape) + r"\}"
