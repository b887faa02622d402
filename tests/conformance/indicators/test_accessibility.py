"""Findings of accessibility tools: what is read, what is refused and where, what is kept of an address."""

import csv
import hashlib
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import InputError, UnfitValue
from conformance.indicators import accessibility_file, accessibility_tally, axe_results
from conformance.indicators.accessibility_file import read_accessibility
from conformance.indicators.accessibility_tally import criteria_of_tags
from conformance.indicators.page_address import page_of
from tests.conformance.indicators.test_survey import NUMBER

FULL_WIDTH = "".join(chr(ord("\uff10") + int(digit)) for digit in NUMBER)
HEAD = "page,rule,count,impact,wcag,tool\n"
AT = "2024-05-15T04:00:00.000Z"


def rule(id_="image-alt", nodes=2, impact="critical", tags=("wcag2a", "wcag111", "cat.text-alternatives")):
    node = {"html": "<img>", "target": ["img"], "any": [{"id": "has-alt", "data": None, "relatedNodes": []}]}
    return {"id": id_, "impact": impact, "tags": list(tags), "nodes": [node] * nodes, "help": "Images"}


def result(
    url="https://clinic.example/slots?iin=1#top", violations=(), incomplete=(), passes=({"id": "lang"},)
):
    return {
        "url": url,
        "timestamp": AT,
        "testEngine": {"name": "axe-core", "version": "4.10.2"},
        "testRunner": {"name": "axe"},
        "toolOptions": {"reporter": "v1"},
        "violations": list(violations),
        "incomplete": list(incomplete),
        "passes": list(passes),
        "inapplicable": [],
    }


def read(tmp_path, content):
    path = Path(tmp_path) / "findings"
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_accessibility(path)


def test_a_result_of_axe_is_counted_by_page_and_rule(tmp_path):
    contrast = rule("color-contrast", 5, "serious", ["wcag2aa", "wcag143"])
    found = read(tmp_path, result(violations=[rule()], incomplete=[contrast]))
    assert (found.tool, found.tool_version) == ("axe-core", "4.10.2")
    assert (found.entries, found.pages, found.pages_without_rules) == (1, 1, 0)
    assert found.first_checked == found.last_checked == "2024-05-15T04:00:00.000000Z"
    assert found.sha256 == hashlib.sha256((tmp_path / "findings").read_bytes()).hexdigest()
    (finding,) = found.findings
    assert (finding.page, finding.rule, finding.count) == ("clinic.example/slots", "image-alt", 2)
    assert (finding.impact, finding.criteria) == ("critical", ("1.1.1",))
    (review,) = found.needs_review
    assert (review.rule, review.count, review.criteria) == ("color-contrast", 5, ("1.4.3",))


def test_results_of_one_page_are_added_up_with_the_worst_impact(tmp_path):
    first = result(violations=[rule(nodes=1, impact=None)])
    second = result("https://clinic.example/slots?page=2", [rule(nodes=3, impact="minor", tags=["wcag412"])])
    found = read(tmp_path, [first, second, result("https://clinic.example/")])
    assert (found.entries, found.pages) == (3, 2)
    (finding,) = found.findings
    assert (finding.count, finding.impact, finding.criteria) == (4, "minor", ("1.1.1", "4.1.2"))


def test_a_page_to_which_no_rule_applied_is_not_a_page_without_findings(tmp_path):
    found = read(tmp_path, [result(), result("https://clinic.example/blank", passes=())])
    assert (found.pages, found.pages_without_rules, found.findings) == (1, 1, ())
    with pytest.raises(InputError, match="found no page to which a rule applied"):
        read(tmp_path, [result(passes=())])


def test_a_csv_counts_pages_without_findings_too(tmp_path):
    lines = (
        "a.example/x,alt,3,serious,1.1.1 1.4.12,pa11y 8\n/y,,0,,,pa11y 8\n\na.example/x?q,alt,1,,,pa11y 8\n"
    )
    found = read(tmp_path, ("\ufeff" + HEAD + lines).replace("\n", "\r\n"))
    assert (found.tool, found.tool_version, found.entries, found.pages) == ("pa11y 8", None, 3, 2)
    (finding,) = found.findings
    assert (finding.count, finding.impact, finding.criteria) == (4, "serious", ("1.1.1", "1.4.12"))
    assert found.needs_review is None
    assert read(tmp_path, "page,rule,count\n/y,,0\n").tool is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: found no column page"),
        (b"\xff\n", "line 1: found no line of column names"),
        ("page,rule\n", "line 1: found no column count"),
        ("page,rule,cuont\n", "did you mean count"),
        ("page,rule,count,page\n", "the column page twice"),
        ("page,rule,count\n", "no line but the names of columns"),
        ("page,rule,count\n/x,alt\n", "line 2: found 2 cells, expected 3"),
        ("page,rule,count\n/x,alt,1\n/x,alt,-1\n", "line 3: found no count"),
        ("page,rule,count\n/x,alt,1.0\n", "no count"),
        ("page,rule,count\n/x,alt,٣\n", "no count"),
        ("page,rule,count\n/x,,1\n", "no id of a rule"),
        ("page,rule,count\n/x,a b,1\n", "no id of a rule"),
        ("page,rule,count\n,alt,1\n", "no page in the address"),
        ('page,rule,count\n/x,"alt,1\n', "a line that is no CSV"),
        (b"page,rule,count\n/\xff,alt,1\n", "line 2: found octets that are no UTF-8"),
        ("page,rule,count,impact\n/x,alt,1,sirious\n", "did you mean serious"),
        ("page,rule,count,wcag\n/x,alt,1,1.4.14\n", "no success criterion"),
        ("page,rule,count,tool\n/x,alt,1,axe\n/x,alt,1,wave\n", "line 3: found another tool"),
        ("page,rule,count\n/x" + "x" * 20_000 + ",alt,1\n", "a line of 2"),
        ("[]", "expected `array` of length >= 1|length >= 1"),
        ("{}", "object missing required field `url`"),
        ('{"url": 1}', "url: found `int`, expected `str`"),
        ('{"url": "a", "url": "b"}', "a name twice in one object"),
        ('{"a": ' + "[" * 80 + "]" * 80 + "}", "too many nested levels, expected at most 64"),
        ("[" * 100_000, "too many nested levels"),
        ('[{"url"', "broken JSON"),
        ('{"url": NaN}', "broken JSON|found"),
    ],
)
def test_what_is_refused_is_told_with_its_place(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"violations": [rule(nodes=0)]}, r"\[1\].violations\[0\].nodes"),
        ({"violations": [rule(impact="fatal")]}, r"\[1\]: found another impact"),
        ({"violations": [rule(id_="no id")]}, "no id of a rule"),
        ({"violations": {}}, r"\[1\].violations: found `object`, expected `array`"),
        ({"timestamp": "2024-05-15T04:00:00"}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00Z"}, "a timestamp out of range"),
        ({"url": "data:text/html,<p>Aigerim"}, r"\[1\]: found an address of another kind"),
        ({"url": "about:blank"}, "an address of another kind"),
        ({"testEngine": {"name": "axe-core", "version": "4.9.0"}}, "another tool or version"),
        ({"testEngine": {"name": "axe\ncore", "version": "4.9.0"}}, "no name of a tool"),
    ],
)
def test_a_result_of_another_shape_is_refused(tmp_path, change, message):
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, [result(), result() | change])
    assert "Aigerim" not in str(caught.value)


@pytest.mark.parametrize(
    ("module", "limit", "content"),
    [
        (accessibility_file, "MAX_OCTETS", HEAD),
        (accessibility_file, "MAX_LINES", "page,rule,count\n/x,a,1\n/x,b,1\n/x,b,1\n"),
        (axe_results, "MAX_MARKS", "[{}, {}]"),
        (axe_results, "MAX_DEPTH", "[[[]]]"),
        (accessibility_tally, "MAX_FINDINGS", "page,rule,count\n/x,a,1\n/x,b,1\n/x,c,1\n"),
        (accessibility_tally, "MAX_COUNT", "page,rule,count\n/x,a,2\n/x,a,1\n"),
    ],
)
def test_every_limit_holds(tmp_path, monkeypatch, module, limit, content):
    monkeypatch.setattr(module, limit, 2)
    with pytest.raises(InputError, match="at most 2"):
        read(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected readable findings"):
        read_accessibility(tmp_path)
    with pytest.raises(InputError, match="expected readable findings"):
        read_accessibility(tmp_path / "none")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://Clinic.Example", "clinic.example/"),
        ("https://clinic.example:8443/a/b?iin=1#c", "clinic.example:8443/a/b"),
        ("https://aigerim:secret@clinic.example/a", "clinic.example/a"),
        ("https://x;y@clinic.example/a;jsessionid=12", "clinic.example/a"),
        ("//clinic.example/a", "clinic.example/a"),
        ("localhost:8080/a", "localhost:8080/a"),
        ("/a/b#c", "/a/b"),
        ("https://[2001:db8::1]/a", "[2001:db8::1]/a"),
        ("https://clinic.example/%D0%B2%D1%80%D0%B0%D1%87", "clinic.example/врач"),
        ("https://clinic.example/a%3Fname=Aigerim", "clinic.example/a"),
        ("file:///Users/aigerim/page.html", "page.html"),
        (f"https://clinic.example/p/{NUMBER}/x", "clinic.example/p/************/x"),
        ("https://clinic.example/" + "".join(f"%{ord(d):x}" for d in NUMBER), "clinic.example/************"),
        (
            "https://clinic.example/" + "".join(f"%25{ord(d):x}" for d in NUMBER),
            "clinic.example/************",
        ),
        (f"https://clinic.example/{NUMBER[:6]}\u200b{NUMBER[6:]}", "clinic.example/************"),
        (f"https://clinic.example/{FULL_WIDTH}", "clinic.example/************"),
        (f"https://clinic.example/{quote(FULL_WIDTH)}", "clinic.example/************"),
        (f"https://clinic.example/{NUMBER[:6]}{FULL_WIDTH[6:]}", "clinic.example/************"),
    ],
)
def test_a_page_is_host_and_path_without_persons(address, page):
    assert page_of(address) == page


@pytest.mark.parametrize(
    "address",
    ["", "?q", "javascript:alert(1)", "https://a b/c", "https://u:p\\@h/", "x:y@h/", "/%2525252525"],
)
def test_what_is_no_address_is_refused_without_repeating_it(address):
    with pytest.raises(UnfitValue):
        page_of(address)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_no_address_keeps_what_follows_the_path_or_a_number(text):
    address = f"https://u:{NUMBER}@clinic.example/{text}?{NUMBER}#{NUMBER}"
    try:
        page = page_of(address)
    except UnfitValue as error:
        assert NUMBER not in str(error)  # noqa: PT017 - either of both may come
    else:
        assert NUMBER not in page
        assert page.isprintable()
        assert not set("?#;") & set(page)


def test_tags_name_success_criteria_that_exist():
    tags = ["wcag2a", "wcag21aa", "wcag111", "wcag1413", "wcag2411", "wcag1414", "wcag511", "best-practice"]
    assert criteria_of_tags(tags) == {"1.1.1", "1.4.13", "2.4.11"}


_leaves = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([AT, "minor", "/x"])
)
_json = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner)
)


@st.composite
def bad_axe(draw):
    """A good result in which one place holds anything, or which is cut off or has an odd octet."""
    good = json.loads(json.dumps([result(violations=[rule()], incomplete=[rule("b", 1)]), result("/y")]))
    place = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(0, 3))):
        if isinstance(place, dict) and place:
            key = draw(st.sampled_from(sorted(place)))
        elif isinstance(place, list) and place:
            key = draw(st.integers(0, len(place) - 1))
        else:
            break
        if draw(st.booleans()) and isinstance(place[key], dict | list):
            place = place[key]
        else:
            place[key] = draw(_json)
            break
    octets = json.dumps(good).encode()
    end = draw(st.integers(1, len(octets)) | st.just(len(octets)))
    return octets[:end] + draw(st.sampled_from([b"", b"\xff", b"]", b"\0"]))


@st.composite
def bad_csv(draw):
    """Lines whose cells are good or anything, under columns in any order."""
    names = draw(st.permutations(["page", "rule", "count", "impact", "wcag", "tool"]))
    cells = st.text(max_size=12) | st.sampled_from(
        ["/x", "alt", "3", "minor", "1.1.1", "=1", NUMBER, '"', ""]
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for _ in range(draw(st.integers(0, 4))):
        good = {"page": "/x", "rule": "alt", "count": "3", "impact": "", "wcag": "", "tool": ""}
        if draw(st.booleans()):
            good[draw(st.sampled_from(names))] = draw(cells)
        writer.writerow([good[name] for name in names])
    return out.getvalue().encode("utf-8", "surrogatepass")


@given(bad_axe() | bad_csv() | st.binary(max_size=200) | _json.map(lambda value: json.dumps(value).encode()))
@settings(deadline=None, max_examples=150)
def test_no_file_ends_in_anything_but_a_result_or_a_message(octets):
    with TemporaryDirectory() as folder:
        try:
            found = read(folder, octets)
        except InputError as error:
            assert NUMBER not in str(error)  # noqa: PT017 - either of both may come
            return
    assert found.pages >= 1
    assert all(finding.count >= 1 for finding in (*found.findings, *(found.needs_review or ())))
    assert NUMBER not in repr(found)
    assert found.entries <= axe_results.MAX_RESULTS
