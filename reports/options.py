"""What several commands share: languages and forms to ask for, and printing to a reader that may leave."""

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer


class Language(StrEnum):
    """The languages of the reports."""

    EN = "en"
    KK = "kk"
    RU = "ru"


class Form(StrEnum):
    """The forms of a verification on stdout."""

    TEXT = "text"
    JSON = "json"


Lang = Annotated[Language, typer.Option("--lang", help="Language of the reports.")]


def say(text: str) -> None:
    """Print a result; its reader (head, less) may stop early, and the exit code stays the verdict's."""
    try:
        typer.echo(text.rstrip("\n"))
    except BrokenPipeError:
        _forget_stdout()
    except OSError:
        _forget_stdout()
        raise


def _forget_stdout() -> None:
    """Let the interpreter flush its output into nothing when it ends: there is nobody to take it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
