"""The document of what every norm catches is what fragments, injection and suites show."""

import pytest

from tests import mutation_control as mutations
from tests.conformance.shipped_fragments import shipped

pytestmark = pytest.mark.xdist_group("a large log")  # one worker tries it all, once


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return mutations.control(tmp_path_factory.mktemp("control"))


def test_the_document_is_the_generated_one(tried) -> None:
    text = mutations.DOCUMENT.read_text(encoding="utf-8")
    assert text == mutations.page(text, tried), "run: python tests/mutation_control.py"


def test_every_norm_but_those_of_lost_limits_is_killed_in_all_three_ways(tried) -> None:
    alive = [norm.id for norm in shipped().pack.norms if not tried.killed(norm.id)]
    assert alive == ["S1.P8.limit", "S2.P8.limit", "S3.P8.limit"]


def test_a_document_without_the_heading_is_not_overwritten(tried) -> None:
    with pytest.raises(ValueError, match="no heading"):
        mutations.page("# Something else\n", tried)
