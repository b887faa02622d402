"""Play a regulated electronic public service and judge its event log: the command line.

The only module that knows all five folders. Results go to stdout, progress and errors to stderr.
Exit codes: 0 conforms (or all went as expected), 1 does not, 3 incomplete, 2 wrong use, unreadable input,
an interruption, or a defect of the harness itself: a crash never looks like "does not conform".
"""

from __future__ import annotations

import io
import os
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from conformance import __version__
from conformance.errors import ReglamentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.judge import Judgement
    from conformance.log import Manifest, Row
    from conformance.pack import Pack
    from conformance.results import Results
    from scenarios.run import Run
    from scenarios.runner import Outcome

OK, DOES_NOT_CONFORM, WRONG_USE, INCOMPLETE = 0, 1, 2, 3
TYPER_INTERRUPTED = 130

SIGNED = "real: every request and result was signed, and the judge verified the saved documents by itself"
UNSIGNED = "not judged: no documents were given with the log"
VERIFIED = "real: the judge verified the given documents by itself"

app = typer.Typer(
    name="reglament",
    help="Play a regulated electronic public service, measure every step, judge the log clause by clause.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
pack_app = typer.Typer(help="Regulations as data.", rich_markup_mode=None)
app.add_typer(pack_app, name="pack")


class Language(StrEnum):
    """The languages of the reports."""

    EN = "en"
    KK = "kk"
    RU = "ru"


class Format(StrEnum):
    """The forms of a report on stdout."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    JUNIT = "junit"


Lang = Annotated[Language, typer.Option("--lang", help="Language of the reports.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the results; an earlier run is replaced.")
]


@app.callback(invoke_without_command=True)
def face(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Say what can be done."""
    if version:
        _say(f"reglament {__version__}")
    elif context.invoked_subcommand is None:
        _say(context.get_help())


@app.command("run")
def run_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    suites: Annotated[
        list[str] | None, typer.Argument(help="Suites: names or files; none: all shipped.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of all random streams.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Play this scenario alone; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option(min=0, max=256, help="Processes; 0: as many as there are cores.")] = 0,
    out: Out = None,
    lang: Lang = Language.EN,
) -> None:
    """Play suites of scenarios and judge them."""
    from reports.progress import progress_line  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from scenarios.run import run_suites  # noqa: PLC0415
    from scenarios.runner import DEFAULT_SEED  # noqa: PLC0415
    from scenarios.suite_reader import find_suite, shipped_suites  # noqa: PLC0415

    paths = [find_suite(name) for name in suites] if suites else list(shipped_suites())
    name = paths[0].stem if len(paths) == 1 else "all"
    folder = out or Path("out") / f"run-{name}"
    seed = DEFAULT_SEED if seed is None else seed
    words = ["reglament", "run", *(suites or []), *(f"--only={name}" for name in only or [])]
    replay = shlex.join([*words, "--seed", str(seed)])
    with replaced_folder(folder, paths) as staged:
        run = run_suites(
            paths,
            seed=seed,
            only=only or (),
            jobs=jobs or min(os.cpu_count() or 1, 8),
            progress=progress_line(),
        )
        if not run.outcomes:  # an earlier run is worth more than nothing
            raise KeyboardInterrupt
        results = _save_run(run, staged, replay, lang)
    _print_summary(results, lang, folder)
    if not run.complete:
        typer.echo("interrupted: what was finished is kept and marked incomplete", err=True)
        raise typer.Exit(WRONG_USE)
    raise typer.Exit(OK if run.passed else DOES_NOT_CONFORM)


@app.command("check")
def check_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    log: Annotated[Path, typer.Argument(help="Event log: Parquet or JSON Lines.")],
    pack: Annotated[str, typer.Option(help="Regulation: its id, or the folder of a pack.")],
    documents: Annotated[Path | None, typer.Option(help="Folder of the signed documents.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Excuse nothing that the pack calls unknown.")
    ] = False,
    out: Out = None,
    lang: Lang = Language.EN,
) -> None:
    """Judge an event log."""
    from conformance.evidence import require_documents  # noqa: PLC0415
    from conformance.judge import judge, overall  # noqa: PLC0415
    from conformance.log_file import read_log, write_log, write_manifest  # noqa: PLC0415
    from conformance.pack import load_pack  # noqa: PLC0415
    from conformance.summary import Circumstances, assemble_results  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415

    regulation = load_pack(pack)
    rows = read_log(log)
    require_documents(documents)
    judgement = judge(regulation, rows, documents)
    outcome, code = overall(judgement, strict=strict)
    beside = _manifest_beside(log)
    if beside is not None and not beside.complete and code == OK:
        outcome, code = "incomplete", INCOMPLETE  # what an interrupted run did not play is not shown
    folder = out or Path("out") / f"check-{log.stem}"
    words = ["reglament", "check", str(log), "--pack", pack]
    words += ["--documents", str(documents)] if documents else []
    words += ["--strict"] if strict else []
    with replaced_folder(folder, [log, *([documents] if documents else [])]) as staged:
        write_log(rows, staged / "log.parquet")
        manifest = _manifest_of(regulation, rows, staged / "log.parquet", beside)
        write_manifest(manifest, staged)
        how = Circumstances(
            command="check",
            outcome=outcome,
            replay=shlex.join(words),
            signatures=VERIFIED if documents else UNSIGNED,
        )
        results = assemble_results(regulation, judgement, rows, manifest, how)
        write_reports(results, staged, lang)
    _print_summary(results, lang, folder)
    raise typer.Exit(code)


@app.command("report")
def report_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a saved run.")],
    format_: Annotated[
        Format | None, typer.Option("--format", help="Print this form instead of writing.")
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Write the reports of a saved run again."""
    from reports.saved_run import read_run, render, write_reports  # noqa: PLC0415
    from reports.terminal import terminal_width, wants_colour  # noqa: PLC0415

    results = read_run(folder)
    if format_ is not None:
        _say(render(results, format_, lang, terminal_width(), wants_colour()))
        return
    write_reports(results, folder, lang)
    _print_summary(results, lang, folder)


@app.command("explain")
def explain_command(
    name: Annotated[str, typer.Argument(help="A norm, clause, defect, assumption, verdict or reason code.")],
    pack: Annotated[
        str, typer.Option(help="Regulation: its id, or the folder of a pack.")
    ] = "astana-106-1923",
    lang: Lang = Language.EN,
) -> None:
    """Say what a name of the reports means and where it comes from."""
    from conformance.explain import explain  # noqa: PLC0415
    from conformance.pack import load_pack  # noqa: PLC0415

    _say(explain(load_pack(pack), name, lang))


@pack_app.command("list")
def pack_list_command() -> None:
    """List the shipped packs."""
    from conformance.pack_text import describe_packs  # noqa: PLC0415

    _say(describe_packs())


@pack_app.command("show")
def pack_show_command(
    pack: Annotated[str, typer.Argument(help="Regulation: its id, or the folder of a pack.")],
    lang: Lang = Language.EN,
) -> None:
    """Print a pack's tables so that a person can compare them with the source."""
    from conformance.pack import load_pack  # noqa: PLC0415
    from conformance.pack_text import show_pack  # noqa: PLC0415
    from reports.terminal import terminal_width  # noqa: PLC0415

    _say(show_pack(load_pack(pack), lang, max(terminal_width(), 80)))


@pack_app.command("validate")
def pack_validate_command(
    packs: Annotated[list[str] | None, typer.Argument(help="Ids or folders; none: all shipped.")] = None,
) -> None:
    """Check packs; the first fault is shown with its file and place."""
    from conformance.pack import available_packs, load_pack  # noqa: PLC0415
    from conformance.pack_text import validate_text  # noqa: PLC0415

    for name in packs or available_packs():
        _say(validate_text(load_pack(name)))


def main() -> None:
    """Run the command line and end with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a narrow encoding must not end a run
    sys.exit(_exit_code(lambda: app(standalone_mode=False)))


def _exit_code(call: Callable[[], object]) -> int:
    try:
        code = call()
    except TyperException as error:
        typer.echo(f"reglament: {error.format_message()} (see reglament --help)", err=True)
        return WRONG_USE
    except ReglamentError as error:
        typer.echo(f"reglament: {error}", err=True)
        return WRONG_USE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        typer.echo(f"reglament: {place}{str(error.strerror or error).lower()}", err=True)
        return WRONG_USE
    except Exception:  # noqa: BLE001 - the last resort: show the defect, and do not end with 1
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        typer.echo("reglament: this is a defect of the harness, not a verdict", err=True)
        return WRONG_USE
    if code == TYPER_INTERRUPTED:
        typer.echo("reglament: interrupted, nothing was written", err=True)
        return WRONG_USE
    return code if isinstance(code, int) else OK


def _say(text: str) -> None:
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


def _save_run(run: Run, staged: Path, replay: str, lang: Language) -> Results:
    """Write the logs, the documents and the reports of a run into *staged*."""
    from conformance.judge import judge  # noqa: PLC0415
    from conformance.summary import Circumstances, assemble_results  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415

    rows = run.rows(violations=False)
    manifest = _write_evidence(run, rows, run.outcomes_of(violations=False), staged)
    judgement: Judgement = judge(run.pack, rows, staged / "documents")
    violating = run.outcomes_of(violations=True)
    if violating:
        folder = staged / "faults"
        folder.mkdir()
        _write_evidence(run, run.rows(violations=True), violating, folder)
    outcome = "interrupted" if not run.complete else "conforms" if run.passed else "does_not_conform"
    how = Circumstances(
        command="run",
        outcome=outcome,
        replay=replay,
        signatures=SIGNED,
        scenarios=run.scenarios,
        faults=run.faults,
    )
    results = assemble_results(run.pack, judgement, rows, manifest, how)
    write_reports(results, staged, lang)
    return results


def _write_evidence(run: Run, rows: Sequence[Row], outcomes: Sequence[Outcome], folder: Path) -> Manifest:
    from conformance.log_file import write_log, write_manifest  # noqa: PLC0415
    from scenarios.runner import write_documents  # noqa: PLC0415

    documents: Mapping[str, Mapping[str, bytes]] = {
        name: files for outcome in outcomes for name, files in outcome.documents.items()
    }
    (folder / "documents").mkdir()
    if outcomes:
        write_documents(documents, outcomes[0].root_pem, folder / "documents")
    write_log(rows, folder / "log.parquet")
    manifest = _manifest_of(
        run.pack, rows, folder / "log.parquet", None, seed=run.seed, complete=run.complete
    )
    write_manifest(manifest, folder)
    return manifest


def _manifest_of(  # noqa: PLR0913 - what a manifest says
    pack: Pack,
    rows: Sequence[Row],
    log: Path,
    known: Manifest | None,
    *,
    seed: int | None = None,
    complete: bool = True,
) -> Manifest:
    """Return the manifest of a log just written; origin and seed from a *known* one beside the source."""
    from conformance.log import SCHEMA_VERSION, Manifest  # noqa: PLC0415
    from conformance.log_file import sha256_file  # noqa: PLC0415
    from conformance.summary import period_of  # noqa: PLC0415

    start, end = period_of(rows)
    simulated = seed is not None
    return Manifest(
        schema_version=SCHEMA_VERSION,
        pack=pack.act.id,
        pack_sha256=pack.sha256,
        seed=known.seed if known else seed,
        origin=known.origin if known else "simulated" if simulated else "unknown",
        period_start=start,
        period_end=end,
        zone=pack.act.zone,
        extracted_at=known.extracted_at if known else end if simulated else None,
        log_sha256=sha256_file(log),
        complete=known.complete if known else complete,
    )


def _manifest_beside(log: Path) -> Manifest | None:
    """Return the manifest beside *log* if it speaks of this very log."""
    from conformance.log_file import read_manifest, sha256_file  # noqa: PLC0415

    if not (log.parent / "manifest.json").is_file():
        return None
    manifest = read_manifest(log.parent)
    if manifest.log_sha256 == sha256_file(log):
        return manifest
    typer.echo(f"note: the manifest beside {log} describes another log; its origin is unknown", err=True)
    return None


def _print_summary(results: Results, lang: Language, folder: Path) -> None:
    from reports.terminal import render_summary, terminal_width, wants_colour  # noqa: PLC0415
    from reports.texts import Texts  # noqa: PLC0415

    report = str(folder / "report.html")
    _say(render_summary(results, Texts(lang), terminal_width(), wants_colour(), report))


if __name__ == "__main__":
    main()
