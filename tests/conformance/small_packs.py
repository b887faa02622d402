"""A small regulation of another shape than the shipped one: no tables, no terms, no defects, no survey.

``write_pack`` writes it into a folder, so that a test can change a file and load it.
"""

from pathlib import Path

from conformance.log import Row

HOUR_US = 3_600_000_000
START_US = 1_700_000_000_000_000

ACT = """\
id: parcel-desk
version: "1"
number: "1"
title: {en: "Parcels", ru: "Посылки", kk: "Сәлемдемелер"}
issuer: {en: "Post", ru: "Почта", kk: "Пошта"}
adopted: "2020-01-01"
zone: Europe/Amsterdam
in_force:
  first: "2020-01-01"
  until: null
  note: {en: "Invented", ru: "Вымысел", kk: "Ойдан шығарылған"}
"""

CLAUSES = """\
clauses:
  - paragraph: "1"
    services: [D]
    gist: {en: "A parcel is weighed", ru: "Посылку взвешивают", kk: "Сәлемдеме өлшенеді"}
    status: checked
"""

NORMS = """\
norms:
  - kind: count
    id: "{service}.weighed"
    rule: "1"
    clause: "{service}/1"
    services: [D]
    path: desk
    steps: [WEIGH]
    least: 1
    most: 1
    title: {en: "Weighed once", ru: "Взвешена один раз", kk: "Бір рет өлшенген"}
"""

PROCESS = """\
services:
  - {id: D, code: parcel, name: {en: "Parcel", ru: "Посылка", kk: "Сәлемдеме"}}
paths:
  - {id: desk, title: {en: "at the desk", ru: "у стойки", kk: "үстелде"}}
units:
  - {code: clerk, name: {en: "Clerk", ru: "Служащий", kk: "Қызметкер"}}
steps:
  - {code: TAKE, name: take, path: desk, unit: clerk, gist: {en: "Taken", ru: "Принята", kk: "Алынды"}}
  - {code: WEIGH, name: weigh, path: desk, unit: clerk, gist: {en: "Weighed", ru: "Взвешена", kk: "Өлшенді"}}
  - {code: PAY, name: pay, path: desk, unit: clerk, ends: true, gist: {en: "Paid", ru: "Плата", kk: "Төлем"}}
  - {code: SEND, name: send, path: desk, unit: clerk, ends: true, gist: {en: "Out", ru: "Ушла", kk: "Кетті"}}
"""

FLOW = """\
flow:
  - services: [D]
    path: desk
    paragraph: "1"
    starts: [TAKE]
    steps:
      - {step: TAKE, next: [WEIGH, PAY]}
      - {step: WEIGH, next: [PAY]}
      - {step: PAY, next: [SEND]}
      - {step: SEND}
"""

FAMILY = """\
per_column:
  - id: "{service}.{step}.next"
    rule: "2"
    make: successors
    title: {en: "Order", ru: "Порядок", kk: "Рет"}
"""


def write_pack(folder: Path, *, flow: bool = False, process: str = "", norms: str = "") -> Path:
    """Write the pack into *folder*, with its *flow* or without; *process* and *norms* come after ours."""
    (folder / "clauses").mkdir(parents=True)
    (folder / "act.yaml").write_text(ACT, encoding="utf-8")
    (folder / "clauses" / "all.yaml").write_text(CLAUSES, encoding="utf-8")
    (folder / "process.yaml").write_text(PROCESS + (FLOW if flow else "") + process, encoding="utf-8")
    (folder / "norms.yaml").write_text((FAMILY if flow else "") + NORMS + norms, encoding="utf-8")
    return folder


def rows_of(case: str, *steps: str) -> list[Row]:
    """Return one row per step, an hour apart."""
    return [
        Row(
            case_id=case,
            service="parcel",
            path="desk",
            step=step,
            unit="clerk",
            enabled_us=START_US + i * HOUR_US,
            resource=None,
            started_us=None,
            completed_us=START_US + (i + 1) * HOUR_US,
            resolution_us=1,
            outcome="ok",
            request_number=None,
            attributes=None,
        )
        for i, step in enumerate(steps)
    ]
