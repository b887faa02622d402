"""The Astana pack's fragments, and what tests ask of a whole small log by them."""

from functools import cache

import msgspec

from conformance.cases import group_cases
from conformance.context import context_of, standing
from conformance.fragment_checks import agreed
from conformance.fragment_set import load_fragments
from conformance.norm_checks import check_case, concerns
from conformance.norms import StepDuration
from conformance.pack import load_pack
from conformance.verdicts import Verdict

ASTANA = "astana-106-1923"


@cache
def shipped():
    """Return the fragments of the Astana pack."""
    return load_fragments(load_pack(ASTANA), ASTANA)


def breakable(fragments=None, *, documents=False):
    """Return the norms that an injection can break, without *documents* those that a log alone shows."""
    return [
        name
        for name, fragment in (fragments or shipped()).by_norm.items()
        if documents or not fragment.needs_documents
        if not (isinstance(fragment.norm, StepDuration) and fragment.limit_s is None)
    ]


def broken_cases(pack, rows, documents=None):
    """Return the cases of *rows* that the plain judge finds to break each norm, as if all were agreed."""
    ids = {service.code: service.id for service in pack.services}
    known = [msgspec.structs.replace(row, service=ids.get(row.service, row.service)) for row in rows]
    cases = group_cases(known, frozenset(step.code for step in pack.steps if step.ends))
    context = context_of(pack, cases, documents)
    norms = [agreed(norm) for norm in pack.norms]
    found = {}
    for case in cases:
        barred = standing(case, context)
        for norm in norms:
            if concerns(norm, case):
                verdict = check_case(norm, case, context, barred).verdict
                assert verdict is not Verdict.ERROR, (norm.id, case.case_id)
                if verdict is Verdict.FAIL:
                    found.setdefault(norm.id, set()).add(case.case_id)
    return {name: tuple(sorted(names)) for name, names in sorted(found.items())}
