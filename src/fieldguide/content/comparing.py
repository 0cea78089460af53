"""What differs between two texts of a module: each question by what of it changed, and the rest as a whole. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Any

from fieldguide.content.notebooks import Question, Read, read_notebook
from fieldguide.items import Essay, Item, parse_response
from fieldguide.items.fields import Finder, read_fields
from fieldguide.items.reading import TEXTS
from fieldguide.items.skeleton import skeleton

#: What tells of a question what it is about, and never how it is scored.
_ABOUT = {"covers", "basis", "standards", "competencies", "objectives", "turns_on", "again", "misconceptions"}
#: What is compared by itself.
_APART = {"id", "use", "type", "points", "withdrawn", "rubric", "words"}
#: How many made-up answers are tried on a question that takes others now.
_TRIED = 60


class What(Enum):
    """What of a question changed."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"  # the same question with another id
    ASKS = "asks"  # answers that were given no longer fit, or can no longer be right
    WIDENED = "widened"  # it takes more answers than before, and all that were given still fit
    RUBRIC = "rubric"
    KEY = "key"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    POINTS = "points"
    WORDING = "wording"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a question. ``detail`` is the new id of one that is renamed, or the points before and after."""

    item: str
    graded: bool
    what: What
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs. ``reading``: texts to read, cases, worksheets or the order did; ``data``: so did tables' data.
    ``lost`` are the ids of what is no question and is left out, under which there may be answers. ``letters``: on a
    sheet of paper a letter may stand for something else. ``languages`` are those before and after, where they
    differ."""

    changes: tuple[Change, ...]
    reading: bool
    data: bool
    lost: tuple[str, ...] = ()
    letters: bool = False
    languages: tuple[str, str] | None = None


def compare(module: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Difference:
    """How the files of a module differ. Raises NotebookError where a notebook cannot be read."""
    name = f"{module}.ipynb"
    old, new = read_notebook(before.get(name, b"")), read_notebook(after.get(name, b""))
    kept = [id_ for id_ in old.questions if id_ in new.questions]
    in_order = [id_ for id_ in new.questions if id_ in old.questions] == kept
    return Difference(
        tuple(_changes(old, new)),
        list(old.texts.items()) != list(new.texts.items()) or not in_order,
        {path: data for path, data in before.items() if path != name}
        != {path: data for path, data in after.items() if path != name},
        tuple(sorted(old.others - new.others)),
        letters=any(letters != new.letters.get(name, letters) for name, letters in old.letters.items()),
        languages=None if old.language == new.language else (old.language, new.language),
    )


def _changes(old: Read, new: Read) -> Iterator[Change]:
    gone = {id_: one for id_, one in old.questions.items() if id_ not in new.questions}
    come = {id_: one for id_, one in new.questions.items() if id_ not in old.questions}
    for id_, one in gone.items():
        other = next((name for name, another in come.items() if _is_same(one, another)), None)
        graded = one.item.use == "graded"
        if other is None:
            yield Change(id_, graded, What.REMOVED)
        else:
            del come[other]
            yield Change(id_, graded, What.RENAMED, other)
    for id_, one in new.questions.items():
        if id_ in come:
            yield Change(id_, one.item.use == "graded", What.ADDED)
        elif id_ in old.questions:
            yield from _of_question(old.questions[id_], one)


def _is_same(one: Question, another: Question) -> bool:
    """Whether two questions of different ids ask the same."""
    asks = (one.item.stem, one.item.takes()) == (another.item.stem, another.item.takes())
    return asks or _unnamed(one) == _unnamed(another)


def _unnamed(question: Question) -> str:
    return re.sub(r"^id:.*\n", "", question.text, count=1, flags=re.MULTILINE)


def _of_question(old: Question, new: Question) -> Iterator[Change]:
    if old.text == new.text:
        return
    before, after = old.item, new.item
    if before.use != after.use and "graded" in (before.use, after.use):
        yield Change(before.id, True, What.REMOVED if before.use == "graded" else What.ADDED)
        return
    graded = after.use == "graded"
    found = list(_kinds(old, new)) or [What.WORDING]  # such as the order of its options
    points = f"{before.maximum:g} → {after.maximum:g}"
    yield from (Change(after.id, graded, what, points if what is What.POINTS else "") for what in found)


def _kinds(old: Question, new: Question) -> Iterator[What]:
    before, after = old.item, new.item
    if before.TYPE != after.TYPE or before.any_option != after.any_option or not _still_fits(before, after):
        yield What.ASKS
    elif before.takes() != after.takes():
        yield What.WIDENED
    if _criteria(before) != _criteria(after):
        yield What.RUBRIC
    elif before.points != after.points:
        yield What.POINTS
    if (before.withdrawn is None) != (after.withdrawn is None):
        yield What.RESTORED if after.withdrawn is None else What.WITHDRAWN
    old_values, new_values = _values(old), _values(new)
    names = old_values.keys() | new_values.keys()
    others = {name for name in names if old_values.get(name) != new_values.get(name)} - _APART
    words = (others & TEXTS.keys()) | ({"rubric", "words"} & names if _criteria(before) == _criteria(after) else set())
    if others - TEXTS.keys() - _ABOUT and not after.BY_PERSON:
        yield What.KEY
    if any(old_values.get(name) != new_values.get(name) for name in words) or (after.BY_PERSON and others - _ABOUT):
        yield What.WORDING
    if others & _ABOUT:
        yield What.ABOUT


def _values(question: Question) -> dict[str, Any]:
    values = skeleton(read_fields(question.text, Finder("a question")), {})
    assert isinstance(values, dict)
    return values


def _criteria(item: Item) -> dict[str, int]:
    return {name: line.points for name, line in item.rubric.items()} if isinstance(item, Essay) else {}


def _still_fits(before: Item, after: Item) -> bool:
    """Whether every answer that the earlier question takes fits the later one, and one of them can be right there."""
    if before.takes() == after.takes():
        return True
    for seed in range(_TRIED):
        given = before.guess(Random(seed))  # noqa: S311 (the same answers each time)
        if given is None:
            return True
        try:
            response, remark = parse_response(after, given)
        except ValueError:
            return False
        if response is None or remark is not None:
            return False
    named = [name in before.ids for name in _in_key(after)]
    return any(named) if after.any_option else all(named)


def _in_key(item: Item) -> set[str]:
    """The ids that a right answer names."""
    key = getattr(item, "key", ())
    return {*key, *(key.values() if isinstance(key, dict) else ())}
