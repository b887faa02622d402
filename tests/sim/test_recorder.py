import json

from sim.recorder import Recorder

FIELDS = {
    "case_id": "case-1",
    "service": "doctor-home-call",
    "path": "portal",
    "step": "P1",
    "unit": "citizen",
    "resource": None,
    "enabled_us": 1,
    "started_us": 2,
    "completed_us": 3,
    "outcome": "ok",
    "request_number": None,
}


def test_a_row_carries_what_was_written():
    recorder = Recorder()

    recorder.write(**FIELDS, attributes={"waited_us": 1})

    (row,) = recorder.rows
    assert {name: getattr(row, name) for name in FIELDS} == FIELDS
    assert row.resolution_us == 1


def test_attributes_are_one_text_whatever_the_order_of_writing():
    recorder = Recorder()

    recorder.write(**FIELDS, attributes={"b": "ә", "a": [1, 2]})
    recorder.write(**FIELDS, attributes={"a": [1, 2], "b": "ә"})

    assert {row.attributes for row in recorder.rows} == {'{"a":[1,2],"b":"ә"}'}
    assert json.loads(recorder.rows[0].attributes) == {"a": [1, 2], "b": "ә"}


def test_rows_keep_the_order_of_writing():
    recorder = Recorder()
    for step in ("P3", "P1"):
        recorder.write(**FIELDS | {"step": step}, attributes={})

    assert [row.step for row in recorder.rows] == ["P3", "P1"]


def test_documents_are_kept_by_folder_and_name_and_none_is_not_kept():
    recorder = Recorder()

    recorder.keep("case-1", "request.json", b"{}")
    recorder.keep("case-1", "request.p7s", None)
    recorder.keep("case-2", "request.p7s", None)
    recorder.keep("case-1", "empty", b"")

    assert recorder.documents == {"case-1": {"request.json": b"{}", "empty": b""}}
