"""Policy files of a world's verifiers."""

import re

import msgspec
import pytest
import yaml

from actors.policy import SignatureRules
from conformance.errors import InputError
from scenarios import policy_file
from scenarios.policy_file import POLICIES, read_policy

SHIPPED = POLICIES / "astana-2013.yaml"


@pytest.fixture
def policies(tmp_path, monkeypatch):
    """Let policies be read from a folder of this test."""
    monkeypatch.setattr(policy_file, "POLICIES", tmp_path)
    return tmp_path


def read(policies, text):
    (policies / "mine.yaml").write_text(text)
    return read_policy("mine")


def changed(text):
    """Return the shipped policy with the keys of *text* as they are there."""
    own = [key for key in SignatureRules.__struct_fields__ if re.search(rf"^{key}:", text, re.MULTILINE)]
    kept = msgspec.to_builtins(msgspec.structs.replace(SignatureRules()))
    lines = [yaml.safe_dump({key: value}, sort_keys=False) for key, value in kept.items() if key not in own]
    return text + "".join(lines)


def test_the_shipped_policy_is_the_default():
    assert read_policy("astana-2013") == SignatureRules()


def test_the_shipped_policy_says_everything():
    """A default that only the code knew could change without anybody seeing it in the file."""
    given = set(re.findall(r"^(\w+):", SHIPPED.read_text(), re.MULTILINE))
    inside = set(re.findall(r"^  (\w+):", SHIPPED.read_text(), re.MULTILINE))

    assert given == set(SignatureRules.__struct_fields__)
    assert inside == set(SignatureRules().attachments.__struct_fields__)


def test_a_policy_of_ones_own(policies):
    rules = read(policies, changed("max_request_age_s: 60\ncurves: [secp384r1]\n"))

    assert rules == msgspec.structs.replace(
        SignatureRules(), max_request_age_s=60, curves=frozenset({"secp384r1"})
    )


def test_a_policy_leaves_nothing_to_a_default(policies):
    with pytest.raises(InputError, match=r"mine\.yaml: max_list_age_s: found nothing"):
        read(policies, SHIPPED.read_text().replace("max_list_age_s: 86400\n", ""))


def test_an_own_policy_lies_beside_the_suite(policies):
    (policies / "own.yaml").write_text(changed("min_rsa_bits: 3072\n"))

    assert read_policy("own.yaml", policies).min_rsa_bits == 3072
    with pytest.raises(InputError, match="missing"):
        read_policy("missing.yaml", policies)


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(InputError) as found:
        read_policy("astana-2031")

    assert "signature_policy" in str(found.value)
    assert "astana-2013" in str(found.value)


@pytest.mark.parametrize("name", ["", "../astana-2013", "x" * 10_000])
def test_a_name_is_no_path(name):
    with pytest.raises(InputError) as found:
        read_policy(name)

    assert len(str(found.value)) < 400


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("min_rsa_bit: 2048\n", "min_rsa_bit"),
        ('min_rsa_bits: "2048"\n', "min_rsa_bits"),
        ("min_rsa_bits: 2048.5\n", "min_rsa_bits"),
        ("max_list_age_s: -1\n", "max_list_age_s"),
        ("max_list_age_s: null\n", "max_list_age_s"),
        ("digests: sha256\n", "digests"),
        ("digests: [7]\n", "digests"),
        ("accept_unknown_sex: 1\n", "accept_unknown_sex"),
        ("attachments:\n  max_file: 3\n", "attachments"),
        ("attachments:\n  max_files: many\n", "attachments"),
    ],
)
def test_a_wrong_key_or_value_is_told_with_its_place(policies, text, inside):
    with pytest.raises(InputError) as found:
        read(policies, changed(text))

    assert "mine.yaml" in str(found.value)
    assert inside in str(found.value)


@pytest.mark.parametrize("text", ["", "[]\n", "a: &x 1\nb: *x\n", "min_rsa_bits: 1\nmin_rsa_bits: 2\n", "{"])
def test_what_is_no_plain_mapping_is_refused(policies, text):
    with pytest.raises(InputError, match=r"mine\.yaml"):
        read(policies, text)
