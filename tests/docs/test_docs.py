"""The documents as promises: every console block is run, and its output is compared line by line.

A block ```` ```yaml file=NAME ```` is written to NAME first. Blocks of one document run in order, in one
folder of their own.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.receipt_log import ABSENT, find_receipt_log

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
MAKE_RUN = "make run"
NEED_THE_LOG = {"judge-a-foreign-log.md": "receipt.xes.gz"}
"""Documents about the receipt log, which is no part of the repository, and the name they give it."""


def write_file(block: re.Match[str], folder: Path) -> None:
    """Write the body of *block* to the file that it names, if it names one."""
    for word in block["info"].split():
        if word.startswith("file="):
            target = folder / word.removeprefix("file=")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block["body"], encoding="utf-8")


def console_parts(body: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts)]


def run_shell(command: str, folder: Path) -> str:
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}", COLUMNS="80")
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_console_block_prints_what_it_says(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if document.name == "reports.md":  # which shows the pages in all languages
        monkeypatch.delenv("REGLAMENT_LANGUAGES")
    if document.name in NEED_THE_LOG:
        log = find_receipt_log()
        if log is None:
            pytest.skip(ABSENT)
        shutil.copyfile(log, tmp_path / NEED_THE_LOG[document.name])
    for block in BLOCK.finditer(document.read_text(encoding="utf-8")):
        write_file(block, tmp_path)
        if "console" not in block["info"].split():
            continue
        for command, expected in console_parts(block["body"]):
            if command.startswith("make "):
                continue  # what `make run` prints is compared below, with a run that exists
            assert run_shell(command, tmp_path).rstrip() == expected.rstrip(), command


def test_the_readme_shows_what_make_run_prints() -> None:
    out = ROOT / "out"
    if not (out / "results.json").is_file():
        pytest.skip("there is no run in out/: `make run` comes first (CI does that)")
    printed = run_shell("reglament report out --format text", ROOT).rstrip()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [b["body"] for b in BLOCK.finditer(readme) if b["info"] == "console" and MAKE_RUN in b["body"]]
    shown = dict(console_parts(blocks[0]))[MAKE_RUN].rstrip()
    assert [line for line in shown.splitlines() if not line.startswith("report: ")] == printed.splitlines()


def test_every_document_has_something_to_check() -> None:
    checked = [path.name for path in DOCUMENTS if "```console" in path.read_text(encoding="utf-8")]
    assert {"README.md", "write-a-scenario.md", "judge-a-log.md"} <= set(checked)
