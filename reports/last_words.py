"""How a command ends: its exit code, and what a person is told when it ends before its time."""

from collections.abc import Callable

import typer
from typer.exceptions import TyperException

from conformance.errors import ReglamentError
from conformance.interruption import Interruption

WRONG_USE = 2
TYPER_INTERRUPTED = 130


def exit_code_of(call: Callable[[], object], interruption: Interruption | None = None) -> int:
    """Return the exit code of a command, 2 for one that ended before its time, and say why that was."""
    heard = interruption or Interruption()
    try:
        code = call()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort
        heard.end()
        interrupted = heard.came or isinstance(error, KeyboardInterrupt)
        typer.echo(
            f"reglament: {told_of_interruption(heard) if interrupted else told_of_error(error)}", err=True
        )
        return WRONG_USE
    heard.end()
    if code == TYPER_INTERRUPTED:
        typer.echo(f"reglament: {told_of_interruption(heard)}", err=True)
        return WRONG_USE
    return code if isinstance(code, int) else 0


def told_of_interruption(heard: Interruption) -> str:
    """Return what an interruption has left."""
    if heard.written is None and heard.kept is not None:
        return f"interrupted, no results were written, but {heard.kept}"
    if heard.written is None:
        return "interrupted, nothing was written"
    return f"interrupted, but {heard.written} is written and whole"


def told_of_error(error: BaseException) -> str:
    """Return what a person is told of *error*; a defect is shown with its place, and does not end with 1."""
    if isinstance(error, TyperException):
        said = error.format_message().replace("Value error, ", "")  # a kind of exception
        return f"{said} (see reglament --help)"
    if isinstance(error, ReglamentError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{str(error.strerror or error).lower()}"
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    return "this is a defect of the harness, not a verdict"
