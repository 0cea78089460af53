"""What pages bring along, under addresses that name their content: a browser keeps it for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fieldguide.player.parts import PARTS, PARTS_OF, content
from fieldguide.words import speaking, spoken

#: Where the files are that pages bring along, and how they are put together.
FOLDERS = (Path(__file__).parent,)
#: How a built script imports another.
_IMPORTED = re.compile(r'from"\./([\w.]+)"')
_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A text that crosses to a page, compressed (gzip), and its media type."""

    name: str
    type: str
    packed: bytes


_known: dict[str, Asset] = {}


def asset(address: str) -> Asset | None:
    """What an address, without what comes before, stands for; None where it is none of ours."""
    return _known.get(address)


@cache
def own(name: str, folders: tuple[Path, ...] = FOLDERS) -> str:
    """The address of a file of ``static/``, of the first folder that has it. What a script imports of the others it
    gets by their addresses."""
    stem, _, kind = name.rpartition(".")
    text = _text(name, folders)
    return _keep(stem, kind, _IMPORTED.sub(lambda found: f'from"./{own(found[1], folders)}"', text))


def _text(name: str, folders: tuple[Path, ...]) -> str:
    places = (folder / "static" / "built" / name for folder in folders)
    return next(place for place in places if place.is_file()).read_text(encoding="utf-8")


def imported_by(name: str) -> list[str]:
    """The addresses of what a script of ``static/`` imports, for a page that asks for all of it at once."""
    return [own(one) for one in _IMPORTED.findall(_text(name, FOLDERS))]


def script_of(view: str) -> str:
    """The address of the script that makes a view, with its words in the language that is spoken."""
    return _script_of(view, spoken())


@cache
def _script_of(view: str, language: str) -> str:
    with speaking(language):
        parts = [content(name) for name in PARTS_OF[view]]
    words = {name: text for part in parts for name, text in part["words"].items()}
    script = "".join(part["script"] for part in parts)
    return _keep(view, "js", f"{script}\nexport const words={json.dumps(words, ensure_ascii=False)};\n")


@cache
def view_styles() -> str:
    """The address of the styles of all views."""
    return _keep("views", "css", "".join(content(name)["styles"] for name in PARTS))


def _keep(stem: str, kind: str, text: str) -> str:
    name = f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.{kind}"
    _known[name] = Asset(name, _TYPES[kind], gzip.compress(text.encode(), 9, mtime=0))
    return name
