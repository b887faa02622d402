"""The command that compares saved runs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reports.options import Lang, Language, Out, replay_command, say


class CompareFormat(StrEnum):
    """The forms of a comparison on stdout."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


def add_compare_command(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("compare")(compare_command)


def compare_command(
    runs: Annotated[
        list[Path],
        typer.Argument(help="Folders of saved runs, or their results.json; the first is the base."),
    ],
    format_: Annotated[
        CompareFormat | None, typer.Option("--format", help="Print this form instead of writing.")
    ] = None,
    out: Out = None,
    lang: Lang = Language.EN,
) -> None:
    """Compare saved runs with the first of them: what got worse, first, with intervals."""
    from conformance.comparison import compare, exit_code_of  # noqa: PLC0415
    from reports.compare_reports import render_compared, write_comparison  # noqa: PLC0415
    from reports.compare_text import render_comparison  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from reports.saved_run import read_saved  # noqa: PLC0415
    from reports.terminal import terminal_width, wants_colour  # noqa: PLC0415
    from reports.texts import Texts  # noqa: PLC0415

    read = [(str(place), read_saved(place)) for place in runs]
    found = compare(read, replay_command(["reglament", "compare", *map(str, runs)], {}))
    if format_ is not None:
        say(render_compared(found, format_, lang, terminal_width(), wants_colour()))
        raise typer.Exit(exit_code_of(found))
    names = [(place.parent if place.is_file() else place).resolve().name for place in runs]
    folder = out or Path("out") / f"compare-{'-'.join(dict.fromkeys(names))}"
    with replaced_folder(folder, runs) as staged:
        write_comparison(found, staged, lang)
    report = str(folder / "report.html")
    say(render_comparison(found, Texts(lang), terminal_width(), wants_colour(), report))
    raise typer.Exit(exit_code_of(found))
