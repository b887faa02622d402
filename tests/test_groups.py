"""Tests that share something costly reach the scheduler of parallel runs as a group."""

import pytest


@pytest.mark.xdist_group("of one")
def test_a_group_is_told_to_the_scheduler(request):
    """A pytest that hides the mark from pytest-xdist would double costly fixtures, and fail nothing."""
    grouping = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@of one") is bool(grouping)
