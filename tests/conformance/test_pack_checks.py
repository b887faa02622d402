"""A wrong pack is refused: file, path inside it, what was found, what was expected, the nearest name.

The faults stand in ``pack_faults.yaml``; each is one edit of one file of the shipped pack.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from conformance import pack_files
from conformance.errors import InputError
from conformance.pack import PACKS, load_pack
from conformance.regulation import Data
from conformance.strict_yaml import read_yaml

pytestmark = pytest.mark.xdist_group("faults of packs")  # one worker reads the texts, once

SHIPPED = PACKS / "astana-106-1923"


class Fault(Data, frozen=True, kw_only=True):
    """The first *old* at or after *after* in *file* becomes *new*; the loader *says* this.

    In *says*, ``{item}`` stands for the top-level list entry that was edited and ``[*]`` for any index.
    """

    name: str
    file: str
    after: str = ""
    old: str
    new: str
    says: str


class Faults(Data, frozen=True, kw_only=True):
    """What ``pack_faults.yaml`` holds."""

    faults: tuple[Fault, ...]


FAULTS = read_yaml(Path(__file__).with_name("pack_faults.yaml"), Faults).faults
_READ: dict[tuple[bytes, Any], Any] = {}


@pytest.fixture(autouse=True)
def _read_each_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what was read: a fault changes one file, and the others need no second reading."""

    def read(path: Path, type_: Any) -> Any:
        key = (path.read_bytes(), type_)
        if key not in _READ:
            _READ[key] = read_yaml(path, type_)
        return _READ[key]

    monkeypatch.setattr(pack_files, "read_yaml", read)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the shipped pack to break."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "pack"))


def complaint(root: Path) -> str:
    """Load the pack and return what the loader says, with places relative to the pack."""
    with pytest.raises(InputError) as caught:
        load_pack(root)
    return str(caught.value).replace(f"{root}/", "").replace(str(root), "pack")


def edited_item(text: str, start: int, end: int) -> str:
    """Return the top-level list entry around the edit, like ``norms[3]``."""
    heads = list(re.finditer(r"^(\w+):", text[: start + 1], re.MULTILINE))
    items = re.findall(r"^  - ", text[heads[-1].end() : end], re.MULTILINE)
    return f"{heads[-1][1]}[{len(items) - 1}]"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_refused_with_its_place(fault: Fault, root: Path) -> None:
    path = root / fault.file
    text = path.read_text(encoding="utf-8")
    start = text.index(fault.old, text.index(fault.after))
    end = start + len(fault.old)
    path.write_text(text[:start] + fault.new + text[end:], encoding="utf-8")

    says = fault.says.replace("{item}", edited_item(text, start, end))
    pattern = re.escape(says).replace(re.escape("[*]"), r"\[\d+\]")
    assert re.fullmatch(pattern, complaint(root)), complaint(root)


def test_fault_names_are_unique() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("name", ["act.yaml", "norms.yaml", "process.yaml"])
def test_a_missing_file_is_named(name: str, root: Path) -> None:
    (root / name).unlink()
    assert complaint(root) == f"pack: {name}: found no such file, expected a pack with this file"


def test_a_pack_without_clauses_is_refused(root: Path) -> None:
    shutil.rmtree(root / "clauses")
    assert complaint(root) == "pack: clauses: found no file, expected at least one clauses/*.yaml"


def test_limits_without_tables_are_refused(root: Path) -> None:
    shutil.rmtree(root / "tables")
    assert complaint(root) == (
        "norms.yaml: per_column[0].make: found limits, made of nothing, expected a pack with tables"
    )


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("norm.yaml", "; did you mean norms.yaml?"),
        ("act.yml", "; did you mean act.yaml?"),
        ("clauses/more/extra.yaml", ""),
        ("tables/S4.yml", ""),
    ],
)
def test_an_unknown_file_is_refused(name: str, nearest: str, root: Path) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("a: 1\n", encoding="utf-8")
    says = complaint(root)
    assert says.startswith(f"pack: {name}: found an unknown file, expected only act.yaml")
    assert says.endswith(nearest or "tables/*.yaml")


def test_a_service_without_tables_is_refused(root: Path) -> None:
    (root / "tables/S2.yaml").unlink()
    assert "no table of S2 for the path portal" in complaint(root)


def test_an_empty_file_is_refused(root: Path) -> None:
    (root / "terms.yaml").write_text("# nothing\n", encoding="utf-8")
    assert complaint(root) == "terms.yaml: found an empty file, expected a YAML document"


def test_a_pack_without_services_is_refused(root: Path) -> None:
    text = (root / "process.yaml").read_text(encoding="utf-8")
    rest = text[text.index("\nunits:") :]
    (root / "process.yaml").write_text("services: []\npaths: []\n" + rest, encoding="utf-8")
    assert "services: found no services, expected at least one service" in complaint(root)


def test_a_pack_that_is_no_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no such pack"):
        load_pack(tmp_path / "nowhere")


def test_the_name_of_a_pack_is_guessed() -> None:
    with pytest.raises(InputError) as caught:
        load_pack("astana-106-1932")
    assert caught.value.nearest == "astana-106-1923"
