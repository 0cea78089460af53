"""What the tests share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from fieldguide.authoring.module import Module, read_module

pytest_plugins = ("browser", "graded", "stories", "pytester")

PROJECT = Path(__file__).parent.parent
MODULE = "05-questions-for-the-classroom"

# nbgrader calls other programs of its environment (alembic) by name.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


_listening: list[list[Path]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _listening and isinstance(arguments[0], str | os.PathLike):
        _listening[-1].append(Path(arguments[0]))


sys.addaudithook(_hear)  # there is no taking it back, so it hears nothing unless somebody listens


@pytest.fixture
def opened() -> Iterator[list[Path]]:
    """Every file that is opened from here on, in order."""
    _listening.append([])
    yield _listening[-1]
    _listening.pop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first, then the slow ones, then those in a browser."""
    items.sort(key=lambda item: (bool(item.get_closest_marker("browser")), bool(item.get_closest_marker("slow"))))


@pytest.fixture(scope="session")
def module() -> Module:
    """The real module 05."""
    return read_module(PROJECT / "modules" / f"{MODULE}.md")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """IPython in a folder of its own, with our magics."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)  # nbgrader sets it for the whole process
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "fieldguide")
    return shell
