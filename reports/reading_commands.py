"""The commands that only read: verify saved documents as a third party, explain a name of the reports."""

from pathlib import Path
from typing import Annotated

import typer

from reports.options import Form, Lang, Language, Root, say


def add_reading_commands(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command("verify")(verify_command)
    app.command("explain")(explain_command)


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
    say(encode_verification(found) if as_json else render_verification(found, Texts(lang), terminal_width()))
    raise typer.Exit(exit_code_of(found))


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

    say(explain(load_pack(pack), name, lang))
