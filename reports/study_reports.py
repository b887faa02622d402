"""Write and show what a load study found."""

from pathlib import Path

import msgspec

from conformance.study_results import StudyResults
from reports.options import Language
from reports.texts import Texts


def write_study_reports(results: StudyResults, folder: Path, lang: Language) -> None:
    """Write the reports of a study into *folder*."""
    del lang
    octets = msgspec.json.format(msgspec.json.encode(results), indent=2)
    (folder / "results.json").write_bytes(octets + b"\n")


def render_study_summary(results: StudyResults, texts: Texts, width: int, colour: bool, report: str) -> str:
    """Return what a terminal shows of a study."""
    del texts, width, colour
    lines = [f"{results.study}: {results.replications} replications, engine {results.engine}"]
    for point in results.points:
        lines.append(f"{point.label}: {point.kept}, {point.cases.arrived:,} requests")
        for step in point.steps:
            if step.kept == "not_kept":
                lines.append(f"  NOT KEPT {step.norm} {step.service} {step.step} p95 {step.sojourn_s.p95_s}")
        for neck in point.bottlenecks[:3]:
            lines.append(
                f"  {neck.station} utilisation {neck.utilisation} share of waiting {neck.wait_share:.2f}"
            )
    return "\n".join([*lines, report])


def exit_code_of_study(results: StudyResults) -> int:
    """Return 0 if every stated limit is kept at every point, 1 if one is not, 3 if some are not shown."""
    kept = {point.kept for point in results.points}
    return 1 if "not_kept" in kept else 3 if "not_shown" in kept else 0
