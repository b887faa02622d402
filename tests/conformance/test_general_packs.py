"""A regulation of another shape is read, shown, explained and judged like the shipped one."""

from pathlib import Path

import msgspec
import pytest

from conformance.errors import InputError
from conformance.explain import explain
from conformance.judge import Judgement, judge, overall
from conformance.norms import NextStep
from conformance.order_norms import _listed
from conformance.pack import PACKS, Pack, available_packs, load_pack
from conformance.pack_text import describe_packs, show_pack, validate_text
from conformance.verdicts import Reason, Verdict
from tests.conformance.small_packs import FLOW, NORMS, rows_of, write_pack


@pytest.fixture
def bare(tmp_path: Path) -> Pack:
    """A pack that states no order."""
    return load_pack(write_pack(tmp_path / "bare"))


@pytest.fixture
def flowing(tmp_path: Path) -> Pack:
    """A pack that states its order as a flow."""
    return load_pack(write_pack(tmp_path / "flowing", flow=True))


def complaint(root: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_pack(root)
    return str(caught.value).replace(f"{root}/", "").replace(str(root), "pack")


def verdicts(judgement: Judgement) -> dict[str, Verdict]:
    return {norm.id: norm.verdict for norm in judgement.norms}


def reasons(judgement: Judgement) -> dict[str, dict[str, int]]:
    return {norm.id: norm.reasons for norm in judgement.norms if norm.reasons}


def judged(pack: Pack, *steps: str) -> Judgement:
    return judge(pack, rows_of("c1", *steps))


# --- without any order


def test_a_pack_of_four_files_is_a_pack(bare: Pack) -> None:
    assert [path.id for path in bare.paths] == ["desk"]
    assert (bare.tables, bare.flow, bare.terms, bare.defects, bare.assumptions) == ((), (), (), (), ())
    assert [norm.id for norm in bare.norms] == ["D.weighed"]
    assert "1 services; 1 clauses (1 checked); 1 norms (1 agreed). SHA-256" in validate_text(bare)


def test_without_an_order_every_step_may_follow_every_step(bare: Pack) -> None:
    for steps in (("SEND", "WEIGH", "TAKE"), ("WEIGH",), ("PAY", "WEIGH", "PAY")):
        assert overall(judged(bare, *steps)) == ("conforms", 0)


def test_without_an_order_an_open_case_may_still_do_anything(bare: Pack) -> None:
    assert reasons(judged(bare, "TAKE")) == {"D.weighed": {Reason.OPEN: 1}}
    assert reasons(judged(bare, "TAKE", "SEND")) == {"D.weighed": {Reason.MISSING_STEP: 1}}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_it_is_shown_without_empty_lists(bare: Pack, language: str) -> None:
    shown = show_pack(bare, language)
    assert bare.paths[0].title.in_language(language) in shown
    for heading in ("Terms", "Термины", "Терминдер", "Assumptions", "Tables", "Deadlines", "Time line"):
        assert f"{heading}\n" not in shown


def test_its_norms_and_clauses_are_explained(bare: Pack) -> None:
    assert "D/1: A parcel is weighed" in explain(bare, "D.weighed")
    assert "norm: D.weighed" in explain(bare, "d/1")


def test_a_row_on_an_unknown_path_is_refused_with_the_nearest(bare: Pack) -> None:
    row = msgspec.structs.replace(rows_of("c1", "TAKE")[0], path="desks")
    with pytest.raises(InputError, match=r"'desks', expected a path of the pack: desk; did you mean desk\?"):
        judge(bare, [row])


# --- with a flow


def test_a_flow_makes_one_norm_for_each_of_its_steps(flowing: Pack) -> None:
    made = {norm.step: norm.allowed for norm in flowing.norms if isinstance(norm, NextStep)}
    assert made == {"TAKE": ("WEIGH", "PAY"), "WEIGH": ("PAY",), "PAY": ("SEND",), "SEND": ()}


def test_a_case_along_the_flow_conforms(flowing: Pack) -> None:
    assert overall(judged(flowing, "TAKE", "WEIGH", "PAY", "SEND")) == ("conforms", 0)


def test_a_step_that_may_end_the_case_may_also_go_on(flowing: Pack) -> None:
    found = verdicts(judged(flowing, "TAKE", "WEIGH", "PAY"))
    assert found["D.PAY.next"] is Verdict.PASS
    assert reasons(judged(flowing, "TAKE", "WEIGH"))["D.WEIGH.next"] == {Reason.OPEN: 1}


@pytest.mark.parametrize(
    ("steps", "norm"),
    [
        (("TAKE", "SEND", "WEIGH", "PAY"), "D.TAKE.next"),
        (("TAKE", "WEIGH", "PAY", "SEND", "PAY"), "D.SEND.next"),
        (("WEIGH", "PAY", "SEND"), "D.WEIGH.next"),  # begins where no case begins
    ],
)
def test_a_step_out_of_order_is_named(flowing: Pack, steps: tuple[str, ...], norm: str) -> None:
    found = judged(flowing, *steps)
    assert verdicts(found)[norm] is Verdict.FAIL
    assert reasons(found)[norm] == {Reason.BAD_ORDER: 1}


def test_a_step_outside_the_flow_may_go_anywhere(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "part", flow=True)
    text = (root / "process.yaml").read_text(encoding="utf-8")
    (root / "process.yaml").write_text(text.replace("      - {step: SEND}\n", ""), encoding="utf-8")
    pack = load_pack(root)
    assert "D.SEND.next" not in {norm.id for norm in pack.norms}
    assert overall(judged(pack, "TAKE", "WEIGH", "PAY", "SEND", "PAY")) == ("conforms", 0)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_flow_is_shown(flowing: Pack, language: str) -> None:
    shown = show_pack(flowing, language)
    assert "TAKE ->     WEIGH, PAY" in shown
    assert "PAY ->      SEND " in shown


FLOW_FAULTS = {
    "service": (
        "services: [D]\n    path: desk\n    paragraph",
        "services: [E]\n    path: desk\n    paragraph",
        "flow[0].services[0]: found the unknown service E, expected one of D",
    ),
    "no-service": (
        "flow:\n  - services: [D]",
        "flow:\n  - services: []",
        "flow[0].services: found no services",
    ),
    "path": (
        "path: desk\n    paragraph",
        "path: disk\n    paragraph",
        "flow[0].path: found the unknown path disk, expected one of desk; did you mean desk?",
    ),
    "paragraph": (
        'paragraph: "1"\n    starts',
        'paragraph: "2"\n    starts',
        "flow[0].paragraph: found the unknown clause D/2, expected one of D/1; did you mean D/1?",
    ),
    "start": (
        "starts: [TAKE]",
        "starts: [TAK]",
        "flow[0].starts[0]: found the unknown step of path desk TAK, expected one of TAKE, WEIGH, PAY, SEND;",
    ),
    "no-start": ("starts: [TAKE]", "starts: []", "flow[0].starts: found no steps"),
    "step": (
        "{step: PAY, next",
        "{step: PAID, next",
        "flow[0].steps[2].step: found the unknown step of path desk PAID",
    ),
    "next": (
        "next: [SEND]",
        "next: [SENT]",
        "flow[0].steps[2].next[0]: found the unknown step of path desk SENT",
    ),
    "twice": ("{step: SEND}", "{step: PAY}", "flow[0].steps[3].step: found the duplicate step PAY"),
    "vacuous": (
        "next: [SEND]",
        "next: [TAKE, WEIGH, PAY, SEND]",
        "flow[0].steps[2].next: found every step of the path desk, expected a step that may not follow",
    ),
    "unreached": (
        "next: [SEND]",
        "next: [PAY]",
        "flow[0].steps[3].step: found SEND, which no step reaches, expected a way to it from TAKE",
    ),
    "endless": (
        "{step: WEIGH, next: [PAY]}",
        "{step: WEIGH, next: [WEIGH]}",
        "flow[0].steps[1].next: found WEIGH never comes to an end",
    ),
    "assumption": (
        "starts: [TAKE]",
        "starts: [TAKE]\n    assumption: A-1",
        "flow[0].assumption: found the unknown assumption A-1",
    ),
    "no-path": (
        'paths:\n  - {id: desk, title: {en: "at the desk", ru: "у стойки", kk: "үстелде"}}',
        "paths: []",
        "paths: found no paths, expected at least one path",
    ),
    "unknown-key": ("starts:", "begins:", "flow[0].begins: found the unknown key begins"),
}


@pytest.mark.parametrize("fault", FLOW_FAULTS)
def test_a_fault_of_a_flow_is_refused_with_its_place(fault: str, tmp_path: Path) -> None:
    old, new, says = FLOW_FAULTS[fault]
    root = write_pack(tmp_path / "pack", flow=True)
    text = (root / "process.yaml").read_text(encoding="utf-8")
    assert old in text
    (root / "process.yaml").write_text(text.replace(old, new), encoding="utf-8")
    assert complaint(root).startswith(f"process.yaml: {says}"), complaint(root)


def test_two_orders_of_one_path_are_refused(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "pack", flow=True, process=FLOW.removeprefix("flow:\n"))
    text = (root / "process.yaml").read_text(encoding="utf-8")
    assert text.count("starts: [TAKE]") == 2
    assert complaint(root) == (
        "process.yaml: flow[1]: found a second order of D for the path desk, expected one order each "
        "(process.yaml: flow[0])"
    )


def test_successors_of_no_order_are_refused(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "pack", flow=True)
    text = (root / "process.yaml").read_text(encoding="utf-8")
    (root / "process.yaml").write_text(text[: text.index("flow:")], encoding="utf-8")
    assert complaint(root) == (
        "norms.yaml: per_column[0].make: found successors, made of nothing, "
        "expected a pack with tables or a flow"
    )


def test_a_pack_that_judges_nothing_is_refused(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "pack")
    (root / "norms.yaml").write_text("norms: []\n", encoding="utf-8")
    clauses = root / "clauses" / "all.yaml"
    text = clauses.read_text(encoding="utf-8").replace(
        "status: checked", 'status: informative\n    reason: {en: "r", ru: "r", kk: "r"}'
    )
    clauses.write_text(text, encoding="utf-8")
    assert complaint(root) == "norms.yaml: norms: found no norms, expected at least one norm"


def test_a_mapping_beside_a_pack_is_no_part_of_it(tmp_path: Path, bare: Pack) -> None:
    root = write_pack(tmp_path / "pack")
    (root / "mappings").mkdir()
    (root / "mappings" / "a-log.yaml").write_text("anything: here\n", encoding="utf-8")
    assert load_pack(root).sha256 == bare.sha256
    (root / "norms.yaml").write_text(NORMS + "\n", encoding="utf-8")
    assert load_pack(root).sha256 != bare.sha256


def test_many_allowed_successors_are_counted_not_listed() -> None:
    steps = [f"S{n}" for n in range(9)]
    assert _listed(steps[:6]) == "S0 or S1 or S2 or S3 or S4 or S5"
    assert _listed(steps) == "S0 or S1 or S2 or S3 or S4 or one of 4 more"


# --- all that are shipped


@pytest.mark.parametrize("name", available_packs())
def test_every_shipped_pack_is_whole(name: str) -> None:
    pack = load_pack(name)
    assert pack.act.id == name == (PACKS / name).name
    assert name in describe_packs()
    for language in ("en", "ru", "kk"):
        assert show_pack(pack, language)
