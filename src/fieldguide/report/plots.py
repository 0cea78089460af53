"""Plots of a report: figures with their intervals, as SVG that takes its colors from the page it stands in."""

from __future__ import annotations

import html
import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

#: Colors to draw with, and the page's own that take their place.
_COLORS = {
    "#010203": "var(--ink)",
    "#010204": "var(--soft)",
    "#010205": "var(--line)",
    "#010206": "var(--accent)",
    "#010207": "var(--try)",
}
_INK, _SOFT, _LINE, *_SERIES = _COLORS
_MARKERS = ("o", "D")
_WIDTH = 7.4
_ROW = 0.34
_LINE_HEIGHT = 0.2
_LABEL = 46
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _SOFT,
    "xtick.color": _SOFT,
    "ytick.color": _INK,
    "text.color": _INK,
}


@dataclass(frozen=True, slots=True)
class Series:
    """Values to draw, with the bounds of their intervals (not a number where there is none)."""

    name: str
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def dots(name: str, labels: Sequence[str], series: Sequence[Series], unit: str, told: str) -> str:
    """A row for each label, with a dot and its interval for each of at most two series, as the text of an SVG element.

    ``name`` makes the ids within it unique in a page; ``unit`` stands below, and ``told`` is
    read to who does not see it.
    """
    wrapped = [textwrap.fill(label, _LABEL, max_lines=3, placeholder=" …") for label in labels]
    heights = [max(_ROW, 0.14 + _LINE_HEIGHT * (1 + text.count("\n"))) for text in wrapped]
    with mpl.rc_context(_SETTINGS | {"svg.hashsalt": name}):
        figure = Figure(figsize=(_WIDTH, sum(heights) + 0.75 + 0.3 * (len(series) > 1)))
        axes = figure.add_axes((0, 0, 1, 1))
        places, at = [], 0.0
        for height in heights:
            places.append(-(at + height / 2))
            at += height
        _draw(axes, places, series)
        axes.set_ylim(-at, 0)
        axes.set_yticks(places, wrapped)
        axes.set_xlabel(unit)
        if len(series) > 1:
            axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderaxespad=0.2)
        target = io.StringIO()
        figure.savefig(
            target, format="svg", transparent=True, bbox_inches="tight", pad_inches=0.05, metadata=_NO_METADATA
        )
    return _for_page(target.getvalue(), told)


_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def _draw(axes: mpl.axes.Axes, places: Sequence[float], series: Sequence[Series]) -> None:
    figures = [value for one in series for value in (*one.values, *one.low, *one.high) if value == value]
    least, most = min([0.0, *figures]), max([100.0, *figures])
    axes.set_xlim(least - 3, most + 3)
    if least < 0:
        axes.axvline(0, color=_SOFT, linewidth=0.8)
    apart = 0.07 if len(series) > 1 else 0.0
    for place, (one, color, marker) in enumerate(zip(series, _SERIES, _MARKERS, strict=False)):
        moved = [at + (apart if place == 0 else -apart) for at in places]
        axes.hlines(moved, one.low, one.high, color=color, linewidth=2)
        axes.plot(one.values, moved, marker, color=color, markersize=7, label=one.name, linestyle="none")
    axes.grid(axis="x", color=_LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _for_page(svg: str, told: str) -> str:
    """An SVG file's element, for a page: without a size and unused ids, and in the page's colors."""
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<(metadata|style)\b.*?</\1>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<g) id="[^"]*"', r"\1", svg)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    head, inner = svg.split(">", 1)
    (box,) = re.findall(r'viewBox="[^"]*"', head)
    for drawn, shown in _COLORS.items():
        inner = inner.replace(drawn, shown)
    inner = re.sub(r"font-family: [^;\"]*", "font-family: system-ui, sans-serif", inner)
    return f'<svg {box} role="img" aria-label="{html.escape(told)}">{inner}'
