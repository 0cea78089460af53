"""Makes an environment of its own for a tool, from a lock of its own, so that nobody else installs what it needs."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path


def bring(environment: Path, lock: Path, what: str) -> bool:
    """Make it unless it is there as the lock has it now; whether that went well. ``what`` it is, is told to people."""
    mark = environment / "made-from"
    locked = hashlib.sha256(lock.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text("utf-8") == locked:
        return True
    sys.stderr.write(f"Setting up {what}\n")
    python = environment / "bin" / "python"
    if uv := shutil.which("uv"):
        made = [[uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(environment)]]
        pip = [uv, "pip", "install", "--quiet", "--python", str(python)]
    else:
        made = [[sys.executable, "-m", "venv", "--clear", str(environment)]]
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (*made, [*pip, "--require-hashes", "--no-deps", "-r", str(lock)]):
        if subprocess.run(command).returncode:  # noqa: S603  (our own lock)
            sys.stderr.write("That has stopped; what stands above says why. It needs the network: run this again.\n")
            return False
    mark.write_text(locked, encoding="utf-8")
    return True
