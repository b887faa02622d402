"""What the commands on load studies share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

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
Fit = Annotated[Path | None, typer.Option("--fit", help="Fit a study from this event log instead.")]
Tolerance = Annotated[
    float, typer.Option(min=0.001, max=1.0, help="How close the breaking load is found, as a share of it.")
]
WithBreakingLoad = Annotated[
    bool, typer.Option("--breaking-load/--no-breaking-load", help="Find the load at which a limit breaks.")
]
