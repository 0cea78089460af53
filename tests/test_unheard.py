"""A command whose reader goes away, as with ``| head``: it ends well, and without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

MANY = "for _ in range(2000): print('a line of which nobody reads the end')"


def unread(*words: str) -> subprocess.CompletedProcess[str]:
    """What becomes of a program of Python whose output nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [sys.executable, *words], cwd=PROJECT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writing)


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "fieldguide.cli", "--help"),
        ("-m", "fieldguide.school.admin", "--help"),
        ("-m", "fieldguide.unheard", "tools/words.py"),
    ],
)
def test_a_command_that_nobody_reads_ends_well(words: tuple[str, ...]) -> None:
    done = unread(*words)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_was_begun_is_done_to_its_end(tmp_path: Path) -> None:
    end = tmp_path / "end"
    program = f"from fieldguide.unheard import go_on_unheard\ngo_on_unheard()\n{MANY}\nopen({str(end)!r}, 'x')"
    done = unread("-c", program)
    assert (done.returncode, done.stderr, end.exists()) == (0, "", True)
    # It is this that makes the difference.
    assert "BrokenPipeError" in unread("-c", MANY).stderr


def test_every_tool_of_run_is_run_so() -> None:
    assert "python tools/" not in (PROJECT / "run").read_text("utf-8")
