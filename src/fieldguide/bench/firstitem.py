"""What the player adds to a kernel with ipywidgets until its first item is shown, in milliseconds and megabytes.

Run it in an empty folder, with the text of a module's head and of an item as arguments.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from pathlib import Path

import ipykernel.ipkernel  # noqa: F401 - what every kernel has imported
import ipywidgets  # noqa: F401 - and what this one has, to compare
from IPython.core.interactiveshell import InteractiveShell


def private_megabytes() -> float:
    """The private memory of this process; 0 on a system that does not report it."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def measure(head: str, item: str) -> tuple[float, float]:
    """Run the cells as a notebook does, and return the time and memory."""
    shell = InteractiveShell.instance()
    before, started = private_megabytes(), time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in ("%load_ext fieldguide", f"%%module\n{head}", f"%%item\n{item}"):
            shell.run_cell(cell).raise_error()
    return (time.perf_counter() - started) * 1000, private_megabytes() - before


if __name__ == "__main__":
    milliseconds, megabytes = measure(*sys.argv[1:3])
    sys.stdout.write(f"{milliseconds} {megabytes}\n")
