"""The first ./run: what a person is told while it sets things up, with uv and with pip, and when that fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PROJECT

TOOLS = ("dirname", "pwd", "cat", "cksum", "find", "grep", "wc", "sleep", "mkdir", "cp", "chmod", "rm")

# Stands in for Python with its venv and pip. pip stops at each step until the test has seen how far it is.
PYTHON = r"""#!/bin/sh
root=$(dirname "$0")/..
case "$*" in
    -c*) exit 0 ;;
    "-m venv .venv")
        mkdir -p .venv/bin .venv/lib/python3/site-packages
        cp "$0" .venv/bin/python
        printf '#!/bin/sh\necho "started: $*"\n' >.venv/bin/fieldguide
        chmod +x .venv/bin/fieldguide ;;
    *"-r requirements.lock")
        [ ! -e no-network ] || { echo "ERROR: Could not find a version" >&2; exit 1; }
        echo "Collecting one==1"
        until [ -e seen-1 ]; do sleep 0.1; done
        echo "Collecting two==2"
        until [ -e seen-2 ]; do sleep 0.1; done
        mkdir .venv/lib/python3/site-packages/one-1.dist-info
        until [ -e seen-3 ]; do sleep 0.1; done ;;
    *"-e .") touch installed 2>/dev/null || : >installed ;;
esac
"""

UV = r"""#!/bin/sh
echo "$*" >>asked
case "$1" in
    venv) exec "$(dirname "$0")/python3" -m venv .venv ;;
    *) [ ! -e no-network ] || { echo "error: Failed to fetch" >&2; exit 2; } ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what ./run looks at, with a lock of two packages, and a machine that has a Python."""
    shutil.copytree(PROJECT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "requirements.lock").write_text("one==1 \\\n    --hash=sha256:aa\ntwo==2 \\\n    --hash=sha256:bb\n")
    for name in ("run", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path)
    (tmp_path / "tools").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:  # of some, a shell has its own
            (tmp_path / "tools" / tool).symlink_to(found)
    put(tmp_path, "python3", PYTHON)
    return tmp_path


def put(project: Path, name: str, text: str) -> None:
    program = project / "tools" / name
    program.write_text(text)
    program.chmod(0o755)


def run(project: Path, seen: Callable[[str], None] = lambda line: None) -> tuple[int, list[str], str]:
    """Start ./run; ``seen`` hears each line as it is told. Returns the exit code, what was told, and the output."""
    with subprocess.Popen(
        ["/bin/sh", "./run", "classroom"],
        cwd=project,
        env={"PATH": str(project / "tools")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr and process.stdout
        told = []
        for line in process.stderr:
            told.append(line.rstrip("\n"))
            seen(told[-1])
        output = process.stdout.read()
    return process.returncode, told, output


def test_with_pip_it_tells_how_many_packages_are_fetched_and_installed(project: Path) -> None:
    steps = {
        "   1 of about 2 fetched, 0 installed": "seen-1",
        "   2 of about 2 fetched, 0 installed": "seen-2",
        "   2 of about 2 fetched, 1 installed": "seen-3",
    }
    code, told, output = run(project, lambda line: line in steps and (project / steps[line]).touch())
    assert (code, output) == (0, "started: classroom\n")
    assert told[1:3] == ["1 of 3: an environment for Python", "2 of 3: about 2 packages, from requirements.lock"]
    assert set(steps) <= set(told)
    assert told[-1] == "3 of 3: Field Guide itself"
    assert run(project) == (0, [], "started: classroom\n")  # the second time there is nothing to wait for


def test_with_uv_it_shows_uvs_own_progress(project: Path) -> None:
    put(project, "uv", UV)
    code, told, output = run(project)
    assert (code, output) == (0, "started: classroom\n")
    assert [line[:6] for line in told[1:]] == ["1 of 3", "2 of 3", "3 of 3"]
    (packages,) = [asked for asked in (project / "asked").read_text().splitlines() if "requirements.lock" in asked]
    assert "--quiet" not in packages


@pytest.mark.parametrize("with_uv", [True, False])
def test_without_a_network_it_says_what_to_do_and_goes_on_from_there(project: Path, with_uv: bool) -> None:
    if with_uv:
        put(project, "uv", UV)
    (project / "no-network").touch()
    code, told, output = run(project)
    assert (code, output) == (1, "")
    assert "Run this again when that is there" in told[-1]
    (project / "no-network").unlink()
    for number in (1, 2, 3):
        (project / f"seen-{number}").touch()
    code, told, output = run(project)
    assert (code, output) == (0, "started: classroom\n")
    assert os.access(project / ".venv" / "made-from", os.R_OK)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="NOT RUN: apt-get install shellcheck")
def test_shellcheck_finds_nothing_in_a_script() -> None:
    scripts = ("run", ".ci/run", "postBuild", "deploy/server/setup")
    done = subprocess.run(["shellcheck", *scripts], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
