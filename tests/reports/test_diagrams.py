"""A diagram shows what the pack has, all of it and nothing else, in three languages and three forms."""

import hashlib
import re
import shutil
from xml.etree import ElementTree as ET

import msgspec
import pytest

from conformance.errors import InputError
from conformance.pack import PACKS, available_packs, load_pack
from conformance.regulation import CellStatus
from reports.characters import anchor
from reports.diagram_layout import lay_out
from reports.diagram_making import diagram_of
from reports.diagram_model import FlowKind, NodeKind
from reports.diagram_svg import render_svg
from reports.diagrams import DiagramFormat, diagram_file, diagram_format, inline_diagram
from reports.texts import LANGUAGES, Texts
from tests.conformance.small_packs import write_pack

PACK = load_pack("astana-106-1923")
RECEIPT = load_pack("coselog-receipt")
BOTH = {pack.act.id: pack for pack in (PACK, RECEIPT)}
ROUTES = [(service.id, path.id) for service in PACK.services for path in PACK.paths]
ENGLISH = Texts("en")
SVG = "{http://www.w3.org/2000/svg}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
STRANGE = "<b onload='x'>&amp;\"]]> %%{init}%% #9; `a` \u202e\u0007 Қ"

parsed = ET.fromstring


def drawn(service, path, language="en", pack=PACK):
    return diagram_of(pack, service, path, Texts(language))


def of_kind(diagram, kind):
    return [node for node in diagram.nodes if node.kind is kind]


# ---- all of the pack, and nothing else


@pytest.mark.parametrize(("service", "path"), ROUTES)
def test_every_step_and_condition_stands_once_in_its_lane(service, path):
    diagram = drawn(service, path)
    steps = [step for step in PACK.steps if step.path == path]
    columns = {step.code: PACK.column(service, step.code) for step in steps}
    units = {code: column.unit.unit if column else PACK.step(code).unit for code, column in columns.items()}
    assert [(node.code, node.lane) for node in of_kind(diagram, NodeKind.STEP)] == [
        (step.code, anchor("lane", units[step.code])) for step in steps
    ]
    conditions = [condition for condition in PACK.conditions if condition.path == path]
    assert {(node.code, node.name) for node in of_kind(diagram, NodeKind.CONDITION)} == {
        (condition.id, condition.question.en) for condition in conditions
    }
    assert of_kind(diagram, NodeKind.CHOICE) == []
    ends = {node.id for node in of_kind(diagram, NodeKind.END)}
    assert ends == {anchor("end", step.code) for step in steps if step.ends}


@pytest.mark.parametrize(("service", "path"), ROUTES)
def test_every_limit_stands_at_its_step_with_the_status_of_its_cell(service, path):
    diagram = drawn(service, path)
    for column in PACK.table(service, path).columns:
        node = diagram.node(anchor("step", column.step))
        limit, note = column.limit, node.notes[0]
        assert note.status is limit.origin.status
        assert note.text.endswith(ENGLISH.word("diagram_status", limit.origin.status))
        numbers = [str(n) for n in (limit.min_s, limit.max_s) if n is not None]
        assert re.findall(r"\d+", note.text) == numbers
        assert node.name == column.action.text.en
        told = " ".join(one.text for one in node.notes[1:])
        for word, cell in (("unit", column.unit), ("action", column.action), ("next step", column.next)):
            assert (word in told) == (cell.origin.status is not CellStatus.PRINTED)
    without = [step for step in PACK.steps if step.path == path and step.number is None]
    assert all(diagram.node(anchor("step", step.code)).notes == () for step in without)


@pytest.mark.parametrize(("service", "path"), ROUTES)
def test_the_case_goes_where_the_table_and_the_conditions_send_it(service, path):
    diagram = drawn(service, path)
    control = [flow for flow in diagram.flows if flow.kind is FlowKind.CONTROL]
    ways = {(flow.source, flow.target, flow.answer) for flow in control}
    wanted = set()
    by_step = {condition.after: condition for condition in PACK.conditions}
    for column in PACK.table(service, path).columns:
        here = anchor("step", column.step)
        if column.step in by_step:
            condition = by_step[column.step]
            decision = anchor("condition", condition.id)
            wanted |= {
                (here, decision, None),
                (decision, anchor("step", condition.yes), True),
                (decision, anchor("step", condition.no), False),
            }
        wanted |= {(here, anchor("step", n), None) for n in column.next.steps if column.step not in by_step}
        if PACK.step(column.step).ends:
            wanted.add((here, anchor("end", column.step), None))
    if path == "portal":
        wanted.add(("step-P0", "step-P1", None))
        wanted.add(("start-P0", "step-P0", None))
    first = PACK.table(service, path).columns[0].step
    wanted.add((anchor("start", first), anchor("step", first), None))
    assert ways == wanted
    assert len(control) == len(ways)


@pytest.mark.parametrize(("service", "path"), ROUTES)
def test_every_document_of_the_service_is_handed_over(service, path):
    diagram = drawn(service, path, "kk")
    messages = [m for m in PACK.messages if service in m.services and m.path == path]
    assert messages
    assert sorted(node.name for node in of_kind(diagram, NodeKind.DOCUMENT)) == sorted(
        message.document.kk for message in messages
    )
    for message in messages:
        document = diagram.node(anchor("document", message.id))
        other = (
            message.receiver
            if PACK.column(service, message.step).unit.unit == message.sender
            else (message.sender)
        )
        assert document.lane == anchor("lane", message.through or other)
        touching = {(f.source, f.target) for f in diagram.flows if document.id in (f.source, f.target)}
        at_step = anchor("step", message.step)
        assert touching & {(at_step, document.id), (document.id, at_step)}


def test_the_request_goes_through_the_gateway_to_the_workplace():
    diagram = drawn("S1", "portal")
    document = anchor("document", "P5-request")
    ways = {(f.source, f.target) for f in diagram.flows if f.kind is FlowKind.MESSAGE}
    assert {("step-P5", document), (document, "step-P6")} <= ways
    assert [lane.name for lane in diagram.lanes if lane.outside] == ["E-government gateway"]


def test_what_is_lost_says_so_and_looks_so():
    svg = parsed(inline_diagram(PACK, "S1", "portal", ENGLISH, "d"))
    step = next(g for g in svg.iter(f"{SVG}g") if g.get("id") == "d-step-P8")
    assert "unsure" in step.get("class").split()
    notes = [g for g in step.iter(f"{SVG}g") if "note" in (g.get("class") or "").split()]
    assert "".join(notes[0].itertext()).strip() == "limit: lost"
    assert all("unsure" in note.get("class") for note in notes)
    printed = next(g for g in svg.iter(f"{SVG}g") if g.get("id") == "d-step-P1")
    assert "unsure" not in "".join(g.get("class") or "" for g in printed.iter(f"{SVG}g"))


# ---- forms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("service", "path"), ROUTES)
def test_the_svg_is_whole_with_own_ids_and_its_own_language(service, path, language):
    svg = inline_diagram(PACK, service, path, Texts(language), "x7")
    root = parsed(svg)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(name == "x7" or name.startswith("x7-") for name in ids)
    assert root.get("lang") == language
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)
    assert set(root.get("aria-labelledby").split()) <= set(ids)
    words = " ".join("".join(element.itertext()) for element in root.iter(f"{SVG}text"))
    if language != "en":
        assert not re.search(r"\b(limit|printed|assumed|lost|yes|no|end|refused)\b", words)
    squeezed = re.sub(r"\s", "", words)
    for node in drawn(service, path, language).nodes:
        if node.kind is not NodeKind.START:
            assert re.sub(r"\s", "", node.name) in squeezed


def flat(root):
    return {element.get("id"): element for element in root.iter() if element.get("id")}


@pytest.mark.parametrize(
    ("pack", "service", "path"),
    [*(("astana-106-1923", *route) for route in ROUTES), ("coselog-receipt", "W1", "receipt")],
)
def test_the_bpmn_holds_together(pack, service, path):
    diagram = drawn(service, path, "kk", BOTH[pack])
    root = parsed(diagram_file(BOTH[pack], service, path, DiagramFormat.BPMN, Texts("kk")).encode())
    by_id = flat(root)
    assert len(by_id) == sum(1 for element in root.iter() if element.get("id"))
    process, collaboration = root.find(f"{BPMN}process"), root.find(f"{BPMN}collaboration")
    kinds = ("startEvent", "task", "exclusiveGateway", "endEvent")
    nodes = [e for e in process if e.tag.removeprefix(BPMN) in kinds]
    inside = [node for node in diagram.nodes if node.kind is not NodeKind.DOCUMENT]
    assert {node.get("id") for node in nodes} == {node.id for node in inside}
    in_lanes = [e.text for e in process.iter(f"{BPMN}flowNodeRef")]
    assert sorted(in_lanes) == sorted(node.id for node in inside)
    flows = process.findall(f"{BPMN}sequenceFlow")
    ends = {f.get("id"): (f.get("sourceRef"), f.get("targetRef")) for f in flows}
    assert {ref for pair in ends.values() for ref in pair} <= {node.get("id") for node in nodes}
    for node in nodes:
        assert {e.text for e in node.findall(f"{BPMN}outgoing")} == {
            name for name, pair in ends.items() if pair[0] == node.get("id")
        }
        assert {e.text for e in node.findall(f"{BPMN}incoming")} == {
            name for name, pair in ends.items() if pair[1] == node.get("id")
        }
    pools = {e.get("id") for e in collaboration.findall(f"{BPMN}participant")}
    for flow in collaboration.findall(f"{BPMN}messageFlow"):
        outside = {flow.get("sourceRef"), flow.get("targetRef")} & (pools - {"participant"})
        assert outside, "a message flow within the pool"
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= by_id.keys()
    check_places(root, by_id, diagram)


def check_places(root, by_id, diagram):
    """Check that everything that can be seen has exactly one place."""
    shown = [e.get("bpmnElement") for tag in ("BPMNShape", "BPMNEdge") for e in root.iter(DI + tag)]
    assert len(shown) == len(set(shown))
    unseen = {"definitions", "collaboration", "process", "lanes", "places", "plane"}
    unseen |= {
        name for name in by_id if name.endswith("-object") or name.startswith(("shape-", "edge-", "input-"))
    }
    assert set(shown) == by_id.keys() - unseen
    assert {flow.id for flow in diagram.flows} <= set(shown)


@pytest.mark.parametrize(("service", "path"), ROUTES)
def test_message_flows_end_at_the_borders_of_their_pools(service, path):
    root = parsed(diagram_file(PACK, service, path, DiagramFormat.BPMN, Texts("ru")).encode())
    boxes = {
        shape.get("bpmnElement"): {k: float(v) for k, v in shape[0].attrib.items()}
        for shape in root.iter(f"{DI}BPMNShape")
    }
    edges = {edge.get("bpmnElement"): edge for edge in root.iter(f"{DI}BPMNEdge")}
    flows = list(root.iter(f"{BPMN}messageFlow"))
    assert flows
    for flow in flows:
        points = [
            (float(p.get("x")), float(p.get("y"))) for p in edges[flow.get("id")] if "waypoint" in p.tag
        ]
        for (x, y), end in ((points[0], flow.get("sourceRef")), (points[-1], flow.get("targetRef"))):
            box = boxes[end]
            right, bottom = box["x"] + box["width"], box["y"] + box["height"]
            assert min(abs(x - box["x"]), abs(x - right), abs(y - box["y"]), abs(y - bottom)) < 0.11
            assert box["x"] - 0.11 <= x <= right + 0.11
            assert box["y"] - 0.11 <= y <= bottom + 0.11


def test_mermaid_has_every_node_and_flow():
    diagram = drawn("S2", "provider", "ru")
    lines = diagram_file(PACK, "S2", "provider", DiagramFormat.MERMAID, Texts("ru")).splitlines()
    assert lines[0] == "flowchart LR"
    assert sum(line.startswith("    n") for line in lines) == len(diagram.nodes)
    assert sum("-->" in line or "-.->" in line for line in lines) == len(diagram.flows)
    assert sum(line.startswith("  subgraph ") for line in lines) == len(diagram.lanes)
    assert sum(line == "  end" for line in lines) == len(diagram.lanes)


GOLDEN = {
    "svg": "b4a8e0041e7c891134db1a3ff6cc5c5c673e3f0da97a9003be6ea3bcb09520b7",
    "bpmn": "140e35a719eb7bef19cc15ec8c11b478c7d06d2bfff07d40dc0245a358ab80e3",
    "mermaid": "94cf2123aaeea4ea70a9dfa925bfcda7063016c1a78a0eda0bc228ae72351986",
}
"""SHA-256 of S1 through the portal in Kazakh: what changes them changes what people have filed."""


@pytest.mark.parametrize("form", DiagramFormat)
def test_the_same_pack_gives_the_same_bytes(form):
    once, again = (diagram_file(PACK, "S1", "portal", form, Texts("kk")).encode() for _ in range(2))
    assert once == again
    assert hashlib.sha256(once).hexdigest() == GOLDEN[form]


# ---- other packs


def test_a_flow_gets_a_choice_where_several_steps_may_follow():
    diagram = drawn("W1", "receipt", pack=RECEIPT)
    flow = RECEIPT.flow[0]
    ends = {step.code for step in RECEIPT.steps if step.ends}
    several = {s.step for s in flow.steps if len(s.next) + (s.step in ends) > 1}
    assert {node.id for node in of_kind(diagram, NodeKind.CHOICE)} == {anchor("choice", s) for s in several}
    listed = {step.step for step in flow.steps}
    free = [
        n
        for n in of_kind(diagram, NodeKind.STEP)
        if any(note.text == "any step may follow" for note in n.notes)
    ]
    assert {node.code for node in free} == {step.code for step in RECEIPT.steps} - listed
    assert all(flow.source != node.id for flow in diagram.flows for node in free)


def test_a_process_whose_order_nobody_states_has_steps_and_no_lines(tmp_path):
    pack = load_pack(write_pack(tmp_path))
    diagram = diagram_of(pack, "D", "desk", ENGLISH)
    assert [node.kind for node in diagram.nodes] == [NodeKind.STEP] * len(pack.steps)
    assert diagram.flows == ()
    for form in DiagramFormat:
        assert diagram_file(pack, "D", "desk", form, ENGLISH)


def strange_pack(folder):
    shutil.copytree(PACKS / "astana-106-1923", folder)
    process = folder / "process.yaml"
    text = process.read_text(encoding="utf-8")
    quoted = msgspec.json.encode(STRANGE).decode()
    for old in ('"Consumer"', '"Reasoned refusal"', '"Calling a doctor home"', '"through the portal"'):
        assert old in text
        text = text.replace(old, quoted)
    old = '"Are the data of the registered consumer authentic, by login (IIN) and password?"'
    assert old in text
    process.write_text(text.replace(old, quoted), encoding="utf-8")
    table = folder / "tables" / "S1.yaml"
    text = table.read_text(encoding="utf-8")
    old = '"Authorise on the portal by IIN, giving the password"'
    assert old in text
    table.write_text(text.replace(old, quoted), encoding="utf-8")
    return load_pack(folder)


def test_strange_signs_are_escaped_everywhere(tmp_path):
    pack = strange_pack(tmp_path / "strange")
    for form in (DiagramFormat.SVG, DiagramFormat.BPMN):
        text = diagram_file(pack, "S1", "portal", form, ENGLISH)
        root = parsed(text.encode())
        assert "<b " not in text
        assert not any(element.tag.endswith("}b") for element in root.iter())
        whole = "".join("".join(element.itertext()) + "".join(element.attrib.values()) for element in root)
        whole += "".join("".join(element.attrib.values()) for element in root.iter())
        assert "<b onload='x'>&amp;\"]]>" in whole
        assert "\u202e" not in text
    mermaid = diagram_file(pack, "S1", "portal", DiagramFormat.MERMAID, ENGLISH)
    for sign in ("<b ", "%%", "`", "\u202e", "&"):
        assert sign not in mermaid
    for line in mermaid.splitlines():
        assert line.count('"') in {0, 2}


def test_every_shipped_pack_can_be_drawn_in_every_form():
    assert set(BOTH) == set(available_packs())
    for pack in BOTH.values():
        for form in DiagramFormat:
            for service in pack.services:
                for path in pack.paths:
                    assert diagram_file(pack, service.code, path.id, form, ENGLISH).endswith("\n")


# ---- wrong use


@pytest.mark.parametrize(
    ("service", "path", "words"),
    [
        ("doctor-home-cal", "portal", "did you mean doctor-home-call?"),
        ("S1", "portl", "did you mean portal?"),
        ("S9", "portal", "found the unknown service S9"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(service, path, words):
    with pytest.raises(InputError, match=re.escape(words)):
        drawn(service, path)


def test_a_wrong_form_is_told_with_the_nearest():
    with pytest.raises(InputError, match="found bpnm, expected one of svg, bpmn, mermaid; did you mean bpmn"):
        diagram_format("bpnm")


def test_a_prefix_that_could_break_out_is_refused():
    layout = lay_out(drawn("S1", "portal"))
    for prefix in ("", "7", "a b", 'a"', "a{}", "a.b"):
        with pytest.raises(ValueError, match="no prefix"):
            render_svg(layout, prefix)
