"""The process of each service and path as a picture for the page of a run, what was measured laid over it."""

from dataclasses import dataclass

from conformance.errors import InputError
from conformance.pack import Pack, load_pack
from conformance.results import Results
from reports.diagram_source import source_of
from reports.diagrams import inline_diagram
from reports.texts import Texts


@dataclass(frozen=True, slots=True)
class ProcessPicture:
    """One picture: an ``svg`` element, and whether any step of it was measured."""

    service: str
    path: str
    svg: str
    measured: bool


def pack_of(results: Results, given: Pack | None = None) -> Pack | None:
    """Return the pack by which *results* were judged: the one *given*, or the shipped one of its name.

    None if that is another one by now: a picture of other rules would be a wrong one.
    """
    found = given
    if found is None:
        try:
            found = load_pack(results.provenance.pack)
        except InputError:
            return None
    return found if found.sha256 == results.provenance.pack_sha256 else None


def process_pictures(results: Results, pack: Pack, texts: Texts) -> list[ProcessPicture]:
    """Return the pictures of all services and paths of *pack* that have steps, in its order."""
    drawn = [
        (service, path)
        for service in pack.services
        for path in pack.paths
        if source_of(pack, service.id, path.id, texts).steps
    ]
    measured = {(step.service, step.path) for step in results.steps if step.measured is not None}
    return [
        ProcessPicture(
            service=service.id,
            path=path.id,
            svg=inline_diagram(pack, service.id, path.id, texts, f"process-{n}", results),
            measured=(service.id, path.id) in measured,
        )
        for n, (service, path) in enumerate(drawn, 1)
    ]
