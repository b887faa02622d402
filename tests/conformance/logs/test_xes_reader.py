"""XES is read event by event, and nothing in the file can make the reader do anything else."""

import gzip

import pytest

from conformance.errors import InputError
from conformance.logs.records import Reason, Record, Reject
from conformance.logs.xes_reader import MAX_DEPTH, MAX_TOKEN, MAX_VALUE, read_xes

EVENT = '<event><string key="concept:name" value="A"/></event>'


def written(path, body, head='<?xml version="1.0" encoding="UTF-8"?>'):
    path.write_bytes(f"{head}<log xmlns='http://www.xes-standard.org/'>{body}</log>".encode())
    return path


def refused(path, *words):
    with pytest.raises(InputError) as caught:
        list(read_xes(path))
    for word in words:
        assert word in str(caught.value)


def test_events_carry_their_own_attributes_and_those_of_their_trace(tmp_path):
    body = (
        '<string key="ofTheLog" value="x"/>'
        '<global scope="event"><string key="concept:name" value="?"/></global>'
        '<trace><string key="concept:name" value="c1"/><int key="n" value="3"/>'
        '<event><date key="time:timestamp" value="2020-01-01T00:00:00+01:00"/>'
        '<boolean key="b" value="true"/><float key="f" value="1.5"/>'
        '<string key="outer" value="o"><int key="inner" value="7"/></string>'
        '<list key="l"><values><string key="x" value="in a list"/></values></list></event>'
        f"{EVENT}</trace>{EVENT}"
    )
    first, second, third = read_xes(written(tmp_path / "log.xes", body))
    assert first == Record(
        1,
        {
            "case:concept:name": "c1",
            "case:n": 3,
            "time:timestamp": "2020-01-01T00:00:00+01:00",
            "b": True,
            "f": 1.5,
            "outer": "o",
            "outer/inner": 7,
            "l/x": "in a list",
        },
    )
    assert second == Record(2, {"case:concept:name": "c1", "case:n": 3, "concept:name": "A"})
    assert third == Record(3, {"concept:name": "A"})  # an event without a trace belongs to no case


def test_a_compressed_log_is_the_same_log(tmp_path):
    plain = written(tmp_path / "log.xes", f"<trace>{EVENT * 5000}</trace>")
    packed = tmp_path / "log.xes.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read_xes(packed)) == list(read_xes(plain))


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [
        ('<string key="a" value="1"/><string key="a" value="2"/>', Reason.DUPLICATE_NAME),
        ('<string key="a"/>', Reason.BAD_RECORD),
        ('<int key="a" value="1.5"/>', Reason.BAD_VALUE),
        ('<int key="a" value="²"/>', Reason.BAD_VALUE),
        ('<float key="a" value="NaN"/>', Reason.BAD_VALUE),
        ('<float key="a" value="1e999"/>', Reason.BAD_VALUE),
        ('<boolean key="a" value="yes"/>', Reason.BAD_VALUE),
        (f'<string key="a" value="{"x" * (MAX_VALUE + 1)}"/>', Reason.TOO_LONG),
    ],
)
def test_what_cannot_be_an_attribute_rejects_its_event_alone(tmp_path, attribute, reason):
    path = written(tmp_path / "log.xes", f"<trace>{EVENT}<event>{attribute}</event>{EVENT}</trace>")
    one, two, three = read_xes(path)
    assert two == Reject(2, "", reason)
    assert (one.ordinal, three.ordinal) == (1, 3)


BOMB = '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE log SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    "head", [BOMB, EXTERNAL, '<!DOCTYPE log [<!ENTITY x SYSTEM "http://example.invalid/">]>']
)
def test_document_types_and_entities_are_refused(tmp_path, head):
    refused(written(tmp_path / "log.xes", f"<trace>{EVENT}</trace>", head), "a document type declaration")


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"", "no element found"),
        (b"<log>", "no element found"),
        (b"<log></lag>", "mismatched tag"),
        (b"<html></html>", "the element html"),
        (b"<log>\x00</log>", "not well-formed"),
        (b"<log>\xff</log>", "not well-formed"),
        (b"<log>&undefined;</log>", "undefined entity"),
        (b'<?xml version="1.0" encoding="klingon"?><log/>', "unknown encoding"),
        (b"<log>" + b"<list key='a'>" * MAX_DEPTH, "too many nested levels"),
        (b"<log a='" + b"x" * (3 * MAX_TOKEN), "a piece of more than"),
        (b"\x1f\x8b damaged", "damaged compressed data"),
        (gzip.compress(b"<log/>", mtime=0)[:-4], "damaged compressed data"),
        (b"<log><trace><event/><string key='a' value='b'/></trace></log>", "after its events"),
    ],
)
def test_what_is_not_xes_is_refused_as_a_whole(tmp_path, octets, words):
    path = tmp_path / "log.xes"
    path.write_bytes(octets)
    refused(path, words)


def test_a_file_that_explodes_when_decompressed_is_refused(tmp_path):
    path = tmp_path / "bomb.xes.gz"
    path.write_bytes(gzip.compress(b"<log>" + b" " * (40 * 1024 * 1024) + b"</log>"))
    refused(path, "grows more than")
