"""What lies in a folder and is not looked at is counted, wherever it hides."""

import os
import shutil

import pytest

from conformance.folder_contents import list_contents
from tests.conformance.signed_world import World


@pytest.fixture
def folder(tmp_path):
    world = World(tmp_path / "documents")
    world.carry("c1")
    return world.folder


def test_in_order_nothing_is_other(folder):
    contents = list_contents(folder)
    assert (contents.cases, contents.strange, contents.other) == (("c1",), 0, 0)


@pytest.mark.parametrize("place", ["messages/hidden", "trust/hidden", "messages/a/b/c", "trust/a b", "."])
def test_a_case_hidden_beside_the_others_is_counted(folder, place):
    shutil.copytree(folder / "c1", folder / place, dirs_exist_ok=True)
    contents = list_contents(folder)
    assert (contents.cases, contents.strange, contents.other) == (("c1",), 0, 5)


@pytest.mark.parametrize(
    "name", ["messages/root.pem", "messages/stray.pem", "messages/play.txt", "trust/gateway.json", "loose"]
)
def test_a_stray_file_is_counted(folder, name):
    (folder / name).touch()
    assert list_contents(folder).other == 1


def make_pipe(path):
    os.mkfifo(path)


def make_dangling(path):
    path.symlink_to("nowhere")


def make_loop(path):
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [make_pipe, make_dangling, make_loop])
@pytest.mark.parametrize(
    "name", ["c1/result.computed", "c1/query-1.json", "messages/gateway.json", "trust/root.pem"]
)
def test_what_is_no_file_has_no_part(folder, make, name):
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    assert list_contents(folder).other == 1


def test_a_folder_with_the_name_of_a_file_is_counted(folder):
    (folder / "c1" / "result.computed").mkdir()
    assert list_contents(folder).other == 1


@pytest.mark.parametrize("name", ["messages", "trust"])
def test_a_link_in_place_of_a_part_is_strange(folder, tmp_path, name):
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    assert list_contents(folder).strange == 1


def test_a_link_inside_a_part_is_counted(folder, tmp_path):
    (folder / "messages" / "linked").symlink_to(tmp_path)
    assert list_contents(folder).other == 1
