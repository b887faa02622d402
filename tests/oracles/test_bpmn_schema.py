"""Every diagram is valid BPMN 2.0 by the schema of the OMG, as libxml2 reads it.

The schema (``BPMN20.xsd`` and the four files that it includes) is the OMG's and no part of this repository.
In the npm package ``bpmn-moddle`` (MIT) it is under ``resources/bpmn/xsd``; put the files into
the folder that REGLAMENT_VECTORS names. ``xmllint`` is Debian's ``libxml2-utils``.
"""

import re
import shutil
import subprocess

import pytest

from conformance.pack import available_packs, load_pack
from reports.diagrams import DiagramFormat, diagram_file
from reports.texts import LANGUAGES, Texts
from tests.conformance.small_packs import write_pack
from tests.oracles import vectors

SCHEMA = ("BPMN20.xsd", "BPMNDI.xsd", "DC.xsd", "DI.xsd", "Semantic.xsd")


def schema():
    paths = [vectors.file(name) for name in SCHEMA]
    if shutil.which("xmllint") is None:
        pytest.skip("there is no xmllint here (Debian: libxml2-utils)")
    return paths[0]


def judged(xsd, *files):
    words = ["xmllint", "--noout", "--nonet", "--schema", str(xsd), *map(str, files)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_every_diagram_is_valid(tmp_path, record_property):
    xsd = schema()
    packs = [*map(load_pack, available_packs()), load_pack(write_pack(tmp_path / "pack"))]
    files = []
    for pack in packs:
        for service in pack.services:
            for path in pack.paths:
                for language in LANGUAGES:
                    text = diagram_file(pack, service.id, path.id, DiagramFormat.BPMN, Texts(language))
                    files.append(tmp_path / f"{pack.act.id}-{service.id}-{path.id}-{language}.bpmn")
                    files[-1].write_text(text, encoding="utf-8")
    done = judged(xsd, *files)
    record_property("heard", f"BPMN20.xsd: {done.stderr.count(' validates')} of {len(files)} diagrams valid")
    assert done.returncode == 0, done.stderr


def test_the_schema_refuses_what_is_no_bpmn(tmp_path):
    xsd = schema()
    text = diagram_file(load_pack("astana-106-1923"), "S1", "portal", DiagramFormat.BPMN, Texts("en"))
    wrong = {
        "unknown.bpmn": text.replace("<task ", "<tusk ").replace("</task>", "</tusk>"),
        "nowhere.bpmn": re.sub(r'sourceRef="[^"]+" ', "", text, count=1),
        "order.bpmn": text.replace(
            '<participant id="participant"', '<artifact/><participant id="participant"'
        ),
    }
    for name, content in wrong.items():
        assert content != text
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert judged(xsd, tmp_path / name).returncode != 0, name
