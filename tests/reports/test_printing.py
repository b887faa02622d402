"""What a command prints beside the folder that it writes: a summary, another form, or nothing."""

import inspect
import json
from pathlib import Path

import pytest

import reglament
from reports.judging_commands import check_command
from reports.options import Format, Language, Printing, StudyFormat, print_summary
from reports.progress import progress_line
from reports.study_progress import StudyProgress
from tests.reports.examples import RICH
from tests.reports.study_examples import STUDIES

FOLDER = Path("out")
WRITING = (reglament.run_command, check_command, reglament.study_command, reglament.size_command)


@pytest.mark.parametrize("results", [RICH, STUDIES["sweep"]], ids=["run", "study"])
def test_each_form_is_printed_as_asked_for(results, capsys):
    print_summary(results, Printing(Language.EN, StudyFormat.JSON, quiet=False), FOLDER)
    assert json.loads(capsys.readouterr().out)["schema_version"] == results.schema_version
    print_summary(results, Printing(Language.RU, StudyFormat.HTML, quiet=False), FOLDER)
    assert capsys.readouterr().out.lstrip().startswith('<!DOCTYPE html>\n<html lang="ru">')
    print_summary(results, Printing(Language.EN, StudyFormat.TEXT, quiet=False), FOLDER)
    assert "out/report.html" in capsys.readouterr().out
    print_summary(results, Printing(Language.EN, StudyFormat.JSON, quiet=True), FOLDER)
    assert capsys.readouterr() == ("", "")


def test_a_run_is_printed_for_systems_that_run_tests_too(capsys):
    print_summary(RICH, Printing(Language.EN, Format.JUNIT, quiet=False), FOLDER)
    assert "<testsuites" in capsys.readouterr().out


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command.__name__)
def test_every_command_that_writes_a_folder_can_be_quiet_or_print_another_form(command):
    options = inspect.signature(command).parameters
    assert options["quiet"].default is False
    assert options["form"].default == "text"


def test_who_is_quiet_shows_no_progress_even_at_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert progress_line() is not None
    assert progress_line(quiet=True) is None
    assert StudyProgress.here(quiet=True).stream is None
    assert StudyProgress.here().stream is not None
