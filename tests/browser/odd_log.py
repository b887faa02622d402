"""A foreign log whose names are as odd as names get, checked once by each worker."""

import json

from conformance.checking import CheckRequest, check_log
from conformance.pack import load_pack

MARKUP = '<img src=x onerror="document.title=1">'
RIGHT_TO_LEFT = "مستشفى الأطفال רופא"
LONG = "Астана қаласының №5 қалалық емханасы «Өмір-Ғұмыр» " * 10
"""A clinic whose name has 500 characters."""
FORMULA = '=HYPERLINK("x")'
CLOSING = "</script><script>document.title=2</script>"
NAMES = (MARKUP, RIGHT_TO_LEFT, LONG, FORMULA, CLOSING, "ordinary-1")
STEPS = (("P1", 20), ("P3", 60), ("P5", 40), ("P6", 75))
"""Each step with its seconds; the last one takes longer than the act allows."""
MAPPING = """
columns: {case_id: visit, activity: what, enabled: asked, completed: time, resource: who}
constants: {service: doctor-home-call, path: portal}
time: {zone: Asia/Almaty, resolution: 1 s}
activities:
  P1: {step: P1, unit: citizen}
  P3: {step: P3, unit: citizen}
  P5: {step: P5, unit: portal}
  P6: {step: P6, unit: workstation}
origin: production
"""


def csv_text():
    """Return the log: every name is a case of its own, and the person who did its steps."""
    lines = ["visit,what,asked,time,who"]
    for number, name in enumerate(NAMES):
        at = 0
        for step, took in STEPS:
            cells = (name, step, _clock(number, at), _clock(number, at + took), name)
            lines.append(",".join(map(_cell, cells)))
            at += took
    return "\n".join(lines) + "\n"


def _clock(hour, second):
    return f"2013-05-15T{8 + hour:02d}:{second // 60:02d}:{second % 60:02d}"


def _cell(text):
    return json.dumps(text, ensure_ascii=False).replace('\\"', '""')


def check(folder):
    """Check the log into *folder*; return the results."""
    source, mapping = folder / "visits.csv", folder / "mapping.yaml"
    source.write_text(csv_text(), encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    out = folder / "out"
    out.mkdir()
    pack = load_pack("astana-106-1923")
    request = CheckRequest(log=source, pack=pack, mapping=mapping, replay="reglament check visits.csv")
    return check_log(request, out).results, out
