"""``fieldguide bench player``: how soon a notebook of 40 items can be used, and how large the player is.

Times are ratios to a bare notebook with a single stock ipywidget. That notebook, one with 40 stock ipywidgets, and ours
are opened in JupyterLab in turns, each with its own kernel, and run with Run All Cells. The figures are medians.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from fieldguide.bench.pages import Lab, chromium, seconds_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ITEMS = 40
_TARGET = {"ratio": 1.2, "milliseconds": 60.0, "megabytes": 10.0, "bytes": 30_000}
_PROCESSES = 9
_ONE = "one stock slider there"
_STOCK = f"{ITEMS} stock sliders there"
_FIRST = f"{ITEMS} items: first one there"
_ALL = f"{ITEMS} items: all there"
_SAVED = f"{ITEMS} items: an answer saved"
_BARE = ("import ipywidgets\nipywidgets.IntSlider()",)
Say = Callable[[str], None]

_OPTIONS = "options:\n  ask: Ask your field instructor.\n  post: Post it.\n  wait: Wait a day.\n"
_KINDS = (
    f"type: choice\n{_OPTIONS}",
    f"type: choice\nchoose: several\n{_OPTIONS}",
    f"type: match\nprompts:\n  one: A picture.\n  two: A blog.\n{_OPTIONS}",
    f"type: order\n{_OPTIONS}",
    "type: hottext\npassage: I met [a teacher]{job} from [a small town]{town}, who felt [tired]{mood}.\n",
    "type: entry\nexpect: number\nunit: percent\n",
)


def bench_player(rounds: int, say: Say) -> None:
    """Measure, and print the figures."""
    from fieldguide.player.parts import PARTS_OF, content, entry, loader

    parts = [content(name) for name in PARTS_OF["item"]]
    scripts, styles = (sum(len(part[kind].encode()) for part in parts) for kind in ("script", "styles"))
    scripts += len(entry()) + len(loader())
    rows = [("script and styles", f"{scripts:,} + {styles:,} bytes", f"at most {_TARGET['bytes']:,}")]
    with tempfile.TemporaryDirectory(prefix="fieldguide-bench-") as name:
        folder = Path(name)
        milliseconds, megabytes = _first_item(folder)
        rows.append(
            ("import, and first item shown", f"{milliseconds:.0f} ms", f"at most {_TARGET['milliseconds']:g} ms")
        )
        rows.append(("memory of the same", f"{megabytes:.1f} MB", f"at most {_TARGET['megabytes']:g} MB"))
        times = _opening(folder, rounds, say)
    bare = times[_ONE]
    rows.append((_ONE, f"{bare:.2f} s", ""))
    for name, target in ((_STOCK, ""), (_FIRST, ""), (_ALL, f"at most {_TARGET['ratio']:g} x"), (_SAVED, "")):
        rows.append((name, f"{times[name]:.2f} s = {times[name] / bare:.2f} x", target))
    for row in rows:
        say("{:<32} {:>22}   {}".format(*row).rstrip())


def _item(number: int) -> str:
    body = _KINDS[number % len(_KINDS)]
    return f"id: item-{number}\nuse: graded\npoints: 1\nstem: What do you do first, in case {number}?\n{body}"


def _head(count: int) -> str:
    ids = ", ".join(f"item-{number}" for number in range(count))
    return f"id: 01-bench\nedition: student\ntitle: A bench\nminutes: 40\ngraded: [{ids}]\n"


def _first_item(folder: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "fieldguide.bench.firstitem", _head(1), _item(0)]
    found = []
    for _ in range(_PROCESSES):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603
        found.append([float(part) for part in done.stdout.split()])
    return median(one[0] for one in found), median(one[1] for one in found)


def _opening(folder: Path, rounds: int, say: Say) -> dict[str, float]:
    stock = ("import ipywidgets", *("ipywidgets.IntSlider()" for _ in range(ITEMS)))
    ours = ("%load_ext fieldguide", f"%%module\n{_head(ITEMS)}", *(f"%%item\n{_item(n)}" for n in range(ITEMS)))
    cases: tuple[tuple[tuple[str, ...], dict[str, Callable[[Page], None]]], ...] = (
        (_BARE, {_ONE: lambda page: _see(page, ".widget-slider", 1)}),
        (stock, {_STOCK: lambda page: _see(page, ".widget-slider", ITEMS)}),
        (
            ours,
            {
                _FIRST: lambda page: _see(page, ".fg-card", 1),
                _ALL: lambda page: _see(page, ".fg-card", ITEMS),
                _SAVED: _answer,
            },
        ),
    )
    seconds: dict[str, list[float]] = {name: [] for _, steps in cases for name in steps}
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    lab = Lab(notebooks, folder)
    try:
        with chromium() as browser:
            for number in range(rounds + 1):
                for cells, steps in cases:
                    took = _open_once(browser, lab, notebooks, cells, tuple(steps.values()))
                    if number:  # the first runs fill caches and do not count
                        for name, value in zip(steps, took, strict=True):
                            seconds[name].append(value)
                            say(f"round {number}: {name:<32} {value:.2f} s")
    finally:
        lab.stop()
    return {name: median(values) for name, values in seconds.items()}


def _answer(page: Page) -> None:
    card = page.locator(".fg-card").first
    card.get_by_role("radio").first.check()
    card.get_by_text("Saved").wait_for()


def _see(page: Page, selector: str, count: int) -> None:
    page.wait_for_function("([css, n]) => document.querySelectorAll(css).length >= n", arg=[selector, count])


def _open_once(
    browser: Browser, lab: Lab, folder: Path, cells: tuple[str, ...], steps: tuple[Callable[[Page], None], ...]
) -> list[float]:
    for old in folder.iterdir():
        if old.is_file():
            old.unlink()
    _write(folder / "bench.ipynb", cells)
    seconds = seconds_until(browser, lab.address("bench.ipynb"), steps)
    lab.end_kernels()
    return seconds


def _write(path: Path, cells: tuple[str, ...]) -> None:
    made: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {"jupyter": {"source_hidden": True}},
            "execution_count": None,
            "outputs": [],
            "source": cell,
        }
        for n, cell in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
