"""Read the policy of a world's verifiers: one YAML file for algorithms, sizes, ages and limits."""

from functools import cache
from pathlib import Path

from actors.policy import SignatureRules
from conformance.errors import InputError, nearest_name
from conformance.strict_yaml import read_yaml

POLICIES = Path(__file__).with_name("policies")


@cache
def read_policy(name: str) -> SignatureRules:
    """Return the shipped policy *name*.

    Raises InputError for an unknown name, and for a file with an unknown key or an unfit value.
    """
    known = sorted(path.stem for path in POLICIES.glob("*.yaml"))
    if name not in known:
        raise InputError(
            "signature_policy", "", f"the unknown name {name[:60]}", "a policy", nearest_name(name, known)
        )
    return read_yaml(POLICIES / f"{name}.yaml", SignatureRules)
