"""A log with a reject, or read by an unconfirmed guess, does not conform, whatever the norms say."""

import pytest

from conformance import checking
from conformance.checking import CheckRequest, check_log
from conformance.pack import load_pack

CSV = "case,act,time\nc1,Send,2013-05-15T10:00:00\nc1,Register,2013-05-15T10:00:20\n"
MAPPING = """
columns: {case_id: case, activity: act, completed: time}
constants: {service: doctor-home-call, path: portal, unit: portal}
time: {resolution: 1 s, zone: Asia/Almaty}
activities: {Send: P5, Register: P6}
"""


@pytest.mark.parametrize(
    ("line", "more", "code"),
    [
        ("", "", 0),
        ("c1,Dance,2013-05-15T10:00:30\n", "", 3),
        ("c1,Dance,2013-05-15T10:00:30\n", "ignore: [Dance]\n", 0),
        ("c1,Send,soon\n", "", 3),
        ("", "unconfirmed: [Send]\n", 3),
        ("", "unconfirmed: [time.zone]\n", 3),
    ],
)
def test_what_was_not_read_or_was_guessed_is_never_green(tmp_path, monkeypatch, line, more, code):
    monkeypatch.setattr(checking, "overall", lambda *_, **__: ("conforms", 0))  # as if every norm were met
    (tmp_path / "log.csv").write_text(CSV + line)
    (tmp_path / "mapping.yaml").write_text(MAPPING + more)
    request = CheckRequest(
        log=tmp_path / "log.csv",
        pack=load_pack("astana-106-1923"),
        replay="",
        mapping=tmp_path / "mapping.yaml",
    )
    (tmp_path / "out").mkdir()
    checked = check_log(request, tmp_path / "out")
    assert checked.code == code
    assert checked.results.summary.outcome == ("incomplete" if code else "conforms")
    assert checked.results.log.rows == 2
    assert (tmp_path / "out" / "rejects.jsonl").exists() == bool(checked.results.log.rejects)
