"""What becomes of tests that build on one another."""

from __future__ import annotations

from pathlib import Path

import pytest

STORY = """
import pytest

pytestmark = pytest.mark.{mark}

def test_begins(): pass
def test_breaks(): assert False
def test_goes_on(): assert False
"""
APART = "def test_of_another_file(): pass"


@pytest.mark.parametrize(("mark", "failed", "skipped"), [("in_order", 1, 1), ("slow", 2, 0)])
def test_a_story_ends_with_its_first_failure_and_nothing_else_does(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, mark: str, failed: int, skipped: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    pytester.makepyfile(test_story=STORY.format(mark=mark), test_apart=APART)
    result = pytester.runpytest_subprocess("-p", "stories", "-rs", "test_story.py", "test_apart.py")
    result.assert_outcomes(passed=2, failed=failed, skipped=skipped)
    assert ("builds on test_breaks, which failed" in result.stdout.str()) == bool(skipped)
