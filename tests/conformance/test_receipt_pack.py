"""The receipt pack without its log: its norms on small cases, and the mapping that ships with it."""

import json
from functools import cache

import msgspec
import pytest

from conformance.calendar import parse_local
from conformance.fragment_checks import validate_fragments
from conformance.judge import judge
from conformance.log import Row
from conformance.logs.mapping import check_against, read_mapping
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


@pytest.mark.parametrize("steps", [GOOD, WITH_X, WITH_Y])
def test_a_case_in_order_breaks_nothing(steps: Steps) -> None:
    assert not [name for name, found in counts(case(steps)).items() if Verdict.FAIL in found]


def test_every_norm_is_kept_by_one_case_and_broken_by_another() -> None:
    assert validate_fragments(pack(), PACK) == "Fragments: 64, two a norm; 32 norms told apart."


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
