"""The commands that judge an event log, and that write the reports of what was judged again."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.interruption import current_interruption
from reports.options import (
    Accessibility,
    Expected,
    Format,
    Lang,
    Language,
    Out,
    Printed,
    Printing,
    Quiet,
    Root,
    Strict,
    print_summary,
    replay_command,
    say,
)


def add_judging_commands(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command("check")(check_command)
    app.command("report")(report_command)


def check_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    log: Annotated[Path, typer.Argument(help="Event log: Parquet, JSON Lines, CSV, XES or OCEL.")],
    pack: Annotated[str, typer.Option(help="Regulation: its id, or the folder of a pack.")],
    mapping: Annotated[Path | None, typer.Option(help="Mapping file of a foreign log.")] = None,
    documents: Annotated[Path | None, typer.Option(help="Folder of the signed documents.")] = None,
    root: Root = None,
    survey: Annotated[Path | None, typer.Option(help="Answers of people to the act's survey: CSV.")] = None,
    accessibility: Accessibility = None,
    strict: Strict = False,
    expected: Expected = None,
    out: Out = None,
    lang: Lang = Language.EN,
    form: Printed = Format.TEXT,
    quiet: Quiet = False,
) -> None:
    """Judge an event log."""
    from conformance.checking import CheckRequest, check_log  # noqa: PLC0415
    from conformance.pack import load_pack  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415

    given: dict[str, Path | None] = {
        "--mapping": mapping,
        "--documents": documents,
        "--root": root,
        "--survey": survey,
    }
    given |= {"--accessibility": accessibility, "--expected": expected}
    words = ["reglament", "check", str(log), "--pack", pack]
    request = CheckRequest(
        log=log,
        pack=load_pack(pack),
        replay=replay_command(words, {**given, "--strict": strict}),
        mapping=mapping,
        documents=documents,
        root=root,
        survey=survey,
        accessibility=accessibility,
        expected=expected,
        strict=strict,
    )
    folder = out or Path("out") / f"check-{log.stem}"
    with replaced_folder(folder, [log, *(path for path in given.values() if path)]) as staged:
        checked = check_log(request, staged)
        write_reports(checked.results, staged, lang, request.pack)
    if checked.foreign:
        typer.echo(f"note: the manifest beside {log} describes another log; its origin is unknown", err=True)
    print_summary(checked.results, Printing(lang, form, quiet), folder)
    raise typer.Exit(checked.code)


def report_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a saved run or load study.")],
    format_: Annotated[
        Format | None, typer.Option("--format", help="Print this form instead of writing.")
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Write the reports of a saved run or load study again."""
    from reports.saved_run import read_run, render, write_reports  # noqa: PLC0415
    from reports.terminal import terminal_width, wants_colour  # noqa: PLC0415

    results = read_run(folder)
    if format_ is not None:
        say(render(results, format_, lang, terminal_width(), wants_colour()))
        return
    with current_interruption().writing(folder):
        write_reports(results, folder, lang)
    print_summary(results, Printing(lang, Format.TEXT, quiet=False), folder)
