"""Reports are written together or not at all, and are the same in every process."""

import gc
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from conformance.errors import InputError
from conformance.pack import load_pack
from reports.diagram_source import source_of
from reports.files import write_together
from reports.html import render_page
from reports.page_languages import page_files
from reports.process_pictures import pack_of
from reports.saved_run import FORMATS, read_run, render, write_reports
from reports.texts import LANGUAGES, Texts
from tests.reports.examples import EXAMPLES, RICH

ROOT = Path(__file__).parents[2]
PRINT_HASHES = """
import hashlib
import tests
tests.__path__ = ["tests"]  # a library may bring a package of that name
from reports.saved_run import FORMATS, render
from tests.reports.examples import RICH
for format_ in FORMATS:
    print(format_, hashlib.sha256(render(RICH, format_, "kk").encode()).hexdigest())
"""


@pytest.mark.parametrize(
    ("name", "language", "beside"),
    [
        *((name, "ru", []) for name in EXAMPLES if name != "rich"),
        ("rich", "ru", ["en", "kk"]),
        *(("all_met", language, ["ru"]) for language in LANGUAGES if language != "ru"),
    ],
)
def test_the_files_are_written_and_can_be_made_again(name, language, beside, tmp_path, monkeypatch):
    monkeypatch.setenv("REGLAMENT_LANGUAGES", ",".join(beside))
    write_reports(EXAMPLES[name], tmp_path / "deep" / "out", language)
    out = tmp_path / "deep" / "out"
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [
            "earl.jsonld",
            "junit.xml",
            "report.html",
            *(f"report.{other}.html" for other in beside),
            "results.json",
        ]
    )
    results = read_run(out)
    assert results == EXAMPLES[name]
    for file, format_ in (
        ("earl.jsonld", "earl"),
        ("junit.xml", "junit"),
        ("results.json", "json"),
    ):
        assert (out / file).read_text(encoding="utf-8") == render(results, format_, language)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page == render_page(results, Texts(language), page_files(language), pack_of(results))


@pytest.mark.parametrize(("wanted", "files"), [("", []), ("kk, en", ["en", "kk"]), ("ru", [])])
def test_only_the_languages_that_are_wanted_are_written_beside(wanted, files, tmp_path, monkeypatch):
    monkeypatch.setenv("REGLAMENT_LANGUAGES", wanted)
    write_reports(EXAMPLES["all_met"], tmp_path, "ru")
    pages = sorted(path.name for path in tmp_path.glob("*.html"))
    assert pages == sorted([*(f"report.{each}.html" for each in files), "report.html"])
    assert ("hreflang" in (tmp_path / "report.html").read_text("utf-8")) is bool(files)
    monkeypatch.setenv("REGLAMENT_LANGUAGES", "rus")
    with pytest.raises(InputError, match=r"REGLAMENT_LANGUAGES: .*found rus.*did you mean ru"):
        write_reports(EXAMPLES["all_met"], tmp_path, "ru")


def test_each_page_leads_to_the_others_also_after_another_choice(tmp_path, monkeypatch):
    monkeypatch.delenv("REGLAMENT_LANGUAGES")
    for chosen in ("kk", "ru"):
        write_reports(EXAMPLES["all_met"], tmp_path, chosen)
        pages = sorted(path.name for path in tmp_path.glob("*.html"))
        assert pages == sorted(
            {"report.html", "report.en.html", "report.kk.html", "report.ru.html"} - {f"report.{chosen}.html"}
        )
        for page in pages:
            language = page.split(".")[1].replace("html", chosen)
            told = (tmp_path / page).read_text(encoding="utf-8")
            assert f'<html lang="{language}">' in told
            assert sorted({page, *re.findall(r'<a href="([^"#]+)" hreflang', told)}) == pages


def test_other_processes_give_the_same_bytes():
    expected = "".join(
        f"{format_} {hashlib.sha256(render(RICH, format_, 'kk').encode()).hexdigest()}\n"
        for format_ in FORMATS
    )
    environment = dict(os.environ, PYTHONHASHSEED="4242", TZ="Pacific/Apia", LC_ALL="C")
    told = subprocess.run(
        [sys.executable, "-c", PRINT_HASHES],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == expected


def test_importing_the_reports_does_not_load_what_only_pages_need():
    code = "import sys, reports.saved_run; print({'matplotlib', 'jinja2', 'numpy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


def test_a_place_that_cannot_be_written_is_told_and_left_clean(tmp_path):
    (tmp_path / "out").write_text("a file where the directory should be")
    with pytest.raises(InputError, match="expected a directory that can be written"):
        write_reports(RICH, tmp_path / "out", "en")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert gc.isenabled()


def test_nothing_is_left_behind_when_one_file_cannot_be_written(tmp_path):
    (tmp_path / ".b.part").mkdir()
    with pytest.raises(InputError):
        write_together(tmp_path, {"a": b"1", "b": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == [".b.part"]


def test_no_file_is_replaced_when_another_place_is_taken(tmp_path):
    write_together(tmp_path, {"a": b"old"})
    (tmp_path / "b").mkdir()
    with pytest.raises(InputError, match="b is a directory"):
        write_together(tmp_path, {"a": b"new", "b": b"2"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_old_files_are_replaced_whole(tmp_path):
    write_together(tmp_path, {"a": b"long old content"})
    write_together(tmp_path, {"a": b"new"})
    assert (tmp_path / "a").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_unknown_format_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"found htm, expected one of text, .*; did you mean html\?"):
        render(RICH, "htm", "en")


def test_the_text_format_takes_width_and_colour():
    assert "\x1b[" in render(RICH, "text", "en", 60, colour=True)
    assert (
        max(len(line) for line in render(RICH, "text", "en", 60).splitlines() if "replay" not in line) <= 60
    )


def test_a_saved_page_draws_the_process_of_the_regulation_and_says_if_it_cannot():
    pack = load_pack("coselog-receipt")
    provenance = msgspec.structs.replace(RICH.provenance, pack=pack.act.id, pack_sha256=pack.sha256)
    known = msgspec.structs.replace(RICH, provenance=provenance)
    drawn = render(known, "html", "kk")
    assert drawn.count('class="diagram"') == sum(
        bool(source_of(pack, service.id, path.id, Texts("kk")).steps)
        for service in pack.services
        for path in pack.paths
    )
    changed = msgspec.structs.replace(
        RICH, provenance=msgspec.structs.replace(provenance, pack_sha256="0" * 64)
    )
    unknown = msgspec.structs.replace(RICH, provenance=msgspec.structs.replace(provenance, pack="nobody"))
    for results in (changed, unknown):
        page = render(results, "html", "kk")
        assert 'class="diagram"' not in page
        assert Texts("kk").say("page.no_process") in page
