"""The pictures of a process, one for each service and path: as SVG, as BPMN 2.0, as Mermaid."""

from enum import StrEnum

from conformance.errors import InputError, nearest_name
from conformance.pack import Pack
from conformance.results import Results
from reports.diagram_bpmn import render_bpmn
from reports.diagram_layout import TOOLS, lay_out
from reports.diagram_making import diagram_of
from reports.diagram_mermaid import render_mermaid
from reports.diagram_overlay import Overlay, overlay_of
from reports.diagram_svg import render_svg
from reports.texts import Texts


class DiagramFormat(StrEnum):
    """The forms of a diagram."""

    SVG = "svg"
    BPMN = "bpmn"
    MERMAID = "mermaid"


def diagram_format(name: str) -> DiagramFormat:
    """Return the form called *name*. Raises InputError if there is none."""
    names = [form.value for form in DiagramFormat]
    if name not in names:
        raise InputError("--format", "", name, f"one of {', '.join(names)}", nearest_name(name, names))
    return DiagramFormat(name)


def inline_diagram(  # noqa: PLR0913, PLR0917 - what is drawn, and how
    pack: Pack, service: str, path: str, texts: Texts, prefix: str, results: Results | None = None
) -> str:
    """Return the diagram of *service* (id or code) on *path* as an ``svg`` element for a page.

    Its ids begin with *prefix* (letters, digits, ``-`` and ``_``), another one for each diagram of a page.
    With *results*, what was measured stands over the steps. Raises InputError for an unknown service or path.
    """
    diagram = diagram_of(pack, service, path, texts)
    overlay = Overlay({}, frozenset())
    legend = texts.say("diagram.legend")
    if results is not None:
        found = pack.service(service)
        overlay = overlay_of(results, {found.id, found.code}, path, texts)
        legend = f"{legend} {texts.say('diagram.legend_measured')}" if overlay.lines else legend
    return render_svg(lay_out(diagram, legend, overlay.lines), prefix, overlay.broken)


def diagram_file(pack: Pack, service: str, path: str, form: DiagramFormat, texts: Texts) -> str:
    """Return the diagram of *service* (id or code) on *path* as the text of a file.

    Raises InputError for an unknown service or path.
    """
    if form is DiagramFormat.SVG:
        svg = inline_diagram(pack, service, path, texts, "diagram")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}'
    diagram = diagram_of(pack, service, path, texts)
    if form is DiagramFormat.MERMAID:
        return render_mermaid(diagram)
    return render_bpmn(lay_out(diagram, style=TOOLS))
