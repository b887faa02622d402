"""What several commands share: languages and forms to ask for, and printing to a reader that may leave."""

import os
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.errors import printable

if TYPE_CHECKING:
    from conformance.results import Results
    from conformance.study_results import StudyResults


class Language(StrEnum):
    """The languages of the reports."""

    EN = "en"
    KK = "kk"
    RU = "ru"


class Form(StrEnum):
    """The forms of a verification on stdout."""

    TEXT = "text"
    JSON = "json"


class Format(StrEnum):
    """The forms of a report on stdout."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    JUNIT = "junit"
    EARL = "earl"


class StudyFormat(StrEnum):
    """The forms of a load study on stdout."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Printing:
    """What a command that writes a folder prints besides: in which language and form, or nothing."""

    lang: Language
    form: Format | StudyFormat
    quiet: bool


Quiet = Annotated[
    bool, typer.Option("--quiet", help="Print only errors and notes: the folder and the exit code tell all.")
]
Printed = Annotated[Format, typer.Option("--format", help="What to print of the results.")]
PrintedStudy = Annotated[StudyFormat, typer.Option("--format", help="What to print of the results.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the reports.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the results; an earlier run is replaced.")
]
Accessibility = Annotated[
    Path | None,
    typer.Option(
        "--accessibility", help="Findings of an automated tool on the pages: JSON of axe-core, or CSV."
    ),
]
Expected = Annotated[
    Path | None,
    typer.Option("--expected", help="Failures and skips that are known (YAML), for continuous integration."),
]
Root = Annotated[
    Path | None,
    typer.Option(
        "--root", help="Root certificate (PEM) to trust, revocation lists beside it; none: the folder's."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Excuse nothing that the pack calls unknown.")]
Suites = Annotated[list[str] | None, typer.Argument(help="Suites: names or files; none: all shipped.")]
Seed = Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of all random streams.")]
Only = Annotated[list[str] | None, typer.Option(help="Play this scenario alone; may be repeated.")]
Jobs = Annotated[int, typer.Option(min=0, max=256, help="Processes; 0: as many as there are cores.")]
Share = Annotated[
    float, typer.Option(min=0, max=1, help="Part of the signatures that is real where sampled.")
]
Respondents = Annotated[
    Path | None, typer.Option(help="Response model of the simulated people; none: the shipped one.")
]


Given = dict[str, Path | str | bool | None]
"""Options by name with what was given; nothing for one that was not."""


def replay_command(words: Iterable[str], options: Given) -> str:
    """Return the command of *words* and of those *options* that were given, as a shell takes it."""
    given = list(words)
    for name, value in options.items():
        if value:
            given += [name] if value is True else [name, str(value)]
    return printable(shlex.join(given))


def print_summary(results: "Results | StudyResults", printing: Printing, folder: Path) -> None:
    """Print a run or a load study as asked for; its summary says where its page lies in *folder*."""
    from reports.saved_run import render, summary_of  # noqa: PLC0415
    from reports.terminal import terminal_width, wants_colour  # noqa: PLC0415

    if printing.quiet:
        return
    if printing.form == "text":
        report = str(folder / "report.html")
        say(summary_of(results, printing.lang, terminal_width(), wants_colour(), report))
    else:
        say(render(results, printing.form, printing.lang))


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
