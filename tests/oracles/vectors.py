"""Vectors that are too large to keep here: read from the folder that REGLAMENT_VECTORS names.

Files: ``limbo.json`` of C2SP x509-limbo; of C2SP Wycheproof, folder ``testvectors_v1``, those in SIGNATURES.
"""

import base64
import datetime as dt
import json
import multiprocessing
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID

from actors import cades
from actors.certificate import read_certificate
from actors.errors import FormatError
from actors.keys import derive_p256
from tests.oracles.verification import FOREIGN, WITHOUT_LISTS, judge

SIGNATURES = {
    "ecdsa_secp256r1_sha256_test.json": cades.ECDSA_SHA256,
    "ecdsa_secp384r1_sha256_test.json": cades.ECDSA_SHA256,
    "rsa_signature_2048_sha256_test.json": cades.RSA_SHA256,
    "rsa_signature_3072_sha256_test.json": cades.RSA_SHA256,
    "rsa_signature_4096_sha256_test.json": cades.RSA_SHA256,
}

SECONDS = 5
"""How long a child process may take for one case."""
START_SECONDS = 60
LATE = "late"

SECTIONS = (
    "crl::",
    "cve::",
    "pathlen::",
    "pathological::",
    "rfc5280::aki::",
    "rfc5280::serial::",
    "rfc5280::ski::",
    "rfc5280::validity::",
)
"""Of x509-limbo what concerns paths; host names, constraints on names and rules of the web are left out."""

OTHER_RULES = (
    "pedantic-webpki",
    "max-chain-depth",
    "rfc5280-incompatible",
    "cert-policies",
    "name-constraint",
)
"""Features that mark cases of rules which are not those of RFC 5280, or of settings that are not here."""

WHENEVER = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
"""The moment of cases that name none: their certificates hold for centuries."""

SEED = b"vectors, for tests only"


def file(name):
    """Return the path of a vector file; skip the test if it is not there."""
    folder = os.environ.get("REGLAMENT_VECTORS")
    if folder is None:
        pytest.skip(f"REGLAMENT_VECTORS names no folder with {name}")
    if not (Path(folder) / name).is_file():
        pytest.skip(f"{name} is not in the folder that REGLAMENT_VECTORS names")
    return Path(folder) / name


def judge_signatures(octets, algorithm):
    """Return (number, what must be, whether it was accepted) for each signature of a Wycheproof file.

    What must be: ``valid``, ``invalid`` or ``acceptable``.
    """
    found = []
    for group in json.loads(octets)["testGroups"]:
        certificate = certificate_of(bytes.fromhex(group["publicKeyDer"]))
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            signed = signed_data(message, signature, algorithm)
            found.append((case["tcId"], case["result"], cades.signature_matches(signed, certificate)))
    return found


def certificate_of(public_key_der):
    """Issue a certificate for somebody's public key: signatures are judged with certificates only."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST")])
    signed = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=load_der_public_key(public_key_der),
        serial_number=1,
        not_valid_before=dt.datetime(2012, 1, 1),  # noqa: DTZ001 - the library takes naive UTC
        not_valid_after=dt.datetime(2032, 1, 1),  # noqa: DTZ001
    ).sign(derive_p256(SEED, "issuer"), hashes.SHA256())
    return read_certificate(signed.public_bytes(Encoding.DER))


def signed_data(message, signature, algorithm):
    return cades.SignedData(
        certificate_der=None,
        signer_issuer=b"",
        signer_serial=1,
        digest_algorithm=cades.SHA256,
        signature_algorithm=algorithm,
        signed_attributes=message,
        message_digest=b"",
        signing_time_us=0,
        certificate_sha256=None,
        certificate_serial=None,
        signature=signature,
    )


def limbo_cases(octets):
    """Return the cases of x509-limbo that concern us, as they are in the file."""
    return [case for case in json.loads(octets)["testcases"] if concerns_us(case)]


def concerns_us(case):
    name, features = case["id"], case.get("features") or ()
    known = name.startswith(SECTIONS) or (name.startswith("rfc5280::") and name.count("::") == 1)
    others = any(str(feature).startswith(OTHER_RULES) for feature in features)
    about_names = "nameconstraints" in name or "-nc-" in name
    return known and not others and not about_names and case.get("max_chain_depth") is None


def judge_limbo(case):
    """Return ``ok`` or the word for the refusal: all authorities of the case are pinned."""
    lists = [der_of(pem) for pem in case.get("crls") or ()]
    when = case.get("validation_time")
    moment = WHENEVER if when is None else dt.datetime.fromisoformat(when)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    try:
        return judge(
            der_of(case["peer_certificate"]),
            [der_of(pem) for pem in case["trusted_certs"]],
            [der_of(pem) for pem in case["untrusted_intermediates"]],
            lists,
            moment_us=round(moment.timestamp()) * 1_000_000,
            policy=FOREIGN if lists else WITHOUT_LISTS,
        )
    except FormatError:
        return "FORMAT_FAILURE"  # more authorities than can be pinned


def der_of(pem):
    return base64.b64decode(re.sub(r"-----[^-]+-----|\s", "", pem))


def judge_apart(cases, judged=judge_limbo, seconds=SECONDS):
    """Judge the cases in a child process; one that takes too long is ended, and the answer is ``late``."""
    answers = []
    child = None
    for case in cases:
        child = child or Child(judged)
        answers.append(child.ask(case, seconds))
        if answers[-1] == LATE:
            child.end()
            child = None
    if child is not None:
        child.end()
    return answers


class Child:
    """A process of its own, since native code cannot be interrupted from within."""

    def __init__(self, judged):
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end, judged), daemon=True)
        self._process.start()
        far_end.close()
        assert self._pipe.poll(START_SECONDS), "the child process does not start"
        self._pipe.recv()

    def ask(self, case, seconds):
        self._pipe.send(case)
        return self._pipe.recv() if self._pipe.poll(seconds) else LATE

    def end(self):
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe, judged):
    pipe.send("ready")
    while True:
        pipe.send(judged(pipe.recv()))


def summary(pairs):
    """Count (what must be, whether accepted) and return one line to print."""
    counts = Counter((expected, "accepted" if accepted else "refused") for expected, accepted in pairs)
    return f"{sum(counts.values())} ran: " + ", ".join(
        f"{n} {expected} {what}" for (expected, what), n in sorted(counts.items())
    )
