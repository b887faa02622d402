"""The command `compare`: what it writes, how it ends, and what it refuses."""

import json

from reports.study_json import encode_study
from tests.reports.study_examples import ORDINARY


def test_it_writes_its_folder_and_prints_instead_if_asked(call, saved, tmp_path):
    code, told, _ = call("compare", str(saved), str(saved / "results.json"), "--out", "cmp")
    assert code == 0
    assert "Nothing is shown to be worse in B than in A." in told
    assert sorted(path.name for path in (tmp_path / "cmp").iterdir()) == [
        "compare.json",
        "report.html",
    ]
    assert json.loads((tmp_path / "cmp" / "compare.json").read_bytes())["standing"] == "nothing_worse"
    assert call("compare", str(saved), str(saved), "--out", "cmp")[0] == 0, "an earlier one is replaced"
    code, told, _ = call("compare", str(saved), str(saved), "--format", "json")
    assert (code, json.loads(told)["standing"]) == (0, "nothing_worse")
    assert not (tmp_path / "out").exists()
    assert call("compare", str(saved), str(saved), "--format", "html", "--lang", "kk")[1].startswith(
        "<!DOCTYPE"
    )


def test_it_refuses_other_kinds_other_schemas_and_a_single_run(call, saved, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "results.json").write_bytes(encode_study(ORDINARY))
    code, _, told = call("compare", str(saved), "study")
    assert code == 2
    assert "found the results of a load study, expected the results of a judged run" in told
    later = json.loads((saved / "results.json").read_bytes()) | {"schema_version": 99}
    (tmp_path / "later.json").write_text(json.dumps(later), encoding="utf-8")
    code, _, told = call("compare", str(saved), "later.json")
    assert code == 2
    assert "schema_version: found 99" in told
    assert call("compare", str(saved))[0] == 2
    assert call("compare", str(saved), "nowhere")[0] == 2
    assert call("compare", str(saved), str(saved), "--out", str(saved))[0] == 2, "it holds what is compared"
