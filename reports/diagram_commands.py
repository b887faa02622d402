"""The command that draws the process of a regulation."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.interruption import current_interruption
from reports.options import Lang, Language, say


def add_diagram_command(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("diagram")(diagram_command)


def diagram_command(  # noqa: PLR0913, PLR0917 - one parameter for each option
    service: Annotated[str, typer.Argument(help="Service of the regulation: its id or code.")],
    path: Annotated[
        str | None,
        typer.Option("--path", help="Path through the service; none: the first of the regulation."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="svg, bpmn (BPMN 2.0) or mermaid.")] = "svg",
    pack: Annotated[
        str, typer.Option(help="Regulation: its id, or the folder of a pack.")
    ] = "astana-106-1923",
    lang: Lang = Language.EN,
    out: Annotated[
        Path | None, typer.Option("--out", help="New file, replaced if there; none: print.")
    ] = None,
) -> None:
    """Draw who does what of a service, in which order and by when, from the regulation."""
    from conformance.pack import load_pack  # noqa: PLC0415
    from conformance.replaced_file import replacing  # noqa: PLC0415
    from reports.diagrams import diagram_file, diagram_format  # noqa: PLC0415
    from reports.texts import Texts  # noqa: PLC0415

    wanted = diagram_format(form)
    regulation = load_pack(pack)
    way = path if path is not None else regulation.paths[0].id
    text = diagram_file(regulation, service, way, wanted, Texts(lang))
    if out is None:
        say(text)
        return
    with current_interruption().writing(out), replacing(out) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
    say(f"{out}: the diagram of {service}, {way}")
