"""What is handed on as a package or as an image: all that a student's server needs, and no key."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT
from test_keys import MODULES, kept_back, private_texts, squeezed

PRIVATE = [squeezed(text) for module in MODULES for item in kept_back(module) for text in private_texts(item)]


def holds_a_key(content: bytes) -> bool:
    """Whether a file has what no student may have; by sentences, since a short option may be any word."""
    text = squeezed(content.decode("utf-8", "replace").replace("\\n", " ").replace('\\"', '"'))
    return any(private in text for private in PRIVATE if len(private) > 40)


def committed() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name]


def in_the_image() -> list[str]:
    """The committed files that repo2docker copies, by the two forms of rules that .dockerignore keeps to."""
    lines = (PROJECT / ".dockerignore").read_text("utf-8").splitlines()
    first, *others = [line for line in lines if line and not line.startswith("#")]
    assert first == "*"
    assert all(re.fullmatch(r"![\w.-]+", line) for line in others), others
    return [name for name in committed() if f"!{name.split('/')[0]}" in others]


def test_the_look_for_keys_finds_them() -> None:
    assert len(PRIVATE) > 200
    for folder in ("modules", "source"):
        assert all(
            holds_a_key((PROJECT / name).read_bytes())
            for name in committed()
            if re.match(rf"{folder}/0[1-6].*\.(md|ipynb)$", name)
        )


def test_an_image_for_students_holds_no_key() -> None:
    assert not [
        name for name in in_the_image() if name.startswith(("source/", "modules/", "release/", "tests/", ".git/"))
    ]
    assert not [name for name in in_the_image() if holds_a_key((PROJECT / name).read_bytes())]


def test_an_image_holds_what_it_is_made_from() -> None:
    needed = {"environment.yml", "postBuild", "requirements-runtime.lock", "pyproject.toml", "README.md", "LICENSE"}
    assert needed <= set(in_the_image())
    packaged = {name for name in committed() if name.startswith("src/")}
    assert packaged <= set(in_the_image())


@pytest.mark.slow
def test_the_package_holds_the_settings_of_every_role_and_no_key(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        assert not [name for name in names if holds_a_key(wheel.read(name))]
    # What is only measured with stays in the repository.
    measured = {path.name for path in (PROJECT / "bench").rglob("*") if path.is_file()}
    assert measured and not measured & {name.split("/")[-1] for name in names}
    config = PROJECT / "src" / "fieldguide" / "hub" / "config"
    settings = {path.relative_to(PROJECT / "src").as_posix() for path in config.rglob("*.py")}
    assert len(settings) >= 5 and settings <= set(names)
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name and ".data/" not in name} == {
        "fieldguide"
    }
