"""Test files whose tests build on one another, marked ``in_order``: they end with the first that fails."""

from __future__ import annotations

from collections.abc import Generator

import pytest

_BROKEN: dict[str, str] = {}  # by test file: the first failure


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember the first test that failed of those that are one story."""
    report = yield
    story = item.getparent(pytest.Module)
    if report.failed and story is not None and item.get_closest_marker("in_order"):
        _BROKEN.setdefault(story.nodeid, item.name)
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """End a story at its first failure: what comes after it would say nothing of the program."""
    story = item.getparent(pytest.Module)
    if story is not None and story.nodeid in _BROKEN and item.get_closest_marker("in_order"):
        pytest.skip(f"NOT TESTED: it builds on {_BROKEN[story.nodeid]}, which failed")
