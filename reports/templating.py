"""Fill the templates of pages: everything escaped, nothing undefined, numbers as the language has them."""

import base64
import hashlib
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from reports.characters import legal
from reports.page_languages import OWN_NAMES
from reports.texts import Texts

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment
    from jinja2.runtime import Context

TEMPLATES = Path(__file__).parent / "templates"
TABLES_SCRIPT = "tables.js"


def render_template(name: str, texts: Texts, view: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """Return the page that a template makes of *view*, in which the template finds *texts* as ``t``.

    *files* are those of the same page by language; without any, a page leads to no other.
    """
    shared = {"t": texts, "files": files, "own_names": OWN_NAMES, **_script()}
    return _environment().get_template(name).render({**view, **shared})


def finalize(texts: Texts, value: Any) -> Any:
    """Return how *value* stands on a page: numbers as the language writes them, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, int) and not isinstance(value, bool):
        return texts.number(value)
    return legal(value) if type(value) is str else value


@lru_cache(maxsize=1)
def _script() -> dict[str, str]:
    """Return the script of all pages and its hash, by which alone their policy lets it run."""
    script = (TEMPLATES / TABLES_SCRIPT).read_text(encoding="utf-8")
    return {"script": script, "script_source": hash_source(script)}


def hash_source(text: str) -> str:
    """Return how a page's policy names a script or a style of its own: by its hash.

    Source: Content Security Policy Level 3, 2.3.1 (hash-source).
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _compiled_beside() -> "BytecodeCache | None":
    """Return where compiled templates are kept: beside them, as Python keeps compiled modules, if it may.

    Their names tell the version of Jinja2 and how templates are compiled here.
    """
    from jinja2 import FileSystemBytecodeCache, __version__  # noqa: PLC0415 - only where a page is made
    from jinja2.bccache import Bucket  # noqa: PLC0415 - likewise

    class Kept(FileSystemBytecodeCache):
        """What cannot be read is compiled again, what cannot be written is not kept."""

        def load_bytecode(self, bucket: Bucket) -> None:
            try:
                super().load_bytecode(bucket)
            except (OSError, EOFError, ValueError, TypeError, UnpicklingError):
                bucket.reset()

        def dump_bytecode(self, bucket: Bucket) -> None:
            with suppress(OSError):
                super().dump_bytecode(bucket)

    if sys.dont_write_bytecode:
        return None
    place = TEMPLATES / "__pycache__"
    with suppress(OSError):
        place.mkdir(exist_ok=True)
    how = hashlib.sha256(Path(__file__).read_bytes() + __version__.encode()).hexdigest()[:16]
    return Kept(str(place), f"%s.{how}.cache")


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    """Return the environment of all pages: to compile their templates takes as long as to fill them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context  # noqa: PLC0415

    @pass_context
    def finalized(context: "Context", value: Any) -> Any:
        return finalize(context["t"], value)

    return Environment(
        bytecode_cache=_compiled_beside(),
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
