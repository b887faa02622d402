"""A pack as text: every cell is on the page, in three languages, and a person can compare it."""

from itertools import chain

import pytest

from conformance.errors import InputError
from conformance.pack import Pack, load_pack
from conformance.pack_labels import LANGUAGES
from conformance.pack_text import describe_packs, show_pack, validate_text


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("astana-106-1923")


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_is_shown(pack: Pack, language: str) -> None:
    page = squeezed(show_pack(pack, language))
    for column in chain.from_iterable(table.columns for table in pack.tables):
        for text in (column.action.text, column.form.text):
            assert squeezed(text.in_language(language)) in page
        for printed in (column.unit.printed, column.limit.printed, column.next.printed):
            assert printed is None or f"«{squeezed(printed)}»" in page
        for cell in (column.unit, column.action, column.form, column.limit, column.next):
            assert cell.origin.source in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_registers_are_shown(pack: Pack, language: str) -> None:
    page = squeezed(show_pack(pack, language))
    for condition in pack.conditions:
        assert squeezed(condition.question.in_language(language)) in page
    for message in pack.messages:
        assert f" {message.id} {squeezed(message.document.in_language(language))} [" in page
    for milestone in pack.act.timeline:
        assert f"{milestone.date} {milestone.event.in_language(language)}" in page
    ids = [item.id for items in (pack.defects, pack.deadlines, pack.survey) for item in items]
    for name in (*ids, *(assumption.id for assumption in pack.assumptions)):
        assert f" {name} " in page
    for participant in pack.participants:
        assert squeezed(participant.name.in_language(language)) in page


def test_a_column_reads_like_the_table(pack: Pack) -> None:
    page = squeezed(show_pack(pack, "en", width=200))
    assert (
        "limit as printed «30 сек. - 1 мин.»; read as 30-60 s [printed: Annex 1, Table 1, column 1;" in page
    )
    assert "next as printed «-» (none); read as P6, by the text of 12(9) [disputed:" in page
    assert "limit nothing printed; read as not known [unknown: the cell is lost;" in page
    assert "unit as printed «ЭҮП»; read as workstation (Provider's workplace) [disputed:" in page
    assert "(strict_table): 6 (P6), 7 (P7), 8 (P8)" in page
    assert "Mon Tue Wed Thu Fri 08:00-20:00; Sat 09:00-14:00 [ASSUME-20]" in page
    assert "2014-05-04 08:00-20:00: works for Friday 2 May [" in page


@pytest.mark.parametrize("width", [0, 60, 100, 160])
def test_lines_keep_the_width_where_words_allow(pack: Pack, width: int) -> None:
    for line in show_pack(pack, "en", width).splitlines():
        assert len(line) <= max(width, 60) or "://" in line or len(line.split()) <= 2
        assert line == line.rstrip()


def test_other_languages_have_no_english_labels(pack: Pack) -> None:
    for language in ("ru", "kk"):
        page = show_pack(pack, language)
        for word in ("Column ", "as printed «", "; read as ", "Time line", "nothing printed", "[assumed"):
            assert word not in page


def test_an_unknown_language_is_refused(pack: Pack) -> None:
    with pytest.raises(InputError, match="one of en, ru, kk"):
        show_pack(pack, "kz")


def test_the_summary_counts(pack: Pack) -> None:
    text = validate_text(pack)
    assert "\n" not in text
    assert text.startswith("Pack astana-106-1923 1.0.0 is valid: 3 services;")
    assert "6 tables with 48 columns; 240 cells (114 printed, 24 reconstructed, 75 assumed," in text
    assert f"{len(pack.clauses)} clauses (" in text
    assert text.endswith(f"SHA-256 {pack.sha256}.")


def test_packs_are_described_in_one_line_each() -> None:
    assert "astana-106-1923 1.0.0" in describe_packs()
    assert "(2013-02-18 to 2014-08-29)" in describe_packs()
