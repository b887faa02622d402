"""The folder of a run: written beside its place as a whole, then put there, so nobody meets half a run."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conformance.errors import InputError

MARKS_OF_A_RUN = ("manifest.json", "results.json")


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of *target* when all has gone well.

    *target* may be missing, empty, or an earlier run, which is then replaced. Raises InputError for a
    file, for a folder with other things in it (nothing of a user's is ever deleted), and where writing
    is not allowed. After an error *target* is as it was.
    """
    target = target.absolute()
    _require_replaceable(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        staged.chmod(0o755)
    except OSError as error:
        raise _unwritable(target, error) from None
    try:
        yield staged
        _put(staged, target)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _put(staged: Path, target: Path) -> None:
    """Swap the new folder in; the old one is deleted only when the new one stands."""
    if not target.exists():
        staged.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    kept = old / "run"
    target.rename(kept)
    try:
        staged.rename(target)
    except OSError:
        kept.rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _require_replaceable(target: Path) -> None:
    expected = "a folder to write, empty or with an earlier run"
    if target.exists() and not target.is_dir():
        raise InputError(str(target), "", "a file", expected)
    try:
        inside = sorted(child.name for child in target.iterdir()) if target.exists() else []
    except OSError as error:
        raise _unwritable(target, error) from None
    if inside and not set(inside) & set(MARKS_OF_A_RUN):
        raise InputError(str(target), "", f"other things in it ({inside[0]})", expected)


def _unwritable(target: Path, error: OSError) -> InputError:
    found = str(error.strerror or error).lower()
    return InputError(str(target), "", found, "a folder that can be written")
