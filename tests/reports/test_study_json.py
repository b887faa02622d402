"""Saved studies come back the same, damage is told, and the published schema is the real one."""

import codecs
import csv
import json
import re
from pathlib import Path

import jsonschema
import msgspec
import pytest

from conformance.errors import InputError
from reports.results_json import encode_results
from reports.saved_run import read_run, render, summary_of, write_reports
from reports.study_csv import COLUMNS, figures_csv
from reports.study_json import decode_study, encode_study, is_study, study_schema_text
from reports.study_reports import write_study_reports
from tests.reports.examples import RICH
from tests.reports.study_examples import EMPTY, HOSTILE, ORDINARY, STRANGE, STUDIES, SWEEP

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "study-results.schema.json"
REGENERATE = (
    "python -c \"from reports.study_json import study_schema_text; print(study_schema_text(), end='')\""
)


def changed(change):
    data = json.loads(encode_study(SWEEP))
    change(data)
    return json.dumps(data).encode()


@pytest.mark.parametrize("name", STUDIES)
def test_results_come_back_the_same_and_fit_the_published_schema(name):
    data = encode_study(STUDIES[name])
    assert decode_study(data, "results.json") == STUDIES[name]
    assert is_study(data)
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(data), schema, jsonschema.Draft202012Validator)


def test_the_published_schema_is_the_generated_one():
    text = SCHEMA_FILE.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    assert text == study_schema_text(), f"regenerate it: {REGENERATE}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged JSON"),
        (encode_study(EMPTY)[:-40], "damaged JSON"),
        (changed(lambda d: d.update(schema_version=99)), "schema_version: found 99, expected 1"),
        (changed(lambda d: d.update(extra=1)), "unknown field `extra`"),
        (changed(lambda d: d.pop("stop")), "missing required field `stop`"),
        (changed(lambda d: d["points"][0].update(kept=1)), r"points\[0\].kept: found `int`"),
        (changed(lambda d: d["points"].append(d["points"][0])), r"points\[5\]: found x0.5 a second time"),
        (
            changed(lambda d: d["points"][1]["steps"].append(d["points"][1]["steps"][0])),
            r"points\[1\].steps\[4\]",
        ),
        (
            encode_study(msgspec.structs.replace(ORDINARY, offices=("clinic-01", "clinic-02"))),
            r"points\[0\]: found office 6, expected 0 to 1",
        ),
    ],
)
def test_damage_is_told(data, message):
    with pytest.raises(InputError, match=message):
        decode_study(data, "results.json")


def test_a_run_is_no_study_and_damage_is_none():
    assert not is_study(encode_results(RICH))
    assert not is_study(b"[" * 100_000)
    assert not is_study(b"\xff")


@pytest.mark.parametrize(("name", "wanted"), [("ordinary", ["ru"]), ("empty", []), ("strange", ["en", "ru"])])
def test_the_folder_of_a_study_is_known_and_its_reports_are_written_again(
    name, wanted, tmp_path, monkeypatch
):
    monkeypatch.setenv("REGLAMENT_LANGUAGES", ",".join(wanted))
    write_study_reports(STUDIES[name], tmp_path / "out", "kk")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    pages = {"report.html", *(f"report.{language}.html" for language in wanted)}
    assert set(before) == {"results.json", "figures.csv", *pages}
    assert before["figures.csv"] == codecs.BOM_UTF8 + figures_csv(STUDIES[name]).encode()
    results = read_run(tmp_path / "out")
    assert results == STUDIES[name]
    write_reports(results, tmp_path / "out", "kk")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    alone = render(results, "html", "kk")  # leads to no other file
    for language in wanted:
        assert f"report.{language}.html" in before["report.html"].decode()
    assert "report.ru.html" not in alone
    assert len(alone) == pytest.approx(len(before["report.html"].decode()), abs=1_000)
    assert render(results, "json", "kk").encode() == before["results.json"]
    assert summary_of(results, "kk", 80, False, "out/report.html").startswith(
        render(results, "text", "kk")[:60]
    )


def test_a_form_that_studies_do_not_have_is_refused():
    with pytest.raises(InputError, match="one of text, html, json for a load study"):
        render(ORDINARY, "junit", "en")


def test_a_run_in_a_folder_is_still_a_run(tmp_path):
    write_reports(RICH, tmp_path / "out", "en")
    assert read_run(tmp_path / "out") == RICH


def rows(results):
    return list(csv.DictReader(figures_csv(results).splitlines()))


def test_the_figures_have_a_line_for_every_step_and_point():
    found = rows(SWEEP)
    assert len(found) == sum(len(point.steps) for point in SWEEP.points)
    assert tuple(found[0]) == COLUMNS
    worst = SWEEP.points[3].steps[3]
    line = next(row for row in found if row["point"] == "x2" and row["step"] == "V5")
    assert float(line["share_within"]) == worst.share_within.value
    assert float(line["p95_high_s"]) == worst.sojourn_s.p95.high
    assert (line["late"], line["kept"], line["limit_s"]) == (str(worst.late), "not_kept", "60.0")
    assert {row["simulated"] for row in found} == {"yes"}
    assert figures_csv(EMPTY).splitlines() == [",".join(COLUMNS)]


def test_no_cell_is_a_formula():
    strange = figures_csv(STRANGE)
    assert HOSTILE.startswith("<")  # harmless by itself
    for unsafe in "=+-@":
        point = SWEEP.points[0]
        hostile = msgspec.structs.replace(
            SWEEP, points=(msgspec.structs.replace(point, label=f"{unsafe}1+1"),)
        )
        assert {row["point"] for row in rows(hostile)} == {f"'{unsafe}1+1"}
    assert not re.search(r"(?m)(^|,)[=+@]", strange)
