"""What the tests share."""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import nbgrader.api
import pytest
from hypothesis import settings
from IPython.core.interactiveshell import InteractiveShell
from patience import seconds

from fieldguide.authoring.module import Module, read_module

# A test that is slow on a busy machine is not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

pytest.register_assert_rewrite("barriers")
pytest_plugins = ("browser", "graded", "stories", "pytester", "school")

PROJECT = Path(__file__).parent.parent
MODULE = "05-questions-for-the-classroom"

# nbgrader calls other programs of its environment (alembic) by name.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
# It starts that one for each new gradebook, to ask for a version that is always the same.
nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)


#: Called with the path and the flags of each file that is about to be opened.
Listener = Callable[[Path, int], object]
_listeners: list[Listener] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _listeners and isinstance(arguments[0], str | os.PathLike):
        for listener in list(_listeners):
            listener(Path(arguments[0]), arguments[2])


sys.addaudithook(_hear)  # there is no taking it back, so it hears nothing unless somebody listens


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell ``listener`` of each file right before it is opened."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@pytest.fixture
def opened() -> Iterator[list[Path]]:
    """Every file that is opened from here on, in order."""
    files: list[Path] = []
    with listening(lambda path, flags: files.append(path)):
        yield files


@pytest.fixture
def no_hanging() -> Iterator[None]:
    """End a command that waits for what never comes, such as somebody at the other end of a pipe."""

    def end(number: int, frame: FrameType | None) -> None:
        raise AssertionError("the command hangs")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(int(seconds(60)))
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first, then the slow ones, then those in a browser: Playwright's loop runs on in the process of the
    tests, where asyncio could start no other, so no test with a browser may be forgotten."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("browser"):
            item.add_marker("browser")
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
