"""Has a command go on to its end when nobody reads any more what it says, as with ``fieldguide-admin doctor | head``.

A command that stopped there would leave half done what it had begun. Stands alone. What is no part of the package is
run through it too: ``python -m fieldguide.unheard tools/scripts.py --check``.
"""

from __future__ import annotations

import io
import os
import runpy
import sys
from pathlib import Path
from typing import Any, TextIO


def go_on_unheard() -> None:
    """From now on, drop what this process says once its reader has gone; it says all else as before.

    What somebody has put in the place of the process's own streams, as tests do, stays.
    """
    if sys.stdout is sys.__stdout__:
        sys.stdout = _unheard(sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _unheard(sys.stderr)


class _Pipe(io.FileIO):
    """A stream that takes all, also when nobody is left at its other end."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def _unheard(stream: TextIO | None) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):  # it was closed before this process began
        return Path(os.devnull).open("w", encoding="utf-8")
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Pipe(stream.fileno(), "w", closefd=False)),
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


if __name__ == "__main__":
    go_on_unheard()
    sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(sys.argv[0]).parent.absolute())
    runpy.run_path(sys.argv[0], run_name="__main__")
