"""Write what every console block of the given documents prints anew: read the difference before you commit.

python -m tests.rewrite_docs docs/judge-a-log.md
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests.docs.test_docs import (
    ABSENT,
    BLOCK,
    NEED_THE_LOG,
    console_parts,
    find_receipt_log,
    run_shell,
    write_file,
)


def rewritten(text: str, folder: Path) -> str:
    """Return the document *text* with what its commands print now; files and commands live in *folder*."""

    def renew(block: re.Match[str]) -> str:
        write_file(block, folder)
        if "console" not in block["info"].split():
            return block[0]
        parts = [
            f"$ {command}\n{output if command.startswith('make ') else _printed(command, folder)}"
            for command, output in console_parts(block["body"])
        ]
        return f"```{block['info']}\n{''.join(parts)}```"

    return BLOCK.sub(renew, text)


def _printed(command: str, folder: Path) -> str:
    printed = run_shell(command, folder).rstrip()
    return f"{printed}\n" if printed else ""


def main() -> None:
    """Rewrite the documents named on the command line."""
    for name in sys.argv[1:]:
        document = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            if document.name in NEED_THE_LOG:
                log = find_receipt_log()
                if log is None:
                    raise SystemExit(f"{document}: {ABSENT}")
                shutil.copyfile(log, Path(folder) / NEED_THE_LOG[document.name])
            text = rewritten(document.read_text(encoding="utf-8"), Path(folder))
        document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
