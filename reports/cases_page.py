"""Write the cases of a saved run as one page to explore: choose, sort, see one step by step. No network.

The page holds all that it shows. Its one script is named by its hash in the page's own policy, so nothing
else can run; without scripts the worst cases stand in a table.
"""

from datetime import date, tzinfo
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from conformance.regulation import Text
from reports.cases_data import pack_cases
from reports.cases_documents import CaseDocuments, case_documents
from reports.cases_source import CaseSource
from reports.cases_spans import CaseSpan, CaseSpans
from reports.catalogues import LANGUAGES, read_catalogue
from reports.overview import MARKS
from reports.page_languages import page_files
from reports.templating import TEMPLATES, hash_source, render_template
from reports.texts import Texts, zone_of

CASES_PAGE = "cases.html"
SCRIPTS = ("cases_words.js", "cases_columns.js", "cases_diagram.js", "cases_documents.js", "cases.js")
MOST_WORST = 50
"""So many cases stand in the table that needs no script."""
MOST_STEPS, MOST_LATE = 40, 10
_GROUPS = (
    *("cases.", "unit_of_time.", "verdict.", "reason.", "unit.", "path.", "cell_status.", "norm_status."),
    *("indication.", "evidence_document.", "evidence_decided.", "sequence.signature"),
)
_UNIT = "unit."
_RANK = {"error": 0, "fail": 1, "inconclusive": 2, "": 2, "pass": 3}


def render_cases_page(source: CaseSource, spans: CaseSpans, folder: Path, language: str) -> str:
    """Return the page of the cases of *source* with their *spans*, saved in *folder*; opens in *language*."""
    texts = {name: Texts(name) for name in LANGUAGES}
    _, zone_name = zone_of(source.zone)
    worst = _worst(source, spans)
    script, style = _assets(*SCRIPTS), _assets("cases.css")
    return render_template(
        "cases.html.j2",
        texts[language],
        {
            "language": language,
            "tellings": [_telling(source, own, worst) for own in texts.values()],
            "marks": MARKS,
            "s": source,
            "page_title": f"{texts[language].say('cases.title')} · {source.pack} · reglament",
            "cases_script": Markup(script),  # noqa: S704 - our own file
            "cases_style": Markup(style),  # noqa: S704 - our own file
            "policy": "; ".join(
                (
                    "default-src 'none'",
                    f"script-src {hash_source(script)}",
                    f"style-src {hash_source(style)}",
                    "img-src data:",
                )
            ),
            "said": island(_said(source, texts, case_documents(source, folder), zone_name)),
            "packed": Markup(pack_cases(source.listing)) if source.listing.shown else "",  # noqa: S704 - Base64
        },
        page_files(language),
    )


def _assets(*files: str) -> str:
    """Return files of the page, one after another, as they stand between its tags."""
    return "\n" + "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in files)


def island(value: Any) -> Markup:
    """Return *value* as JSON that no browser takes for markup: not even ``</script`` can stand in it."""
    text = msgspec.json.encode(value, order="sorted").decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def _said(
    source: CaseSource, texts: dict[str, Texts], documents: CaseDocuments, zone_name: str
) -> dict[str, Any]:
    """Return what the script needs beside the columns: words, names, forms of numbers and days."""
    catalogues = {name: read_catalogue(name) for name in texts}
    return {
        "texts": {
            name: {
                key: entry for key, entry in own.items() if key.startswith(_GROUPS) and isinstance(entry, str)
            }
            for name, own in catalogues.items()
        },
        "forms": {name: _forms(own) for name, own in texts.items()},
        "zone": zone_name,
        "judged": source.listing.judged,
        "marks": MARKS,
        "names": {
            "service": _in_all(source.services),
            "path": _in_all(source.paths),
            "unit": _in_all(source.units),
            "norm": _in_all(source.norms),
            "step": {" ".join(key): _texts(text) for key, text in source.actions.items()},
        },
        "statuses": {" ".join(key): ".".join(status) for key, status in source.statuses.items()},
        "documents": documents.by_case,
        "verified": documents.verified,
        "lanes": list(source.units) or _named_units(),
    }


def _named_units() -> list[str]:
    """Return the units that the reports have names for, for whoever knows no pack."""
    return [key.removeprefix(_UNIT) for key in read_catalogue("en") if key.startswith(_UNIT)]


def _in_all(names: dict[str, Text]) -> dict[str, dict[str, str]]:
    return {name: _texts(text) for name, text in names.items()}


def _texts(text: Text) -> dict[str, str]:
    return {language: text.in_language(language) for language in LANGUAGES}


def _forms(texts: Texts) -> dict[str, str]:
    """Return how a language writes numbers and days, as examples that the script takes apart."""
    return {
        "decimal": texts.decimal_sign,
        "group": texts.number(1_000_000)[1],
        "day": texts.day(date(2013, 12, 31)).replace("2013", "y").replace("12", "m").replace("31", "d"),
    }


def _telling(source: CaseSource, texts: Texts, worst: list[tuple[str, str, CaseSpan]]) -> dict[str, Any]:
    """Return what the page says without a script, in one language."""
    zone, _ = zone_of(source.zone)
    title = texts.own(source.title)
    return {
        "t": texts,
        "title": title,
        "sentences": _sentences(source, texts),
        "command": None if source.listing.judged else f"reglament check log.parquet --pack {source.pack}",
        "worst": [_shown(case, source, texts, zone) for case in worst],
        "most": MOST_WORST,
    }


def _sentences(source: CaseSource, texts: Texts) -> list[str]:
    listing = source.listing
    said = [texts.say("sentence.interrupted")] if source.outcome == "interrupted" else []
    if not listing.total:
        return [*said, texts.say("cases.no_cases")]
    if listing.shown == listing.total:
        said.append(texts.say("cases.shown_all", n=listing.total))
        said.append(texts.say("cases.bad_judged" if listing.judged else "cases.bad_late", n=listing.bad))
    else:
        said.append(texts.say("cases.shown_some", total=listing.total, shown=listing.shown))
        if listing.bad == listing.bad_shown:
            said.append(texts.say("cases.bad_all", n=listing.bad))
            said.append(texts.say("cases.sample", key=listing.key))
        else:
            said.append(texts.say("cases.bad_some", total=listing.bad, shown=listing.bad_shown))
    if listing.judged:
        said.append(texts.say("cases.verdicts_judge"))
    else:
        said.append(texts.say("cases.verdicts_none"))
    return [sentence[:1].upper() + sentence[1:] for sentence in said]


def _worst(source: CaseSource, spans: CaseSpans) -> list[tuple[str, str, CaseSpan]]:
    """Return the worst cases, by verdict and then by their latest step: id, verdict, what happened."""
    import numpy as np  # noqa: PLC0415 - as long to load as all the rest

    listing = source.listing
    if not listing.shown:
        return []
    ids, verdicts, places = listing.names["case_id"], listing.names["verdict"], listing.cases["verdict"]
    ranks = np.array([_RANK.get(verdict, 2) for verdict in verdicts])[np.asarray(places)]
    order = np.lexsort((-spans.over, ranks))[:MOST_WORST].tolist()
    return [(ids[case], verdicts[places[case]] or "inconclusive", spans.case(case)) for case in order]


def _shown(
    worst: tuple[str, str, CaseSpan], source: CaseSource, texts: Texts, zone: tzinfo
) -> dict[str, Any]:
    """Return a case in the words of one language."""
    case_id, verdict, case = worst
    name = source.paths.get(case.path)
    late = [(step, texts.duration(over)) for step, over in case.late[:MOST_LATE]]
    return {
        "id": case_id,
        "verdict": verdict,
        "path": name.in_language(texts.language) if name else texts.word("path", case.path),
        "steps": " ".join(case.steps[:MOST_STEPS]) + (" …" if len(case.steps) > MOST_STEPS else ""),
        "outcome": case.outcome,
        "begins": None if case.first_us is None else texts.moment(case.first_us, zone),
        "lasted": None if case.lasted_us is None else texts.duration(case.lasted_us),
        "late": [f"{step}: {texts.say('cases.over', time=time)}" for step, time in late],
    }
