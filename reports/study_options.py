"""What the commands on load studies share."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from conformance.errors import InputError
from reports.options import Given

DEFAULT_STUDY_SEED = 1


class StudyEngine(StrEnum):
    """What plays a study: the compiled loop, SimPy, or the loop without a compiler."""

    COMPILED = "compiled"
    SIMPY = "simpy"
    UNCOMPILED = "uncompiled"


Cluster = Annotated[str | None, typer.Option(help="Scheduler of a Dask cluster that plays, tcp://HOST:PORT.")]
Replications = Annotated[
    int | None, typer.Option(min=1, max=10_000, help="Replications; none: as many as the study says.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an interrupted study stopped.")]
Judge = Annotated[
    bool, typer.Option("--judge", help="Judge that log as well, as `check` would; the report: OUT/judged.")
]
Fit = Annotated[Path | None, typer.Option("--fit", help="Fit a study from this event log instead.")]
Tolerance = Annotated[
    float, typer.Option(min=0.001, max=1.0, help="How close the breaking load is found, as a share of it.")
]
WithBreakingLoad = Annotated[
    bool, typer.Option("--breaking-load/--no-breaking-load", help="Find the load at which a limit breaks.")
]
FittedPack = Annotated[str | None, typer.Option("--pack", help="Regulation of a fitted log: id or folder.")]
FittedMapping = Annotated[Path | None, typer.Option("--mapping", help="Mapping file of a fitted log.")]
FittedWorld = Annotated[
    str | None, typer.Option("--world", help="World that gives a fitted study what its log does not show.")
]


def require_study(study: str | None, pack: str | None, mapping: Path | None, world: str | None) -> None:
    """Raise InputError where there is no study to play, or where something is said that only a fit needs."""
    if study is None:
        raise InputError("study", "", "no study", "a load study, or --fit with an event log")
    for name, value in (("--pack", pack), ("--mapping", mapping), ("--world", world)):
        if value is not None:
            raise InputError("study", "", f"{name} with a study", f"{name} with --fit; a study names its own")


def require_nothing_played(given: Given) -> None:
    """Raise InputError for an option that says how to play, where nothing is played but a log is fitted."""
    for name in (name for name, value in given.items() if value):
        raise InputError("study", "", f"{name} with --fit", f"{name} with a study: a fit plays nothing")


def require_log(log: bool, wanted: Mapping[str, bool]) -> None:
    """Raise InputError where no log is to be written and one is *wanted* for something else."""
    for name in (name for name, is_wanted in wanted.items() if is_wanted and not log):
        raise InputError("study", "", f"{name} with --no-log", "one of the two")


def require_pack(pack: str | None, study: str | None) -> str:
    """Return the pack of a log that is fitted; raise InputError for none, or with a study to play."""
    if study is not None:
        raise InputError("study", "", f"the study {study} and --fit", "one of the two")
    if pack is None:
        raise InputError("--fit", "", "no pack", "--pack with the regulation of the log")
    return pack
