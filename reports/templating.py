"""Fill the templates of pages: everything escaped, nothing undefined, numbers as the language has them."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.characters import legal
from reports.page_languages import OWN_NAMES
from reports.texts import Texts

if TYPE_CHECKING:
    from jinja2 import Environment
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


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    """Return the environment of all pages: to compile their templates takes as long as to fill them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context  # noqa: PLC0415

    @pass_context
    def finalized(context: "Context", value: Any) -> Any:
        return finalize(context["t"], value)

    return Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
