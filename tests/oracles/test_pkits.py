"""Paths of certificates against NIST's collection: nothing is accepted that must be refused.

Source: NIST PKITS 1.0.1, sections 4.1 to 4.16; pkits.yaml says what is asked and where we are stricter.
"""

from collections import Counter

import pytest

from tests.oracles import pkits
from tests.oracles.verification import judge

CASES = pkits.cases()


@pytest.fixture(scope="module")
def collection():
    return pkits.folder()


@pytest.fixture(scope="module")
def root(collection):
    return (collection / "certs" / "TrustAnchorRootCertificate.crt").read_bytes()


def verdict(collection, root, name):
    mail = pkits.read_mail((collection / "smime" / f"Signed{name}.eml").read_bytes())
    moment_us = pkits.TABLE["moment_us"]
    return judge(mail.holder, [root], mail.intermediates, mail.lists, moment_us=moment_us)


@pytest.mark.parametrize(("section", "name", "accept"), CASES, ids=[f"{s}-{n}" for s, n, _ in CASES])
def test_a_case(collection, root, section, name, accept):
    found = verdict(collection, root, name)
    if not accept:
        assert found != "ok", f"{section} {name}: accepted, and must be refused"
    elif name in pkits.DEVIATIONS:
        assert found != "ok", f"{section} {name}: no deviation any more, take it out of pkits.yaml"
    else:
        assert found == "ok", f"{section} {name}: must be accepted"


def test_every_case_of_the_collection_is_in_the_table(collection, record_property):
    asked = [name for _, name, _ in CASES]
    left_out = [name for group in pkits.TABLE["left_out"] for name in group["cases"]]
    there = [path.stem.removeprefix("Signed") for path in (collection / "smime").glob("*.eml")]
    assert Counter(asked + left_out) == Counter(there)
    refused, stricter = sum(not accept for _, _, accept in CASES), len(pkits.DEVIATIONS)
    accepted = len(CASES) - refused - stricter
    line = f"{refused} must be refused, {accepted} accepted, {stricter} we refuse by our list"
    record_property("heard", f"PKITS: {line}")
