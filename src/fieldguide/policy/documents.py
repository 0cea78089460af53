"""The document that a student's policy becomes: what it says, before it has the form of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fieldguide.policy.reading import ABOUT, Policy
from fieldguide.policy.words import say
from fieldguide.words import in_words

#: What the documents are called that a student saves beside the notebook; with a number where that name was taken.
NAME = "my-social-media-policy"
_NAMED = re.compile(rf"{NAME}(-\d+)?\.(docx|html)")
# What neither XML nor HTML may hold, halves of character pairs included.
_NO_TEXT = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BULLET = re.compile(r"[-•–]\s+(?=\S)")
# With a star in front of a line students mark what their agency has to decide; two are somebody's bold type.
_STAR = re.compile(r"(?:[-•–]\s+)?\*(?!\*)\s*(?=\S)")


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
    """A policy to hand to somebody.

    ``about``: what it says of itself, each with its label. ``sections``: what clients read. ``unsettled``: what is to
    be settled with the agency, by the title of its heading. ``missing``: the headings that have no text yet.
    """

    sections: tuple[Section, ...]
    missing: tuple[str, ...]
    day: date
    about: tuple[tuple[str, str], ...] = ()
    unsettled: tuple[Section, ...] = ()

    def long_day(self) -> str:
        """The day as it is written out."""
        return in_words(self.day)


def document_of(policy: Policy, texts: dict[str, str], day: date) -> Document:
    """The document of a policy with these texts, by heading or by name of ``ABOUT``."""
    sections, missing, unsettled = [], [], []
    for name, heading in policy.headings.items():
        own, starred = _parted(texts.get(name, ""))
        blocks = blocks_of(own)
        if blocks:
            sections.append(Section(heading.title, blocks))
        else:
            missing.append(heading.title)
        if starred:
            unsettled.append(Section(heading.title, (Block(starred, listed=True),)))
    about = [(say(label), " ".join(_plain(texts.get(name, "")).split())) for name, label in ABOUT.items()]
    told = tuple((label, text) for label, text in about if text)
    return Document(tuple(sections), tuple(missing), day, told, tuple(unsettled))


def blocks_of(text: str) -> tuple[Block, ...]:
    """A student's text as paragraphs and lists: a line that begins with a dash or a bullet is an entry of a list."""
    blocks: list[tuple[bool, list[str]]] = []
    parted = True
    for line in _plain(text).split("\n"):
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


def _parted(text: str) -> tuple[str, tuple[str, ...]]:
    """What of a text clients read, and the lines, without their star, that are for the agency."""
    own, starred = [], []
    for line in _plain(text).split("\n"):
        star = _STAR.match(line.strip())
        if star:
            starred.append(line.strip()[star.end() :])
        else:
            own.append(line)
    return "\n".join(own), tuple(starred)


def _plain(text: str) -> str:
    """A text of which every character can stand in a document, with one kind of line break."""
    return _NO_TEXT.sub("", _BREAK.sub("\n", text))
