"""From the real receipt log to its judged results: the figures are those that an independent program counted.

The log is no part of the repository; without it these tests are skipped, and say so.
"""

import gzip
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import iterparse
from zoneinfo import ZoneInfo

import pytest

from conformance.judge import Judgement, judge, overall
from conformance.log_file import read_log
from conformance.logs.intake import Intake, take_in
from conformance.logs.mapping import read_mapping
from conformance.pack import PACKS, load_pack
from conformance.results import NormResult
from tests.receipt_log import ABSENT, find_receipt_log

PACK = "coselog-receipt"
MAPPING = PACKS / PACK / "mappings" / "receipt-xes.yaml"
ZONE = ZoneInfo("Europe/Amsterdam")
LOG = find_receipt_log()

pytestmark = [
    pytest.mark.skipif(LOG is None, reason=ABSENT),
    pytest.mark.xdist_group("receipt log"),  # one worker reads it, once
]


class Trace(NamedTuple):
    """One case as a plain reading of the file has it."""

    values: dict[str, str]
    steps: list[str]
    days: list[str]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """The log, taken in by the mapping that ships with the pack."""
    assert LOG is not None
    to = tmp_path_factory.mktemp("receipt") / "log.parquet"
    return take_in(LOG, read_mapping(MAPPING), load_pack(PACK), to, place=str(MAPPING))


@pytest.fixture(scope="module")
def judged(taken: Intake) -> Judgement:
    """The log, judged."""
    return judge(load_pack(PACK), read_log(taken.log))


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    """The log as a reader of a dozen lines sees it, independent of ours."""
    assert LOG is not None
    return list(_traces(LOG))


def _traces(path: Path) -> Iterator[Trace]:
    with gzip.open(path) as file:
        for _, element in iterparse(file):  # noqa: S314 - a file that the test itself names
            if element.tag.rpartition("}")[2] != "trace":
                continue
            values = {child.get("key", ""): child.get("value", "") for child in element}
            events = [
                {item.get("key"): item.get("value", "") for item in child}
                for child in element
                if child.tag.rpartition("}")[2] == "event"
            ]
            moments = [datetime.fromisoformat(event["time:timestamp"]) for event in events]
            names = [event["concept:name"] for event in events]
            yield Trace(
                values=values,
                steps=[name.split()[0] if name.startswith("T") else "CONF" for name in names],
                days=[str(moment.astimezone(ZONE).date()) for moment in moments],
            )
            element.clear()


def norm(judgement: Judgement, name: str) -> NormResult:
    return next(result for result in judgement.norms if result.id == name)


def percent(result: NormResult) -> tuple[float, float, float]:
    assert result.rate is not None
    rate = result.rate
    return tuple(round(100 * share, 1) for share in (rate.met / rate.n, rate.low, rate.high))  # type: ignore[return-value]


def test_every_event_becomes_a_row(taken: Intake, judged: Judgement) -> None:
    assert (taken.read, taken.rows, taken.rejected, taken.ignored) == (8_577, 8_577, 0, 0)
    assert len({row.case_id for row in read_log(taken.log)}) == 1_434
    assert len({row.step for row in read_log(taken.log)}) == 27
    assert judged.scope == (("W1", "receipt"),)


def test_concluded_on_the_day_of_application(judged: Judgement) -> None:
    same_day = norm(judged, "W1.same-day")
    assert same_day.counts == {"fail": 619, "pass": 815}
    assert percent(same_day) == (56.8, 54.3, 59.4)
    assert same_day.verdict == "fail"


def test_ended_after_its_deadline(judged: Judgement) -> None:
    deadline = norm(judged, "W1.deadline")
    assert deadline.counts == {"fail": 377, "inconclusive": 105, "pass": 1_329 - 377}
    kept, low, high = percent(deadline)
    assert (round(100 - kept, 1), round(100 - high, 1), round(100 - low, 1)) == (28.4, 26.0, 30.9)
    assert set(deadline.reasons) == {"AFTER_MOMENT", "NO_DATA", "OPEN"}, "no end date is not shown, never met"


def test_came_by_internet(judged: Judgement) -> None:
    digital = norm(judged, "W1.digital")
    assert digital.counts == {"fail": 184, "pass": 1_250}
    assert percent(digital) == (87.2, 85.3, 88.8)
    assert digital.verdict == "pass"


def test_the_log_does_not_conform(judged: Judgement) -> None:
    assert overall(judged) == ("does_not_conform", 1)


def test_the_same_figures_come_from_a_plain_reading(traces: list[Trace], judged: Judgement) -> None:
    assert sum(t.days[0] == t.days[-1] for t in traces) == norm(judged, "W1.same-day").counts["pass"]
    ended = [t.values for t in traces if "enddate" in t.values]
    moments = [tuple(datetime.fromisoformat(v[key]) for key in ("enddate", "deadline")) for v in ended]
    assert sum(end > deadline for end, deadline in moments) == norm(judged, "W1.deadline").counts["fail"]
    by_internet = sum(t.values["channel"] == "Internet" for t in traces)
    assert by_internet == norm(judged, "W1.digital").counts["pass"]


def test_broken_orders_are_those_of_a_plain_reading(traces: list[Trace], judged: Judgement) -> None:
    pack = load_pack(PACK)
    stated = {item.step: item.next for item in pack.flow[0].steps}
    for step, allowed in stated.items():
        broken = sum(
            any(one == step and two not in allowed for one, two in pairwise(trace.steps)) for trace in traces
        )
        assert norm(judged, f"W1.{step}.next").counts.get("fail", 0) == broken, step
    without = sum("T04" not in t.steps[: t.steps.index("T05")] for t in traces if "T05" in t.steps)
    assert norm(judged, "W1.T05.after-T04").counts["fail"] == without == 1


def test_no_confirmation_sent_is_shown_only_for_ended_cases(traces: list[Trace], judged: Judgement) -> None:
    ends = {"T05", "T10", "T15", "T20"}
    missing = [trace for trace in traces if "T05" not in trace.steps]
    confirmed = norm(judged, "W1.confirmed")
    assert confirmed.counts["fail"] == sum(not ends.isdisjoint(trace.steps) for trace in missing)
    assert confirmed.counts["inconclusive"] == sum(ends.isdisjoint(trace.steps) for trace in missing)
