"""The EARL report as other tools read it: JSON-LD that needs nothing fetched, triples that say the same."""

import json

import msgspec
import pytest

from conformance.verdicts import Verdict
from reports.catalogues import LANGUAGES, read_catalogue
from reports.earl import OUTCOMES, earl_json
from tests.reports.examples import EXAMPLES, norm
from tests.reports.test_expectations import WITH

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
RICH = EXAMPLES["rich"]
EARL = "http://www.w3.org/ns/earl#"
PREFIXES = f"PREFIX earl: <{EARL}> PREFIX dct: <http://purl.org/dc/terms/> "


def extracted(results, moment="2013-05-15T06:00:00.000000Z"):
    provenance = msgspec.structs.replace(results.provenance, extracted_at=moment)
    return msgspec.structs.replace(results, provenance=provenance)


def triples(results):
    """Return the graph as rdflib reads it, by its own reader of JSON-LD."""
    rdflib = pytest.importorskip("rdflib")
    return rdflib.Graph().parse(data=earl_json(results), format="json-ld")


def asked(results, query):
    return [tuple(map(str, row)) for row in triples(results).query(PREFIXES + query)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_norm_and_clause_is_asserted_once(name):
    results = EXAMPLES[name]
    found = asked(
        results,
        "SELECT ?id ?outcome WHERE { ?a a earl:Assertion; earl:test/dct:identifier ?id;"
        " earl:result/earl:outcome ?outcome; earl:assertedBy/a earl:Software;"
        " earl:subject/a earl:TestSubject; earl:mode earl:automatic }",
    )
    expected = [(n.id, OUTCOMES[n.verdict]) for n in results.norms]
    expected += [
        (clause.id, "earl:untested" if clause.verdict is None else OUTCOMES[clause.verdict])
        for clause in results.clauses
    ]
    assert sorted(found) == sorted((name, word.replace("earl:", EARL)) for name, word in expected)


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict.PASS, "passed"),
        (Verdict.FAIL, "failed"),
        (Verdict.INCONCLUSIVE, "cantTell"),
        (Verdict.ERROR, "cantTell"),
        (Verdict.NOT_APPLICABLE, "inapplicable"),
        (Verdict.NOT_RUN, "untested"),
    ],
)
def test_each_verdict_has_its_outcome(verdict, outcome):
    results = msgspec.structs.replace(RICH, norms=(norm("S1.P6.limit", verdict),), clauses=())
    assert asked(results, "SELECT ?o WHERE { ?r a earl:TestResult; earl:outcome ?o }") == [(EARL + outcome,)]
    assert set(OUTCOMES) == set(Verdict)


def test_titles_stand_in_three_languages_and_norms_belong_to_clauses():
    one = RICH.norms[0]
    titles = asked(
        RICH,
        f"SELECT (lang(?t) AS ?l) ?t WHERE {{ ?n dct:identifier '{one.id}'; a earl:TestCase; dct:title ?t }}",
    )
    assert dict(titles) == {"en": one.title.en, "ru": one.title.ru, "kk": one.title.kk}
    parts = asked(RICH, "SELECT ?n ?c WHERE { ?case dct:isPartOf/dct:identifier ?c; dct:identifier ?n }")
    known = {clause.id for clause in RICH.clauses}
    assert set(parts) == {(n.id, n.clause) for n in RICH.norms if n.clause in known}


def test_the_subject_is_the_log_by_its_hash_and_says_that_it_is_simulated():
    (found,) = asked(
        RICH,
        "SELECT ?s ?id ?d WHERE { ?s a earl:TestSubject; dct:identifier ?id; dct:description ?d"
        " FILTER(lang(?d) = 'en') }",
    )
    digest = RICH.provenance.log_sha256
    assert found == (f"urn:reglament:log:sha256:{digest}", f"sha256:{digest}", "Simulated")


def test_dates_are_those_of_the_extraction_or_none():
    assert asked(RICH, "SELECT ?d WHERE { ?r dct:date ?d }") == []
    dated = asked(extracted(RICH), "SELECT DISTINCT ?d WHERE { ?r a earl:TestResult; dct:date ?d }")
    assert [day[:10] for (day,) in dated] == ["2013-05-15"]


def test_counts_reasons_and_expectations_are_told_and_cases_are_not():
    broken = norm("S1.P6.limit", Verdict.FAIL, counts={"fail": 2, "pass": 5}, reasons={"OVER_LIMIT": 2})
    results = msgspec.structs.replace(RICH, norms=(broken,), clauses=())
    (info,) = asked(results, "SELECT ?i WHERE { ?r earl:info ?i }")[0]
    assert info == "fail: 2; pass: 5; OVER_LIMIT: 2"
    assert "expected: <b>slow</b>" in earl_json(WITH)
    named = {finding.case_id for n in RICH.norms for finding in n.findings}
    assert named
    assert not [case for case in named if f'"{case}' in earl_json(RICH)]


def test_the_context_stands_in_the_file_and_the_bytes_are_always_the_same():
    document = json.loads(earl_json(RICH))
    assert isinstance(document["@context"], dict)
    assert earl_json(RICH) == earl_json(msgspec.convert(msgspec.to_builtins(RICH), type(RICH)))
    kinds = [node["@type"] for node in document["@graph"]]
    assert kinds[:2] == [["earl:Assertor", "earl:Software"], "earl:TestSubject"]


def test_each_language_is_read_once_however_many_norms_there_are(monkeypatch):
    heard = []

    def counted(language):
        heard.append(language)
        return read_catalogue(language)

    monkeypatch.setattr("reports.texts.read_catalogue", counted)
    earl_json(RICH)
    assert sorted(heard) == sorted(LANGUAGES)
