"""Small packs with one norm or two, the logs that they judge, and what comes of it."""

import msgspec

from conformance.pack import load_pack
from tests.conformance.small_packs import HOUR_US, rows_of, write_pack

SURVEY = """\
survey:
  - id: Q1
    question: {en: "Content?", ru: "Довольны?", kk: "Ризасыз ба?"}
    answers:
      - {en: "bad", ru: "плохо", kk: "жаман"}
      - {en: "fair", ru: "сносно", kk: "орташа"}
      - {en: "good", ru: "хорошо", kk: "жақсы"}
"""
TITLE = 'title: {en: "T", ru: "Т", kk: "Т"}'
NOTE = 'note: {en: "N", ru: "П", kk: "Е"}'
LIMIT = "kind: step_duration, step: WEIGH, max_s: 3600"
TRIED = "kind: availability_window, steps: [WEIGH], unavailable: [DOWN], target: 0.9"


def entry(*parts, id_="n", clause="{service}/1"):
    """Return a norm of the desk as a flow mapping, for the end of a pack's list."""
    fixed = f'id: "{{service}}.{id_}", rule: "2", clause: "{clause}", services: [D], path: desk'
    return f"  - {{{fixed}, {', '.join(parts)}, {TITLE}}}\n"


def pack_of(folder, *entries, process=SURVEY, flow=True):
    return load_pack(write_pack(folder / "pack", flow=flow, process=process, norms="".join(entries)))


def result(judgement, name="D.n"):
    return next(norm for norm in judgement.norms if norm.id == name)


def log(good, late=0, **changes):
    """Return so many cases that weigh within the hour, and so many that take a second longer."""
    rows = []
    for number in range(good + late):
        taken = HOUR_US + (1_000_000 if number >= good else 0)
        for one in rows_of(f"c{number:04}", "TAKE", "WEIGH", "PAY", "SEND"):
            start = one.enabled_us
            end = start + taken if one.step == "WEIGH" else one.completed_us
            rows.append(msgspec.structs.replace(one, completed_us=end, **changes))
    return rows


def readings(second, first="set: {}"):
    return f"readings: [{{id: loose, {NOTE}, default: true, {first}}}, {{id: strict, {NOTE}, set: {second}}}]"


def heading(*parts, id_="n"):
    named = ", ".join(f'"{{service}}.{part}"' for part in parts)
    return entry(f"kind: statement, parts: [{named}]", id_=id_)


PART_A = entry(LIMIT, id_="a")
PART_B = entry("kind: count, steps: [PAY], least: 1, most: 1", id_="b")
