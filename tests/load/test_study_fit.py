"""What was played is found again: rates, profiles, laws, servers, offices and traits, once and once more."""

import hashlib

import msgspec
import pytest

from conformance.fit_results import FitResults
from conformance.log_file import sha256_file
from scenarios.study_fit import fit_study
from scenarios.study_reader import read_study
from sim.durations import parse_duration_us
from sim.laws import Constant, Exponential, Gamma, LogNormal, Triangular
from tests.scenarios.known_studies import KNOWN, PACK, play_study

SEED = 5


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Return a folder with the log of the known study, and its fit in a folder within."""
    folder = tmp_path_factory.mktemp("fit")
    (folder / "known.yaml").write_text(KNOWN, encoding="utf-8")
    play_study(folder / "known.yaml", folder / "log.parquet", SEED)
    (folder / "fit").mkdir()
    return folder, fit_study(folder / "log.parquet", PACK, folder / "fit")


@pytest.fixture(scope="module")
def fitted(played):
    return read_study(played[0] / "fit" / "study.yaml").study


def arrivals_of(results, service):
    return next(one for one in results.arrivals if one.service == service)


def seconds(text):
    return parse_duration_us(text) / 1e6


def near(value, expected, tolerance):
    return abs(value - expected) <= tolerance * expected


def test_the_rate_and_the_profile_of_the_day_are_found(played):
    calls = arrivals_of(played[1], "doctor-home-call")
    assert calls.kind == "poisson"
    assert calls.low <= 60 <= calls.high
    assert near(calls.per_day, 60, 0.08)
    assert [text for text, _ in calls.profile] == ["00:00", "08:00", "12:00"]
    mean = (0.2 * 8 + 3.0 * 4 + 1.0 * 12) / 24
    for (_, weight), expected in zip(calls.profile, (0.2, 3.0, 1.0), strict=True):
        assert near(weight, expected / mean, 0.25)
    assert all(weekday.weight == 1 and not weekday.fitted for weekday in calls.week)


def test_the_week_is_found_though_who_comes_to_a_closed_office_is_seen_when_it_opens(played):
    attachments = arrivals_of(played[1], "clinic-attachment")
    weights = {weekday.day: weekday.weight for weekday in attachments.week}
    assert attachments.kind == "poisson"
    assert near(attachments.per_day, 50, 0.1)
    assert weights["sunday"] + weights["saturday"] < 0.6  # who came at the weekend is known, not on which day
    assert all(near(weights[day], 7 / 5.3, 0.25) for day in ("monday", "wednesday", "friday"))
    assert [gap.place for gap in played[1].gaps if gap.code == "at_opening"] == [attachments.id]


def test_arrivals_of_poisson_are_as_uneven_as_poisson_ones(played):
    for one in played[1].arrivals:
        assert 0.7 < one.dispersion < 1.25
        assert one.gaps_ks < 0.06


def test_each_family_is_found_with_its_parameters(fitted):
    steps = fitted.steps
    assert isinstance(steps["V1"]["desk"], Exponential)
    assert near(seconds(steps["V1"]["desk"].mean), 20, 0.1)
    assert isinstance(steps["V2"]["desk"], Gamma)
    assert near(seconds(steps["V2"]["desk"].mean), 40, 0.05)
    assert near(steps["V2"]["desk"].cv, 0.5, 0.1)
    assert isinstance(steps["P6"]["workstation"], LogNormal)
    assert near(seconds(steps["P6"]["workstation"].p50), 30, 0.08)
    assert near(seconds(steps["P6"]["workstation"].p95), 90, 0.12)
    assert isinstance(steps["V5"]["desk"], Triangular)
    assert near(seconds(steps["V5"]["desk"].low), 20, 0.1)
    assert near(seconds(steps["V5"]["desk"].mode), 30, 0.15)
    assert near(seconds(steps["V5"]["desk"].high), 70, 0.1)
    assert steps["V8"]["desk"] == Constant(value="15 s")


def test_waiting_for_a_registrar_is_kept_out_of_the_time_of_a_decision(played, fitted):
    every = next(one for one in played[1].times if one.name == "decision/portal")
    assert near(every.mean_s, 280, 0.06)
    assert isinstance(fitted.decision["portal"], Triangular)
    at_once = [gap for gap in played[1].gaps if gap.code == "decisions_at_once"]
    assert at_once[0].n < at_once[0].total / 2


def test_of_a_step_in_a_row_the_longest_station_gets_what_the_others_leave(played, fitted):
    sign = next(one for one in played[1].times if one.name == "P5")
    assert (sign.carrier, sign.status) == ("citizen", "good")
    assert set(fitted.steps["P5"]) == {"citizen"}
    law = fitted.steps["P5"]["citizen"]
    assert near(seconds(law.low), 26, 0.03)
    assert near(seconds(law.high), 38, 0.03)


def test_servers_offices_and_traits_are_found(played, fitted):
    desk = next(one for one in played[1].servers if one.station == "desk")
    assert (desk.servers, desk.names, desk.busy, desk.waited) == (3, 3, 3, True)
    assert fitted.stations["desk"].servers == 3
    shares = {office.name: office.share for office in played[1].offices}
    assert near(shares["north"], 0.75, 0.05)
    (trait,) = played[1].traits
    assert trait.low <= 0.05 <= trait.high
    assert (trait.path, trait.citizen, trait.services) == (
        "portal",
        ("password", "wrong"),
        ("doctor-home-call",),
    )
    (cut_off,) = played[1].outcomes
    assert (cut_off.why, cut_off.service) == ("moment", "clinic-attachment")


def test_a_fit_of_what_the_fitted_study_plays_finds_the_same(played, tmp_path):
    folder, first = played
    play_study(folder / "fit" / "study.yaml", tmp_path / "log.parquet", SEED + 1)
    second = fit_study(tmp_path / "log.parquet", PACK, tmp_path)
    for before, after in zip(first.arrivals, second.arrivals, strict=True):
        assert (before.id, before.kind) == (after.id, after.kind)
        assert near(after.per_day, before.per_day, 0.1)
    again = {one.name: one for one in second.times}
    for before in first.times:
        if before.used >= 300:
            after = again[before.name]
            assert near(after.mean_s, before.mean_s, 0.06), before.name
            assert near(after.p95_s, before.p95_s, 0.2), before.name
            assert (after.family, after.carrier) == (before.family, before.carrier)
    bounds = {one.station: one.servers for one in second.servers}
    assert bounds["desk"] == 3


def test_the_same_log_gives_the_same_octets(played, tmp_path):
    folder, _ = played
    fit_study(folder / "log.parquet", PACK, tmp_path)
    for name in ("study.yaml", "fit.json"):
        assert sha256_file(tmp_path / name) == sha256_file(folder / "fit" / name)


def test_every_fitted_figure_has_a_comment_above_it(played):
    text = (played[0] / "fit" / "study.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith(("  - {kind", "  - {id", "  V", "  P", "  desk", "  portal")):
            assert lines[number - 1].lstrip().startswith("#"), line
    assert hashlib.sha256((played[0] / "log.parquet").read_bytes()).hexdigest() in text.replace("\n# ", " ")


def test_the_fit_reads_back_as_it_was_saved(played):
    folder, results = played
    assert msgspec.json.decode((folder / "fit" / "fit.json").read_bytes(), type=FitResults) == results
