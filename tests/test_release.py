"""What ``./run release`` looks at, and what it says where something is not there."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT

import release
from fieldguide import __version__
from release import ReleaseError, away, build, missing, run

SAID = {
    "fieldguide": 'case "$*" in *version) echo "Field Guide 9.9.9" ;; *) echo "    classroom  start a class" ;; esac',
    "jupyter": """case "$*" in
        lab*) printf '        fieldguide v9.9.9 \\033[32menabled\\033[0m \\033[32mOK\\033[0m\\n' ;;
        kernel*) echo "  fieldguide    /somewhere/kernels/fieldguide" ;;
        *) printf '    fieldguide.opening enabled\\n    fieldguide.grading.formgrader enabled\\n' ;;
    esac""",
}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Programs that say what those of a whole environment say."""
    for name, script in SAID.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    return tmp_path


def looked(folder: Path) -> list[str]:
    return list(missing("9.9.9", folder, {"PATH": f"{folder}{os.pathsep}{os.defpath}"}))


def test_a_whole_environment_misses_nothing(installed: Path) -> None:
    assert looked(installed) == []


@pytest.mark.parametrize(
    ("program", "word", "part"),
    [
        ("fieldguide", "Field Guide 9.9.9", "the version"),
        ("fieldguide", "classroom", "the commands"),
        ("jupyter", "v9.9.9", "JupyterLab's part"),
        ("jupyter", "/somewhere", "the kernel"),
        ("jupyter", "fieldguide.opening", "the server's part"),
        ("jupyter", "fieldguide.grading", "Formgrader's part"),
    ],
)
def test_a_part_that_is_not_there_is_named_with_what_was_said(
    installed: Path, program: str, word: str, part: str
) -> None:
    path = installed / program
    path.write_text(path.read_text().replace(word, "nothing"))
    (sentence,) = looked(installed)
    assert sentence.startswith(f"{part}: '{program} ") and "and said:\n   " in sentence


def test_a_command_that_fails_or_is_not_there_is_told_in_a_sentence(installed: Path) -> None:
    (installed / "jupyter").write_text("#!/bin/sh\necho first; echo no such extension >&2; exit 3\n")
    with pytest.raises(ReleaseError, match=r"(?s)ended with 3, and said:\n   first\n   no such extension"):
        looked(installed)
    (installed / "jupyter").unlink()
    with pytest.raises(ReleaseError, match="JupyterLab's part: there is no program 'jupyter'"):
        list(missing("9.9.9", installed, {"PATH": str(installed)}))


def test_nothing_of_the_project_is_at_hand_where_a_release_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{PROJECT / '.venv' / 'bin'}{os.pathsep}/usr/bin")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT / "src"))
    monkeypatch.setenv("JUPYTER_PATH", str(PROJECT))
    monkeypatch.setenv("LANG", "C.UTF-8")
    variables = away(tmp_path / "environment", tmp_path / "home")
    assert variables["PATH"] == f"{tmp_path / 'environment' / 'bin'}{os.pathsep}/usr/bin"
    assert variables["HOME"] == str(tmp_path / "home") and variables["LANG"] == "C.UTF-8"
    assert [name for name, value in variables.items() if str(PROJECT) in value] == []


def test_a_release_is_not_tried_inside_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "PROJECT", tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert release.main(["--check"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("This is no release yet.\nA release is tried away from the project, and ")
    assert "Set TMPDIR to another folder." in said.err and "It works" not in said.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_wheel_comes_from_a_whole_source_distribution(tmp_path: Path) -> None:
    distribution, unpacked, wheel = build(tmp_path)
    assert distribution.name == f"fieldguide-{__version__}.tar.gz"
    assert wheel.name.startswith(f"fieldguide-{__version__}-")
    with tarfile.open(distribution) as archive:
        held = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    listed = run("the list", ("git", "ls-files"), PROJECT).splitlines()
    assert {name for name in listed if (PROJECT / name).is_file()} <= held
    with zipfile.ZipFile(wheel) as archive:
        packaged = {name for name in archive.namelist() if name.startswith("fieldguide/")}
    assert packaged == {
        path.relative_to(unpacked / "src").as_posix() for path in (unpacked / "src").rglob("*") if path.is_file()
    }
