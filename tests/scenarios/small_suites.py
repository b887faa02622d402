"""Suites made in tests: one good scenario, changed in one place."""

import copy

import yaml

from scenarios.suite_reader import read_suite

PACK = "astana-106-1923"
PORTAL = ["P1", "P3", "P5", "P6", "P8"]

ACCEPTED = {
    "id": "accepted",
    "title": "A home call is accepted",
    "path": "portal",
    "at": "2013-05-15T10:00",
    "expect": {"route": PORTAL, "outcome": "ok"},
    "clauses": ["S1/12(2)", "S1/12(12)"],
}
REFUSED = {
    "id": "wrong-password",
    "title": "Login and password do not match",
    "path": "portal",
    "at": "2013-05-15T10:00",
    "citizen": {"password": "wrong"},
    "expect": {"route": ["P1", "P2"], "outcome": "AUTH_FAIL"},
    "clauses": ["S1/12(4)"],
}
REVOKED_LATER = {
    "id": "revoked-later",
    "title": "The certificate is revoked while the provider examines the request",
    "path": "portal",
    "at": "2013-05-15T10:00",
    "happenings": [{"do": "revoke_certificate", "step": "P6"}],
    "expect": {"route": ["P1", "P3", "P5", "P6", "P7"], "outcome": "CERT_REVOKED"},
    "clauses": ["S1/12(10)"],
}
CHANGED_ON_THE_WAY = REVOKED_LATER | {
    "id": "changed-on-the-way",
    "title": "What reaches the workstation is not what was signed",
    "happenings": [{"do": "tamper_in_transit", "step": "P5", "when": "start"}],
    "expect": {"route": ["P1", "P3", "P5", "P6", "P7"], "outcome": "SIGNATURE_INVALID"},
}
AT_THE_DESK = {
    "id": "desk",
    "title": "At the desk a home call is entered in the journal",
    "path": "provider",
    "at": "2013-05-15T10:00",
    "expect": {"route": ["V1", "V2", "V3", "V5", "V6", "V8"], "outcome": "ok"},
    "clauses": ["S1/13(10)"],
}
BYPASS = {
    "id": "bypass",
    "title": "A request reaches the workstation without the gateway",
    "path": "portal",
    "at": "2013-05-15T10:00",
    "fault": "portal-bypasses-gateway",
    "breaks": ["S1.P5.gateway"],
    "expect": {"route": PORTAL, "outcome": "ok"},
    "clauses": ["S1/12(8)"],
}
SLOW = {
    "id": "slow",
    "title": "The workstation takes longer than a minute to register",
    "path": "portal",
    "at": "2013-05-15T10:00",
    "world": {"steps": {"P6": {"workstation": {"law": "constant", "value": "61 s"}}}},
    "breaks": ["S1.P6.limit"],
    "expect": {"route": PORTAL, "outcome": "ok"},
    "clauses": ["S1/T1.c6"],
}


def suite(*scenarios, **changes):
    """Return the plain form of a suite of home calls."""
    plain = {
        "suite": "small",
        "title": "A small suite",
        "pack": PACK,
        "world": "astana-2013",
        "service": "doctor-home-call",
        "scenarios": list(scenarios or (ACCEPTED,)),
    }
    return copy.deepcopy(plain | changes)


def scenario(base=ACCEPTED, **changes):
    """Return *base* with keys changed, or left out where the change is None."""
    merged = base | changes
    return {key: value for key, value in merged.items() if value is not None}


class _Written(yaml.SafeDumper):
    """Writes everything out: a suite may not hold aliases."""

    def ignore_aliases(self, data):
        del data
        return True


def as_yaml(plain):
    return yaml.dump(plain, Dumper=_Written, sort_keys=False, allow_unicode=True)


def write(folder, plain, name="small.yaml"):
    """Write a suite, given as plain data or as text, and return its file."""
    path = folder / name
    text = plain if isinstance(plain, str) else as_yaml(plain)
    path.write_text(text, encoding="utf-8")
    return path


def ready(folder, *scenarios, **changes):
    """Return the suite read from a file made of *scenarios*."""
    return read_suite(write(folder, suite(*scenarios, **changes)))
