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
from fieldguide.items.entry import Entry
from fieldguide.items.match import Match
from fieldguide.plainfiles import read_own

_LARGEST = 64 << 20
_PERMISSIONS = 0o644
#: The key where it is no block: one answer, or a list of them.
_KEY = re.compile(r"^key: .*\n|^key:[ \t]*\n(?:[ \t]*- .*\n)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Amended:
    """How a question was changed, and why. ``accepted`` is what is right too: an option, of a match at its ``prompt``,
    or what is entered. None: the question was withdrawn, or, ``restored``, counts again."""

    item: str
    why: str
    accepted: str | None = None
    restored: bool = False
    prompt: str | None = None


def acceptable(item: Item) -> dict[str | None, dict[str, str]]:
    """The options of a question of which one more can be accepted, by id: where one option is chosen, and at each
    prompt of a match. Elsewhere there are none, as each option is right or wrong by itself."""
    if item.withdrawn is not None:
        return {}
    if isinstance(item, Choice) and item.any_option:
        return {None: {name: text for name, text in item.options.items() if name not in item.key}}
    if isinstance(item, Match):
        return {
            prompt: {name: text for name, text in item.options.items() if name not in item.right(prompt)}
            for prompt in item.prompts
        }
    return {}


def is_right(item: Item, answer: str, prompt: str | None = None) -> bool:
    """Whether an answer is one of those that are right, where a question has one or several such."""
    if isinstance(item, Match):
        return prompt is not None and answer in item.right(prompt)
    if isinstance(item, Entry):
        return item.fraction(answer) == 1
    return isinstance(item, Choice) and answer in item.key


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
        after = _changed(before, amended)
        new = _text(text, after, amended)
        if _read(new) != after:
            raise ValueError(amended.item)
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


def _changed(before: Item, amended: Amended) -> Item:
    """The question as it is to be. Raises ValueError where it cannot be."""
    why, answer, prompt = _one_line(amended.why), amended.accepted, amended.prompt
    if answer is None:
        if amended.restored and before.withdrawn is None:
            raise ValueError(amended.item)
        return replace(before, withdrawn=None if amended.restored else why)
    if isinstance(before, Entry):
        reasons = {**before.rationale, "right": f"{before.rationale['right'].strip()} {why}"}
        return replace(before, key=(*before.key, answer), rationale=reasons)
    if answer not in acceptable(before).get(prompt, {}):
        raise ValueError(answer)
    if isinstance(before, Match) and prompt is not None:
        also = {**before.also, prompt: (*before.also.get(prompt, ()), answer)}
        reasons = {**before.rationale, prompt: f"{before.rationale[prompt].strip()} {why}"}
        return replace(before, also=also, rationale=reasons)
    assert isinstance(before, Choice)
    return replace(
        before,
        key=(*before.key, answer),
        rationale={**before.rationale, answer: why},
        misconceptions={name: tag for name, tag in before.misconceptions.items() if name != answer},
    )


def _text(text: str, after: Item, amended: Amended) -> str:
    """The text of a question with what makes it the one that it is to be."""
    if amended.accepted is not None:
        return _accepting(text, after, amended.accepted, amended.prompt)
    if amended.restored:
        return re.sub(r"^withdrawn:.*\n(?:[ \t]+.*\n)*", "", text, count=1, flags=re.MULTILINE)
    return _withdrawn(text, amended.why)


def _withdrawn(text: str, why: str) -> str:
    return re.sub(
        r"^(id: .*\n)", lambda line: f"{line[1]}withdrawn: {_quoted(why)}\n", text, count=1, flags=re.MULTILINE
    )


def _accepting(text: str, after: Item, answer: str, prompt: str | None) -> str:
    """The text with one more right answer in its key, and the reason."""
    assert isinstance(after, Choice | Match | Entry)
    if isinstance(after, Match) and prompt is not None:
        at = prompt
        text, keys = _in_block(text, "key", at, f"  {at}: [{', '.join(after.right(at))}]\n")
    else:
        at = "right" if isinstance(after, Entry) else answer
        forms = map(_quoted, after.key) if isinstance(after, Entry) else after.key
        key = f"key: [{', '.join(forms)}]\n"
        text, keys = _KEY.subn(lambda _: key, text)
        text, _ = _in_block(text, "misconceptions", answer, "")
        text = re.sub(r"^misconceptions:\n(?!  )", "", text, flags=re.MULTILINE)
    reason = json.dumps(after.rationale[at], ensure_ascii=False)
    text, reasons = _in_block(text, "rationale", at, f"  {at}: {reason}\n")
    if (keys, reasons) != (1, 1):
        raise ValueError(answer)
    return text


def _in_block(text: str, name: str, entry: str, new: str) -> tuple[str, int]:
    """The text with an entry of one of its blocks replaced, with all its lines, and how many there were."""
    block = re.search(rf"^{name}:\n(?:  .*\n|\s*\n)*(?:  .*\Z)?", text, re.MULTILINE)
    if block is None:
        return text, 0
    ends = block[0] if block[0].endswith("\n") else f"{block[0]}\n"
    lines = re.compile(rf"^  {re.escape(entry)}:.*\n(?:    .*\n|\s*\n(?=    ))*", re.MULTILINE)
    changed, count = lines.subn(lambda _: new, ends)
    if ends != block[0]:
        changed = changed.removesuffix("\n")
    return text[: block.start()] + changed + text[block.end() :], count


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """A text as one line of YAML."""
    return json.dumps(_one_line(text), ensure_ascii=False)
