"""Judge a certificate of somebody else's collection with the functions of the product.

Foreign certificates have no national profile: what a holder is, and what for, is not asked. All else is.
"""

from actors.certificate import read_certificate
from actors.decision import decide_certificate
from actors.errors import FormatError
from actors.policy import SignatureRules, ValidationPolicy
from actors.revocation import RevocationList
from actors.trust import TrustAnchors
from actors.validation import gather_certificate_facts

CENTURY_S = 100 * 366 * 86_400

FOREIGN = ValidationPolicy(
    check_usage=False, check_identity=False, check_role=False, rules=SignatureRules(max_list_age_s=CENTURY_S)
)
"""The path, its dates and its revocation; lists of such collections are decades old by intent."""

WITHOUT_LISTS = ValidationPolicy(
    check_usage=False, check_identity=False, check_role=False, check_revocation=False
)


def judge(holder, roots, intermediates, lists, *, moment_us, policy=FOREIGN):
    """Return ``ok``, or the word for the refusal, for the DER certificate *holder*.

    *roots* and *intermediates* (DER) are pinned. What is unreadable is neither trusted nor known.
    """
    try:
        trust = TrustAnchors(readable(roots), readable(intermediates))
        known = believed(lists, trust)
        facts = gather_certificate_facts(holder, trust, known, moment_us=moment_us)
    except FormatError:
        return "FORMAT_FAILURE"
    decision = decide_certificate(facts, policy, moment_us)
    return "ok" if decision.passed else str(decision.sub_indication)


def readable(certificates):
    """Read the DER *certificates* that have a permitted form, each once."""
    found = {}
    for der in certificates:
        try:
            found[der] = read_certificate(der)
        except FormatError:
            continue
    return tuple(found.values())


def believed(lists, trust):
    """Read the DER *lists* that can be believed; a delta needs the list that it adds to."""
    kept, left = [], list(dict.fromkeys(lists))
    for _ in range(2):
        for der in tuple(left):
            try:
                RevocationList.read((*kept, der), trust)
            except FormatError:
                continue
            kept.append(der)
            left.remove(der)
    return RevocationList.read(kept, trust)
