"""Play a regulated electronic public service and judge its event log: the command line.

The only module that knows all five folders. Results go to stdout, progress and errors to stderr.
Exit codes: 0 conforms (or all went as expected), 1 does not, 3 incomplete, 2 wrong use, unreadable input,
an interruption, or a defect of the harness itself: a crash never looks like "does not conform".
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actors.signature_mode import SignatureMode
from conformance import __version__
from conformance.interruption import current_interruption, hear_interruptions
from reports.compare_commands import add_compare_command
from reports.diagram_commands import add_diagram_command
from reports.judging_commands import add_judging_commands
from reports.last_words import exit_code_of as _exit_code
from reports.log_commands import add_log_commands
from reports.options import (
    Expected,
    Format,
    Given,
    Jobs,
    Lang,
    Language,
    Only,
    Out,
    Printed,
    PrintedStudy,
    Printing,
    Quiet,
    Respondents,
    Seed,
    Share,
    StudyFormat,
    Suites,
    print_summary,
    replay_command,
)
from reports.options import say as _say
from reports.pack_commands import pack_app
from reports.reading_commands import add_reading_commands
from reports.study_options import (
    DEFAULT_STUDY_SEED,
    Cluster,
    Fit,
    FittedMapping,
    FittedPack,
    FittedWorld,
    Judge,
    Replications,
    Resume,
    StudyEngine,
    Tolerance,
    WithBreakingLoad,
    require_log,
    require_nothing_played,
    require_pack,
    require_study,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.results import Results
    from conformance.study_results import StudyResults
    from scenarios.study_command import StudyRequest
    from scenarios.study_journal import Journal
    from scenarios.trials import TrialListener
    from sim.signatures import SignatureChoice

KEPT = "finished replications are kept; go on with --resume"
OK, DOES_NOT_CONFORM, WRONG_USE, INCOMPLETE = 0, 1, 2, 3

app = typer.Typer(
    name="reglament",
    help="Play a regulated electronic public service, measure every step, judge the log clause by clause.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(pack_app, name="pack")
add_judging_commands(app)
add_log_commands(app)
add_reading_commands(app)
add_diagram_command(app)
add_compare_command(app)


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
    form: Printed = Format.TEXT,
    quiet: Quiet = False,
) -> None:
    """Play suites of scenarios and judge them."""
    from conformance.expectations import read_expectations  # noqa: PLC0415
    from reports.progress import progress_line  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415
    from scenarios.judged_run import judge_run  # noqa: PLC0415
    from scenarios.run import run_suites  # noqa: PLC0415
    from scenarios.runner import DEFAULT_SEED  # noqa: PLC0415
    from scenarios.suite_reader import find_suites, read_suites  # noqa: PLC0415
    from sim.signatures import SignatureChoice  # noqa: PLC0415

    paths = find_suites(suites)
    name = paths[0].stem if len(paths) == 1 else "all"
    folder = out or Path("out") / f"run-{name}"
    seed = DEFAULT_SEED if seed is None else seed
    words = ["reglament", "run", *(suites or []), *(f"--only={name}" for name in only or [])]
    options: Given = {
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
            progress=progress_line(quiet=quiet),
        )
        if not run.outcomes:  # an earlier run is worth more than nothing
            raise KeyboardInterrupt
        if not run.complete:
            current_interruption().heed()
        results = judge_run(run, staged, replay, respondents, entries)
        write_reports(results, staged, lang, run.pack)
    print_summary(results, Printing(lang, form, quiet), folder)
    if not run.complete:
        typer.echo("interrupted: what was finished is kept and marked incomplete", err=True)
        raise typer.Exit(WRONG_USE)
    codes = {"conforms": OK, "as_expected": OK, "incomplete": INCOMPLETE}
    raise typer.Exit(codes.get(results.summary.outcome, DOES_NOT_CONFORM))


@app.command("study")
def study_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    study: Annotated[str | None, typer.Argument(help="Load study: a name or a file.")] = None,
    seed: Seed = None,
    engine: Annotated[StudyEngine, typer.Option(help="What plays it.")] = StudyEngine.COMPILED,
    jobs: Jobs = 0,
    cluster: Cluster = None,
    replications: Replications = None,
    resume: Resume = False,
    fit: Fit = None,
    pack: FittedPack = None,
    mapping: FittedMapping = None,
    world: FittedWorld = None,
    log: Annotated[bool, typer.Option(help="Write the event log of the first replication.")] = True,
    judge: Judge = False,
    signatures: Annotated[
        SignatureMode, typer.Option(help="real, sampled: the actors play a small study's log too, and sign.")
    ] = SignatureMode.OFF,
    share: Share = 0.05,
    out: Out = None,
    lang: Lang = Language.EN,
    form: PrintedStudy = StudyFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Play a load study, or fit one to an event log: replications, sweeps, and how sure one can be."""
    from reports.run_folder import JUDGED  # noqa: PLC0415
    from scenarios.study_command import do_study, judge_study  # noqa: PLC0415
    from sim.signatures import SignatureChoice  # noqa: PLC0415

    signed = signatures is not SignatureMode.OFF
    if fit is not None:
        played: Given = {"--seed": seed is not None, "--engine": engine is not StudyEngine.COMPILED}
        played |= {"--jobs": bool(jobs), "--cluster": cluster, "--replications": bool(replications)}
        played |= {"--resume": resume, "--no-log": not log, "--judge": judge, "--signatures": signed}
        require_nothing_played(played)
        _fit_study(fit, pack, mapping, world, study, out, lang)
        return
    require_study(study, pack, mapping, world)
    require_log(log, {"--judge": judge, "--signatures": signed})
    options: Given = {
        "--no-log": not log,
        "--judge": judge,
        "--signatures": signatures if signed else None,
        "--share": str(share) if signatures is SignatureMode.SAMPLED else None,
    }
    choice = SignatureChoice(mode=signatures, share=share)
    request = _study_request(
        "study", study or "", seed, engine, (jobs, cluster), replications, options, choice
    )
    folder = out or Path("out") / f"study-{request.ready.study.study}"
    words = ["reglament", "check", str(folder / "log.parquet"), "--pack", request.ready.pack_name]
    again = replay_command(words, {"--documents": folder / "documents" if signed else None})
    _write_study(
        lambda staged, journal, listener: do_study(request, staged, journal, listener),
        request.ready.path,
        folder,
        resume,
        Printing(lang, form, quiet),
        judge=(lambda staged: judge_study(request.ready, staged, staged / JUDGED, again)) if judge else None,
    )


@app.command("size")
def size_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    study: Annotated[str, typer.Argument(help="Load study: a name or a file.")],
    seed: Seed = None,
    engine: Annotated[StudyEngine, typer.Option(help="What plays it.")] = StudyEngine.COMPILED,
    jobs: Jobs = 0,
    cluster: Cluster = None,
    replications: Replications = None,
    resume: Resume = False,
    breaking_load: WithBreakingLoad = True,
    tolerance: Tolerance = 0.05,
    out: Out = None,
    lang: Lang = Language.EN,
    form: PrintedStudy = StudyFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Find the smallest staffing that keeps the limits, and the load that breaks them."""
    from scenarios.size_command import do_size  # noqa: PLC0415

    options: Given = {
        "--no-breaking-load": not breaking_load,
        "--tolerance": str(tolerance) if breaking_load else None,
    }
    request = _study_request("size", study, seed, engine, (jobs, cluster), replications, options)
    if request.ready.study.sweep is not None:
        typer.echo("note: the sweep of the study is left out; staffings are for its own load", err=True)
    closeness = tolerance if breaking_load else None
    _write_study(
        lambda _, journal, listener: do_size(request, journal, listener, closeness),
        request.ready.path,
        out or Path("out") / f"size-{request.ready.study.study}",
        resume,
        Printing(lang, form, quiet),
    )


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


def _study_request(  # noqa: PLR0913, PLR0917 - the options of two commands
    command: str,
    study: str,
    seed: int | None,
    engine: StudyEngine,
    workers: tuple[int, str | None],
    replications: int | None,
    options: Given,
    signatures: SignatureChoice | None = None,
) -> StudyRequest:
    """Return what *command* is asked of a study; *options* are further ones, to be typed again."""
    from scenarios.study_command import NOTHING_SIGNED, request_of  # noqa: PLC0415

    seed = DEFAULT_STUDY_SEED if seed is None else seed
    said: Given = {
        "--engine": None if engine is StudyEngine.COMPILED else engine,
        "--replications": None if replications is None else str(replications),
        **options,
        "--seed": str(seed),
    }
    return request_of(
        study,
        seed,
        engine,
        workers,
        replications,
        replay_command(["reglament", command, study], said),
        with_log=not options.get("--no-log"),
        signatures=signatures or NOTHING_SIGNED,
    )


def _fit_study(  # noqa: PLR0913, PLR0917 - what a fit is made from
    log: Path,
    pack: str | None,
    mapping: Path | None,
    world: str | None,
    study: str | None,
    out: Path | None,
    lang: Language,
) -> None:
    """Write the study that fits a log, and how well it does, into a folder, and say it."""
    from reports.files import write_together  # noqa: PLC0415
    from reports.fit_charts import fit_charts  # noqa: PLC0415
    from reports.fit_text import render_fit  # noqa: PLC0415
    from reports.run_folder import replaced_folder  # noqa: PLC0415
    from reports.terminal import terminal_width  # noqa: PLC0415
    from reports.texts import Texts  # noqa: PLC0415
    from scenarios.study_fit import WORLD, fit_study  # noqa: PLC0415

    folder = out or Path("out") / f"fit-{log.stem}"
    inputs = [path for path in (log, mapping) if path is not None]
    with replaced_folder(folder, inputs) as staged:
        results = fit_study(log, require_pack(pack, study), staged, mapping=mapping, world=world or WORLD)
        write_together(staged, fit_charts(results, Texts(lang)))
    _say(render_fit(results, Texts(lang), terminal_width(), str(folder / "study.yaml")))
    raise typer.Exit(OK if results.playable else INCOMPLETE)


def _write_study(  # noqa: PLR0913, PLR0917 - what is played, where it goes, what is told
    find: Callable[[Path, Journal, TrialListener], StudyResults],
    study: Path,
    folder: Path,
    resume: bool,
    printing: Printing,
    judge: Callable[[Path], Results | None] | None = None,
) -> None:
    """Write what a study finds into *folder*, and what *judge* says of its log; end with the study's code."""
    from reports.run_folder import JUDGED, replaced_folder  # noqa: PLC0415
    from reports.saved_run import write_reports  # noqa: PLC0415
    from reports.study_progress import StudyProgress  # noqa: PLC0415
    from reports.study_reports import exit_code_of_study, write_study_reports  # noqa: PLC0415
    from scenarios.study_journal import Journal  # noqa: PLC0415

    with Journal.beside(folder, resume=resume) as journal, _told_of_kept(journal):
        with replaced_folder(folder, [study]) as staged:
            results = find(staged, journal, StudyProgress.here(quiet=printing.quiet))
            if not results.complete:
                current_interruption().heed()
            judged = judge(staged) if judge is not None else None
            write_study_reports(results, staged, printing.lang)  # its cases are shown with their verdicts
            if judged is not None:
                write_reports(judged, staged / JUDGED, printing.lang)
        journal.done = results.complete
    print_summary(results, printing, folder)
    if judged is not None and printing.form == "text" and not printing.quiet:
        _say("")
        print_summary(judged, printing, folder / JUDGED)
    if not results.complete:
        typer.echo(f"interrupted: {KEPT}", err=True)
        raise typer.Exit(WRONG_USE)
    raise typer.Exit(exit_code_of_study(results))


@contextmanager
def _told_of_kept(journal: Journal) -> Iterator[None]:
    """Say what an error or a late interruption has not lost, before its own words."""
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        heard = current_interruption()
        if journal.known and (heard.came or isinstance(error, KeyboardInterrupt)):
            heard.kept = KEPT
        elif journal.known:
            typer.echo(f"note: {KEPT}", err=True)
        raise


if __name__ == "__main__":
    main()
