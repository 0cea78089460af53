"""Runs tests on each version of Python that Field Guide supports: ``./run pythons``, ``./run pythons 3.12 -- -k word``.

Each version has an environment of its own, ``.venv-VERSION``, made by uv from the lock file. uv brings a version that
the machine does not have, where it can; one that cannot be had is named, and is no failure of the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
VERSIONS = ("3.11", "3.12", "3.13")
NOT_HAD = "not run: this machine has none, and uv could not bring it"
QUICK = ("-q", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "not slow and not browser")


def prepare(uv: str, version: str) -> str:
    """Make the environment of a version; returns what stopped that, or nothing. What uv says is on the screen."""
    environment = PROJECT / f".venv-{version}"
    python = str(environment / "bin" / "python")
    if not Path(python).exists() and _fails(uv, "venv", "--quiet", "--python", version, str(environment)):
        return NOT_HAD
    install = (uv, "pip", "install", "--quiet", "--python", python, "--no-deps")
    if _fails(*install, "--require-hashes", "-r", "requirements.lock"):
        return "failed: the packages of requirements.lock could not be installed"
    if _fails(*install, "--no-build-isolation", "-e", "."):
        return "failed: Field Guide itself could not be installed"
    return ""


def test(version: str, arguments: tuple[str, ...]) -> int:
    """Run the tests on a version; returns what became of them."""
    environment = PROJECT / f".venv-{version}"
    # nbgrader calls other programs of the environment by name.
    variables = os.environ | {"PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    command = (str(environment / "bin" / "python"), "-m", "pytest", *arguments)
    done = subprocess.run(command, cwd=PROJECT, env=variables)  # noqa: S603 (our own words)
    return "failed" if done.returncode else "passed"


def main(arguments: list[str]) -> int:
    """Run the tests on each version, and say at the end what became of each; 1 where one failed or none was run."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    versions, asked = arguments[:at] or list(VERSIONS), tuple(arguments[at + 1 :])
    unknown = [version for version in versions if version not in VERSIONS]
    if unknown:
        sys.stderr.write(
            f"{unknown[0]} is no version that Field Guide supports: name some of {', '.join(VERSIONS)}, and what "
            "pytest is to be asked after --, as in ./run pythons 3.12 -- tests/test_scoring.py\n"
        )
        return 2
    uv = shutil.which("uv")
    if uv is None:
        sys.stderr.write("This needs uv, which keeps several versions of Python apart: see docs.astral.sh/uv.\n")
        return 1
    became: dict[str, str] = {}
    for version in versions:
        tell(f"Python {version}")
        became[version] = prepare(uv, version) or test(version, asked or QUICK)
    for version, what in became.items():
        tell(f"Python {version}: {what}")
    return 0 if {"passed"} <= set(became.values()) <= {"passed", NOT_HAD} else 1


def _fails(*command: str) -> bool:
    return subprocess.run(command, cwd=PROJECT).returncode != 0  # noqa: S603 (our own words)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
