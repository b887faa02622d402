"""The commands on logs alone: convert one into another format, and propose a mapping for a foreign one."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.interruption import current_interruption
from reports.options import say

INCOMPLETE = 3
"""As the exit code of an incomplete judgement: the new file does not hold all, or holds what was guessed."""
Mapping = Annotated[Path | None, typer.Option("--mapping", help="Mapping file of a foreign log.")]
PackName = Annotated[str | None, typer.Option("--pack", help="Regulation: its id, or the folder of a pack.")]


def add_log_commands(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command("convert")(convert_command)
    app.command("map")(map_command)


def convert_command(
    log: Annotated[Path, typer.Argument(help="Event log: CSV, JSON Lines, Parquet, XES or OCEL 2.0.")],
    to: Annotated[Path, typer.Argument(help="The new file, replaced if there; its name says the format.")],
    mapping: Mapping = None,
    pack: PackName = None,
) -> int:
    """Convert an event log; exit code 3 if the new log is incomplete, as its manifest then says."""
    from conformance.log_file import read_manifest  # noqa: PLC0415
    from conformance.logs.convert import convert, rejects_beside  # noqa: PLC0415
    from conformance.logs.mapping import read_mapping  # noqa: PLC0415
    from conformance.manifests import own_manifest_name  # noqa: PLC0415
    from conformance.pack import load_pack  # noqa: PLC0415

    given = read_mapping(mapping) if mapping is not None else None
    regulation = load_pack(pack) if pack is not None else None
    intake = convert(log, to, given, regulation, str(mapping or ""))
    say(f"{intake.read} records: {intake.rows} rows, {intake.rejected} rejected, {intake.ignored} ignored")
    for reason, count in intake.rejects.items():
        say(f"  {count} {reason}")
    if intake.rejected:
        say(f"rejects: {rejects_beside(to)}")
    name = own_manifest_name(to)
    complete = read_manifest(to.parent, name).complete
    say(f"manifest: {to.with_name(name)}" + ("" if complete else " (incomplete)"))
    return 0 if complete else INCOMPLETE


def map_command(
    log: Annotated[Path, typer.Argument(help="Event log: CSV, JSON Lines, Parquet, XES or OCEL 2.0.")],
    pack: PackName = None,
    out: Annotated[Path | None, typer.Option("--out", help="New mapping file; none: print it.")] = None,
) -> None:
    """Propose a mapping file for a foreign log, to be read and corrected."""
    from conformance.logs.proposal import propose, write_proposal  # noqa: PLC0415
    from conformance.pack import load_pack  # noqa: PLC0415

    proposed = propose(log, load_pack(pack) if pack is not None else None)
    if out is None:
        say(proposed)
        return
    with current_interruption().writing(out):
        write_proposal(proposed, out)
    say(f"{out}: a proposal; every line marked “check” is a guess that only you can confirm")
