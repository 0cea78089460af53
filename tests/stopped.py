"""Runs a command of ours, and ends its process with SIGKILL at each of its points in turn. Run as a program by tests.

Arguments: a course folder, a folder for copies of it, and the command's own. The first copy, 0, is of a run to its end;
the others bear the number of the point at which theirs was killed. A point is before, between and after each statement
to the gradebook, each commit, and each change to the log. One process is forked for all, so that imports are paid once.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from fieldguide.cli import main
from fieldguide.grading import classgrader, score_log, sheet  # noqa: F401 (for all forks at once)


class Points:
    """Counts the points that a process comes to, and ends it at one of them."""

    def __init__(self) -> None:
        self.passed = 0
        self.last = 0

    def point(self, *_: object) -> None:
        self.passed += 1
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self.point()
            result = real(*arguments)
            self.point()
            return result

        return call

    def write_in_halves(self, handle: int, content: memoryview) -> int:
        half = len(content) // 2
        self.point()
        os.write(handle, content[:half])
        self.point()
        return half + os.write(handle, content[half:])

    def put_in_place(self) -> None:
        event.listen(Engine, "before_cursor_execute", self.point)
        event.listen(Engine, "after_cursor_execute", self.point)
        DefaultDialect.do_commit = self.around(DefaultDialect.do_commit)  # type: ignore[method-assign]
        watched = {"write": self.write_in_halves, "fsync": self.around(os.fsync), "open": self.around(os.open)}
        score_log.os = SimpleNamespace(**vars(os) | watched)  # type: ignore[attr-defined]


def run(root: Path, last: int, command: list[str]) -> int:
    """Run the command in a process of its own that ends at a point; how it ended, as waitpid tells it."""
    child = os.fork()
    if child == 0:
        points = Points()
        points.last = last
        points.put_in_place()
        code = main(["--project", str(root), *command])
        sys.stdout.flush()
        (root / "points").write_text(str(points.passed), encoding="utf-8")
        os._exit(code)
    return os.waitpid(child, 0)[1]


def run_all(course: Path, copies: Path, command: list[str]) -> None:
    """Make the copies, and fail where a run ended otherwise than it should."""
    shutil.copytree(course, copies / "0")
    assert run(copies / "0", 0, command) == 0
    for point in range(1, int((copies / "0" / "points").read_text("utf-8")) + 1):
        shutil.copytree(course, copies / str(point))
        assert run(copies / str(point), point, command) == signal.SIGKILL


if __name__ == "__main__":
    run_all(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
