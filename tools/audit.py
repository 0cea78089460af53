"""Asks whether what a school's server installs has known holes: ``./run audit``. It needs the network.

pip-audit asks PyPI about each package of `requirements-runtime.lock`. It comes in an environment of its own. What could
not be asked about is a failure: an answer about half of the packages would look like none had a hole.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from environments import bring

PROJECT = Path(__file__).parent.parent
ENVIRONMENT = PROJECT / ".venv-audit"
LOCK = PROJECT / "requirements-audit.lock"
AUDITED = PROJECT / "requirements-runtime.lock"


def command(arguments: list[str]) -> list[str]:
    """What asks; ``arguments`` are pip-audit's own, such as ``--vulnerability-service osv``."""
    program = str(ENVIRONMENT / "bin" / "pip-audit")
    # The lock has every package with its version: nothing is installed to find out.
    how = ["--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    return [program, "--requirement", str(AUDITED), *how, *arguments]


def main(arguments: list[str]) -> int:
    """Ask; the exit code is 0 only where every package was asked about and none has a known hole."""
    if not bring(ENVIRONMENT, LOCK, "pip-audit, in .venv-audit"):
        return 1
    done = subprocess.run(command(arguments))  # noqa: S603  (our own words)
    if done.returncode:
        sys.stderr.write(
            "Not passed: a package has a known hole, or could not be asked about (then the network or "
            "PyPI's own address is not reached from here). What stands above says which.\n"
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
