"""The commands of ``reglament pack``: regulations as data, listed, shown, checked and compared."""

from typing import Annotated

import typer

from reports.options import Form, Lang, Language, say

pack_app = typer.Typer(help="Regulations as data.", rich_markup_mode=None)


@pack_app.command("list")
def pack_list_command() -> None:
    """List the shipped packs."""
    from conformance.pack_text import describe_packs  # noqa: PLC0415

    say(describe_packs())


@pack_app.command("show")
def pack_show_command(
    pack: Annotated[str, typer.Argument(help="Regulation: its id, or the folder of a pack.")],
    lang: Lang = Language.EN,
) -> None:
    """Print a pack's tables so that a person can compare them with the source."""
    from conformance.pack import load_pack  # noqa: PLC0415
    from conformance.pack_text import show_pack  # noqa: PLC0415
    from reports.terminal import terminal_width  # noqa: PLC0415

    say(show_pack(load_pack(pack), lang, max(terminal_width(), 80)))


@pack_app.command("validate")
def pack_validate_command(
    packs: Annotated[list[str] | None, typer.Argument(help="Ids or folders; none: all shipped.")] = None,
) -> None:
    """Check packs; the first fault is shown with its file and place."""
    from conformance.fragment_checks import validate_fragments  # noqa: PLC0415
    from conformance.pack import available_packs, load_pack  # noqa: PLC0415
    from conformance.pack_text import validate_text  # noqa: PLC0415

    for name in packs or available_packs():
        pack = load_pack(name)
        say(f"{validate_text(pack)}\n{validate_fragments(pack, name)}")


@pack_app.command("diff")
def pack_diff_command(
    old: Annotated[str, typer.Argument(help="The earlier version: an id, or the folder of a pack.")],
    new: Annotated[str, typer.Argument(help="The later version: an id, or the folder of a pack.")],
    form: Annotated[Form, typer.Option("--format", help="Form of the differences.")] = Form.TEXT,
    lang: Lang = Language.EN,
) -> int:
    """Say what changed between two versions of a regulation, for a lawyer; exit code 1 if anything did."""
    from conformance.pack_diff_text import compare_packs  # noqa: PLC0415

    text, same = compare_packs(old, new, form, lang)
    say(text)
    return 0 if same else 1
