"""Which fields of a cell are texts to translate, and putting other texts in their places.

What may be translated is a list, as what may pass to a student is: ids, keys, points and all else that a score rests on
are not on it, so a translation cannot change them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from fieldguide.authoring.kinds import WRITTEN
from fieldguide.cells.kinds import HEAD
from fieldguide.items.fields import Fields, Text, Texts, flowing
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.skeleton import PHRASE

#: The texts of each kind of cell, of a module's head, and of what modules share.
TEXTS: Mapping[str, Passing] = {
    **{kind.name: kind.texts for kind in WRITTEN.values()},
    "head": HEAD.texts,
    "description": {**dict.fromkeys(("title", "source")), "columns": BY_ID},
    "standards": {"standards": {"*": {"gist": None}}},
}

#: What stands for itself in every language: ids of three words or more, standards and statements.
_NO_WORD = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+){2,}\b|\b\d+\.\d+(?:\([a-z]{1,2}\))?|\b[A-Z]\d+[a-z]?\b")
_WORD = re.compile(r"[^\W\d_]{2}")
#: What a question for the agency begins with, in a policy.
STAR = re.compile(r"^\* ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Unit:
    """One text to translate. ``context`` and ``text`` are its key; ``about`` tells the translator where it stands.

    Where ``among`` others under one context, a text is known by its words alone. ``most`` is how many characters there
    is room for, and ``distinct`` texts of one context may not come to say the same.
    """

    context: str
    text: str
    about: tuple[str, ...] = field(default=(), compare=False)
    markdown: bool = field(default=False, compare=False)
    among: bool = field(default=False, compare=False)
    most: int | None = field(default=None, compare=False)
    distinct: bool = field(default=False, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


#: Says what stands in the place of a text: the text itself where nothing else does.
Say = Callable[[Unit], str]


def has_words(text: str) -> bool:
    """Whether there is anything in a text to translate."""
    return bool(_WORD.search(_NO_WORD.sub("", text)))


def put_texts(text: str, fields: Fields, kind: str, context: str, about: tuple[str, ...], say: Say) -> str:
    """The text of which ``fields`` were read, with what ``say`` says in the place of each text of its ``kind``."""
    places = []
    for path, node, among in _texts(fields, TEXTS[kind], ()):
        unit = _unit(f"{context}/{path}", node, among, about)
        if has_words(unit.text):
            said = say(unit)
            if said != unit.text:
                places.append((node, said))
    return put(text, places)


def put(text: str, places: list[tuple[Text, str]]) -> str:
    """The text with other values in the places of some of its texts, each in quotation marks."""
    for node, said in sorted(places, key=lambda place: place[0].start, reverse=True):
        quoted = yaml.safe_dump(said, default_style='"', allow_unicode=True, width=float("inf")).rstrip("\n")
        end = "\n" if text.startswith(("|", ">"), node.start) else ""
        text = text[: node.start] + quoted + end + text[node.end :]
    return text


def _texts(fields: Fields, texts: Passing, path: tuple[str, ...]) -> Iterator[tuple[str, Text, bool]]:
    """The texts to translate: the path of each, its place, and whether it is one of a list."""
    for name, node in fields.values.items():
        if name not in texts and "*" not in texts:
            continue
        inside = texts.get(name, texts.get("*"))
        if isinstance(node, Fields):
            yield from _texts(node, inside or {}, (*path, name))
        elif inside is None:
            for text in [node] if isinstance(node, Text) else node.values:
                yield ".".join((*path, name)), text, isinstance(node, Texts)


def _unit(context: str, node: Text, among: bool, about: tuple[str, ...]) -> Unit:
    text = flowing(node.value)
    limits = []
    paragraphs = text.count("\n\n") + 1
    if paragraphs > 1:
        limits.append(f"{paragraphs} paragraphs, with a blank line between each two: keep as many.")
    if PHRASE.search(text):
        limits.append("Change the phrases in [brackets]; keep what stands in {braces} as it is.")
    if "/options." in context:
        limits.append("Keep options beside one another about as long as in English: length must not tell the key.")
    if STAR.search(text):
        limits.append("Keep '* ' where a paragraph begins with it.")
    return Unit(context, text, (*about, *limits), among=among)
