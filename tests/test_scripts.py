"""The scripts and styles that cross to a page are what their sources make, and the scripts pass their own tests."""

from __future__ import annotations

import subprocess
import sys

from conftest import PROJECT


def test_every_script_and_style_is_built_from_its_source() -> None:
    done = subprocess.run([sys.executable, PROJECT / "tools" / "scripts.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_scripts_pass_their_own_tests_which_need_no_browser() -> None:
    tool = PROJECT / "tools" / "javascript.py"
    done = subprocess.run([sys.executable, tool, "test"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "what a student gives" in done.stdout and "every control" in done.stdout
