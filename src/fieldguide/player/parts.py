"""What crosses to a page, in parts: scripts, styles and words. Each part crosses once, when it is first used.

A page puts the scripts of the parts that a view needs together into one, so that a part may use what stands in those
before it. Of a word that two parts have, the later one's counts.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fieldguide.words import ABOUT, Words, spoken

_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Part:
    """The files of one part, which stand in ``folder``, a path below the package, and the sections of its words."""

    folder: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


PARTS = {
    "page": Part("player/static", ("page.js", "channel.js", "review_button.js"), ("player.css",), (ABOUT, "player")),
    "compare": Part("player/static", ("compare.js",)),
    "player": Part("player/static", ("controls.js", "feedback.js", "item.js", "module.js")),
    "case": Part("cases/static", ("case.js",), ("case.css",), ("case",)),
    "form": Part("forms/static", ("form.js",), ("form.css",), ("form",)),
    "worksheet": Part("cases/worksheet/static", ("worksheet.js",), ("worksheet.css",), ("worksheet",)),
    "policy": Part("policy/static", ("policy.js",), ("policy.css",), ("policy",)),
    "table": Part("tables/static", ("table.js",), ("table.css",), ("table",)),
    "review": Part("pause/static", ("review.js",), ("review.css",), ("review",)),
}
#: The parts that a view of each kind is made with, in order; a practice text is a task. What reviews a text comes when
#: somebody asks for that.
PARTS_OF = {
    "module": ("page", "player"),
    "item": ("page", "player"),
    "task": ("page", "compare", "player"),
    "case": ("page", "case"),
    "worksheet": ("page", "compare", "form", "worksheet"),
    "policy": ("page", "form", "policy"),
    "table": ("page", "table"),
    "review": ("page", "review"),
}


def entry() -> str:
    """The few lines that every view brings along."""
    return built(_PACKAGE / "player" / "static" / "entry.js")


def loader() -> str:
    """What they ask to put a view together of its parts; it crosses once."""
    return built(_PACKAGE / "player" / "static" / "loader.js")


def content(name: str) -> dict[str, Any]:
    """One part: its ``name``, ``script`` and ``styles`` as texts, and its ``words`` by name."""
    part = PARTS[name]
    folder = _PACKAGE / part.folder
    return {
        "name": name,
        "script": "".join(built(folder / file) for file in part.scripts),
        "styles": "".join(built(folder / file) for file in part.styles),
        "words": {name: text for section in part.words for name, text in Words(section).words().items()},
    }


def packed(name: str) -> bytes:
    """One part as it crosses, in the language that is spoken: its JSON, deflated (zlib), to a third of its size."""
    return _packed(name, spoken())


@cache
def _packed(name: str, language: str) -> bytes:
    return zlib.compress(json.dumps(content(name), ensure_ascii=False).encode(), 9)


def built(source: Path) -> str:
    """A script or styles as they cross to a page: small, as ``./run scripts`` makes them of their source."""
    return (source.parent / "built" / source.name).read_text(encoding="utf-8")
