"""The table of what every norm catches, written into docs/mutation-control.md.

``python tests/mutation_control.py`` writes the tables anew; the text above them is written by hand. Fragments
and injected violations are judged here; the faults are those of the suites, which `make run` plays.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from conformance.fragment_checks import Told, check_fragments
from conformance.fragment_rows import clean_rows
from conformance.injection import Injector
from conformance.log_file import read_log, write_log
from conformance.multiplication import multiply
from conformance.norms import NormStatus, kind_of
from conformance.saved_documents import open_documents
from scenarios.suite_reader import SUITES, read_suites
from tests.conformance.fragment_documents import FragmentDocuments
from tests.conformance.shipped_fragments import breakable, broken_cases, shipped
from tests.conformance.signed_clean_log import signed_clean_log

DOCUMENT = Path(__file__).parent.parent / "docs" / "mutation-control.md"
HEADING = "## The table"
ROWS = 10_000
EACH = 3
LOST = "the limit is lost in the source: no violation can be told from what is allowed"


@dataclass(frozen=True, slots=True)
class Control:
    """What was tried on each norm: fragments told apart, injected cases found, violations of suites."""

    told: dict[str, Told]
    injected: dict[str, tuple[int, int]]
    faults: dict[str, tuple[str, ...]]

    def killed(self, name: str) -> bool:
        """Tell whether fragments, injection and a fault of the suites have all broken the norm."""
        found, put = self.injected.get(name, (0, 0))
        return self.told[name] is Told.APART and 0 < put == found and name in self.faults


def control(folder: Path) -> Control:
    """Judge fragments and injected violations, with documents in *folder*, and read the suites."""
    fragments = shipped()
    told = check_fragments(fragments, FragmentDocuments(fragments.pack, folder / "fragments"))
    injected = _inject(folder / "log", signed=False) | _inject(folder / "signed", signed=True)
    return Control(told, injected, _faults())


def page(text: str, tried: Control) -> str:
    """Return the document *text* with the tables of *tried*. Raises ValueError without the heading."""
    head, found, _ = text.partition(f"{HEADING}\n")
    if not found:
        raise ValueError(f"no heading {HEADING}")
    return f"{head}{HEADING}\n\n" + "\n".join(_lines(tried)) + "\n"


def _inject(folder: Path, *, signed: bool) -> dict[str, tuple[int, int]]:
    """Return for each norm in how many of the cases in which it was broken the judge found it broken."""
    fragments = shipped()
    pack, by_norm = fragments.pack, fragments.by_norm
    folder.mkdir()
    clean, broken = folder / "clean.parquet", folder / "broken.parquet"
    documents = folder / "documents" if signed else None
    if documents is None:
        multiply(pack, clean_rows(pack, fragments.file), clean, ROWS, seed=1)
    else:
        write_log(signed_clean_log(fragments, documents), clean)
    names = [n for n in breakable(documents=True) if by_norm[n].needs_documents is signed]
    injector = Injector(fragments, seed=1)
    put = injector.inject(clean, broken, dict.fromkeys(names, 1 if signed else EACH), documents)
    store = None if documents is None else open_documents(documents)
    found = broken_cases(pack, read_log(broken), store)
    counts = {}
    for name in names:
        counts[name] = (len({*found.get(name, ())} & {*put.broken[name]}), len(put.broken[name]))
        if found.get(name, ()) != put.broken[name]:
            raise AssertionError(f"{name}: put into {put.broken[name]}, found in {found.get(name, ())}")
    return counts


def _faults() -> dict[str, tuple[str, ...]]:
    """Return for each norm the violations of the shipped suites that name it, with the fault in brackets."""
    found: dict[str, list[str]] = {}
    for suite in read_suites([SUITES / f"{name}.yaml" for name in ("violations", "mutations")]):
        for ready in suite.scenarios:
            for norm in ready.scenario.breaks:
                found.setdefault(norm, []).append(f"`{ready.id}` ({ready.scenario.fault or 'world'})")
    return {norm: tuple(names) for norm, names in found.items()}


def _lines(tried: Control) -> Iterator[str]:
    norms = shipped().pack.norms
    killed = [norm.id for norm in norms if tried.killed(norm.id)]
    yield f"norms {len(norms)} / fragments {2 * len(norms)} / killed {len(killed)}"
    yield ""
    for norm in norms:
        if norm.id not in killed:
            yield f"- Not killed: `{norm.id}` ({norm.clause}), {LOST}."
    yield ""
    yield "| norm | clause | kind | fragments | injected | violations of the suites |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for norm in norms:
        found, put = tried.injected.get(norm.id, (0, 0))
        status = "" if norm.status is NormStatus.AGREED else f" ({norm.status})"
        cells = (
            f"`{norm.id}`{status}",
            norm.clause,
            kind_of(norm),
            str(tried.told[norm.id]),
            f"caught {found} of {put}" if put else "none can be",
            ", ".join(tried.faults.get(norm.id, ("none can be",))),
        )
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="reglament-") as place:
        written = page(DOCUMENT.read_text(encoding="utf-8"), control(Path(place)))
    DOCUMENT.write_text(written, encoding="utf-8")
