"""The diagnosis of a log: every case is counted once, whatever is known of it, and work has its limits."""

from dataclasses import replace

import pytest

from conformance import flow
from conformance.cases import group_cases
from conformance.context import Context
from conformance.flow import flow_of, flow_of_cases, flow_of_log
from conformance.judge import judge
from conformance.log_file import write_log
from conformance.pack import load_pack
from conformance.variants import Order, Path, Variant
from tests.conformance.fragments import CONTEXT, ENDINGS, SECOND, TEN, at, route, row

PORTAL = ("S1", "portal")


def rows():
    taken = [
        ("P1 P3 P5 P6 P8", 4),
        ("P1 P3 P6 P5 P8", 3),
        ("P1 P2", 2),
        ("P1 P3 P5 P8", 1),
        ("P1 P3", 1),
        ("P1 P5", 1),
    ]
    routes = [steps for steps, n in taken for _ in range(n)]
    found = [r for n, steps in enumerate(routes) for r in route(*steps.split(), case_id=f"c{n:02}")]
    found += [row("P1", case_id="tie"), row("P3", case_id="tie")]
    found += [row("P1", case_id="open"), row("P3", TEN, None, case_id="open")]
    found += [row("V1", case_id="other", path="provider")]
    found += [row("P1", at("2012-05-15T10:00"), at("2012-05-15T10:01"), case_id="early")]
    return found


def found_in(log_rows):
    return flow_of_cases(group_cases(log_rows, ENDINGS), CONTEXT)


def test_every_case_is_counted_once():
    found = found_in(rows())
    assert found.cases == 15
    assert (found.fitting, found.unfit, found.order_not_certain, found.no_process) == (7, 5, 2, 1)
    assert (found.unexplained, found.outside) == (0, 1)
    assert sum(variant.cases for variant in found.variants) == found.cases
    assert (found.variants_total, found.variants_hidden, found.cases_hidden) == (9, 0, 0)


def test_variants_stand_by_frequency_with_their_explanation():
    first, second, *_ = found_in(rows()).variants
    assert (first.status, first.cases, first.cost, first.moves) == ("fits", 4, 0, ())
    assert (second.status, second.cases, second.cost, second.worst) == ("differs", 3, 2, 7)
    assert [(move.kind, move.steps) for move in second.moves][2] == ("swapped", ("P6", "P5"))
    assert second.examples == ("c04", "c05", "c06")


def test_a_case_that_has_not_ended_is_not_told_that_its_end_is_missing():
    by_route = {v.route: v for v in found_in(rows()).variants if v.why is None}
    assert by_route[("P1",), ("P3",)].status == "fits"
    assert not by_route[("P1",), ("P3",)].ended
    assert [move.kind for move in by_route[("P1",), ("P5",)].moves] == ["fits", "skipped", "fits"]


def test_an_uncertain_order_is_never_explained():
    told = {v.examples: (v.status, v.why, v.moves, v.cost) for v in found_in(rows()).variants}
    assert told["tie",] == ("order_not_certain", "tie", (), None)
    assert told["open",] == ("order_not_certain", "no_end", (), None)


def test_fitness_is_over_all_explained_cases():
    found = found_in(rows())
    costs = [(v.cost * v.cases, v.worst * v.cases) for v in found.variants if v.cost is not None]
    assert (found.cost, found.worst) == tuple(map(sum, zip(*costs, strict=True)))
    assert found.fitness == 1 - found.cost / found.worst
    assert found_in(rows()[-1:]).fitness is None


def test_a_log_on_disk_gives_the_same(tmp_path):
    write_log(rows(), tmp_path / "log.parquet")
    assert flow_of_log(tmp_path / "log.parquet", CONTEXT) == found_in(rows())


def test_services_may_be_named_by_their_code_in_a_log_on_disk(tmp_path):
    pack = load_pack("astana-106-1923")
    named = [r for n in range(3) for r in route("P1", "P3", case_id=f"c{n}", service="doctor-home-call")]
    write_log([*named, *route("P1", "P3", case_id="c9")], tmp_path / "log.parquet")
    context = flow_context(pack)
    found = flow_of_log(tmp_path / "log.parquet", context)
    assert [(v.service, v.cases) for v in found.variants] == [("S1", 4)]
    assert found == judge(pack, [*named, *route("P1", "P3", case_id="c9")]).flow


def flow_context(pack) -> Context:
    from conformance.context import context_of  # noqa: PLC0415

    return context_of(pack, (), None)


def made(n, steps, cases=1):
    return Variant(Path(PORTAL, tuple((step,) for step in steps), Order.CERTAIN), cases, (f"c{n}",))


def test_the_list_is_cut_but_the_counts_are_whole():
    many = [made(n, ["P1", f"X{n:03}"]) for n in range(flow.MOST_DIFFERING + 7)]
    found = flow_of([made(999, ["P1", "P2"], 5), *many], 0, CONTEXT)
    assert len(found.variants) == flow.MOST_DIFFERING + 1
    assert (found.variants_hidden, found.cases_hidden, found.unfit) == (7, 7, flow.MOST_DIFFERING + 7)


@pytest.mark.parametrize("limit", [0, 200, 100_000])
def test_when_the_work_of_a_log_is_done_the_rest_is_counted_as_unexplained(monkeypatch, limit):
    monkeypatch.setattr(flow, "MOST_WORK_OF_A_LOG", limit)
    found = flow_of([made(n, ["P1", f"X{n}"]) for n in range(9)], 0, CONTEXT)
    assert found.unfit == 9
    explained = sum(variant.cost is not None for variant in found.variants)
    assert (explained, found.unexplained) == {0: (0, 9), 200: (3, 6), 100_000: (9, 0)}[limit]


def test_a_route_of_five_hundred_steps_is_explained():
    found = found_in(route("P1", *["P3", "P5"] * 249, "P6", each_us=SECOND))
    assert found.unfit == 1
    assert found.variants[0].cost == 496


def test_a_step_that_the_source_never_tells_of_is_passed_over():
    hidden = replace(CONTEXT, undelivered_steps=frozenset({"P3", "P6"}))
    by_route = {
        variant.route: variant
        for variant in flow_of_cases(
            group_cases([*route("P1", "P5", "P8"), *route("P5", "P1", case_id="c2")], ENDINGS), hidden
        ).variants
    }
    assert by_route[("P1",), ("P5",), ("P8",)].status == "fits"
    assert by_route[("P5",), ("P1",)].status == "differs"


@pytest.mark.parametrize("delivered", [frozenset({"P3", "P6"}), frozenset()])
def test_the_hidden_steps_of_the_routes_that_the_log_shows_are_named(tmp_path, delivered):
    hidden = replace(CONTEXT, undelivered_steps=delivered | {"V1"} if delivered else delivered)
    write_log(route("P1", "P5", "P8"), tmp_path / "log.parquet")
    found = flow_of_log(tmp_path / "log.parquet", hidden)
    assert found.fitting == bool(delivered)
    assert found.undelivered == tuple(sorted(delivered))


def test_a_case_that_lacks_a_record_has_no_route(tmp_path):
    lacking = replace(CONTEXT, damaged=frozenset({"c00", "c04", "tie"}))
    found = flow_of_cases(group_cases(rows(), ENDINGS), lacking)
    assert (found.cases, found.outside) == (12, 4)
    write_log(rows(), tmp_path / "log.parquet")
    assert flow_of_log(tmp_path / "log.parquet", lacking) == found
