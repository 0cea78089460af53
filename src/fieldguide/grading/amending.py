"""Changing a question for everybody after it was graded: it is withdrawn, counts again, or has a second right answer.

The change is made in the text of the instructor's notebook, as a person would make it there, and nothing else in that
file changes. The text is read again before it is written: only what was meant may be another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from fieldguide.cells.kinds import ITEM
from fieldguide.docs import page
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import replace_file
from fieldguide.items import Item, ReadingError
from fieldguide.items.choice import Choice
from fieldguide.plainfiles import read_own

_LARGEST = 64 << 20
_PERMISSIONS = 0o644


@dataclass(frozen=True, slots=True)
class Amended:
    """How a question was changed, and why. ``accepted`` is the option that is right too; None: it was withdrawn, or,
    ``restored``, counts again."""

    item: str
    why: str
    accepted: str | None = None
    restored: bool = False


def acceptable(item: Item) -> dict[str, str]:
    """The options of a question of which one more can be accepted here, by id: where one option is chosen."""
    if not isinstance(item, Choice) or not item.any_option or item.withdrawn is not None:
        return {}
    return {name: text for name, text in item.options.items() if name not in item.key}


def amend(course: Course, module: str, amended: Amended) -> Callable[[], None]:
    """Change the question in the instructor's notebook. Scores follow when the class is graded again.

    Returns what puts the notebook back as it was. Raises CourseError, and changes nothing, where there is no such
    question or its text cannot be changed so.
    """
    path = course.source(module)
    try:
        earlier = read_own(path, _LARGEST)
        notebook = json.loads(earlier)
        cells = [(cell, "".join(cell["source"])) for cell in notebook["cells"]]
        found = [
            (cell, text) for cell, text in cells if re.search(rf"\A\s*%%item\n(?:.*\n)*?id: {amended.item}\n", text)
        ]
        ((cell, text),) = found
        before = _read(text)
        new = _changed(text, before, amended)
        _refuse_other_changes(before, _read(new), amended)
    except OSError as error:
        raise CourseError(f"{path} could not be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, ReadingError) as error:
        raise CourseError(
            f"{amended.item} could not be changed in {path} without changing more than was meant. Nothing was changed. "
            f"{page('grading.md')} says how to change it by hand."
        ) from error
    cell["source"] = new.splitlines(keepends=True)
    content = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=False) + "\n"
    try:
        replace_file(str(path.parent), path.name, content.encode(), _PERMISSIONS)
    except OSError as error:
        raise CourseError(f"{path} could not be written: {error.strerror}.") from error
    return lambda: replace_file(str(path.parent), path.name, earlier, _PERMISSIONS)


def _read(text: str) -> Item:
    return ITEM.read(ITEM.below(text), "the instructor's notebook", 2)


def _changed(text: str, before: Item, amended: Amended) -> str:
    if amended.accepted is not None:
        return _accepting(text, before, amended)
    if amended.restored:
        return re.sub(r"^withdrawn:.*\n(?:[ \t]+.*\n)*", "", text, count=1, flags=re.MULTILINE)
    return _withdrawn(text, amended.why)


def _withdrawn(text: str, why: str) -> str:
    return re.sub(
        r"^(id: .*\n)", lambda line: f"{line[1]}withdrawn: {_quoted(why)}\n", text, count=1, flags=re.MULTILINE
    )


def _accepting(text: str, item: Item, amended: Amended) -> str:
    """The text with one more option in its key, a reason for it, and no misconception of it."""
    option = amended.accepted
    if option not in acceptable(item):
        raise ValueError(option)
    assert isinstance(item, Choice)
    key = f"key: [{', '.join([*item.key, option])}]\n"
    text, keys = re.subn(r"^key: .*\n", key, text, flags=re.MULTILINE)
    entry = re.compile(rf"^  {option}:.*\n(?:    .*\n|\s*\n(?=    ))*", re.MULTILINE)
    text, reasons = _in_block(text, "rationale", entry, f"  {option}: {_quoted(amended.why)}\n")
    text, _ = _in_block(text, "misconceptions", entry, "")
    text = re.sub(r"^misconceptions:\n(?!  )", "", text, flags=re.MULTILINE)
    if (keys, reasons) != (1, 1):
        raise ValueError(option)
    return text


def _in_block(text: str, name: str, entry: re.Pattern[str], new: str) -> tuple[str, int]:
    """The text with an entry of one of its blocks replaced, and how many there were."""
    block = re.search(rf"^{name}:\n(?:  .*\n|\s*\n)*(?:  .*\Z)?", text, re.MULTILINE)
    if block is None:
        return text, 0
    ends = block[0] if block[0].endswith("\n") else f"{block[0]}\n"
    changed, count = entry.subn(lambda _: new, ends)
    if ends != block[0]:
        changed = changed.removesuffix("\n")
    return text[: block.start()] + changed + text[block.end() :], count


def _quoted(text: str) -> str:
    """A text as one line of YAML."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _refuse_other_changes(before: Item, after: Item, amended: Amended) -> None:
    why = " ".join(amended.why.split())
    if amended.restored:
        if before.withdrawn is None:
            raise ValueError(amended.item)
        expected = replace(before, withdrawn=None)
    elif amended.accepted is None:
        expected = replace(before, withdrawn=why)
    else:
        assert isinstance(before, Choice)
        expected = replace(
            before,
            key=(*before.key, amended.accepted),
            rationale={**before.rationale, amended.accepted: why},
            misconceptions={name: tag for name, tag in before.misconceptions.items() if name != amended.accepted},
        )
    if after != expected:
        raise ValueError(amended.item)
