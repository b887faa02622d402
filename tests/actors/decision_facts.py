"""Facts about signed documents for the tests of decisions: all good, and each bad in one place."""

from dataclasses import replace

import msgspec

from actors.certificate import KeyFacts, Purpose, Role
from actors.facts import CertificateFacts, Facts, RequestFacts
from actors.policy import Proof, ValidationPolicy

SECOND = 1_000_000
NOW = 1_358_229_600 * SECOND
STRICT = ValidationPolicy()
SWITCHES = [name for name in STRICT.__struct_fields__ if name.startswith("check_")]
GOOD_CERTIFICATE = CertificateFacts(
    serial=7,
    key=KeyFacts("EC", 256, "secp256r1", None),
    issuer=None,
    issuer_known=True,
    path_sound=True,
    not_before_us=NOW - SECOND,
    not_after_us=NOW + SECOND,
    revoked_at_us=None,
    issuer_revoked_at_us=None,
    coverage_us=(NOW - 3600 * SECOND, NOW + 3600 * SECOND),
    purposes=frozenset((Purpose.SIGN,)),
    roles=frozenset((Role.HEAD,)),
    common_name="TEST",
    iin="850704200017",
    bin="121240000013",
    expected_iin="850704200017",
    expected_bin=None,
)
GOOD = Facts(
    size_ok=True,
    format_ok=True,
    digest="sha256",
    algorithm="ecdsa-sha256",
    digest_equal=True,
    signature_ok=True,
    certificate_bound=True,
    signing_time_us=NOW,
    certificate=GOOD_CERTIFICATE,
)

# what is bad, and the switches that each turn the check off (none: nothing does)
BAD = [
    ({"size_ok": False}, "", "REFUSED TOO_LARGE TOO_LARGE TOO_LARGE"),
    ({"format_ok": False}, "", "TOTAL_FAILED FORMAT_FAILURE SIGN_INVALID SIGNATURE_INVALID"),
    (
        {"certificate": None},
        "",
        "INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND SIGN_INVALID SIGNATURE_INVALID",
    ),
    (
        {"digest": "sha1"},
        "check_strength",
        "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    ({"digest_equal": False}, "check_signature", "TOTAL_FAILED HASH_FAILURE SIGN_INVALID SIGNATURE_INVALID"),
    (
        {"signature_ok": False},
        "check_signature",
        "TOTAL_FAILED SIG_CRYPTO_FAILURE SIGN_INVALID SIGNATURE_INVALID",
    ),
    (
        {"certificate_bound": False},
        "check_signature",
        "INDETERMINATE SIG_CONSTRAINTS_FAILURE SIGN_INVALID SIGNATURE_INVALID",
    ),
]
BAD_CERTIFICATES = [
    (
        {"key": KeyFacts("RSA", 1024, None, 65537)},
        "check_strength",
        "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    (
        {"issuer_known": False},
        "check_issuer",
        "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND CERT_UNTRUSTED CERT_UNTRUSTED",
    ),
    ({"not_before_us": NOW + 1}, "check_period", "TOTAL_FAILED NOT_YET_VALID CERT_PERIOD CERT_NOT_YET_VALID"),
    ({"not_after_us": NOW - SECOND}, "check_period", "TOTAL_FAILED EXPIRED CERT_PERIOD CERT_EXPIRED"),
    (
        {"path_sound": False},
        "check_issuer",
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    (
        {"purposes": frozenset((Purpose.AUTH,))},
        "check_usage",
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
    ({"revoked_at_us": NOW}, "check_revocation", "TOTAL_FAILED REVOKED CERT_REVOKED CERT_REVOKED"),
    (
        {"issuer_revoked_at_us": NOW},
        "check_revocation check_issuer",
        "INDETERMINATE REVOKED_CA_NO_POE CERT_UNTRUSTED CERT_UNTRUSTED",
    ),
    (
        {"coverage_us": None},
        "check_revocation",
        "INDETERMINATE TRY_LATER CHECK_UNAVAILABLE CHECK_UNAVAILABLE",
    ),
    ({"iin": None}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
    ({"iin": "850704200801"}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
    ({"expected_iin": None}, "check_identity", "REFUSED IDENTITY_MISMATCH ID_MISMATCH IDENTITY_MISMATCH"),
    (
        {"expected_bin": "130151000029"},
        "check_identity",
        "REFUSED IDENTITY_MISMATCH ID_MISMATCH BIN_MISMATCH",
    ),
    (
        {"expected_bin": "121240000013", "roles": frozenset((Role.EMPLOYEE,))},
        "check_role",
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE CERT_WRONG_TYPE CERT_WRONG_TYPE",
    ),
]
CASES = [(replace(GOOD, **changes), switches, words) for changes, switches, words in BAD] + [
    (replace(GOOD, certificate=replace(GOOD_CERTIFICATE, **changes)), switches, words)
    for changes, switches, words in BAD_CERTIFICATES
]


def changed(policy, **fields):
    return msgspec.structs.replace(policy, **fields)


GOOD_REQUEST = RequestFacts(
    size_ok=True,
    envelope_ok=True,
    iin_well_formed=True,
    is_account_holder=True,
    provider_competent=True,
    attachments_ok=True,
    issued_at_us=NOW,
    expires_at_us=NOW + 600 * SECOND,
    seen_before=False,
)
REQUESTS = [
    (replace(GOOD_REQUEST, **changes), switch, f"REFUSED {words}")
    for changes, switch, words in (
        ({"size_ok": False}, "", "TOO_LARGE TOO_LARGE TOO_LARGE"),
        ({"envelope_ok": False}, "", "REQUEST_INVALID REQUEST_INVALID REQUEST_INVALID"),
        ({"iin_well_formed": False}, "check_identity", "IIN_INVALID IIN_INVALID IIN_INVALID"),
        ({"is_account_holder": False}, "check_identity", "IDENTITY_MISMATCH ID_MISMATCH IIN_MISMATCH"),
        ({"provider_competent": False}, "", "PROVIDER_MISMATCH PROVIDER_MISMATCH PROVIDER_MISMATCH"),
        ({"attachments_ok": False}, "", "ATTACHMENT_REFUSED ATTACHMENT_REFUSED ATTACHMENT_REFUSED"),
        (
            {"issued_at_us": NOW - 601 * SECOND},
            "check_freshness",
            "STALE_REQUEST STALE_REQUEST STALE_REQUEST",
        ),
        (
            {"expires_at_us": NOW - 61 * SECOND},
            "check_freshness",
            "STALE_REQUEST STALE_REQUEST STALE_REQUEST",
        ),
        ({"seen_before": True}, "check_replay", "REPLAY REPLAY REPLAY"),
    )
]
LOOKING_BACK = ValidationPolicy(proof=Proof.NONE)
REVOKED_LATER = replace(GOOD_CERTIFICATE, revoked_at_us=NOW + SECOND)
REVOKED_BEFORE = replace(GOOD_CERTIFICATE, revoked_at_us=NOW)
LATER = [
    (GOOD, NOW + 2 * SECOND, "INDETERMINATE OUT_OF_BOUNDS_NO_POE RESULT_OLD CERT_EXPIRED"),
    (
        replace(GOOD, certificate=REVOKED_LATER),
        NOW + SECOND,
        "INDETERMINATE REVOKED_NO_POE RESULT_OLD CERT_REVOKED",
    ),
    (
        replace(GOOD, certificate=REVOKED_BEFORE),
        NOW + SECOND,
        "TOTAL_FAILED REVOKED SIGN_INVALID CERT_REVOKED",
    ),
]
