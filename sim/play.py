"""Play one scenario from its plan to its log and documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from actors.accounts import PasswordCost
from actors.outcomes import Decision
from actors.signing import SignatureCounts
from conformance.log import Row
from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.plan import Play
from sim.recorder import Recorder
from sim.signatures import SignatureChoice
from sim.volume import MAX_PLAY_US, play_stream

__all__ = ["MAX_PLAY_US", "Played", "play"]


@dataclass(frozen=True, slots=True)
class Played:
    """What a play leaves.

    The log's rows, the documents by folder and name (those of the gateway under ``messages``), the anchor of
    trust as PEM, and by case what every verification of its documents found. *signatures* counts what was
    really signed and verified.
    """

    rows: tuple[Row, ...]
    documents: Mapping[str, Mapping[str, bytes]]
    root_pem: bytes
    answered_by_1414: int
    decisions: Mapping[str, tuple[Decision, ...]]
    signatures: SignatureCounts


def play(
    plan: Play,
    pack: Pack,
    seed: int,
    *,
    password_cost: PasswordCost | None = None,
    signatures: SignatureChoice | None = None,
) -> Played:
    """Play *plan* with the random streams of *seed* until every case has ended.

    *password_cost* is what accounts spend on a hash; it changes neither the log nor the documents.
    *signatures* says which signatures are real; the log is the same for any. Raises InputError for a play
    that cannot begin, or that does not end within two years of simulated time; ReceiptRefused or FactsDiffer
    where the actors themselves cannot go on.
    """
    recorder = Recorder()
    choice = signatures or SignatureChoice()
    totals = play_stream(
        plan,
        sorted(plan.cases, key=lambda case: parse_duration_us(case.arrives)),
        pack,
        seed,
        recorder,
        password_cost=password_cost,
        signatures=choice,
    )
    return Played(
        rows=tuple(recorder.rows),
        documents=recorder.documents,
        root_pem=totals.root_pem,
        answered_by_1414=totals.answered_by_1414,
        decisions={case: tuple(found) for case, found in recorder.decisions.items()},
        signatures=totals.signatures,
    )
