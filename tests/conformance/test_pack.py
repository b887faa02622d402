"""The shipped pack holds the act: figures, flow, deadlines, and one clause for every paragraph."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.errors import InputError
from conformance.norms import NextStep, NormStatus, StepDuration
from conformance.pack import PACKS, Pack, available_packs, load_pack
from conformance.pack_clauses import paragraph_key
from conformance.pack_flow import Reading, unreachable_columns
from conformance.regulation import CellStatus, ClauseStatus

SERVICES = ("S1", "S2", "S3")
TABLE_1 = [(30, 60), (None, 30), (None, 90), (None, 90), (30, 60), (None, 60), (30, 90), (None, None)]
TABLE_2 = [(10, 15), (None, 10), (None, 90), (10, 15), (10, 15), (None, 90), (10, 15), (10, 15)]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("astana-106-1923")


def norm_named(pack: Pack, name: str) -> object:
    return next(norm for norm in pack.norms if norm.id == name)


def test_the_pack_is_available() -> None:
    assert "astana-106-1923" in available_packs()


def test_a_shipped_pack_is_read_once_and_one_of_the_users_each_time(tmp_path) -> None:
    assert load_pack("astana-106-1923") is load_pack(PACKS / "astana-106-1923")
    shutil.copytree(PACKS / "astana-106-1923", tmp_path / "own")
    first = load_pack(tmp_path / "own")
    act = tmp_path / "own" / "act.yaml"
    act.write_text(act.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert load_pack(tmp_path / "own").sha256 != first.sha256


def test_services_are_found_by_id_and_by_code(pack: Pack) -> None:
    assert pack.service("S2") is pack.service("doctor-appointment")
    assert [service.annex for service in pack.services] == [1, 2, 3]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("path", "figures"), [("portal", TABLE_1), ("provider", TABLE_2)])
def test_limits_are_the_act_s(pack: Pack, service: str, path: str, figures: list[tuple[int, int]]) -> None:
    columns = pack.table(service, path).columns
    assert [(column.limit.min_s, column.limit.max_s) for column in columns] == figures


@pytest.mark.parametrize(
    ("service", "step", "printed"),
    [
        ("S1", "P1", "30 сек. - 1 мин."),
        ("S2", "P1", "30 сек. - 1мин."),
        ("S2", "P5", "30 сек. – 1 мин ."),
        ("S3", "P6", "1 ми"),
        ("S2", "V3", "1,5 мин"),
        ("S3", "V3", "1,5 мин."),
        ("S1", "V3", None),
        ("S1", "P7", None),
    ],
)
def test_limits_are_kept_as_printed(pack: Pack, service: str, step: str, printed: str | None) -> None:
    column = pack.column(service, step)
    assert column is not None
    assert column.limit.printed == printed


def test_the_lost_table_is_assumed_from_its_sisters(pack: Pack) -> None:
    for lost, sister in zip(
        pack.table("S1", "provider").columns, pack.table("S3", "provider").columns, strict=True
    ):
        assert (lost.limit.min_s, lost.limit.max_s) == (sister.limit.min_s, sister.limit.max_s)
        assert lost.next.steps == sister.next.steps
        assert lost.limit.origin.status is CellStatus.ASSUMED
        assert lost.next.printed is None


@pytest.mark.parametrize(
    ("service", "path", "lost"),
    [
        ("S1", "portal", ["P6", "P7", "P8"]),
        ("S2", "portal", ["P6", "P7", "P8"]),
        ("S2", "provider", ["V2", "V3", "V4", "V5", "V6", "V7", "V8"]),
        ("S1", "provider", ["V2", "V3", "V4", "V5", "V6", "V7", "V8"]),
    ],
)
def test_the_printed_flow_breaks_where_the_act_does(
    pack: Pack, service: str, path: str, lost: list[str]
) -> None:
    table = pack.table(service, path)
    assert [column.step for column in unreachable_columns(table, Reading.STRICT_TABLE)] == lost
    assert unreachable_columns(table, Reading.TEXT_RESOLVED) == ()


def test_sign_up_has_no_column(pack: Pack) -> None:
    assert pack.column("S1", "P0") is None
    assert pack.step("P0").number is None


@pytest.mark.parametrize(
    ("norm", "status", "max_s", "clause"),
    [
        ("S1.P1.limit", NormStatus.AGREED, 60, "S1/T1.c1"),
        ("S2.P6.limit", NormStatus.AGREED, 60, "S2/T1.c6"),
        ("S3.P7.limit", NormStatus.ASSUMED, 90, "S3/T1.c7"),
        ("S1.P8.limit", NormStatus.UNKNOWN, None, "S1/T1.c8"),
        ("S1.V3.limit", NormStatus.ASSUMED, 90, "S1/T2.c3"),
        ("S2.V3.limit", NormStatus.AGREED, 90, "S2/T2.c3"),
    ],
)
def test_limits_become_norms(
    pack: Pack, norm: str, status: NormStatus, max_s: int | None, clause: str
) -> None:
    found = norm_named(pack, norm)
    assert isinstance(found, StepDuration)
    assert (found.status, found.max_s, found.clause) == (status, max_s, clause)


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        ("S1.P1.next", (("P2", "P3"), "P3", "P2", "S1/T1.c1")),
        ("S2.P5.next", (("P6",), "P6", None, "S2/12(9)")),
        ("S3.V1.next", (("V2",), "V2", None, "S3/13(2)")),
        ("S1.V6.next", (("V7", "V8"), "V8", "V7", "S1/13(8)")),
        ("S2.P8.next", ((), None, None, "S2/12(12)")),
    ],
)
def test_successors_become_norms(pack: Pack, norm: str, expected: tuple[object, ...]) -> None:
    found = norm_named(pack, norm)
    assert isinstance(found, NextStep)
    assert (found.allowed, found.on_ok, found.otherwise, found.clause) == expected
    assert found.status is NormStatus.AGREED


def test_every_norm_is_of_one_service_and_filled_in(pack: Pack) -> None:
    for norm in pack.norms:
        assert len(norm.services) == 1
        assert "{" not in norm.id + norm.clause
        assert pack.clause(norm.clause).status is ClauseStatus.CHECKED


@pytest.mark.parametrize("service", SERVICES)
def test_every_paragraph_and_column_is_a_clause(pack: Pack, service: str) -> None:
    wanted = [str(number) for number in range(1, 23)] + [f"T{t}.c{c}" for t in (1, 2) for c in range(1, 9)]
    for paragraph in wanted:
        assert pack.clause(f"{service}/{paragraph}").gist.kk


def test_clauses_stand_in_reading_order(pack: Pack) -> None:
    of_s1 = [clause.paragraph for clause in pack.clauses if clause.service == "S1"]
    assert (
        of_s1.index("9")
        < of_s1.index("12")
        < of_s1.index("12(2)")
        < of_s1.index("12(12)")
        < of_s1.index("13")
    )
    assert (
        of_s1.index("22(4)")
        < of_s1.index("A1")
        < of_s1.index("T1.c1")
        < of_s1.index("T2.c8")
        < of_s1.index("A2")
    )
    assert pack.clauses[0].service is None


@pytest.mark.parametrize("text", ["", "12(", "12()", "T1", "A", "one", "12(6)a", "-1"])
def test_a_paragraph_of_no_known_form_has_no_place(text: str) -> None:
    assert paragraph_key(text) is None


def test_deadlines_and_life_of_the_act(pack: Pack) -> None:
    assert {d.id: d.services for d in pack.deadlines} == {
        "same-day": ("S1", "S3"),
        "cutoff": ("S1", "S3"),
        "slot-choice": ("S2",),
    }
    assert next(d.before_closing_s for d in pack.deadlines if d.id == "cutoff") == 7200
    assert (pack.act.in_force.first, pack.act.in_force.until) == ("2013-02-18", "2014-08-29")
    assert pack.calendar("provider-hours").assumption == "ASSUME-20"


@pytest.mark.parametrize(
    ("ask", "nearest"),
    [
        (lambda p: p.service("doctor-home-cal"), "doctor-home-call"),
        (lambda p: p.step("P88"), "P8"),
        (lambda p: p.clause("S1/12(66)"), "S1/12(6)"),
        (lambda p: p.calendar("provider-hour"), "provider-hours"),
        (lambda p: p.table("S1", "postal"), None),
        (lambda p: p.column("S1", "P99"), None),
    ],
)
def test_what_is_not_there_is_said(pack: Pack, ask: object, nearest: str | None) -> None:
    with pytest.raises(InputError) as caught:
        ask(pack)  # type: ignore[operator]
    assert nearest is None or caught.value.nearest == nearest


def test_the_digest_is_of_the_content(pack: Pack, tmp_path: Path) -> None:
    copy = shutil.copytree(PACKS / "astana-106-1923", tmp_path / "elsewhere")
    assert load_pack(copy) == pack
    assert load_pack(str(copy)).sha256 == pack.sha256
    with (copy / "act.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert load_pack(copy).sha256 != pack.sha256


def test_the_pack_does_not_depend_on_hash_order(pack: Pack) -> None:
    code = "from conformance.pack import load_pack; print(repr(load_pack('astana-106-1923')))"
    root = Path(__file__).parents[2]
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"}
    told = subprocess.run([sys.executable, "-c", code], cwd=root, env=env, capture_output=True, check=True)
    assert told.stdout.decode().strip() == repr(pack)
