"""The receipt pack without its log: every norm is met by one small case and broken by another."""

import json
from functools import cache

import msgspec
import pytest

from conformance.calendar import parse_local
from conformance.judge import judge
from conformance.log import Row
from conformance.logs.mapping import check_against, read_mapping
from conformance.norms import Norm
from conformance.pack import PACKS, Pack, load_pack
from conformance.verdicts import Verdict

PACK = "coselog-receipt"
MAPPING = PACKS / PACK / "mappings" / "receipt-xes.yaml"
Steps = tuple[str, ...]
GOOD = ("CONF", "T02", "T04", "T05", "T06", "T10")
WITH_X = ("CONF", "T02", "T04", "T05", "T06", "T10", "T11", "T12", "T13", "T12", "T14", "T15")
WITH_Y = ("CONF", "T02", "T03", "T02", "T04", "T05", "T06", "T10", "T16", "T17", "T18", "T17", "T19", "T20")
DAY = parse_local("2011-10-11T09:00", "Europe/Amsterdam")
HOUR_US = 3_600_000_000


@cache
def pack() -> Pack:
    return load_pack(PACK)


def case(steps: Steps, *, channel: str = "Internet", late_us: int = 0, gap_us: int = 1) -> list[Row]:
    attributes = {"channel": channel, "deadline_us": DAY + HOUR_US, "enddate_us": DAY + HOUR_US + late_us}
    return [
        Row(
            case_id="c1",
            service="permit-receipt",
            path="receipt",
            step=step,
            unit="municipality",
            resource=None,
            enabled_us=None,
            started_us=None,
            completed_us=DAY + i * gap_us,
            resolution_us=1,
            outcome="ok",
            request_number=None,
            attributes=json.dumps(attributes),
        )
        for i, step in enumerate(steps)
    ]


def counts(rows: list[Row]) -> dict[str, dict[str, int]]:
    return {norm.id: norm.counts for norm in judge(pack(), rows).norms}


def without(steps: Steps, step: str) -> tuple[str, ...]:
    return tuple(other for other in steps if other != step)


def broken(norm: Norm) -> list[Row]:
    """Return a case that breaks *norm*, made from its own parameters."""
    own = {
        "W1.same-day": case(GOOD, gap_us=12 * HOUR_US),
        "W1.deadline": case(GOOD, late_us=1),
        "W1.digital": case(GOOD, channel="Desk"),
        "W1.confirmed": case(without(GOOD, "T05")),
        "W1.T03.checked-again": case(("CONF", "T02", "T03", "T04", "T05")),
    }
    if norm.id in own:
        return own[norm.id]
    first, step = getattr(norm, "first", None), getattr(norm, "step", "")
    if first is None:  # no step may directly follow itself
        return case((*GOOD, step, step))
    return case((*without(WITH_X if step in WITH_X else WITH_Y, first), step))


@pytest.mark.parametrize("steps", [GOOD, WITH_X, WITH_Y])
def test_a_case_in_order_breaks_nothing(steps: Steps) -> None:
    assert not [name for name, found in counts(case(steps)).items() if Verdict.FAIL in found]


@pytest.mark.parametrize("name", [norm.id for norm in load_pack(PACK).norms])
def test_every_norm_is_met_by_one_case_and_broken_by_another(name: str) -> None:
    assert any(counts(case(steps))[name].get("pass") for steps in (GOOD, WITH_X, WITH_Y))
    norm = next(norm for norm in pack().norms if norm.id == name)
    assert counts(broken(norm))[name].get("fail") == 1


def test_a_case_without_an_end_date_is_not_shown_to_be_in_time() -> None:
    rows = case(GOOD)
    attributes = json.dumps({"channel": "Internet", "deadline_us": DAY})
    rows = [msgspec.structs.replace(row, attributes=attributes) for row in rows]
    assert counts(rows)["W1.deadline"] == {"inconclusive": 1}


def test_the_mapping_names_every_activity_and_nothing_else() -> None:
    mapping = read_mapping(MAPPING)
    check_against(mapping, pack(), str(MAPPING))
    assert sorted(to.step for to in mapping.targets().values()) == sorted(step.code for step in pack().steps)
    assert len(mapping.activities) == 27
