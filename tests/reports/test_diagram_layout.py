"""The law of the layout, over the shipped packs and over processes drawn at random."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.pack import available_packs, load_pack
from reports.diagram_layout import OURS, TOOLS, lay_out
from reports.diagram_making import diagram_of
from reports.diagram_text import text_width, wrap
from reports.texts import LANGUAGES, Texts
from tests.reports.drawn_processes import WORDS, diagrams
from tests.reports.layout_law import check, shared_stretches

PACKS = {name: load_pack(name) for name in available_packs()}
ROUTES = [
    (name, service.id, path.id)
    for name, pack in PACKS.items()
    for service in pack.services
    for path in pack.paths
]
MEASURED = ("n = 1,234,567, median 12 min 34.5 s", "95 %: 1 h 2 min 3 s", "1,234,567 of 1,234,567 kept")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("pack", "service", "path"), ROUTES)
def test_the_shipped_processes_keep_the_law(pack, service, path, language):
    diagram = diagram_of(PACKS[pack], service, path, Texts(language))
    measured = {node.id: MEASURED for node in diagram.nodes}
    check(lay_out(diagram, "legend " * 100, measured))
    check(lay_out(diagram, style=TOOLS))


@settings(deadline=None, max_examples=50)
@given(diagrams(), st.booleans(), st.sampled_from([OURS, TOOLS]))
def test_drawn_processes_keep_the_law(diagram, measures, style):
    measured = {node.id: MEASURED for node in diagram.nodes} if measures else None
    layout = lay_out(diagram, "legend", measured, style)
    check(layout)
    assert layout == lay_out(diagram, "legend", measured, style)
    assert list(layout.shapes) == [node.id for node in diagram.nodes]
    assert [line.route.flow for line in layout.lines] == list(diagram.flows)


@given(WORDS, st.floats(15, 300))
def test_wrapping_loses_nothing_and_fits(text, width):
    lines = wrap(text, width, 11)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 11) <= width for line in lines)


def test_text_is_never_wider_than_the_table_says():
    ft2font = pytest.importorskip("matplotlib.ft2font")
    font_manager = pytest.importorskip("matplotlib.font_manager")
    font = ft2font.FT2Font(font_manager.findfont("DejaVu Sans"))
    font.set_size(1000, 72)
    for text in ("Қызмет көрсетушінің АЖО-сы һәм ЭСҚ", "Ёж, щука — №5 «да»", "Wave 12(10) · 90 s: lost"):
        for character in text:
            glyph = font.load_char(ord(character), flags=ft2font.LoadFlags.NO_HINTING)
            advance = glyph.linearHoriAdvance / 65536
            assert advance <= text_width(character, 1000) <= advance + 25, character


@pytest.mark.parametrize("style", [OURS, TOOLS], ids=["ours", "tools"])
@pytest.mark.parametrize(("pack", "service", "path"), [route for route in ROUTES if "astana" in route[0]])
def test_no_two_lines_of_the_act_lie_on_each_other(pack, service, path, style):
    diagram = diagram_of(PACKS[pack], service, path, Texts("kk"))
    assert shared_stretches(lay_out(diagram, "legend", style=style)) == []
