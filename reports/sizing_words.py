"""What is said of a search for the smallest staffing: its moves, and the notes beside what it found."""

from conformance.study_figures import LimitShown
from conformance.study_results import Move, SizingNote, StudyResults
from reports import study_words as words
from reports.texts import Texts


def move_text(results: StudyResults, move: Move | None, texts: Texts) -> str:
    """Return what led to a staffing; None is where the search began."""
    if move is None:
        return texts.say("study.path_start")
    changes = ", ".join(
        f"{words.name_of(results.stations, station, texts)} {_signed(n, texts)}"
        for station, n in move.changes.items()
    )
    station = words.name_of(results.stations, move.station, texts) if move.station else ""
    return texts.say(f"study.move.{move.kind}", changes=changes, station=station)


def alternative_text(results: StudyResults, move: Move | None, texts: Texts) -> str:
    """Return what another staffing is called, with how it differs from the chosen one."""
    said = texts.say("study.alternative")
    return f"{said}: {move_text(results, move, texts)}" if move is not None else said


def note_texts(results: StudyResults, texts: Texts) -> list[str]:
    """Return the notes of a sizing as sentences."""
    notes = results.sizing.notes if results.sizing is not None else ()
    return [_note(results, note, texts) for note in notes]


def _note(results: StudyResults, note: SizingNote, texts: Texts) -> str:
    limits = [_limit(limit, texts) for limit in note.limits]
    if note.more:
        limits.append(texts.say("study.more_kept", n=note.more))
    share, least = (*(words.percent(share, texts) for share in note.shares), words.NONE, words.NONE)[:2]
    return texts.say(
        f"study.sizing_note.{note.kind}",
        n=note.n or 0,
        limits=", ".join(limits),
        stations=", ".join(words.name_of(results.stations, name, texts) for name in note.stations),
        share=share,
        least=least,
    )


def _limit(limit: LimitShown, texts: Texts) -> str:
    share = words.percent(limit.share_within, texts)
    of = share if limit.executions is None else texts.say("of", part=share, n=limit.executions)
    return f"{words.limit_id(limit)} ({limit.service}/{limit.path}/{limit.step}) {of}"


def _signed(n: int, texts: Texts) -> str:
    return f"+{texts.number(n)}" if n > 0 else f"−{texts.number(-n)}"
