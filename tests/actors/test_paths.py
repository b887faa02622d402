"""Paths deeper than three certificates: pinned authorities only, bounded, and by the rules."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from actors import path_rules, trust
from actors.certificate import read_certificate
from actors.errors import FormatError
from actors.keys import derive_p256, serial_number
from actors.trust import MAX_DEPTH, MAX_PINNED, MAX_WAYS, NO_CHAIN, TrustAnchors, find_chain
from tests.actors.conftest import SEED, key_usage

START = dt.datetime(2012, 1, 1)  # noqa: DTZ001 - the library takes naive UTC
YEAR = dt.timedelta(days=365)


def key(label):
    return derive_p256(SEED, f"path/{label}")


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else [])


def certificate(
    subject,
    issuer,
    own="",
    signing="",
    *,
    authority=True,
    years=(0, 10),
    path_length=None,
    replaced=None,
    left_out=(),
):
    """Issue *subject* under *issuer*; keys are named as their owners unless *own* and *signing* say else."""
    own_key, signing_key = key(own or subject), key(signing or issuer)
    usages = ("key_cert_sign", "crl_sign") if authority else ("digital_signature", "content_commitment")
    extensions = {
        "constraints": (x509.BasicConstraints(ca=authority, path_length=path_length), True),
        "usage": (key_usage(*usages), True),
        "own identifier": (x509.SubjectKeyIdentifier.from_public_key(own_key.public_key()), False),
        "identifier": (x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), False),
    } | (replaced or {})
    builder = x509.CertificateBuilder(
        issuer_name=name(issuer),
        subject_name=name(subject),
        public_key=own_key.public_key(),
        serial_number=serial_number(SEED, f"{subject}/{issuer}/{own}/{signing}"),
        not_valid_before=START + years[0] * YEAR,
        not_valid_after=START + years[1] * YEAR,
    )
    for which, (value, critical) in extensions.items():
        if which not in left_out:
            builder = builder.add_extension(value, critical=critical)
    signed = builder.sign(signing_key, hashes.SHA256(), ecdsa_deterministic=True)
    return read_certificate(signed.public_bytes(Encoding.DER))


def holder(issuer, **changes):
    return certificate("holder", issuer, authority=False, **changes)


def ladder(length, **changes):
    """Return *length* authorities, the root first, each below the one before it."""
    names = [f"authority {level}" for level in range(length)]
    return [certificate(one, above, **changes) for one, above in zip(names, [names[0], *names], strict=False)]


@pytest.mark.parametrize("length", [1, 2, 4, MAX_DEPTH])
def test_a_path_leads_through_every_pinned_authority(length):
    root, *others = ladder(length)
    chain = find_chain(holder(f"authority {length - 1}"), TrustAnchors((root,), tuple(others)))
    assert chain.sound
    assert chain.path == (*reversed(others), root)
    assert chain.issuer == chain.path[0]


def test_one_authority_too_many():
    root, *others = ladder(MAX_DEPTH + 1)
    assert find_chain(holder(f"authority {MAX_DEPTH}"), TrustAnchors((root,), tuple(others))) == NO_CHAIN


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_an_authority_that_is_not_pinned(missing):
    root, *others = ladder(4)
    pinned = tuple(one for level, one in enumerate(others, 1) if level != missing)
    assert find_chain(holder("authority 3"), TrustAnchors((root,), pinned)).issuer is None


def test_the_time_in_which_all_are_valid():
    root = certificate("root", "root", years=(0, 10))
    middle = certificate("middle", "root", years=(2, 12))
    issuing = certificate("issuing", "middle", years=(1, 8))
    chain = find_chain(holder("issuing", years=(3, 4)), TrustAnchors((root,), (middle, issuing)))
    assert (chain.start_us, chain.end_us) == (middle.not_before_us, issuing.not_after_us)
    assert chain.sound


def test_authorities_whose_times_do_not_meet():
    root = certificate("root", "root", years=(0, 2))
    issuing = certificate("issuing", "root", years=(3, 8))
    chain = find_chain(holder("issuing", years=(4, 5)), TrustAnchors((root,), (issuing,)))
    assert chain.issuer == issuing
    assert not chain.sound


@pytest.mark.parametrize(("path_length", "sound"), [(0, False), (1, False), (2, True)])
def test_a_limited_path_length(path_length, sound):
    root = certificate("root", "root", path_length=path_length)
    issuing = certificate("issuing", "middle")
    trusted = TrustAnchors((root,), (certificate("middle", "root"), issuing))
    assert find_chain(holder("issuing"), trusted).sound is sound


def test_authorities_that_vouch_only_for_each_other():
    one, other = certificate("one", "other"), certificate("other", "one")
    trusted = TrustAnchors((certificate("root", "root"),), (one, other))
    assert find_chain(holder("one"), trusted) == NO_CHAIN


def test_of_two_ways_the_sound_one():
    roots = (certificate("bad root", "bad root", path_length=0), certificate("good root", "good root"))
    middles = tuple(certificate("middle", f"{one} root") for one in ("bad", "good"))
    trusted = TrustAnchors(roots, (*middles, certificate("issuing", "middle")))
    chain = find_chain(holder("issuing"), trusted)
    assert chain.sound
    assert chain.path[-1] == roots[1]


def test_of_two_sound_ways_the_one_that_holds_longest():
    root = certificate("root", "root", years=(0, 20))
    short, long = (certificate("issuing", "root", years=(0, years)) for years in (2, 9))
    for pinned in ((short, long), (long, short)):
        assert find_chain(holder("issuing", years=(0, 1)), TrustAnchors((root,), pinned)).issuer == long


def test_a_name_shared_by_authorities_with_other_keys():
    root = certificate("root", "root")
    generations = tuple(certificate("issuing", "root", f"generation {n}") for n in range(6))
    trusted = TrustAnchors((root,), generations)
    for n, generation in enumerate(generations):
        assert find_chain(holder("issuing", signing=f"generation {n}"), trusted).issuer == generation
    assert find_chain(holder("issuing", signing="generation 6"), trusted).issuer is None


def test_too_many_pinned_certificates():
    one = certificate("root", "root")
    assert TrustAnchors((one,), (one,) * MAX_PINNED).named(one.subject) == (one,)
    many = tuple(certificate("issuing", "root", f"issuing {n}") for n in range(MAX_PINNED))
    with pytest.raises(FormatError):
        TrustAnchors((one,), many)


def test_the_work_in_a_mesh_is_bounded(monkeypatch):
    """Everybody signs everybody: the number of ways grows without limit, the work does not."""
    size = 7
    mesh = [certificate(str(n), str(above)) for n in range(size) for above in range(size) if n != above]
    roots = (certificate("root", "root"), certificate("0", "root"))
    asked, walked = [], []
    monkeypatch.setattr(trust, "is_issued_by", counting(asked, path_rules.is_issued_by))
    monkeypatch.setattr(trust, "is_sound", counting(walked, path_rules.is_sound))
    trusted = TrustAnchors(roots, tuple(mesh))
    assert len(asked) <= (len(mesh) + 2) ** 2
    for n in range(size):
        walked.clear()
        assert find_chain(holder(str(n)), trusted).sound
        assert len(walked) <= MAX_WAYS
        subject = trusted.issuers[n * (size - 1)].subject
        ways = trusted.ways_from(subject)
        assert 0 < len(ways) <= MAX_WAYS * len(trusted.named(subject))
        assert all(len(set(way)) == len(way) for way in ways)


def counting(calls, function):
    def counted(*arguments):
        calls.append(arguments)
        return function(*arguments)

    return counted


IDENTIFIER = x509.AuthorityKeyIdentifier(None, [x509.DirectoryName(name("x"))], 1)
ACCESS = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.test")
        )
    ]
)
NAMES = x509.NameConstraints(permitted_subtrees=[x509.DirectoryName(name("holder"))], excluded_subtrees=None)
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00")

FAULTS = {
    "no constraints": {"left_out": ("constraints",)},
    "constraints not critical": {"replaced": {"constraints": (x509.BasicConstraints(True, None), False)}},
    "no usage": {"left_out": ("usage",)},
    "no own identifier": {"left_out": ("own identifier",)},
    "no identifier": {"left_out": ("identifier",)},
    "identifier without a key": {"replaced": {"identifier": (IDENTIFIER, False)}},
    "critical access": {"replaced": {"access": (ACCESS, True)}},
    "constraints on names": {"replaced": {"names": (NAMES, True)}},
    "unknown critical extension": {"replaced": {"unknown": (UNKNOWN, True)}},
}


@pytest.mark.parametrize("fault", [None, *FAULTS], ids=str)
def test_a_rule_broken_by_an_authority_on_the_way(fault):
    root = certificate("root", "root")
    middle = certificate("middle", "root", **FAULTS.get(fault, {}))
    trusted = TrustAnchors((root,), (middle, certificate("issuing", "middle")))
    assert find_chain(holder("issuing"), trusted).sound is (fault is None)


HOLDER_FAULTS = {
    name: FAULTS[name]
    for name in (
        "no usage",
        "no identifier",
        "identifier without a key",
        "critical access",
        "constraints on names",
        "unknown critical extension",
    )
} | {
    "signs certificates": {"replaced": {"usage": (key_usage("digital_signature", "key_cert_sign"), True)}},
    "usage not critical": {"replaced": {"usage": (key_usage("digital_signature"), False)}},
    "critical own identifier": {
        "replaced": {
            "own identifier": (x509.SubjectKeyIdentifier.from_public_key(key("holder").public_key()), True)
        }
    },
}


@pytest.mark.parametrize("fault", [None, *HOLDER_FAULTS], ids=str)
def test_a_rule_broken_by_the_holder(fault):
    trusted = TrustAnchors((certificate("root", "root"),), (certificate("issuing", "root"),))
    chain = find_chain(holder("issuing", **HOLDER_FAULTS.get(fault, {})), trusted)
    assert chain.issuer == trusted.issuers[0]
    assert chain.sound is (fault is None)


@pytest.mark.parametrize(
    "replaced",
    [
        {"constraints": (x509.BasicConstraints(ca=False, path_length=None), True)},
        {"usage": (key_usage("digital_signature", "crl_sign"), True)},
    ],
    ids=["constraints", "usage"],
)
def test_a_root_that_may_not_issue(replaced):
    root = certificate("root", "root", replaced=replaced)
    assert find_chain(holder("root"), TrustAnchors((root,), ())) == NO_CHAIN
    assert find_chain(holder("root"), TrustAnchors((certificate("root", "root"),), ())).sound


def test_an_authority_without_a_name():
    root = certificate("root", "root")
    trusted = TrustAnchors((root,), (certificate("", "root"),))
    chain = find_chain(certificate("holder", "", authority=False), trusted)
    assert not chain.sound


def test_a_usage_of_the_extended_kind_changes_nothing_on_the_way():
    root = certificate("root", "root")
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    trusted = TrustAnchors((root,), (certificate("issuing", "root", replaced={"extended": (usage, False)}),))
    assert find_chain(holder("issuing"), trusted).sound
