"""The processes that another has started, of which some end while they are looked at."""

from __future__ import annotations

import contextlib

import psutil


def started_by(pid: int, word: str) -> list[psutil.Process]:
    """Those below a process whose command has this word."""
    found = []
    for one in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if word in one.cmdline():
                found.append(one)
    return found
