"""The scripts and styles that cross to a page are what their sources make."""

from __future__ import annotations

import subprocess
import sys

from conftest import PROJECT


def test_every_script_and_style_is_built_from_its_source() -> None:
    done = subprocess.run([sys.executable, PROJECT / "tools" / "scripts.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
