"""The folder of a run replaces only a run, and carries over the runs that lie inside it."""

import pytest

from conformance.errors import InputError
from reports.run_folder import replaced_folder


def make_run(folder):
    folder.mkdir(parents=True)
    for name in ("manifest.json", "results.json", "log.parquet"):
        (folder / name).write_text("old")


def test_an_earlier_run_is_replaced_and_runs_inside_it_stay(tmp_path):
    make_run(tmp_path / "out")
    make_run(tmp_path / "out" / "run-mine")
    with replaced_folder(tmp_path / "out") as staged:
        (staged / "results.json").write_text("new")
    assert (tmp_path / "out" / "results.json").read_text() == "new"
    assert not (tmp_path / "out" / "log.parquet").exists()
    assert (tmp_path / "out" / "run-mine" / "results.json").read_text() == "old"
    assert [child.name for child in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "name", ["rejects.jsonl", "survey-rejects.csv", "earl.jsonld", "indicators.csv", "figures.csv"]
)
def test_every_file_of_a_run_is_known_as_its_own(tmp_path, name):
    make_run(tmp_path / "out")
    (tmp_path / "out" / name).write_text("old")
    with replaced_folder(tmp_path / "out"):
        pass
    assert list((tmp_path / "out").iterdir()) == []


def test_an_earlier_study_is_replaced_and_studies_inside_it_stay(tmp_path):
    for folder in (tmp_path / "out", tmp_path / "out" / "size-mine"):
        folder.mkdir()
        for name in ("figures.csv", "results.json", "report.html"):
            (folder / name).write_text("old")
    with replaced_folder(tmp_path / "out") as staged:
        (staged / "results.json").write_text("new")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["results.json", "size-mine"]


@pytest.mark.parametrize("name", ["documents", "log.parquet", "thesis.txt", "run-notes"])
def test_what_no_run_has_left_is_never_touched(tmp_path, name):
    mine = tmp_path / "out" / name
    mine.mkdir(parents=True)
    with (
        pytest.raises(InputError, match="a folder to write, empty or with an earlier run"),
        replaced_folder(tmp_path / "out"),
    ):
        pytest.fail("the folder was opened")
    assert mine.is_dir()


def test_a_loop_of_links_is_refused(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError), replaced_folder(tmp_path / "loop" / "out"):
        pytest.fail("the folder was opened")


def test_an_error_inside_leaves_everything_as_it_was(tmp_path):
    make_run(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt), replaced_folder(tmp_path / "out"):
        raise KeyboardInterrupt
    assert (tmp_path / "out" / "results.json").read_text() == "old"
    assert [child.name for child in tmp_path.iterdir()] == ["out"]
