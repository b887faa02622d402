"""Play a regulated electronic public service and judge its event log: the command line.

The only module that knows all five folders. Results go to stdout, progress and errors to stderr.
Exit codes: 0 conforms (or all went as expected), 1 does not, 3 incomplete, 2 wrong use, unreadable input,
an interruption, or a defect of the harness itself: a crash never looks like "does not conform".
"""

from __future__ import annotations

import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from actors.signature_mode import SignatureMode
from conformance import __version__
from conformance.errors import InputError, ReglamentError, printable
from conformance.interruption import Interruption, current_interruption, hear_interruptions
from reports.log_commands import add_log_commands
from reports.options import (
    Accessibility,
    Expected,
    Form,
    Jobs,
    Lang,
    Language,
    Only,
    Out,
    Respondents,
    Root,
    Seed,
    Share,
    Strict,
    Suites,
    replay_command,
)
from reports.options import say as _say
from reports.pack_commands import pack_app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.expectations import Expectation
    from conformance.results import Results
    from scenarios.run import Run

OK, DOES_NOT_CONFORM, WRONG_USE, INCOMPLETE = 0, 1, 2, 3
TYPER_INTERRUPTED = 130

app = typer.Typer(
    name="reglament",
    help="Play a regulated electronic public service, measure every step, judge the log clause by clause.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(pack_app, name="pack")
add_log_commands(app)


class Format(StrEnum):
    """The forms of a report on stdout."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    JUNIT = "junit"
    EARL = "earl"


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
    suites: Suites = None,
    seed: Seed = None,
    only: Only = None,
    jobs: Jobs = 0,
    signatures: Annotated[
        SignatureMode, typer.Option(help="Which signatures are really computed.")
    ] = SignatureMode.REAL,
    share: Share = 0.05,
    respondents: Respondents = None,
    expected: Expected = None,
    out: Out = None,
    lang: Lang = Language.EN,
) -> None:
    """Play suites of scenarios and judge them."""
    from conformance.expectations import read_expectations  # noqa: PLC0415
    from reports.progress import progress_line  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from scenarios.run import run_suites  # noqa: PLC0415
    from scenarios.runner import DEFAULT_SEED  # noqa: PLC0415
    from scenarios.suite_reader import find_suite, read_suites, shipped_suites  # noqa: PLC0415
    from sim.signatures import SignatureChoice  # noqa: PLC0415

    paths = [find_suite(name) for name in suites] if suites else list(shipped_suites())
    for odd in (path for path in paths if printable(path.name) != path.name):
        raise InputError(str(odd), "", "a name that is not UTF-8", "a suite whose name can be written down")
    name = paths[0].stem if len(paths) == 1 else "all"
    folder = out or Path("out") / f"run-{name}"
    seed = DEFAULT_SEED if seed is None else seed
    words = ["reglament", "run", *(suites or []), *(f"--only={name}" for name in only or [])]
    options: dict[str, Path | str | bool | None] = {
        "--signatures": None if signatures is SignatureMode.REAL else signatures,
        "--share": str(share) if signatures is SignatureMode.SAMPLED else None,
    }
    options |= {"--respondents": respondents, "--expected": expected, "--seed": str(seed)}
    replay = replay_command(words, options)
    entries = read_expectations(expected, read_suites(paths)[0].pack) if expected else None
    with replaced_folder(folder, [*paths, *(path for path in (respondents, expected) if path)]) as staged:
        run = run_suites(
            paths,
            seed=seed,
            signatures=SignatureChoice(mode=signatures, share=share),
            only=only or (),
            jobs=jobs or min(os.cpu_count() or 1, 8),
            progress=progress_line(),
        )
        if not run.outcomes:  # an earlier run is worth more than nothing
            raise KeyboardInterrupt
        if not run.complete:
            current_interruption().heed()
        results = _save_run(run, staged, replay, lang, respondents, entries)
    _print_summary(results, lang, folder)
    if not run.complete:
        typer.echo("interrupted: what was finished is kept and marked incomplete", err=True)
        raise typer.Exit(WRONG_USE)
    codes = {"conforms": OK, "as_expected": OK, "incomplete": INCOMPLETE}
    raise typer.Exit(codes.get(results.summary.outcome, DOES_NOT_CONFORM))


@app.command("check")
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
) -> None:
    """Judge an event log."""
    from conformance.checking import CheckRequest, check_log  # noqa: PLC0415
    from conformance.pack import load_pack  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415

    given = {"--mapping": mapping, "--documents": documents, "--root": root, "--survey": survey}
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
        write_reports(checked.results, staged, lang)
    if checked.foreign:
        typer.echo(f"note: the manifest beside {log} describes another log; its origin is unknown", err=True)
    _print_summary(checked.results, lang, folder)
    raise typer.Exit(checked.code)


@app.command("verify")
def verify_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a saved run, or of its documents.")],
    root: Root = None,
    format_: Annotated[Form, typer.Option("--format", help="How to print what was found.")] = Form.TEXT,
    lang: Lang = Language.EN,
) -> None:
    """Verify signatures and message logs of saved documents, as a third party would."""
    from conformance.evidence import require_documents  # noqa: PLC0415
    from conformance.saved_documents import open_documents  # noqa: PLC0415
    from conformance.verification import verify_folder  # noqa: PLC0415
    from conformance.verification_results import exit_code_of  # noqa: PLC0415
    from reports.terminal import terminal_width  # noqa: PLC0415
    from reports.texts import Texts  # noqa: PLC0415
    from reports.verification_text import encode_verification, render_verification  # noqa: PLC0415

    inner = folder / "documents"
    documents = inner if inner.is_dir() and not (folder / "trust").is_dir() else folder
    require_documents(documents)
    found = verify_folder(open_documents(documents, root))
    as_json = format_ is Form.JSON
    _say(encode_verification(found) if as_json else render_verification(found, Texts(lang), terminal_width()))
    raise typer.Exit(exit_code_of(found))


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
    with current_interruption().writing(folder):
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


def main() -> None:
    """Run the command line and end with its exit code."""
    interruption = hear_interruptions()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a narrow encoding must not end a run
    code = _exit_code(lambda: app(standalone_mode=False), interruption)
    # After a KeyboardInterrupt inside exec(TEXT), as in dataclasses, `python -m` ends by the signal whatever
    # the code is, until another text has run (CPython's unhandled_keyboard_interrupt).
    exec("")  # noqa: S102 - a constant
    sys.exit(code)


def _exit_code(call: Callable[[], object], interruption: Interruption | None = None) -> int:
    heard = interruption or Interruption()
    try:
        code = call()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort
        heard.end()
        interrupted = heard.came or isinstance(error, KeyboardInterrupt)
        typer.echo(f"reglament: {_interrupted(heard) if interrupted else _told(error)}", err=True)
        return WRONG_USE
    heard.end()
    if code == TYPER_INTERRUPTED:
        typer.echo(f"reglament: {_interrupted(heard)}", err=True)
        return WRONG_USE
    return code if isinstance(code, int) else OK


def _interrupted(heard: Interruption) -> str:
    if heard.written is None:
        return "interrupted, nothing was written"
    return f"interrupted, but {heard.written} is written and whole"


def _told(error: BaseException) -> str:
    """Return what a person is told of *error*; a defect is shown with its place, and does not end with 1."""
    if isinstance(error, TyperException):
        return f"{error.format_message()} (see reglament --help)"
    if isinstance(error, ReglamentError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{str(error.strerror or error).lower()}"
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    return "this is a defect of the harness, not a verdict"


def _save_run(  # noqa: PLR0913, PLR0917 - what a run is saved with
    run: Run,
    staged: Path,
    replay: str,
    lang: Language,
    respondents: Path | None,
    entries: Sequence[Expectation] | None,
) -> Results:
    """Write the logs, the documents and the reports of a run into *staged*."""
    from msgspec.structs import replace  # noqa: PLC0415

    from conformance.expectations import hold_expectations  # noqa: PLC0415
    from conformance.indicators.computation import answers_for_norms, indicators_of_folder  # noqa: PLC0415
    from conformance.judge import judge  # noqa: PLC0415
    from conformance.log_size import size_of  # noqa: PLC0415
    from conformance.summary import Circumstances, assemble_results, signature_use  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415
    from scenarios.expected import with_expected  # noqa: PLC0415
    from scenarios.run_evidence import write_evidence  # noqa: PLC0415
    from scenarios.run_survey import write_survey  # noqa: PLC0415

    manifest = write_evidence(run, staged, violations=False)
    if run.outcomes_of(violations=True):
        write_evidence(run, staged / "faults", violations=True)
    rows = run.rows(violations=False)
    signed = any(outcome.documents for outcome in run.outcomes_of(violations=False))
    indicators = indicators_of_folder(run.pack, staged, manifest, write_survey(run, staged, respondents))
    documents = staged / "documents" if signed else None
    judgement = judge(run.pack, rows, documents, surveys=answers_for_norms(indicators))
    found = hold_expectations(entries, judgement.norms, manifest)
    run, outcome = (run, run.outcome) if found is None else with_expected(run, found)
    used = run.signatures
    how = Circumstances(
        command="run",
        outcome=outcome,
        replay=replay,
        signatures=signature_use(
            run.mode,
            verified=used.verified,
            computed=used.computed,
            drawn=used.drawn,
            mismatches=run.mismatches,
        ),
        scenarios=run.scenarios,
        faults=run.faults,
        expectations=found,
    )
    assembled = assemble_results(run.pack, judgement, size_of(rows), rows, manifest, how)
    results = replace(assembled, indicators=indicators)
    write_reports(results, staged, lang)
    return results


def _print_summary(results: Results, lang: Language, folder: Path) -> None:
    from reports.terminal import render_summary, terminal_width, wants_colour  # noqa: PLC0415
    from reports.texts import Texts  # noqa: PLC0415

    report = str(folder / "report.html")
    _say(render_summary(results, Texts(lang), terminal_width(), wants_colour(), report))


if __name__ == "__main__":
    main()
