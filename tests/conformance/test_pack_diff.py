"""Two versions of a regulation are told apart field by field, and equal ones are equal."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from conformance.errors import InputError
from conformance.pack import PACKS, load_pack
from conformance.pack_diff import SECTIONS, Change, PackDiff, diff_packs
from conformance.pack_diff_text import compare_packs, diff_json, diff_text
from conformance.pack_field_names import field_name
from tests.conformance.small_packs import write_pack

SHIPPED = PACKS / "astana-106-1923"
STEPS = ("TAKE", "WEIGH", "PAY", "SEND")
EXCEPTION = '      - {date: "2014-05-04", opens: "08:00", closes: "20:00"'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the shipped pack to change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "pack"))


def edit(root: Path, file: str, old: str, new: str, after: str = "") -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    start = text.index(old, text.index(after))
    path.write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8")


def difference(root: Path) -> PackDiff:
    return diff_packs(load_pack("astana-106-1923"), load_pack(root))


def told(diff: PackDiff) -> list[tuple[str, str, str, list[tuple[str, str | None, str | None]]]]:
    return [(c.section, c.name, c.what, [(f.field, f.old, f.new) for f in c.fields]) for c in diff.changes]


def test_a_pack_does_not_differ_from_itself(root: Path) -> None:
    diff = difference(root)
    assert diff.changes == ()
    assert diff.same_text
    assert "No difference: the files are the same." in diff_text(diff, "en")


def test_comments_and_order_are_no_difference(root: Path) -> None:
    path = root / "defects.yaml"
    head, *entries = path.read_text(encoding="utf-8").split("\n  - id: ")
    path.write_text("\n  - id: ".join([head + "\n# a comment", *reversed(entries)]), encoding="utf-8")
    diff = difference(root)
    assert diff.changes == ()
    assert not diff.same_text
    assert "only the form of the files differs" in diff_text(diff, "en")


def test_a_corrected_limit_is_told_as_norm_and_as_cell(root: Path) -> None:
    edit(root, "tables/S2.yaml", "max_s: 90", "max_s: 60", after="step: P3")
    assert told(difference(root)) == [
        ("norms", "S2.P3.limit", "changed", [("max_s", "90", "60")]),
        ("cells", "S2 T1.c3 P3 limit", "changed", [("max_s", "90", "60")]),
    ]


def test_limits_come_first(root: Path) -> None:
    edit(root, "norms.yaml", "before_closing_s: 7200", "before_closing_s: 3600")
    edit(root, "norms.yaml", 'en: "The certified request was sent', 'en: "A request was sent')
    changes = [change for change in difference(root).changes if change.section == "norms"]
    assert [field.field for field in changes[0].fields] == ["before_closing_s"]
    assert [field.field for field in changes[-1].fields] == ["title.en"]


def test_the_effective_dates_are_told(root: Path) -> None:
    edit(root, "act.yaml", '"1.0.0"', '"1.1.0"')
    edit(root, "act.yaml", 'until: "2014-08-29"', "until: null")
    diff = difference(root)
    assert told(diff) == [
        (
            "act",
            "astana-106-1923",
            "changed",
            [("version", "1.0.0", "1.1.0"), ("in_force.until", "2014-08-29", None)],
        )
    ]
    assert "in force until (not included): 2014-08-29 -> none" in diff_text(diff, "en")


def test_days_of_a_calendar_are_told_one_by_one(root: Path) -> None:
    edit(root, "process.yaml", EXCEPTION, EXCEPTION.replace("20:00", "18:00"))
    edit(root, "process.yaml", 'date: "2014-08-30"', 'date: "2014-08-31"')
    assert [change[:3] for change in told(difference(root))] == [
        ("calendars", "provider-hours 2014-05-04", "changed"),
        ("calendars", "provider-hours 2014-08-30", "removed"),
        ("calendars", "provider-hours 2014-08-31", "added"),
    ]


def test_a_clause_a_term_and_an_assumption_are_told(root: Path) -> None:
    edit(root, "assumptions.yaml", "The provider's workplace.", "The portal.")
    edit(root, "terms.yaml", "ru: ", "ru: А")
    text = (root / "clauses" / "section-1.yaml").read_text(encoding="utf-8")
    start = text.index("en: ") + 5
    word = text[start : text.index('"', start)]
    edit(root, "clauses/section-1.yaml", word, "Something else")
    assert {change[0] for change in told(difference(root))} == {"clauses", "terms", "assumptions"}


def test_a_rule_of_the_indicators_is_told(root: Path) -> None:
    edit(root, "indicators.yaml", "dropped_after_s: 2592000", "dropped_after_s: 86400")
    assert told(difference(root)) == [
        ("indicators", "rules", "changed", [("dropped_after_s", "2592000", "86400")])
    ]


def test_another_pack_has_everything_added_and_removed(tmp_path: Path) -> None:
    bare, flowing = (load_pack(write_pack(tmp_path / name, flow=name == "b")) for name in ("a", "b"))
    diff = diff_packs(bare, flowing)
    assert [(c.section, c.name, c.what) for c in diff.changes] == [
        *(("norms", f"D.{step}.next", "added") for step in STEPS),
        *(("flow", name, "added") for name in ("D desk", *(f"D desk {step}" for step in STEPS))),
    ]
    back = diff_packs(flowing, bare)
    assert [(c.name, c.what) for c in back.changes] == [(c.name, "removed") for c in diff.changes]
    assert {change.section for change in diff_packs(load_pack("astana-106-1923"), bare).changes} <= {
        *SECTIONS
    }


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_it_is_told_in_three_languages(root: Path, language: str) -> None:
    edit(root, "tables/S2.yaml", "max_s: 90", "max_s: 60", after="step: P3")
    text = diff_text(difference(root), language)
    pack = load_pack("astana-106-1923")
    title = next(norm.title for norm in pack.norms if norm.id == "S2.P3.limit")
    assert f"  ~ S2.P3.limit: {title.in_language(language)}" in text
    assert "90 s -> 60 s" in text or "90 с -> 60 с" in text


def test_as_json_it_reads_back(root: Path) -> None:
    edit(root, "tables/S2.yaml", "max_s: 90", "max_s: 60", after="step: P3")
    diff = difference(root)
    assert msgspec.json.decode(diff_json(diff), type=PackDiff) == diff
    assert json.loads(diff_json(diff))["changes"][0]["fields"] == [
        {"field": "max_s", "old": "90", "new": "60"}
    ]


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such pack.*did you mean astana-106-1923\?"):
        compare_packs("astana-106-1923", "astana-106-1932", "text", "en")
    with pytest.raises(InputError, match=r"act\.yaml: found no such file"):
        compare_packs(str(tmp_path), "astana-106-1923", "text", "en")


def test_every_section_has_its_word() -> None:
    changes = tuple(Change(section=section, name="n", what="added") for section in SECTIONS)
    edition = difference_of_nothing().old
    for language in ("en", "ru", "kk"):
        diff_text(PackDiff(old=edition, new=edition, changes=changes), language)


def difference_of_nothing() -> PackDiff:
    pack = load_pack("astana-106-1923")
    return diff_packs(pack, pack)


@pytest.mark.parametrize(
    ("path", "ru", "kk"),
    [
        ("allowed", "допустимые шаги", "рұқсат етілген қадамдар"),
        ("closed", "закрыто", "жабық"),
        ("note", "примечание", "ескертпе"),
        ("next", "далее", "келесі"),
        ("readings.1.note.kk", "прочтения.1.примечание.kk", "оқылулары.1.ескертпе"),
        ("nothing.known", "nothing.known", "nothing.known"),
    ],
)
def test_keys_are_words_of_the_language(path: str, ru: str, kk: str) -> None:
    assert field_name(path, "ru") == ru
    assert field_name(path, "kk") == kk
    assert field_name(path, "en") == path


def test_a_closed_day_is_told_in_kazakh(root: Path) -> None:
    edit(root, "process.yaml", 'date: "2014-08-30"', 'date: "2014-08-31"')
    text = diff_text(difference(root), "kk")
    assert "      ескертпе: " in text
    assert "      note" not in text
