"""Small conditions of norms, read by a parser of their own: no code is ever run from a pack.

``outcome <> 'CANCELLED' and attributes.channel in ('Internet', 'Post')``

A comparison has a field on the left (a column of the log, or ``attributes.NAME``) and a literal on the
right: a text in single quotes (a quote is doubled), a number, ``true`` or ``false``. There are
``= <> < <= > >=``, ``in (...)``, ``is null``, ``is not null``, ``and``, ``or``, ``not`` and parentheses.
Logic has three values, as in SQL: null compares unknown, and so does a value of another type.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from conformance.cases import Event
from conformance.errors import UnfitValue, nearest_name
from conformance.log import COLUMNS

MAX_LENGTH = 1000
MAX_DEPTH = 20
MAX_DIGITS = 15
"""Numbers of so many digits are exact in every arithmetic that compares them."""
COLUMN_TYPES = dict(COLUMNS)
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "null", "true", "false"})
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<text>'(?:[^']|'')*')
      | (?P<number>[-+]?[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.]))
      | (?P<name>[A-Za-z_][A-Za-z0-9_:]*(?:\.[A-Za-z_][A-Za-z0-9_:-]*)?)
      | (?P<sign><>|<=|>=|=|<|>|\(|\)|,)""",
    re.VERBOSE,
)

Literal = str | int | float | bool
Truth = bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field against one literal."""

    field: str
    sign: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a field is absent."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of *part*."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """All of *parts*."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of *parts*."""

    parts: tuple["Expression", ...]


Expression = Comparison | IsNull | Not | And | Or


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@lru_cache(maxsize=1024)
def parse(text: str) -> Expression:
    """Return the expression that *text* writes.

    Raises UnfitValue with the position, what was expected there, and the nearest known field.
    """
    if len(text) > MAX_LENGTH:
        raise UnfitValue(f"an expression of {len(text)} characters", f"at most {MAX_LENGTH}")
    parser = _Parser(_tokens(text), len(text))
    expression = parser.any_of(0)
    parser.end()
    return expression


def evaluate(expression: Expression, event: Event, delivered: frozenset[str] | None = None) -> Truth:
    """Return whether *expression* holds for the row of *event*; None if its evidence is missing.

    Columns and attributes are taken as they stand: a blank text is a text. *delivered* are the fields of
    which the source can say that they are null, by default all.
    """
    return judge(expression, lambda field: raw_value(event, field), delivered)


def judge(
    expression: Expression, value: Callable[[str], Any], delivered: frozenset[str] | None = None
) -> Truth:
    """Return the three-valued truth of *expression* where *value* gives the value of each field."""
    match expression:
        case Comparison(field, sign, literal):
            return _compare(value(field), sign, literal)
        case IsNull(field):
            absent = value(field) is None
            return None if absent and delivered is not None and field not in delivered else absent
        case Not(part):
            truth = judge(part, value, delivered)
            return None if truth is None else not truth
        case And(parts):
            truths = [judge(part, value, delivered) for part in parts]
            return False if False in truths else None if None in truths else True
        case Or(parts):
            truths = [judge(part, value, delivered) for part in parts]
            return True if True in truths else None if None in truths else False


def raw_value(event: Event, field: str) -> Any:
    """Return a column, or an attribute, of the row of *event* as it stands; None if it is absent."""
    if field.startswith("attributes."):
        return (event.attributes or {}).get(field.removeprefix("attributes."))
    return getattr(event.row, field)


def comparisons_in(expression: Expression) -> tuple[Comparison | IsNull, ...]:
    """Return every comparison and question for null in *expression*, from left to right."""
    match expression:
        case Not(part):
            return comparisons_in(part)
        case And(parts) | Or(parts):
            return tuple(found for part in parts for found in comparisons_in(part))
        case _:
            return (expression,)


def _compare(value: Any, sign: str, literal: Literal) -> Truth:
    if isinstance(literal, str):
        return _ordered(value, sign, literal) if isinstance(value, str) else None
    if isinstance(literal, bool):
        return (value == literal) is (sign == "=") if isinstance(value, bool) else None
    number = _number(value)
    return None if number is None else _ordered(number, sign, float(literal))


def _ordered(value: Any, sign: str, literal: Any) -> bool:
    less, same = bool(value < literal), bool(value == literal)
    holds = {"=": same, "<>": not same, "<": less, "<=": less or same}
    holds |= {">": not (less or same), ">=": not less}
    return holds[sign]


def _number(value: Any) -> float | None:
    """Return a number as every arithmetic here compares it; None for anything else, and for infinities."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            what = "a text without its closing quote" if text[at] == "'" else repr(text[at])
            raise _unfit(what, at, "a field, a literal, a comparison, and, or, not, or parentheses")
        kind = str(match.lastgroup)
        word = match.group()
        if kind == "name" and word.lower() in _KEYWORDS:
            kind, word = "keyword", word.lower()
        if kind != "space":
            found.append(_Token(kind, word, at))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens: or, and, not, then one comparison or a parenthesis."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens = tokens
        self.place = 0
        self.length = length

    def any_of(self, depth: int) -> Expression:
        parts = [self.all_of(depth)]
        while self.took("or"):
            parts.append(self.all_of(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self, depth: int) -> Expression:
        parts = [self.negated(depth)]
        while self.took("and"):
            parts.append(self.negated(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negated(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise _unfit("too many nested levels", self.next_at(), f"at most {MAX_DEPTH}")
        if self.took("not"):
            return Not(self.negated(depth + 1))
        if self.took("("):
            inner = self.any_of(depth + 1)
            self.need(")", "a closing parenthesis")
            return inner
        return self.comparison()

    def comparison(self) -> Expression:
        field = self.field()
        if self.took("is"):
            negative = self.took("not")
            self.need("null", "null")
            return Not(IsNull(field)) if negative else IsNull(field)
        if self.took("not"):
            self.need("in", "in")
            return Not(self.among(field))
        if self.took("in"):
            return self.among(field)
        sign = self.take()
        if sign is None or sign.text not in COMPARISONS or sign.kind != "sign":
            raise self.unfit(sign, "one of " + " ".join((*COMPARISONS, "in", "is")))
        return self.compared(field, sign.text)

    def among(self, field: str) -> Expression:
        self.need("(", "an opening parenthesis")
        parts = [self.compared(field, "=")]
        while self.took(","):
            parts.append(self.compared(field, "="))
        self.need(")", "a comma or a closing parenthesis")
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def compared(self, field: str, sign: str) -> Comparison:
        at = self.next_at()
        literal = self.literal()
        if isinstance(literal, bool) and sign not in ("=", "<>"):
            raise _unfit(f"{sign} before {str(literal).lower()}", at, "= or <>")
        held = COLUMN_TYPES.get(field)
        if held is not None and (held == "VARCHAR") is not isinstance(literal, str):
            wanted = "a text in single quotes" if held == "VARCHAR" else "a number"
            raise _unfit(f"another literal for {field}", at, wanted)
        return Comparison(field, sign, literal)

    def field(self) -> str:
        token = self.take()
        if token is None or token.kind != "name":
            raise self.unfit(token, "a field")
        if token.text in COLUMN_TYPES and token.text != "attributes":
            return token.text
        if token.text.startswith("attributes."):
            return token.text
        head, dot, name = token.text.partition(".")
        nearest = nearest_name(head, COLUMN_TYPES)
        nearest = f"{nearest}.{name}" if dot and nearest == "attributes" else nearest
        expected = "a column of the log, or attributes.NAME"
        raise UnfitValue(f"the unknown field {token.text} at character {token.at + 1}", expected, nearest)

    def literal(self) -> Literal:
        token = self.take()
        if token is not None and token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token is not None and token.kind == "number":
            if sum(sign.isdigit() for sign in token.text) > MAX_DIGITS:
                raise self.unfit(token, f"a number of at most {MAX_DIGITS} digits")
            return float(token.text) if "." in token.text else int(token.text)
        if token is not None and token.text in ("true", "false"):
            return token.text == "true"
        raise self.unfit(token, "a text in single quotes, a number, true or false")

    def take(self) -> _Token | None:
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        self.place += 1
        return token

    def took(self, text: str) -> bool:
        ahead = self.tokens[self.place] if self.place < len(self.tokens) else None
        if ahead is None or ahead.kind not in ("keyword", "sign") or ahead.text != text:
            return False
        self.place += 1
        return True

    def need(self, text: str, expected: str) -> None:
        if not self.took(text):
            raise self.unfit(self.take(), expected)

    def end(self) -> None:
        token = self.take()
        if token is not None:
            raise self.unfit(token, "and, or, or the end")

    def next_at(self) -> int:
        return self.tokens[self.place].at if self.place < len(self.tokens) else self.length

    def unfit(self, token: _Token | None, expected: str) -> UnfitValue:
        if token is None:
            return _unfit("the end", self.length, expected)
        return _unfit(token.text if len(token.text) <= 40 else token.text[:37] + "...", token.at, expected)


def _unfit(found: str, at: int, expected: str) -> UnfitValue:
    return UnfitValue(f"{found} at character {at + 1}", expected)
