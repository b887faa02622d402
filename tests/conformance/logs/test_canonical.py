"""The verification by SQL and the check row by row say the same of every log."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.errors import InputError
from conformance.log import Row
from conformance.log_file import read_log, write_log
from conformance.log_rows import EARLIEST_US, LATEST_US
from conformance.logs.canonical import settle
from tests.conformance.fragments import route, row

PERSON = "760805393806"
texts = st.sampled_from(["", "a", "портал", PERSON, f"x {PERSON}-1", "760805393807", f"a{PERSON}", "x" * 20])
attributes = st.none() | st.sampled_from(
    [
        "{}",
        '{"a":1}',
        '{"a":1,"a":2}',
        '{"a":1,"b":{"c":1,"c":2}}',
        '{"a":NaN}',
        '{"a":01}',
        '{"a":[1,{"b":2}]}',
        '{"a":"\\u0041"}',
        '{"a":' + PERSON + "}",
        f'{{"a":"{PERSON}"}}',
        f'{{"a":"nr {PERSON}, x"}}',
        '{"a":1368590500677196,"b":"T-31305150000001"}',
        '{"a":["x","y"],"b":true,"c":null,"d":1.5}',
        '{"a":1} ',
        ' {"a":1}',
        '{"a":1}x',
        "[1]",
        "",
        '{"a":"' + "x" * 4_000 + '"}',
    ]
)
moments = st.none() | st.sampled_from([EARLIEST_US - 1, EARLIEST_US, LATEST_US, LATEST_US + 1, 0])
rows = st.lists(
    st.builds(
        Row,
        case_id=texts,
        service=st.just("S1"),
        path=st.just("portal"),
        step=texts,
        unit=st.just("u"),
        resource=st.none() | texts,
        enabled_us=moments,
        started_us=moments,
        completed_us=moments,
        resolution_us=st.sampled_from([0, 1, 10**15]),
        outcome=st.none() | texts,
        request_number=st.none() | texts,
        attributes=attributes,
    )
    | attributes.map(lambda text: msgspec.structs.replace(row("P1"), attributes=text)),
    min_size=1,
    max_size=3,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows)
def test_a_log_is_settled_if_and_only_if_every_row_is_well(tmp_path, rows):
    log, to = tmp_path / "log.parquet", tmp_path / "to.parquet"
    write_log(rows, log)
    try:
        count = len(read_log(log))
    except InputError:
        with pytest.raises(InputError, match=r"row \d"):
            settle(log, to)
    else:
        assert settle(log, to) == count
        assert to.read_bytes() == log.read_bytes()


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', f'{{"a":"{PERSON}"}}', '{"a":NaN}'])
def test_bad_attributes_are_found_however_usual_they_are(tmp_path, text):
    bad = [msgspec.structs.replace(one, attributes=text) for one in route("P1", "P3", "P5")]
    write_log([*route("P1", "P3", case_id="a"), *bad], tmp_path / "log.parquet")
    with pytest.raises(InputError, match="row 3, attributes"):
        settle(tmp_path / "log.parquet", tmp_path / "to.parquet")
