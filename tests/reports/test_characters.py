"""Text fits its width and carries nothing that a terminal or a parser would act on."""

from hypothesis import given
from hypothesis import strategies as st

from reports.characters import display_width, flow, legal, one_line, pad, shorten

printable = st.text(st.characters(blacklist_categories=["Cs"]), max_size=60)


def test_control_characters_are_gone_and_letters_stay():
    assert legal("a\x00\x1b[31m\ud800\ufffe b\tәіңғүұқөһ") == "a[31m b\tәіңғүұқөһ"


@given(printable)
def test_one_line_is_one_harmless_line(text):
    shown = one_line(text)
    assert len(shown.splitlines()) <= 1
    assert not {c for c in shown if ord(c) < 32 or 0x7F <= ord(c) < 0xA0}
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067")


def test_width_counts_columns_not_characters():
    assert display_width("тұтынушы") == 8
    assert display_width("й") == 1  # written as a letter and a combining breve
    assert display_width("日本") == 4
    assert pad("日本", 6) == "日本  "


@given(printable, st.integers(2, 30))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text, width):
    shown = shorten(text, width)
    assert display_width(shown) <= width
    assert shown == text or shown.endswith("…")


@given(st.lists(printable.map(one_line), max_size=6), st.integers(12, 50), st.integers(0, 6))
def test_flowing_keeps_the_width_and_every_letter(chunks, width, indent):
    lines = flow(chunks, width, indent)
    assert all(display_width(line) <= width for line in lines)
    blanks = str.maketrans("", "", " ")
    assert "".join(lines).translate(blanks) == "".join(chunks).translate(blanks)


def test_chunks_stay_whole_where_they_fit():
    assert flow(["limit 60 s", "max 75 s", "3 of 120"], 24, 2) == ["limit 60 s   max 75 s", "  3 of 120"]
