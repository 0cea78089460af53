"""The course's glossary: terms that a module's text links to, with their meanings at the notebook's end.

A module links to a term as ``[boundary](#Boundary)``: JupyterLab gives a heading the id that its text has, with
hyphens for spaces. The meanings of the terms that a notebook links to are added below its text, so that the link
works wherever the notebook is.
"""

from __future__ import annotations

import re
from pathlib import Path

from fieldguide.plainfiles import read_own_text

_LINK = re.compile(r"\]\(#([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


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


def words_used(texts: list[str], glossary: dict[str, str]) -> str | None:
    """The section with the meanings of the terms that ``texts`` link to; None where they link to none."""
    linked = {name for text in texts for name in links(text)}
    entries = [f"#### {term}\n\n{meaning}" for term, meaning in glossary.items() if anchor(term) in linked]
    if not entries:
        return None
    return "\n\n".join(["### Words used here", *entries])
