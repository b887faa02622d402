"""What was measured stands over the steps of a diagram."""

from xml.etree import ElementTree as ET

import msgspec

from conformance.pack import load_pack
from conformance.verdicts import Verdict
from reports.diagrams import inline_diagram
from reports.texts import Texts
from tests.reports.examples import RICH, SEC, measured, step

PACK = load_pack("astana-106-1923")
ENGLISH = Texts("en")
SVG = "{http://www.w3.org/2000/svg}"


def with_steps(*steps):
    return msgspec.structs.replace(RICH, steps=steps)


def test_what_was_measured_stands_over_its_step():
    figures = measured(1_234, 12 * SEC, 30 * SEC, 90 * SEC)
    slow = step("P1", "S1.P1.other", Verdict.FAIL, service="S1", measured=figures)
    kept = step("P4", "S1.P1.limit", Verdict.PASS, measured=figures)
    empty = step("P3", "S1.P3.limit", Verdict.NOT_RUN)
    elsewhere = step("P5", "S2.P5.limit", Verdict.PASS, service="S2", measured=figures)
    svg = inline_diagram(PACK, "S1", "portal", ENGLISH, "d", with_steps(slow, kept, empty, elsewhere))
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    groups = {g.get("id"): g for g in root.iter(f"{SVG}g")}

    def told(name):
        found = [g for g in groups[f"d-step-{name}"].iter(f"{SVG}g") if g.get("class") == "measure"]
        return "|".join("".join(t.itertext()) for g in found for t in g.iter(f"{SVG}text"))

    assert told("P1") == "n = 1,234, median 12 s|95 %: 30 s|not met"
    assert told("P4").endswith("|120 of 120 kept")
    assert told("P3") == "not measured"
    assert told("P5") == ""
    assert "broken" in groups["d-step-P1"].get("class").split()
    assert "broken" not in groups["d-step-P3"].get("class").split()
    assert "95th percentile" in svg
    assert "95th percentile" not in inline_diagram(PACK, "S1", "portal", ENGLISH, "d", with_steps())
