"""The course's glossary: terms that a module's text links to, with their meanings at the end of the notebook.

A module links to a term as ``[boundary](#Boundary)``: JupyterLab gives a heading its text as id, with hyphens for
spaces. The meanings of the linked terms are added below the notebook's text, so that the links work wherever the
notebook is. Each meaning ends with links back to the sections that link to it.
"""

from __future__ import annotations

import re
from pathlib import Path

from fieldguide.authoring.module import Cell
from fieldguide.authoring.words import say
from fieldguide.plainfiles import read_own_text

_LINK = re.compile(r"\]\(#([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
#: JupyterLab compares links and headings character by character, so a browser must not encode any of them.
_LINKABLE = re.compile(r"[\w .,:;!?/&'-]+", re.ASCII)


def read_glossary(path: Path) -> dict[str, str]:
    """The terms of a glossary file, each a ``###`` heading, with their meanings; empty without a file."""
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
    """For each linked id: the headings above its links, where students have them and a link can point to them."""
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
