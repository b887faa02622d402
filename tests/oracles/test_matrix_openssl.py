"""OpenSSL judges the documents of every cause of docs/signatures.md, as they are saved by a play.

Source of the command: the manual page openssl-cms. It knows neither the age of a request nor numbers of
people; where it is more lenient than we are, matrix.yaml says why.
"""

import re
import shutil
import subprocess

import pytest
from cryptography import x509

from actors.accounts import PasswordCost
from conformance.pack import load_pack
from scenarios.runner import DEFAULT_SEED
from sim.play import play
from tests import signature_matrix as matrix

SECOND_US = 1_000_000
LIST = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----\n", re.DOTALL)
CAUSES = {cause.id: cause for cause in matrix.causes()}
VERDICTS = matrix.verdicts()


@pytest.fixture(scope="module")
def pack():
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command on this machine")
    return load_pack("astana-106-1923")


@pytest.mark.parametrize("name", CAUSES)
def test_openssl_says_of_a_cause_what_the_document_says(pack, tmp_path, name):
    cause, verdict = CAUSES[name], VERDICTS[name]
    played = play(cause.ready.play, pack, DEFAULT_SEED, password_cost=PasswordCost(64, 1))
    done = judged_case(tmp_path, played, cause.case.id, cause.document, verdict)
    assert (done.returncode == 0) is verdict.accepts, done.stderr
    assert (verdict.openssl in done.stderr) is not verdict.accepts, done.stderr
    for other in {case.id for case in cause.ready.play.cases} - {cause.case.id}:
        done = judged_case(tmp_path, played, other, "request", matrix.Verdict(openssl="accepts"))
        assert done.returncode == 0, done.stderr


def judged_case(folder, played, case_id, document, verdict):
    """Ask openssl about a *document* of a case, at the moment that the *verdict* is about."""
    files = played.documents[case_id]
    for file, octets in files.items():
        (folder / file).write_bytes(octets)
    if verdict.moment == "end":
        return judged(folder, document, newest_list_s(files["trust.pem"]), "-crl_check_all")
    (received_us,) = (
        row.completed_us for row in played.rows if row.case_id == case_id and row.step in ("P3", "V5")
    )
    return judged(folder, document, received_us // SECOND_US)


def judged(folder, document, moment_s, *options):
    """Ask openssl; trust.pem holds the authority's certificates and lists, which it wants in one file."""
    done = subprocess.run(
        [
            "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", f"{document}.p7s",
            "-content", f"{document}.json", "-CAfile", "trust.pem", *options, "-attime", str(moment_s),
            "-purpose", "smimesign", "-out", "verified",
        ],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Usage" not in done.stderr, done.stderr
    return done


def newest_list_s(bundle):
    lists = [x509.load_pem_x509_crl(pem) for pem in LIST.findall(bundle)]
    return int(max(one.last_update_utc for one in lists).timestamp())
