"""Read and write the part of DER that signatures need, in its one permitted form only.

Whatever is read here and written again gives the same octets: lengths are definite and minimal, integers and
object identifiers are minimal, a SET OF is sorted, nothing follows the end, and times have whole seconds.

Source: ITU-T X.690 (02/2021), clauses 8, 10 and 11; RFC 5652, 11.3 for times.
"""

import datetime as dt
import itertools
from dataclasses import dataclass

from actors.errors import FormatError
from actors.moments import from_datetime, to_datetime

INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31

_FIRST_UTC_YEAR = 1950
_LAST_UTC_YEAR = 2049


def context(number: int, *, primitive: bool = False) -> int:
    """Return the identifier octet of the context-specific tag *number*, constructed unless *primitive*."""
    return (0x80 if primitive else 0xA0) + number


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its identifier octet, its contents, and all its octets as they came."""

    tag: int
    content: bytes
    octets: bytes


class Cursor:
    """Walk the elements in *octets* one after the other, each exactly once."""

    __slots__ = ("_at", "_octets")

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def more(self) -> bool:
        """Say whether anything is left."""
        return self._at < len(self._octets)

    def take(self, tag: int | None = None) -> Element:
        """Return the next element; raise FormatError if there is none or it has another *tag*."""
        element = _element_at(self._octets, self._at)
        if tag is not None and element.tag != tag:
            raise FormatError("unexpected tag")
        self._at += len(element.octets)
        return element

    def take_optional(self, tag: int) -> Element | None:
        """Return the next element if it has this *tag*, else None."""
        return self.take(tag) if self.more() and self._octets[self._at] == tag else None

    def end(self) -> None:
        """Raise FormatError if anything is left."""
        if self.more():
            raise FormatError("trailing data")


def read(octets: bytes, tag: int) -> Element:
    """Return the one element that *octets* consist of."""
    cursor = Cursor(octets)
    element = cursor.take(tag)
    cursor.end()
    return element


def read_all(octets: bytes) -> tuple[Element, ...]:
    """Return the elements that *octets* consist of."""
    cursor = Cursor(octets)
    elements = []
    while cursor.more():
        elements.append(cursor.take())
    return tuple(elements)


def read_set_of(content: bytes) -> tuple[Element, ...]:
    """Return the elements of a SET OF; raise FormatError unless they are sorted and different."""
    elements = read_all(content)
    if any(one.octets >= other.octets for one, other in itertools.pairwise(elements)):
        raise FormatError("unsorted set")
    return elements


def read_integer(element: Element) -> int:
    """Return the value of an INTEGER."""
    content = _content(element, INTEGER)
    if not content:
        raise FormatError("empty integer")
    if len(content) > 1 and (content[0], content[1] >> 7) in ((0x00, 0), (0xFF, 1)):
        raise FormatError("integer is not minimal")
    return int.from_bytes(content, "big", signed=True)


def read_oid(element: Element) -> str:
    """Return an OBJECT IDENTIFIER in dotted form."""
    content = _content(element, OBJECT_IDENTIFIER)
    if not 1 <= len(content) <= 64 or content[-1] & 0x80:
        raise FormatError("object identifier")
    arcs: list[int] = []
    arc = 0
    for octet in content:
        if arc == 0 and octet == 0x80:
            raise FormatError("object identifier is not minimal")
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def read_bit_string(element: Element) -> bytes:
    """Return a BIT STRING that consists of whole octets."""
    content = _content(element, BIT_STRING)
    if not content or content[0] != 0:
        raise FormatError("bit string")
    return content[1:]


def read_time(element: Element) -> int:
    """Return a UTCTime (1950 to 2049) or GeneralizedTime (other years) in microseconds since the epoch."""
    text = element.content.decode("latin-1")
    digits = {UTC_TIME: 12, GENERALIZED_TIME: 14}.get(element.tag)
    if digits is None or len(text) != digits + 1 or text[-1] != "Z" or not _is_digits(text[:-1]):
        raise FormatError("time")
    if element.tag == UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif _FIRST_UTC_YEAR <= int(text[:4]) <= _LAST_UTC_YEAR:
        raise FormatError("time")
    return from_datetime(_datetime(text[:-1]))


def read_generalized_time(element: Element) -> int:
    """Return a GeneralizedTime of any year, as OCSP has them, in microseconds since the epoch."""
    text = _content(element, GENERALIZED_TIME).decode("latin-1")
    if len(text) != 15 or text[-1] != "Z" or not _is_digits(text[:-1]):
        raise FormatError("time")
    return from_datetime(_datetime(text[:-1]))


def write(tag: int, *contents: bytes) -> bytes:
    """Write one element around *contents*."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 + size)) + length.to_bytes(size, "big") + content


def write_set_of(tag: int, *elements: bytes) -> bytes:
    """Write a SET OF under *tag* (SET, or an implicit tag), sorted."""
    return write(tag, *sorted(elements))


def write_integer(value: int) -> bytes:
    """Write an INTEGER."""
    magnitude = value if value >= 0 else -value - 1
    return write(INTEGER, value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True))


def write_oid(dotted: str) -> bytes:
    """Write an OBJECT IDENTIFIER from its dotted form."""
    first, second, *arcs = map(int, dotted.split("."))
    return write(OBJECT_IDENTIFIER, *map(_base128, (40 * first + second, *arcs)))


def write_bit_string(octets: bytes) -> bytes:
    """Write a BIT STRING that consists of whole octets."""
    return write(BIT_STRING, b"\x00", octets)


def write_generalized_time(moment_us: int) -> bytes:
    """Write the whole second of *moment_us* as GeneralizedTime, as OCSP wants it in any year."""
    moment = to_datetime(moment_us)
    return write(GENERALIZED_TIME, f"{moment.year:04d}{moment:%m%d%H%M%S}Z".encode())


def write_time(moment_us: int) -> bytes:
    """Write the whole second of *moment_us*: UTCTime from 1950 to 2049, else GeneralizedTime."""
    moment = to_datetime(moment_us)
    if _FIRST_UTC_YEAR <= moment.year <= _LAST_UTC_YEAR:
        day = b"%02d%02d%02d" % (moment.year % 100, moment.month, moment.day)
        return write(UTC_TIME, day, b"%02d%02d%02dZ" % (moment.hour, moment.minute, moment.second))
    return write_generalized_time(moment_us)


def _element_at(octets: bytes, at: int) -> Element:
    if len(octets) < at + 2:
        raise FormatError("truncated")
    tag, length = octets[at], octets[at + 1]
    if tag & 0x1F == 0x1F:
        raise FormatError("long tag")
    start = at + 2
    if length >= 0x80:
        start += length - 0x80
        length = _long_length(octets[at + 2 : start], length - 0x80)
    end = start + length
    if end > len(octets):
        raise FormatError("truncated")
    return Element(tag, octets[start:end], octets[at:end])


def _long_length(octets: bytes, size: int) -> int:
    if not 1 <= size <= 4 or len(octets) != size or octets[0] == 0:
        raise FormatError("length")
    length = int.from_bytes(octets, "big")
    if length < 0x80:
        raise FormatError("length is not minimal")
    return length


def _content(element: Element, tag: int) -> bytes:
    if element.tag != tag:
        raise FormatError("unexpected tag")
    return element.content


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _datetime(digits: str) -> dt.datetime:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:14])
    try:
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        raise FormatError("time") from None


def _base128(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(arc & 0x7F | 0x80)
    return bytes(reversed(octets))
