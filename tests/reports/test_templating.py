"""Compiled templates are kept as Python keeps compiled modules, and never outlive their source."""

import shutil
import sys

import pytest

from reports import templating
from reports.templating import render_template
from reports.texts import Texts

PAGE = "page.html.j2"


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """A folder with one template, and nothing compiled yet."""
    shutil.copy(templating.TEMPLATES / templating.TABLES_SCRIPT, tmp_path)
    (tmp_path / PAGE).write_text("{{ 1000 }} <{{ name }}>", encoding="utf-8")
    monkeypatch.setattr(templating, "TEMPLATES", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    yield tmp_path
    templating._environment.cache_clear()


def rendered():
    templating._environment.cache_clear()
    return render_template(PAGE, Texts("en"), {"name": "<b>"}, {})


def test_a_template_is_compiled_once_and_again_when_it_changes(templates, monkeypatch):
    assert rendered() == "1,000 <&lt;b&gt;>"
    (kept,) = (templates / "__pycache__").iterdir()
    with monkeypatch.context() as patched:
        patched.setattr("jinja2.Environment.compile", None)
        assert rendered() == "1,000 <&lt;b&gt;>"
    (templates / PAGE).write_text("{{ name }}", encoding="utf-8")
    assert rendered() == "&lt;b&gt;"
    for length in (10, 40, 100):
        kept.write_bytes(kept.read_bytes()[:length])
        assert rendered() == "&lt;b&gt;"


def test_nothing_is_kept_where_python_keeps_nothing(templates, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered() == "1,000 <&lt;b&gt;>"
    assert not (templates / "__pycache__").exists()
    (templates / "__pycache__").write_text("a file", encoding="utf-8")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert rendered() == "1,000 <&lt;b&gt;>"
