"""Read the policy of a world's verifiers: one YAML file for algorithms, sizes, usages, ages and limits."""

from pathlib import Path
from typing import Any

from actors.policy import SignatureRules
from conformance.errors import InputError, nearest_name
from conformance.strict_yaml import read_yaml

POLICIES = Path(__file__).with_name("policies")


def read_policy(name: str, beside: Path | None = None) -> SignatureRules:
    """Return the shipped policy *name*, or the one in a file ending in .yaml in the folder *beside*.

    Raises InputError for an unknown name, and for a file with an unknown or missing key or an unfit value.
    """
    path = _path(name, beside)
    given = read_yaml(path, dict[str, Any])
    missing = [field for field in SignatureRules.__struct_fields__ if field not in given]
    rules = read_yaml(path, SignatureRules)
    if missing:
        raise InputError(str(path), missing[0], "nothing", "a value: a policy leaves nothing to a default")
    return rules


def _path(name: str, beside: Path | None) -> Path:
    shipped = {path.stem: path for path in sorted(POLICIES.glob("*.yaml"))}
    path = (beside or Path()) / name if name.endswith(".yaml") else shipped.get(name)
    if path is None:
        expected = f"a file beside the suite ending in .yaml, or one of {', '.join(shipped)}"
        found = f"the unknown name {name[:60]}"
        raise InputError("signature_policy", "", found, expected, nearest_name(name, shipped))
    return path
