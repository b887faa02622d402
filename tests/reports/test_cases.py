"""The pages of cases hold what the log holds, stay the same bytes, and let nothing of it run."""

import base64
import codecs
import csv
import dataclasses
import hashlib
import io
import json
import re
import zlib
from itertools import starmap

import numpy as np
import pytest

from conformance.case_listing import MOMENTS, SAMPLE_CASES, SAMPLE_ROWS, CaseListing, StepLimit, list_cases
from conformance.errors import InputError
from conformance.evidence_results import SeenSignature
from conformance.log import Row, utc_text
from conformance.log_file import read_log, sha256_file, write_log
from conformance.results import Results
from conformance.verdicts import Verdict
from reports.cases import case_files
from reports.cases_data import NOTHING, pack_cases
from reports.cases_documents import case_documents
from reports.cases_page import island, render_cases_page
from reports.cases_source import case_source
from reports.cases_spans import CaseSpans
from reports.saved_run import write_reports
from reports.texts import LANGUAGES, Texts
from tests.browser.odd_log import CLOSING, FORMULA, MARKUP, check

pytestmark = pytest.mark.xdist_group("pages of cases")


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """The odd log, checked, with its reports: results and folder."""
    results, folder = check(tmp_path_factory.mktemp("odd"))
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("REGLAMENT_LANGUAGES")
        write_reports(results, folder, "kk")
    return results, folder


START = 1_368_590_400_000_000


def unpacked(packed):
    """Return header and columns, as the page's script reads them."""
    data = zlib.decompress(base64.b64decode(packed))
    length = int.from_bytes(data[:4], "little")
    header, at, columns = json.loads(data[4 : 4 + length]), 4 + length, {}
    for name, count, width in header["columns"]:
        planes = [data[at + k * count : at + (k + 1) * count] for k in range(width)]
        octets = zip(*planes, strict=True)
        columns[name] = [int.from_bytes(bytes(one), "little", signed=True) for one in octets]
        at += count * width
    assert at == len(data)
    return header, columns


def test_a_full_sample_makes_a_page_of_less_than_three_megabytes():
    """Cases of five rows, as a day of a study has them; what differs from case to case is drawn."""
    stream, cases, rows = np.random.default_rng(1), SAMPLE_CASES, SAMPLE_ROWS
    number, nth = np.divmod(np.arange(rows), -(-rows // cases))
    last = np.roll(nth, -1) == 0
    waited = np.where(stream.random(rows) < 0.1, stream.integers(0, 9_000_000, rows), 0)
    worked = stream.integers(0, 60_000_000, rows)
    spent = (waited + worked).cumsum() - waited - worked
    begins = stream.integers(0, 43_200_000_000, cases)[number] + spent - spent[number * (nth.max() + 1)]
    moments = (begins, begins + waited, begins + waited + worked)
    listing = CaseListing(
        key="key",
        total=1_000_000,
        bad=cases,
        bad_shown=cases,
        judged=True,
        cases={
            "verdict": np.zeros(cases, dtype=int),
            "norms": stream.integers(0, 9, cases),
            "n": np.full(cases, 6),
        },
        rows={
            "number": number,
            "service": stream.integers(0, 3, cases)[number],
            "path": stream.integers(0, 2, cases)[number],
            "step": nth,
            "unit": nth % 4,
            "resource": np.where(nth < 3, nth, stream.integers(0, 17_000, rows)),
            "outcome": np.where(last, stream.integers(0, 6, rows), 0),
            "standing": stream.integers(0, 20, rows) // 19,
            "limit_us": nth * 15_000_000,
            **dict(zip(MOMENTS, moments, strict=True)),
        },
        names={"case_id": tuple(f"case-{n}" for n in stream.permutation(1_000_000)[:cases])},
    )
    assert 2_000_000 < len(pack_cases(listing)) < 2_900_000


def test_the_columns_hold_every_row_of_the_log(tmp_path):
    moments = [(START, START + 5, START + 7), (None, START, 6 * 10**15), (10**15, None, None), (START,) * 3]
    steps = enumerate(moments)
    write_log(starmap(row, steps), tmp_path / "log.parquet")
    header, columns = unpacked(pack_cases(list_cases(tmp_path, [StepLimit("s", "p", "P0", 9)], "")))
    known, found = 0, []
    for difference in columns["moments"]:
        known += 0 if difference == NOTHING else difference
        found.append(None if difference == NOTHING else known)
    rows = read_log(tmp_path / "log.parquet")
    assert found == [us for one in rows for us in (one.enabled_us, one.started_us, one.completed_us)]
    names = header["names"]
    assert [names["step"][place - 1] for place in columns["row_step"]] == [one.step for one in rows]
    outcomes = [names["outcome"][place - 1] if place else None for place in columns["row_outcome"]]
    assert outcomes == [one.outcome for one in rows]
    assert (names["case_id"], columns["rows_of"]) == (["a", "b"], [2, 2])
    assert sorted(columns["limits"]) == [-1, -1, -1, 9]


def row(n, moments):
    enabled, started, completed = moments
    values = {"case_id": "ab"[n // 2], "service": "s", "path": "p", "step": f"P{n}", "unit": "u"}
    values |= {"enabled_us": enabled, "started_us": started, "completed_us": completed, "resolution_us": 1}
    values |= {"outcome": "ok" if n else None, "resource": None, "request_number": None, "attributes": None}
    return Row(**values)


@pytest.mark.parametrize("text", [CLOSING, "<!--<script>", "&amp;", "\u2028\u2029"])
def test_no_text_ends_the_island(text):
    held = island({"name": text})
    assert not re.search("[<>&\u2028\u2029]", held)
    assert json.loads(held) == {"name": text}


def test_the_policy_names_the_script_and_the_style_of_the_page(odd):
    source = (odd[1] / "cases.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', source)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag, begins in (("script", "script data-cases"), ("style", "style")):
        (held,) = re.findall(rf"<{begins}>(.*?)</{tag}>", source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(held.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert MARKUP not in source
    assert CLOSING not in source


def test_the_same_folder_gives_the_same_bytes_in_every_language(odd, monkeypatch):
    monkeypatch.delenv("REGLAMENT_LANGUAGES")
    results, folder = odd
    for language in LANGUAGES:
        assert case_files(results, folder, language) == case_files(results, folder, language)
    assert case_files(results, folder, "kk")["cases.html"] == (folder / "cases.html").read_bytes()


def test_the_report_leads_to_the_cases_and_back(odd):
    _, folder = odd
    for language, file in (("kk", "report.html"), ("ru", "report.ru.html"), ("en", "report.en.html")):
        assert f'href="cases.html?{language}"' in (folder / file).read_text(encoding="utf-8")
        assert f'href="{file}"' in (folder / "cases.html").read_text(encoding="utf-8")


def test_the_table_counts_what_the_results_count_and_holds_no_formula(odd):
    results, folder = odd
    assert isinstance(results, Results)
    lines = list(csv.DictReader(io.StringIO((folder / "cases.csv").read_text(encoding="utf-8-sig"))))
    for name in ("cases.csv", "indicators.csv"):
        assert (folder / name).read_bytes().startswith(codecs.BOM_UTF8), (
            "Excel shows Kazakh letters by it alone"
        )
    assert len(lines) == results.summary.cases
    broken = {f.case_id for norm in results.norms for f in norm.findings if f.verdict in {"fail", "error"}}
    assert len([line for line in lines if line["verdict"] in {"fail", "error"}]) == len(broken) > 0
    (norm,) = [norm for norm in results.norms if norm.id == "S1.P6.limit"]
    assert sum("S1.P6.limit fail" in line["norms"] for line in lines) == norm.counts["fail"]
    assert f"'{FORMULA}" in {line["case"] for line in lines}
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in lines for cell in line.values()
    )


def test_the_page_counts_what_the_results_count(odd):
    results, folder = odd
    page = (folder / "cases.html").read_text(encoding="utf-8")
    header, columns = unpacked(re.search(r'id="packed">([^<]*)<', page)[1])
    verdicts = [header["names"]["verdict"][place - 1] for place in columns["verdict"]]
    lines = [header["names"]["norms"][place - 1].splitlines() for place in columns["norms"]]
    assert len(verdicts) == results.summary.cases
    assert sum(columns["rows_of"]) == results.summary.rows
    for norm in results.norms:
        for verdict in ("fail", "error"):
            found = sum(f"{norm.id} {verdict} " in f"{line} " for case in lines for line in case)
            assert found == norm.counts.get(verdict, 0), norm.id
    assert sum(verdict in {"fail", "error"} for verdict in verdicts) > 0


@pytest.mark.parametrize(
    ("verdict", "late", "heading"),
    [("pass", False, "first"), ("pass", True, "worst"), ("inconclusive", False, "worst")],
)
def test_cases_of_which_all_are_met_and_none_is_late_are_not_called_the_worst(
    odd, tmp_path, verdict, late, heading
):
    source = case_source(*odd)
    listing = source.listing
    names = {**listing.names, "verdict": (verdict,) * len(listing.names["verdict"])}
    rows = listing.rows if late else {**listing.rows, "standing": np.zeros_like(listing.rows["standing"])}
    source = dataclasses.replace(source, listing=dataclasses.replace(listing, names=names, rows=rows))
    page = render_cases_page(source, CaseSpans(source.listing), tmp_path, "en")
    assert f"<h2>{Texts('en').say(f'cases.{heading}')}</h2>" in page


def test_the_table_says_what_the_rows_of_the_log_say(odd):
    results, folder = odd
    cases = {}
    for one in read_log(folder / "log.parquet"):
        cases.setdefault(one.case_id, []).append(one)
    limits = {(s.service, s.path, s.step): s.limit_s for s in results.steps}
    codes = {service.code: service.id for service in results.services}
    lines = list(csv.DictReader(io.StringIO((folder / "cases.csv").read_text(encoding="utf-8"), newline="")))
    for line, (case, rows) in zip(lines, sorted(cases.items()), strict=True):
        moments = [us for one in rows for us in (one.enabled_us, one.started_us, one.completed_us)]
        known = [us for us in moments if us is not None]
        assert line["case"].removeprefix("'") == case
        assert line["steps"].removeprefix("'") == " ".join(one.step for one in rows)
        assert (line["begins"], line["ends"]) == (utc_text(min(known)), utc_text(max(known)))
        assert line["lasted_s"] == f"{(max(known) - min(known)) / 1e6:.6f}"
        assert line["outcome"] == (rows[-1].outcome or "")
        late = []
        for one in rows:
            limit = limits.get((codes.get(one.service, one.service), one.path, one.step))
            timed = None not in {limit, one.enabled_us, one.completed_us}
            if timed and one.completed_us - one.enabled_us - one.resolution_us + 1 > limit * 1e6:
                late.append(one.step)
        assert line["late_steps"] == " ".join(late)


def test_a_log_that_is_not_the_judged_one_is_refused(odd, tmp_path):
    results, folder = odd
    rows = read_log(folder / "log.parquet")
    write_log(rows[1:], tmp_path / "log.parquet")
    with pytest.raises(InputError, match="another log than was judged"):
        case_files(results, tmp_path, "en")
    assert sha256_file(folder / "log.parquet") == results.provenance.log_sha256
    assert set(case_files(results, tmp_path / "nowhere", "en").values()) == {None}


def test_signatures_of_more_cases_than_a_page_verifies_are_not_called_anything(odd, monkeypatch, tmp_path):
    place = tmp_path / "documents" / "one"
    place.mkdir(parents=True)
    (place / "request.json").write_bytes(b"{}")
    results, folder = odd
    source = case_source(results, folder)
    source = dataclasses.replace(source, listing=dataclasses.replace(source.listing, folders={0: "one"}))
    found = case_documents(source, tmp_path)
    assert found.verified
    assert [(check.document, check.way) for check in found.by_case["0"]["checks"]] == [
        ("request", ()),  # nobody receipted it
        ("answer", ()),
    ]
    monkeypatch.setattr("reports.cases_documents.MOST_VERIFIED", 0)
    found = case_documents(source, tmp_path)
    assert not found.verified
    assert found.by_case["0"] == {
        "folder": "documents/one",
        "files": ["request.json"],
        "checks": [],
        "decided": False,
    }


def test_every_signed_file_of_a_case_has_a_finding_with_its_moment(odd, tmp_path):
    """What was refused is called what the judge found when it was refused, not what the receipt says."""
    place = tmp_path / "documents" / "one"
    place.mkdir(parents=True)
    for name in ("request", "arrived-request", "letter"):
        (place / f"{name}.json").write_bytes(b"{}")
        (place / f"{name}.p7s").write_bytes(b"")
    source = case_source(*odd)
    case = source.listing.names["case_id"][0]
    listing = dataclasses.replace(source.listing, folders={0: "one"})
    common = {"case_id": case, "document": "request", "reason": None, "detail": "", "verdict": Verdict.PASS}
    seen = (
        SeenSignature(step="P7", decided="refused", indication="TOTAL_FAILED", sub_indication="X", **common),
        SeenSignature(
            step="P5", decided="accepted", indication="TOTAL_PASSED", sub_indication=None, **common
        ),
    )
    found = case_documents(dataclasses.replace(source, listing=listing, seen=seen), tmp_path).by_case["0"]
    told = [(check.document, check.since, check.step, check.verdict) for check in found["checks"]]
    assert told == [
        ("request", "signer", None, Verdict.FAIL),
        ("request", "decision", "P5", Verdict.PASS),
        ("arrived-request", "decision", "P7", Verdict.FAIL),
        ("answer", "signer", None, Verdict.INCONCLUSIVE),
        ("letter", "never", None, Verdict.INCONCLUSIVE),
    ]
    assert found["decided"]
    bare = case_documents(dataclasses.replace(source, listing=listing, seen=()), tmp_path).by_case["0"]
    arrived = [check.since for check in bare["checks"] if check.document == "arrived-request"]
    assert (arrived, bare["decided"]) == (["signer"], False)


def test_without_a_script_every_language_leads_to_its_report(odd):
    page = (odd[1] / "cases.html").read_text(encoding="utf-8")
    told = re.search(r'<div class="banner without-scripts">(.*?)</div>', page, re.DOTALL)[1]
    for language, file in (("kk", "report.html"), ("ru", "report.ru.html"), ("en", "report.en.html")):
        (sentence,) = re.findall(rf'<p lang="{language}">(.*)</p>', told)
        assert Texts(language).say("cases.script_needed") in sentence
        assert re.findall('href="([^"]*)"', sentence) == [file, "cases.csv", "verdicts.parquet"]
        assert all((odd[1] / name).is_file() for name in (file, "cases.csv", "verdicts.parquet"))
