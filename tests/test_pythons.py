"""What ``./run pythons`` says of each version, where there is one and where there is none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import pythons
from conftest import PROJECT

# Stands in for uv: it has Python 3.11, whose tests pass, and 3.13, whose tests fail; 3.12 cannot be had.
UV = r"""#!/bin/sh
case "$*" in
    *"--python 3.12 "*) echo "error: Failed to download" >&2; exit 2 ;;
    venv*) mkdir -p "$5/bin"; case "$5" in *3.11) code=0 ;; *) code=1 ;; esac
        printf '#!/bin/sh\nexit %s\n' "$code" >"$5/bin/python"; chmod +x "$5/bin/python" ;;
    *requirements.lock) [ ! -e lock-is-wrong ] || exit 1 ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "uv").write_text(UV)
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setattr(pythons, "PROJECT", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_the_versions_start_with_the_oldest_that_the_package_says() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={pythons.VERSIONS[0]}"


@pytest.mark.parametrize(("versions", "code"), [(["3.11", "3.12"], 0), (["3.12"], 1), (["3.11", "3.13"], 1), ([], 1)])
def test_each_version_is_told_as_passed_failed_or_not_run(
    project: Path, capfd: pytest.CaptureFixture[str], versions: list[str], code: int
) -> None:
    assert pythons.main([*versions, "--", "tests"]) == code
    said = capfd.readouterr().out.splitlines()
    became = {"3.11": "passed", "3.12": pythons.NOT_HAD, "3.13": "failed"}
    asked = versions or list(became)
    assert said[-len(asked) :] == [f"Python {version}: {became[version]}" for version in asked]


def test_a_lock_that_does_not_fit_a_version_is_a_failure(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "lock-is-wrong").touch()
    assert pythons.main(["3.11"]) == 1
    assert "Python 3.11: failed: the packages of requirements.lock could not be installed" in capfd.readouterr().out


def test_a_version_that_is_not_supported_and_a_machine_without_uv_are_told(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert pythons.main(["3.9"]) == 2
    assert "3.9 is no version that Field Guide supports" in capfd.readouterr().err
    (project / "uv").unlink()
    assert pythons.main([]) == 1
    assert "This needs uv" in capfd.readouterr().err
