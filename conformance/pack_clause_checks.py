"""Checks of the clauses: each paragraph there once, with a reason where nothing checks it."""

from conformance.errors import InputError
from conformance.pack_clauses import PlacedClause, clause_id, paragraph_key
from conformance.pack_draft import Draft, refer, refer_all, refuse_duplicates
from conformance.regulation import ClauseStatus


def check_clauses(draft: Draft) -> None:
    """Refuse clauses that are missing, doubled, unreasoned, or checked by nobody."""
    for placed in draft.clauses:
        clause, place, inside = placed.clause, placed.place, placed.inside
        if clause.service is not None:
            refer(place, f"{inside}.services", clause.service, draft.service_ids(), "service")
        if paragraph_key(clause.paragraph) is None:
            expected = "a paragraph like 12, 12(6), A3 or A3.Q1"
            raise InputError(place, f"{inside}.paragraph", repr(clause.paragraph), expected)
        if clause.status is not ClauseStatus.CHECKED and clause.reason is None:
            raise InputError(place, f"{inside}.reason", "nothing", "a reason, as the clause is not checked")
        refer_all(place, f"{inside}.defects", clause.defects, draft.defect_ids(), "defect")
    refuse_duplicates(((p.place, p.inside, p.clause.id) for p in draft.clauses), "clause")
    _check_complete(draft)
    _check_cited(draft)
    _check_terms(draft)


def _check_complete(draft: Draft) -> None:
    have, last = set(draft.clause_ids()), draft.files.act.paragraphs
    for service in draft.service_ids():
        for number in range(1, (last or 0) + 1):
            if clause_id(service, str(number)) not in have:
                place = str(draft.files.root / "clauses")
                found = f"no clause {clause_id(service, str(number))}"
                raise InputError(place, "", found, f"paragraphs 1 to {last}")


def _check_cited(draft: Draft) -> None:
    by_id: dict[str, PlacedClause] = {placed.clause.id: placed for placed in draft.clauses}
    norms_place = draft.files.place("norms.yaml")
    cited: set[str] = set()
    for norm in draft.norms:
        name = norm.norm.clause
        refer(norms_place, f"{norm.inside}.clause", name, by_id, "clause")
        if by_id[name].clause.status is not ClauseStatus.CHECKED:
            found = f"{name}, which is {by_id[name].clause.status}"
            raise InputError(norms_place, f"{norm.inside}.clause", found, "a clause with the status checked")
        cited.add(name)
    for placed in draft.clauses:
        if placed.clause.status is ClauseStatus.CHECKED and placed.clause.id not in cited:
            found = f"{placed.clause.id} is checked, but no norm cites it"
            raise InputError(placed.place, f"{placed.inside}.status", found, "a norm, or another status")


def _check_terms(draft: Draft) -> None:
    place = draft.files.place("terms.yaml")
    paragraphs = {placed.clause.paragraph for placed in draft.clauses}
    for i, term in enumerate(draft.files.terms):
        if not term.kk:
            raise InputError(place, f"terms[{i}].kk", "no spelling", "the term as printed")
        if term.paragraph is not None:
            refer(place, f"terms[{i}].paragraph", term.paragraph, paragraphs, "paragraph")
