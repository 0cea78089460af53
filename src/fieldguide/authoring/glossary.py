"""The course's glossary: terms that a module's text links to, with their meanings at the notebook's end.

A module links to a term as ``[boundary](#Boundary)``: JupyterLab gives a heading the id that its text has, with
hyphens for spaces. The meanings of the terms that a notebook links to are added below its text, so that the link
works wherever the notebook is. Each meaning ends with links back to the sections that it was linked from.
"""

from __future__ import annotations

import re
from pathlib import Path

from fieldguide.authoring.module import Cell
from fieldguide.authoring.words import say
from fieldguide.plainfiles import read_own_text

_LINK = re.compile(r"\]\(#([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
#: JupyterLab compares a link with a heading sign by sign, so no sign may be one that a browser writes otherwise.
_LINKABLE = re.compile(r"[\w .,:;!?/&'-]+", re.ASCII)


def read_glossary(path: Path) -> dict[str, str]:
    """Terms of a glossary file, one below each ``###`` heading, and their meanings; empty without a file."""
    if not path.exists():
        return {}
    parts = re.split(r"^### +(.+?) *$", read_own_text(path), flags=re.MULTILINE)[1:]
    return {term: meaning.strip() for term, meaning in zip(parts[::2], parts[1::2], strict=True)}


def anchor(heading: str) -> str:
    """The id of a heading in a notebook."""
    return heading.replace(" ", "-")


def links(text: str) -> list[str]:
    """The headings of the same notebook that a Markdown text links to, by their ids."""
    return _LINK.findall(text)


def headings(text: str) -> list[str]:
    """The ids of the headings in a Markdown text."""
    return [anchor(heading) for heading in _HEADING.findall(text)]


def words_used(cells: list[Cell], glossary: dict[str, str]) -> str | None:
    """The section with the meanings of the terms that Markdown cells link to; None where they link to none."""
    entries = []
    sections = _linked_from(cells)
    for term, meaning in glossary.items():
        if anchor(term) in sections:
            back = [f"[{heading}](#{anchor(heading)})" for heading in sections[anchor(term)]]
            entries.append(
                f"#### {term}\n\n{meaning}" + (f"\n\n{say('back_to', sections=', '.join(back))}" if back else "")
            )
    return "\n\n".join([f"### {say('words_used')}", *entries]) if entries else None


def _linked_from(cells: list[Cell]) -> dict[str, list[str]]:
    """For each id that is linked to: the headings above its links, of those that students have and a link can name."""
    sections: dict[str, list[str]] = {}
    heading = None
    for cell in cells:
        hidden = "instructor" in cell.tags
        for line in cell.source.splitlines():
            if not hidden and (found := _HEADING.match(line)) and _LINKABLE.fullmatch(found.group(1)):
                heading = found.group(1)
            for name in links(line):
                known = sections.setdefault(name, [])
                if heading and not hidden and heading not in known:
                    known.append(heading)
    return sections
