"""The table of docs/write-a-scenario.md names every value that can be set, and no other."""

import re
from pathlib import Path

import pytest

from actors.forgery import SignatureFlaw
from sim.plan import (
    OUTAGES,
    Account,
    AttachedFiles,
    Attachment,
    Certificate,
    CitizenPlan,
    Deed,
    Form,
    Happening,
    Password,
    RequestFlaw,
    Retry,
)

PAGE = (Path(__file__).parents[2] / "docs" / "write-a-scenario.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells[1]
    for line in PAGE.splitlines()
    if line.startswith("| ") and len(cells := line.strip("| ").split(" | ")) >= 2
}


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("`citizen.account`", Account),
        ("`citizen.password`", Password),
        ("`citizen.certificate`", Certificate),
        ("`citizen.signature`", SignatureFlaw),
        ("`citizen.request`", RequestFlaw),
        ("`citizen.files`", AttachedFiles),
        ("`citizen.retry`", Retry),
        ("`citizen.attached`", Attachment),
        ("`citizen.form`", Form),
        ("outages, with `lasting`", OUTAGES),
        ("other deeds", set(Deed) - OUTAGES),
        ("`happenings`", Happening.__struct_fields__),
    ],
)
def test_a_row_names_every_value(key, values):
    assert sorted(re.findall("`([^`]+)`", ROWS[key])) == sorted(map(str, values))


def test_every_key_of_a_citizen_has_a_row():
    keys = {key for row in ROWS for key in re.findall(r"`citizen\.(\w+)`", row)}
    assert keys == set(CitizenPlan.__struct_fields__)
