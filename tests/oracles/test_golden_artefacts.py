"""OpenSSL's verdict on every golden artefact: it shares no code with the readers and the judge here.

OpenSSL 3.0 calls a certificate expired in its last second, RFC 5280 does not: all moments keep away from
ends.
"""

import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from actors.decision import decide_certificate
from actors.policy import SignatureRules, ValidationPolicy
from actors.revocation import RevocationList
from actors.trust import TrustAnchors
from actors.validation import gather_certificate_facts
from tests.oracles import golden

NOW_S = golden.NOW_US // golden.SECOND
REVOKED = {"person-revoked", "person-revoked-later"}
WRONG_PURPOSE = {"person-auth"}
"""Its signature is good, and its key is not for signing documents."""


def names(ending):
    return sorted(name.removesuffix(ending) for name in golden.saved() if name.endswith(ending))


HOLDERS = [name for name in names(".cer") if not name.startswith(("root", "issuing"))]


@pytest.fixture(scope="module")
def made():
    return golden.make()


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    """Return a folder with every artefact, certificates in PEM beside it, and the pinned ones with lists."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command on this machine")
    place = tmp_path_factory.mktemp("golden")
    for name, octets in made.octets().items():
        (place / name).write_bytes(octets)
        if name.endswith(".cer"):
            (place / f"{name}.pem").write_bytes(pem(octets))
    (place / "document").write_bytes(golden.DOCUMENT)
    (place / "issuers.pem").write_bytes(b"".join(one.pem() for one in made.authority.issuers))
    (place / "all.pem").write_bytes(made.authority.trust_bundle_pem(made.publication[-1]))
    stranger = golden.Authority(b"a stranger of the same name", golden.NOW_US - 400 * golden.DAY)
    (place / "stranger-root.cer.pem").write_bytes(stranger.root.pem())
    (place / "stranger-issuing-1.cer.pem").write_bytes(stranger.issuing.pem())
    return place


def pem(der):
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def openssl(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert "Usage" not in done.stderr, done.stderr
    return done


def verified(folder, name, *options):
    return openssl(
        folder, "verify", "-CAfile", "root.cer.pem", "-untrusted", "issuers.pem", "-CRLfile", "all.pem",
        "-crl_check_all", "-x509_strict", "-attime", str(NOW_S), *options, f"{name}.cer.pem",
    )  # fmt: skip


@pytest.mark.parametrize("name", [*HOLDERS, "issuing-1", "issuing-2", "root"])
def test_a_certificate(folder, made, name):
    done = verified(folder, name)
    assert (done.returncode == 0) is (name not in REVOKED), done.stderr
    assert ("certificate revoked" in done.stderr) is (name in REVOKED)
    if name in made.certificates:
        assert we_accept(made, name) is (done.returncode == 0)


def we_accept(made, name):
    trust = TrustAnchors.of(made.authority)
    known = RevocationList.read(made.publication[1], trust)
    der = made.certificates[f"{name}.cer"].der
    facts = gather_certificate_facts(der, trust, known, moment_us=golden.NOW_US)
    policy = ValidationPolicy(
        check_usage=False, check_identity=False, check_role=False, rules=SignatureRules(max_list_age_s=10**6)
    )
    return decide_certificate(facts, policy, golden.NOW_US).passed


@pytest.mark.parametrize("name", HOLDERS)
def test_a_certificate_under_another_root(folder, name):
    done = openssl(
        folder, "verify", "-CAfile", "stranger-root.cer.pem", "-untrusted", "issuers.pem",
        "-attime", str(NOW_S), f"{name}.cer.pem",
    )  # fmt: skip
    assert done.returncode != 0


@pytest.mark.parametrize("name", names(".crl"))
def test_a_list(folder, name):
    done = list_shown(folder, name, f"{name.removesuffix('-delta')}.cer.pem")
    assert "verify OK" in done.stderr
    assert ("Delta CRL Indicator: critical" in done.stdout) is name.endswith("-delta")


@pytest.mark.parametrize("name", [name for name in names(".crl") if not name.startswith("issuing-2")])
def test_a_list_under_a_stranger_of_the_same_name(folder, name):
    done = list_shown(folder, name, f"stranger-{name.removesuffix('-delta')}.cer.pem")
    assert "verify failure" in done.stderr


def list_shown(folder, name, pinned):
    return openssl(
        folder, "crl", "-inform", "DER", "-in", f"{name}.crl", "-CAfile", pinned, "-noout", "-text"
    )  # fmt: skip


@pytest.mark.parametrize("deltas", [False, True])
def test_a_delta_revokes(folder, made, deltas):
    """With the morning's full lists alone a holder is not revoked yet, with the deltas it is."""
    lists = made.publication[1] if deltas else made.publication[0]
    crls = b"".join(x509.load_der_x509_crl(one).public_bytes(Encoding.PEM) for one in lists)
    (folder / f"lists-{deltas}.pem").write_bytes(crls)
    done = openssl(
        folder, "verify", "-CAfile", "root.cer.pem", "-untrusted", "issuers.pem",
        "-CRLfile", f"lists-{deltas}.pem", "-crl_check_all", "-extended_crl", "-use_deltas",
        "-attime", str(NOW_S), "person-revoked-later.cer.pem",
    )  # fmt: skip
    assert ("certificate revoked" in done.stderr) is deltas, done.stderr
    assert (done.returncode == 0) is not deltas


def test_what_a_delta_adds(folder, made):
    for name, listed in (
        ("issuing-1", {"person-revoked"}),
        ("issuing-1-delta", {"person-revoked-later"}),
        ("issuing-2", set()),
        ("issuing-2-delta", set()),
    ):
        text = list_shown(folder, name, f"{name.removesuffix('-delta')}.cer.pem").stdout
        assert "Certificate Revocation List" in text
        serials = {holder: f"{made.certificates[f'{holder}.cer'].certificate.serial:X}" for holder in REVOKED}
        assert {holder for holder, serial in serials.items() if serial in text} == listed, name


@pytest.mark.parametrize("name", names(".p7s"))
def test_a_signature(folder, name):
    done = cms_verified(folder, name, "document")
    assert (done.returncode == 0) is (name not in REVOKED | WRONG_PURPOSE), done.stderr


@pytest.mark.parametrize("name", names(".p7s"))
def test_a_signature_under_a_changed_document(folder, name):
    (folder / "changed").write_bytes(golden.DOCUMENT.replace(b"8", b"9", 1))
    assert cms_verified(folder, name, "changed").returncode != 0


def cms_verified(folder, name, document):
    return openssl(
        folder, "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", f"{name}.p7s",
        "-content", document, "-CAfile", "all.pem", "-crl_check_all", "-attime", str(NOW_S),
        "-purpose", "smimesign", "-out", "verified",
    )  # fmt: skip


@pytest.mark.parametrize("name", names(".ors"))
def test_an_answer(folder, name):
    issuer = "root" if name.startswith("issuing") else "issuing-1"
    # The command looks at the wall clock where the status is concerned, hence the long period.
    done = openssl(
        folder, "ocsp", "-respin", f"{name}.ors", "-issuer", f"{issuer}.cer.pem", "-sha256",
        "-cert", f"{name}.cer.pem", "-CAfile", "all.pem", "-no_nonce", "-validity_period", "2000000000",
        "-attime", str(NOW_S),
    )  # fmt: skip
    assert "Response verify OK" in done.stderr, done.stderr
    assert f"{name}.cer.pem: {'revoked' if name in REVOKED else 'good'}" in done.stdout


@pytest.mark.parametrize("name", names(".ors"))
def test_an_answer_about_another_certificate(folder, name):
    done = openssl(
        folder, "ocsp", "-respin", f"{name}.ors", "-issuer", "issuing-1.cer.pem", "-sha256",
        "-cert", "clinic-head.cer.pem", "-CAfile", "all.pem", "-no_nonce", "-attime", str(NOW_S),
    )  # fmt: skip
    assert "No Status found" in done.stdout + done.stderr
