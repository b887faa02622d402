"""Logs that are malformed by construction: a good one, and one definite defect at a drawn place."""

import gzip
import json
import math

from hypothesis import strategies as st

MAPPING = """
columns: {case_id: case, activity: act, completed: time, resource: who}
constants: {service: S1, path: portal, unit: portal}
time: {resolution: 1 s, zone: Asia/Almaty}
activities: {Send: P5, Take: P6}
attributes: {size: {column: size, type: number}}
"""
XES_MAPPING = (
    MAPPING.replace("case_id: case", 'case_id: "case:concept:name"')
    .replace("activity: act", 'activity: "concept:name"')
    .replace("completed: time", 'completed: "time:timestamp"')
)
HEADER = ("case", "act", "time", "who", "size")
ROWS = tuple(
    (f"c{n // 2}", ("Send", "Take")[n % 2], f"2020-05-05T10:{n:02}:00", "w", str(n)) for n in range(6)
)
MORE_THAN_A_LINE = 1_100_000
PERSON = "760805393806"
"""A number made up, with the form and the check digit of a real one."""

words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='",\n\r;<>&'), max_size=8)
not_text = st.sampled_from([b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"])
bad_cells = st.one_of(
    st.tuples(st.just(0), st.sampled_from(["", PERSON, f"IIN {PERSON}"])),
    st.tuples(st.just(1), words.map(lambda text: "?" + text)),
    st.tuples(st.just(2), words.map(lambda text: "x" + text)),
    st.tuples(
        st.just(2),
        st.sampled_from(
            [
                "1800-01-01",
                "2020-13-01",
                "2020-02-30T00:00:00",
                "9999-12-31T23:59:59Z",
                "2024-02-29T23:30:00",
                "0",
            ]
        ),
    ),
    st.tuples(st.just(4), words.map(lambda text: "y" + text)),
    st.tuples(st.just(4), st.sampled_from(["inf", "NaN", "1e999", "--1"])),
)
"""A column, and what cannot stand in it."""


def _rows_with(place, cell):
    rows = [list(row) for row in ROWS]
    rows[place][cell[0]] = cell[1]
    return rows


def _csv(rows, header=HEADER):
    return "".join(",".join(row) + "\n" for row in [header, *rows]).encode()


places = st.integers(0, len(ROWS) - 1)
columns = st.integers(0, len(HEADER) - 1)


@st.composite
def _csv_with_octets(draw, octets):
    """Put *octets* into a cell."""
    lines = _csv(ROWS).split(b"\n")
    line = 1 + draw(places)
    at = draw(st.integers(0, len(lines[line])))
    lines[line] = lines[line][:at] + draw(octets) + lines[line][at:]
    return b"\n".join(lines)


@st.composite
def _ragged(draw):
    rows = [list(row) for row in ROWS]
    place = draw(places)
    rows[place] = (
        rows[place][: draw(st.integers(1, 4))] if draw(st.booleans()) else [*rows[place], draw(words)]
    )
    return _csv(rows)


@st.composite
def _odd_header(draw):
    header = list(HEADER)
    place = draw(columns)
    header[place] = draw(st.sampled_from([header[place - 1], header[place] + "x", header[place].upper()]))
    return _csv(ROWS, header)


bad_csv = st.one_of(
    st.builds(lambda place, cell: _csv(_rows_with(place, cell)), places, bad_cells),
    st.builds(lambda place, cell: _csv(_rows_with(place, cell)).replace(b"\n", b"\r\n"), places, bad_cells),
    _csv_with_octets(not_text),
    _csv_with_octets(st.just(b"\x00")),
    _csv_with_octets(st.just(b'"')).map(lambda octets: octets + b'"'),
    _ragged(),
    _odd_header(),
    st.sampled_from(
        [b"", b"\n\n", b"\xef\xbb\xbf", _csv([]), _csv(ROWS).decode().encode("utf-16"), b"\x00" * 99]
    ),
    st.just(_csv(ROWS) + b"x" * MORE_THAN_A_LINE),
    st.binary(min_size=1, max_size=60),
)


def _objects(place=None, change=None):
    found = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    if place is not None:
        found[place] = change(found[place])
    return [json.dumps(one, ensure_ascii=False).encode() for one in found]


def _jsonl(lines):
    return b"".join(line + b"\n" for line in lines)


@st.composite
def _bad_line(draw):
    lines = _objects()
    place = draw(places)
    good = lines[place]
    lines[place] = draw(
        st.sampled_from(
            [
                good[:-1],
                b"[" + good + b"]",
                b"null",
                b'"x"',
                b"[" * 3000,
                good[:-1] + b',"n":NaN}',
                good[:-1] + b',"case":"c9"}',
                good[:-1] + b',"n":"\\ud800"}',
                good[:-1] + b',"n":' + b"9" * 5000 + b"}",
                good + good,
                good.replace(b'"', b"'"),
            ]
        )
        | not_text.map(lambda octets: good[:-1] + b',"n":"' + octets + b'"}')
        | st.integers(1, len(good) - 1).map(lambda at: good[:at])
    )
    return _jsonl(lines)


wrong_types = st.tuples(
    st.sampled_from(["act", "time"]),
    st.none() | st.integers() | st.booleans() | st.lists(st.integers()) | st.floats(),
).filter(lambda pair: not (isinstance(pair[1], float) and not math.isfinite(pair[1])))

bad_jsonl = st.one_of(
    st.builds(
        lambda place, cell: _jsonl(_objects(place, lambda one: one | {HEADER[cell[0]]: cell[1]})),
        places,
        bad_cells,
    ),
    st.builds(
        lambda place, pair: _jsonl(_objects(place, lambda one: one | dict([pair]))),
        places,
        wrong_types.filter(lambda pair: pair[0] == "act" or pair[1] is not None),
    ),
    st.builds(
        lambda place, name: _jsonl(_objects(place, lambda one: {k: v for k, v in one.items() if k != name})),
        places,
        st.sampled_from(["case", "act"]),
    ),
    _bad_line(),
    st.sampled_from([b"", b"\n", b"\xef\xbb\xbf", b"{}\n", b"\x00" * 99]),
    st.just(_jsonl(_objects()) + b'{"x":"' + b"x" * MORE_THAN_A_LINE + b'"}'),
    st.binary(min_size=1, max_size=60).map(lambda octets: b"{" + octets),
)


def _event(row):
    kinds = (
        ("string", "concept:name", 1),
        ("date", "time:timestamp", 2),
        ("string", "who", 3),
        ("int", "size", 4),
    )
    parts = (f'<{kind} key="{key}" value="{row[n]}"/>' for kind, key, n in kinds)
    return f"<event>{''.join(parts)}</event>"


def _xes(rows=ROWS, head=""):
    traces = "".join(
        f'<trace><string key="concept:name" value="{row[0]}"/>{_event(row)}</trace>' for row in rows
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<log>{traces}</log>'.encode()


DOCTYPES = (
    '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    '<!DOCTYPE log SYSTEM "file:///etc/hostname">',
    '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE log [<!ENTITY % p SYSTEM "http://localhost:1/x.dtd"> %p;]>',
    "<!DOCTYPE log>",
)


@st.composite
def _broken_xml(draw):
    good = _xes()
    at = draw(st.integers(1, len(good) - 1))
    return draw(
        st.sampled_from(
            [
                good[:at],
                good.replace(b"</event>", b"", 1),
                good.replace(b"<trace>", b"<trace>&nothing;", 1),
                good.replace(b"<trace>", b"<trace>\x00", 1),
                good + b"<log/>",
                good.replace(b"<log>", b"<html>").replace(b"</log>", b"</html>"),
                good.replace(b'encoding="UTF-8"', b'encoding="x-none"'),
                good.replace(b"</log>", b"<list key='a'>" * (50 + at) + b"</log>"),
                good.replace(b"</trace>", b'<string key="late" value="x"/></trace>', 1),
            ]
        )
        | not_text.map(lambda octets: good.replace(b'value="w"', b'value="' + octets + b'"', 1))
    )


_odd_attributes = st.sampled_from(
    [
        '<int key="n" value="x"/>',
        '<float key="n" value="INF"/>',
        '<boolean key="n" value="2"/>',
        '<string key="who" value="again"/>',
        '<string key="n"/>',
        f'<string key="n" value="{"x" * 300_000}"/>',
    ]
)

bad_xes = st.one_of(
    st.builds(lambda place, cell: _xes(_rows_with(place, cell)), places, bad_cells),
    st.builds(lambda head: _xes(head=head), st.sampled_from(DOCTYPES)),
    st.builds(
        lambda place, odd: _xes().replace(b"</event>", odd.encode() + b"</event>", 1 + place),
        places,
        _odd_attributes,
    ),
    _broken_xml(),
    _broken_xml().map(lambda octets: gzip.compress(octets, mtime=0)),
    st.integers(12, 150).map(lambda length: gzip.compress(_xes(), mtime=0)[:length]),
    st.sampled_from([b"", b"<", b"<log/>", b"\x1f\x8b", gzip.compress(b"", mtime=0), b"\xff\xfe<\x00"]),
    st.just(_xes()[:-6] + b'<a b="' + b"x" * (2 * MORE_THAN_A_LINE) + b'"/></log>'),
    st.binary(min_size=1, max_size=60).map(lambda octets: b"<log>" + octets + b"<"),
)
