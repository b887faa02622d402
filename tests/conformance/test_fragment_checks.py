from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from conformance.errors import InputError, UnfitValue
from conformance.fragment_checks import Told, check_fragments, fragments_text, validate_fragments
from conformance.fragment_rows import clean_rows
from conformance.fragment_set import expand_fragments, load_fragments
from conformance.fragments import FragmentEntry, Insert, Last, Remove, Set, seconds_of
from conformance.pack import PACKS, available_packs, load_pack
from tests.conformance.fragment_documents import FragmentDocuments
from tests.conformance.shipped_fragments import ASTANA, broken_cases, shipped

pytestmark = pytest.mark.xdist_group("fragments")  # one worker judges them, once

FRAGMENTS = shipped()
PACK = FRAGMENTS.pack


@pytest.fixture(scope="module")
def told():
    return check_fragments(FRAGMENTS)


def test_the_two_fragments_of_every_norm_are_told_apart(told):
    assert list(told) == [norm.id for norm in PACK.norms]
    assert [name for name, how in told.items() if how is Told.LOST] == [f"S{n}.P8.limit" for n in (1, 2, 3)]
    needy = [name for name, fragment in FRAGMENTS.by_norm.items() if fragment.needs_documents]
    assert [name for name, how in told.items() if how is Told.NEEDS_DOCUMENTS] == needy
    counts = Counter(told.values())
    assert counts[Told.APART] == len(PACK.norms) - 3 - len(needy)


def test_base_cases_break_nothing():
    assert broken_cases(PACK, clean_rows(PACK, FRAGMENTS.file)) == {}


def test_the_outcome_is_said_with_its_counts(told):
    said = validate_fragments(PACK, ASTANA)
    assert said == fragments_text(told)
    assert f"Fragments: {2 * len(PACK.norms)}, two a norm; " in said
    assert "3 cannot be: the limit is lost (S1.P8.limit, S2.P8.limit, S3.P8.limit)" in said


def test_a_pack_without_fragments_is_said_to_prove_nothing(tmp_path):
    assert validate_fragments(PACK, tmp_path).startswith("No fragments")


def changed(norm, **changes):
    """Return the fragments with the entry of *norm* changed."""
    entries = tuple(
        msgspec.structs.replace(entry, **changes) if entry.norm == norm else entry
        for entry in FRAGMENTS.file.fragments
    )
    assert entries != FRAGMENTS.file.fragments
    return expand_fragments(
        PACK, msgspec.structs.replace(FRAGMENTS.file, fragments=entries), "fragments.yaml"
    )


LEGAL = Set(steps=("P5",), field="attributes.applicant", value="legal_person")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"violates": ()}, r"natural-person\).violates: found pass \(nothing is wrong\), expected fail"),
        ({"conforms": (LEGAL,)}, r"conforms: found a case that breaks S1.P5.natural-person"),
        (
            {"also": ("{service}.P1.next",)},
            r"also: found a case that breaks nothing as well, expected .*S1.P1.next",
        ),
        (
            {"violates": (LEGAL, Last(step="P1", time="61 s"))},
            r"also: found a case that breaks S1.P1.limit as well, expected what it names: nothing",
        ),
        (
            {"case": "portal-not-authorised", "violates": (Remove(step="P2"),)},
            r"conforms: found not_applicable \(the case took a way without P5\), expected pass",
        ),
    ],
)
def test_a_fragment_that_is_not_what_it_says_is_refused(changes, message):
    fragments = changed("{service}.P5.natural-person", **changes)
    with pytest.raises(InputError, match=message):
        check_fragments(fragments)


def entry(norm, **changes):
    return FragmentEntry(**({"norm": norm, "case": "portal-served", "violates": (LEGAL,)} | changes))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ((), "no fragments of S1.P1.limit"),
        ((entry("{service}.P5.natural-persons"),), "did you mean S1.P5.natural-person?"),
        ((entry("{service}.P5.natural-person"),) * 2, "fragments of S1.P5.natural-person again"),
        ((entry("{service}.P5.sent", case="portal-server"),), "did you mean portal-served?"),
        (
            (entry("{service}.P5.sent", case="desk-served"),),
            "a case of the path provider, expected one of the path portal",
        ),
        (
            (entry("{service}.P5.sent", violates=(Last(step="P2", time="1 s"),)),),
            "the step P2, expected a step of the",
        ),
        ((entry("{service}.P5.sent", violates=(Insert(step="P9", after="P5"),)),), "the unknown step P9"),
    ],
)
def test_an_incomplete_or_misspelt_file_is_refused(entries, message):
    file = msgspec.structs.replace(FRAGMENTS.file, fragments=entries)
    with pytest.raises(InputError, match=message):
        expand_fragments(PACK, file, "fragments.yaml")


def test_a_norm_of_an_own_pack_without_fragments_is_refused():
    pack = replace(PACK, norms=(*PACK.norms, msgspec.structs.replace(PACK.norms[0], id="S1.new")))
    with pytest.raises(InputError, match=r"no fragments of S1\.new, expected one case that keeps"):
        expand_fragments(pack, FRAGMENTS.file, "fragments.yaml")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("9 h", 32400),
        ("7 h 59 min", 28740),
        ("1 h 1 min 1 s", 3661),
        ("61 s", 61),
        ("limit", 90),
        ("limit + 1 s", 91),
        ("limit + 2 min", 210),
    ],
)
def test_times_are_read(text, seconds):
    assert seconds_of(text, 90) == seconds


def test_a_time_of_a_lost_limit_is_lost():
    assert seconds_of("limit + 1 s", None) is None


@pytest.mark.parametrize("text", ["", "h", "9", "9h", "limit +", "limit - 1 s", "1 s 1 h", "limits"])
def test_other_times_are_refused(text):
    with pytest.raises(UnfitValue):
        seconds_of(text, 90)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('begun: "10:00:00"', 'begun: "10:00"', "10:00', expected a time of day such as '10:00:40'"),
        ('ended: "10:00:40"', 'ended: "09:00:40"', "an end before its beginning"),
        ('day: "2013-05-15"', 'day: "2013-02-30"', "2013-02-30"),
        ("rows:", "rows: []\n    rest:", "no rows|unknown"),
        ("{step: P1, begun", "{step: P11, begun", "the unknown step P11"),
        ("attributes.applicant, steps: [P5", "attributes.applicant, steps: [P55", "the unknown step P55"),
        ("field: request_number, steps: [P6", "field: completed_us, steps: [P6", "completed_us"),
        ("services: [S2]", "services: [S4]", "the unknown service S4"),
        ('time: "limit + 1 s"', 'time: "limit - 1 s"', "limit - 1 s"),
        ("do: remove", "do: skip", "skip"),
        ("id: desk-no-data", "id: desk-refused", "the duplicate case desk-refused"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(old, new, message, tmp_path):
    text = (PACKS / ASTANA / "fragments.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "fragments.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message) as raised:
        load_fragments(PACK, tmp_path)
    assert raised.value.place.endswith("fragments.yaml")


LOST = {ASTANA: [f"S{n}.P8.limit" for n in (1, 2, 3)]}


@pytest.mark.parametrize("name", available_packs())
def test_with_signed_documents_every_norm_with_a_limit_is_told_apart(name, tmp_path, record_property):
    pack = load_pack(name)
    told = check_fragments(load_fragments(pack, name), FragmentDocuments(pack, tmp_path / "documents"))
    killed = [norm for norm, how in told.items() if how is Told.APART]
    assert [norm for norm in told if norm not in killed] == LOST.get(name, [])
    assert list(told) == [norm.id for norm in pack.norms]
    counts = f"norms {len(told)} / fragments {2 * len(told)} / killed {len(killed)}"
    record_property("fragments", f"{name}: {counts}")  # printed at the end of every run, tests/conftest.py
