"""The document that a student's policy becomes: what it says, before it has the form of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fieldguide.policy.reading import Policy

#: What the documents are called that a student saves beside the notebook; with a number where that name was taken.
NAME = "my-social-media-policy"
_NAMED = re.compile(rf"{NAME}(-\d+)?\.(docx|html)")
# What neither XML nor HTML may hold, halves of character pairs included.
_NO_TEXT = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# No star: with one students mark what their agency has to decide.
_BULLET = re.compile(r"[-•–]\s+(?=\S)")


def is_named_like_one(file: str) -> bool:
    """Whether a file has the name of a document that the policy's button saves."""
    return _NAMED.fullmatch(file) is not None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, which may have several lines, or the entries of a list."""

    lines: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what the student wrote below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A policy to hand to somebody. ``missing``: the headings that have no text yet."""

    sections: tuple[Section, ...]
    missing: tuple[str, ...]
    day: date

    def long_day(self) -> str:
        """The day as it is written out."""
        return f"{self.day:%B} {self.day.day}, {self.day.year}"


def document_of(policy: Policy, texts: dict[str, str], day: date) -> Document:
    """The document of a policy with these texts."""
    sections, missing = [], []
    for name, heading in policy.headings.items():
        blocks = blocks_of(texts.get(name, ""))
        if blocks:
            sections.append(Section(heading.title, blocks))
        else:
            missing.append(heading.title)
    return Document(tuple(sections), tuple(missing), day)


def blocks_of(text: str) -> tuple[Block, ...]:
    """A student's text as paragraphs and lists: a line that begins with a dash or a bullet is an entry of a list."""
    blocks: list[tuple[bool, list[str]]] = []
    parted = True
    for line in _NO_TEXT.sub("", _BREAK.sub("\n", text)).split("\n"):
        line = line.strip()
        bullet = _BULLET.match(line)
        if line:
            listed = bullet is not None
            # An empty line parts paragraphs, and not the entries of a list.
            if not blocks or blocks[-1][0] != listed or (parted and not listed):
                blocks.append((listed, []))
            blocks[-1][1].append(line[bullet.end() :] if bullet else line)
        parted = not line
    return tuple(Block(tuple(lines), listed) for listed, lines in blocks)
