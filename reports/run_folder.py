"""The folder of a run: written beside its place as a whole, then put there, so nobody meets half a run."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conformance.errors import InputError, printable
from conformance.interruption import current_interruption
from reports.page_languages import FILES_OF_PAGES

JUDGED = "judged"
"""What the judge says of the log of a load study, in a folder inside that of the study."""
FILES_OF_A_RUN = frozenset(
    {
        "arrivals.parquet",
        "cases.csv",
        "cases.html",
        "compare.json",
        "documents",
        "faults",
        "fit.json",
        "fit-arrivals.svg",
        "fit-quantiles.svg",
        "study.yaml",
        "figures.csv",
        "earl.jsonld",
        "indicators.csv",
        JUDGED,
        "junit.xml",
        "log.parquet",
        "manifest.json",
        "rejects.jsonl",
        *FILES_OF_PAGES,
        "results.json",
        "survey-rejects.csv",
        "survey.csv",
        "verdicts.parquet",
    }
)
"""All that a run writes; a folder that holds anything else is never replaced."""
SIGNS_OF_A_RUN = (
    frozenset({"manifest.json", "results.json"}),
    frozenset({"figures.csv", "results.json"}),
    frozenset({"fit.json"}),
    frozenset({"compare.json", "report.html"}),
)
"""What only a run, or only a load study, has together: a log with its documents is somebody's evidence."""
_INNER_RUN = re.compile(r"(run|check|study|size|compare)-.+")
"""Runs that lie inside by default (``out/run-NAME``): they are carried over."""


@contextmanager
def replaced_folder(target: Path, inputs: Iterable[Path] = ()) -> Iterator[Path]:
    """Yield an empty folder that takes the place of *target* when all has gone well.

    *target* may be missing, empty, or an earlier run, which is then replaced; a link stays a link, and other
    runs inside it (``run-NAME``, ``check-NAME``, ``study-NAME`` and so on) stay where they are. Raises
    InputError for a file, for a folder with other things in it or with one of the *inputs* (nothing of a
    user's is ever deleted), and where writing is not allowed. After an error *target* is as it was; a signal
    that comes while the folder is put in its place, or is taken away, waits.
    """
    shown, target = target, _resolved(target)
    _require_replaceable(target, shown, inputs)
    missing = [parent for parent in target.parents if not parent.exists()]
    interruption = current_interruption()
    staged: Path | None = None
    try:
        with interruption.held_back():
            target.parent.mkdir(parents=True, exist_ok=True)
            staged = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            staged.chmod(0o755)
        yield staged
        with interruption.writing(shown):
            _put(staged, target)
    except OSError as error:
        raise _unwritable(shown, error) from None
    except InputError as error:
        if staged is None or not Path(error.place).is_relative_to(staged):
            raise
        # what was staged has a place that nobody has asked for
        raise InputError(str(shown), error.inside, error.found, error.expected) from None
    finally:
        with interruption.held_back():
            if staged is not None:
                shutil.rmtree(staged, ignore_errors=True)
            for parent in missing:  # the deepest first; what holds the run is not empty and stays
                with suppress(OSError):
                    parent.rmdir()


def _put(staged: Path, target: Path) -> None:
    """Swap the new folder in; the old one is deleted only when the new one stands."""
    if not target.exists():
        staged.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    kept = old / "run"
    target.rename(kept)
    try:
        for inner in filter(_is_inner_run, sorted(kept.iterdir())):
            shutil.copytree(inner, staged / inner.name, symlinks=True)
        staged.rename(target)
    except OSError:
        kept.rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _require_replaceable(target: Path, shown: Path, inputs: Iterable[Path]) -> None:
    expected = "a folder to write, empty or with an earlier run"
    if printable(str(target)) != str(target):
        raise InputError(str(shown), "", "a name that is not UTF-8", expected)
    if target.exists() and not target.is_dir():
        raise InputError(str(shown), "", "a file", expected)
    for path in inputs:
        if _resolved(path).is_relative_to(target):
            raise InputError(str(shown), "", f"the folder that holds {path}", "another folder to write")
    try:
        inside = _inside(target) if target.exists() else []
    except OSError as error:
        raise _unwritable(shown, error) from None
    foreign = [name for name in inside if name not in FILES_OF_A_RUN]
    if foreign:
        raise InputError(str(shown), "", f"other things in it ({foreign[0]})", expected)
    if inside and not any(signs.issubset(inside) for signs in SIGNS_OF_A_RUN):
        raise InputError(str(shown), "", f"things in it that no run has left ({inside[0]})", expected)


def _inside(target: Path) -> list[str]:
    return sorted(child.name for child in target.iterdir() if not _is_inner_run(child))


def _is_inner_run(path: Path) -> bool:
    return bool(_INNER_RUN.fullmatch(path.name)) and any(
        (path / name).is_file() for name in ("results.json", "compare.json")
    )


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        raise InputError(str(path), "", "a loop of links", "a folder or file") from None


def _unwritable(target: Path, error: OSError) -> InputError:
    found = str(error.strerror or error).lower()
    return InputError(str(target), "", found, "a folder that can be written")
