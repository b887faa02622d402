"""Conditions are read strictly, answered in three values, and mean the same in SQL."""

import contextlib
import json

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.cases import Event
from conformance.errors import UnfitValue
from conformance.expression_sql import to_sql
from conformance.expressions import (
    COLUMN_TYPES,
    MAX_LENGTH,
    And,
    Comparison,
    IsNull,
    Not,
    Or,
    evaluate,
    parse,
)
from conformance.log import COLUMNS
from conformance.log_file import write_log
from conformance.log_store import opened_log
from conformance.norm_vacuity import never_true
from tests.conformance.fragments import TEN, row


def truth(text, attributes=(), **columns):
    made = row("P1", attributes=attributes, **columns)
    return evaluate(parse(text), Event(made, None if attributes is None else dict(attributes)))


@pytest.mark.parametrize(
    ("text", "attributes", "expected"),
    [
        ("outcome = 'ok'", {}, True),
        ("outcome <> 'ok'", {}, False),
        ("resource = 'anna'", {}, None),
        ("resource is null", {}, True),
        ("resource is not null", {}, False),
        ("attributes.n < 3", {"n": 2}, True),
        ("attributes.n <= 2.0", {"n": 2}, True),
        ("attributes.n > 2.5", {"n": 2.5}, False),
        ("attributes.n >= -1", {"n": -1}, True),
        ("attributes.n = 2", {"n": "2"}, None),
        ("attributes.n = '2'", {"n": 2}, None),
        ("attributes.n = 1", {"n": True}, None),
        ("attributes.free = true", {"free": True}, True),
        ("attributes.free <> true", {"free": False}, True),
        ("attributes.free = true", {"free": 1}, None),
        ("attributes.who in ('a', 'b')", {"who": "b"}, True),
        ("attributes.who in ('a', 'b')", {"who": "c"}, False),
        ("attributes.who not in ('a', 'b')", {"who": "c"}, True),
        ("attributes.who in ('a', 'b')", {}, None),
        ("attributes.who = 'it''s'", {"who": "it's"}, True),
        ("attributes.who is null", {"who": None}, True),
        ("attributes.who is null", {"who": ""}, False),
        ("attributes.who = 'a' and outcome = 'no'", {}, False),
        ("attributes.who = 'a' and outcome = 'ok'", {}, None),
        ("attributes.who = 'a' or outcome = 'ok'", {}, True),
        ("attributes.who = 'a' or outcome = 'no'", {}, None),
        ("not attributes.who = 'a'", {}, None),
        ("not (outcome = 'ok' or step = 'P1')", {}, False),
        ("outcome = 'ok' or outcome = 'x' and step = 'y'", {}, True),
        ("completed_us > 0 AND Not step In ('P2')", {}, True),
        ("attributes.list = 'a'", {"list": ["a"]}, None),
        ("attributes.list is null", {"list": []}, False),
    ],
)
def test_what_an_expression_answers(text, attributes, expected):
    assert truth(text, attributes) is expected


def test_attributes_that_were_not_delivered_are_unknown():
    assert truth("attributes.who = 'a'", None) is None
    assert truth("attributes.who is null", None) is True


def test_what_an_expression_is_made_of():
    assert parse("outcome = 'ok' and not attributes.a is null or step <> 'x'") == Or(
        (
            And((Comparison("outcome", "=", "ok"), Not(IsNull("attributes.a")))),
            Comparison("step", "<>", "x"),
        )
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "found the end at character 1, expected a field"),
        ("outcom = 'ok'", "unknown field outcom at character 1.*did you mean outcome"),
        ("attribute.x = 1", "unknown field attribute.x at character 1"),
        ("attributes = 'x'", "unknown field attributes at character 1"),
        ("attributes. = 'x'", "found '.' at character 11"),
        ("outcome == 'ok'", "found = at character 10, expected a text in single quotes"),
        ("outcome = ok", "found ok at character 11, expected a text in single quotes"),
        ('outcome = "ok"', "found '\"' at character 11"),
        ("outcome = 'ok", "closing quote at character 11"),
        ("outcome = 'ok' and", "found the end at character 19, expected a field"),
        ("outcome = 'ok' step = 'x'", "found step at character 16, expected and, or, or the end"),
        ("(outcome = 'ok'", "found the end at character 16, expected a closing parenthesis"),
        ("outcome in ()", r"found \) at character 13"),
        ("outcome is 'ok'", "found 'ok' at character 12, expected null"),
        ("attributes.x < true", "found < before true at character 16, expected = or <>"),
        ("outcome = 5", "found another literal for outcome at character 11, expected a text"),
        ("completed_us = 'x'", "found another literal for completed_us at character 16, expected a number"),
        ("attributes.x = 1234567890123456", "expected a number of at most 15 digits"),
        ("attributes.x = 1.", "found '1' at character 16"),
        ("__import__('os')", "unknown field __import__ at character 1"),
        ("step = 'a'; drop", "found ';' at character 11"),
        ("step = 'a' -- x", "found '-' at character 12"),
        ("(" * 30 + "step = 'a'" + ")" * 30, "too many nested levels"),
        ("not " * 30 + "step = 'a'", "too many nested levels"),
        ("step = 'a' or " * 80 + "step = 'b'", f"at most {MAX_LENGTH}"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text, words):
    with pytest.raises(UnfitValue, match=words):
        parse(text)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(text):
    with contextlib.suppress(UnfitValue):
        assert parse(text) is not None


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("outcome = 'a' and outcome = 'b'", True),
        ("outcome = 'a' and outcome <> 'a'", True),
        ("attributes.n > 3 and attributes.n < 2", True),
        ("attributes.n > 3 and attributes.n < 4", False),
        ("step is null", True),
        ("resource is null", False),
        ("attributes.x = 1 and attributes.x = 'a'", True),
        ("attributes.x is null and attributes.x = 1", True),
        ("outcome > 'a' and outcome < 'b'", False),
        ("not (outcome = 'a' or outcome <> 'a')", True),
        ("outcome = 'a' or attributes.n > 3", False),
    ],
)
def test_a_condition_that_no_row_can_meet_is_known(text, never):
    assert never_true(parse(text)) is never


# --- the same in SQL

FIELDS = ("outcome", "resource", "unit", "completed_us", "enabled_us", "attributes.a", "attributes.b-c")
TEXTS = st.one_of(st.sampled_from(("", "ok", "a", "b", "it's", " ", "ы")), st.text(max_size=3))
NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from((0.5, -0.5, 2.0, 10**15 - 1, -(10**14))),
    st.integers(-(10**15) + 1, 10**15 - 1),
)


@st.composite
def comparisons(draw):
    field = draw(st.sampled_from(FIELDS))
    if draw(st.booleans()):
        return IsNull(field)
    kind = COLUMN_TYPES.get(field)
    literals = {"VARCHAR": TEXTS, "BIGINT": NUMBERS}.get(kind, st.one_of(TEXTS, NUMBERS, st.booleans()))
    literal = draw(literals.filter(lambda value: value != "\x00" and "\x00" not in str(value)))
    signs = ("=", "<>") if isinstance(literal, bool) else ("=", "<>", "<", "<=", ">", ">=")
    return Comparison(field, draw(st.sampled_from(signs)), literal)


EXPRESSIONS = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=5,
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    st.sampled_from((10**18, 2**63, 2**64, -(2**63), 10**30, 1e300, -0.0)),
    TEXTS,
    st.just([]),
    st.just({"a": 1}),
)
ATTRIBUTES = st.one_of(
    st.none(), st.fixed_dictionaries({}, optional={"a": VALUES, "b-c": VALUES, "b": VALUES})
)


@st.composite
def rows(draw):
    made = []
    for number in range(draw(st.integers(1, 4))):
        clean = st.one_of(st.none(), TEXTS.map(lambda text: text.replace("\x00", "")))
        moment = st.one_of(st.none(), st.integers(TEN - 2, TEN + 2))
        made.append(
            row(
                "P1",
                draw(moment),
                draw(moment),
                case_id=f"c{number}",
                outcome=draw(clean),
                resource=draw(clean),
                attributes=draw(ATTRIBUTES),
            )
        )
    return made


@pytest.fixture(scope="module")
def database():
    with duckdb.connect(":memory:") as connection:
        columns = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS)
        connection.execute(f"CREATE TABLE events ({columns})")
        yield connection


def selected(database, terms, tail=""):
    return database.execute(f"SELECT {terms} FROM events {tail}").fetchall()  # noqa: S608 - our own terms


def asked(database, made, terms):
    database.execute("DELETE FROM events")
    place = f"({', '.join('?' * len(COLUMNS))})"
    values = [value for one in made for value in msgspec.structs.astuple(one)]
    database.execute(f"INSERT INTO events VALUES {', '.join([place] * len(made))}", values)  # noqa: S608
    return {case: tuple(rest) for case, *rest in selected(database, f"case_id, {terms}")}


@settings(deadline=None, max_examples=60)
@given(st.lists(EXPRESSIONS, min_size=1, max_size=8), rows())
def test_sql_and_plain_evaluation_agree(database, expressions, made):
    found = asked(database, made, ", ".join(map(to_sql, expressions)))
    for one in made:
        event = Event(one, None if one.attributes is None else json.loads(one.attributes))
        expected = tuple(evaluate(expression, event) for expression in expressions)
        assert found[one.case_id] == expected, (one, expressions)


def test_sql_reads_the_view_of_a_real_log(tmp_path):
    rows_ = [row("P1", attributes={"who": who}, case_id=f"c{n}") for n, who in enumerate(("it's", 5, None))]
    write_log(rows_, tmp_path / "log.parquet")
    term = to_sql(parse("attributes.who = 'it''s' and step in ('P1', 'P2')"))
    with opened_log(tmp_path / "log.parquet") as database:
        found = selected(database, term, "ORDER BY case_id")
    assert found == [(True,), (None,), (None,)]
