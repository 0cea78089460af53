"""Changes `courses.toml` for who would rather not edit it: the text, with its comments, and nothing but what was asked.

A change is made only where the file then says what is meant; else people are told to make it by hand.
"""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fieldguide.school import SchoolError
from fieldguide.school.reading import line_of, parse_school, why_no_id


def with_course(text: str, id_: str, table: dict[str, Any]) -> str:
    """The text with another course at its end; ``table`` is what its section holds. Raises SchoolError."""
    content = _content(text)
    if why := why_no_id(id_):
        raise SchoolError(f"{why} courses.toml was not changed.")
    if id_ in content.get("courses", {}):
        raise SchoolError(f"courses.toml has a course '{id_}' already.")
    content.setdefault("courses", {})[id_] = table
    return _checked(f"{text.rstrip()}\n\n{_section(('courses', id_), table)}", content)


def with_person(text: str, course: str, role: str, name: str) -> str:
    """The text with one more name among a course's ``role``, instructors or assistants; ``course`` may be a section's.

    Raises SchoolError.
    """
    content = _content(text)
    keys = _keys_of(content, course)
    table = _at(content, keys)
    names = [*table.get(role, []), name]
    if name in names[:-1]:
        raise SchoolError(f"{name} is among the {role} of {course} already.")
    table[role] = names
    return _with_line(text, keys, role, f"{role} = {_value(names)}", content)


def closed(text: str, course: str) -> str:
    """The text in which a course, with its sections, is closed. Raises SchoolError."""
    content = _content(text)
    keys = ("courses", course)
    _at(content, keys)["closed"] = True
    return _with_line(text, keys, "closed", "closed = true", content)


def table_of(text: str, course: str) -> dict[str, Any]:
    """What a course's section holds. Raises SchoolError."""
    return _at(_content(text), ("courses", course))


def write_settings(path: Path, before: str, text: str) -> None:
    """Write courses.toml anew, as a whole, with the owner and permissions it has; where it is a link, what it leads to.

    Raises SchoolError where somebody changed it meanwhile, and OSError where it cannot be written; then it is as it
    was.
    """
    target = path.resolve(strict=True)
    if target.read_text(encoding="utf-8-sig") != before:
        raise SchoolError(f"{path} was changed meanwhile, and stays as it is. Run this again.")
    was, draft = target.stat(), target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)  # of one that was stopped
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fchown(stream.fileno(), was.st_uid, was.st_gid)
            os.fchmod(stream.fileno(), stat.S_IMODE(was.st_mode))
            os.fsync(stream.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _content(text: str) -> dict[str, Any]:
    parse_school(text)  # tells every mistake
    return tomllib.loads(text)


def _keys_of(content: dict[str, Any], course: str) -> tuple[str, ...]:
    for id_, table in content["courses"].items():
        if id_ == course:
            return ("courses", id_)
        for section in table.get("sections", {}):
            if f"{id_}-{section}" == course:
                return ("courses", id_, "sections", section)
    raise SchoolError(f"courses.toml has no course '{course}'. Courses there: {', '.join(content['courses'])}.")


def _at(content: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    for key in keys:
        if key not in content:
            raise SchoolError(f"courses.toml has no course '{keys[1]}'.")
        content = content[key]
    return content


def _with_line(text: str, keys: tuple[str, ...], key: str, line: str, wanted: dict[str, Any]) -> str:
    """The text with a line in place of a key's, or under its section's head where the key is not there."""
    lines = text.split("\n")
    there = key in _at(tomllib.loads(text), keys)
    first = line_of(text, (*keys, key)) - 1
    if not there:
        # The section's head, which comments may stand before.
        head = next((n for n in range(first, len(lines)) if lines[n].lstrip().startswith("[")), first)
        return _checked("\n".join([*lines[: head + 1], line, *lines[head + 1 :]]), wanted)
    while first < len(lines) and not lines[first].lstrip().startswith(key):
        first += 1
    for last in range(first + 1, len(lines) + 1):  # names may stand on several lines
        changed = "\n".join([*lines[:first], line, *lines[last:]])
        try:
            if tomllib.loads(changed) == wanted:
                return _checked(changed, wanted)
        except tomllib.TOMLDecodeError:
            continue
    raise _by_hand(line)


def _checked(text: str, wanted: dict[str, Any]) -> str:
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _by_hand(str(error)) from error
    if said != wanted:
        raise _by_hand("it is written in a way that this does not change")
    parse_school(text)
    return text


def _by_hand(why: str) -> SchoolError:
    return SchoolError(
        f"courses.toml was not changed ({why}). Change it with an editor, then run: fieldguide-admin apply"
    )


def _section(keys: Sequence[str], table: dict[str, Any]) -> str:
    own = [f"{key} = {_value(value)}" for key, value in table.items() if key != "sections"]
    text = "\n".join([f"[{'.'.join(keys)}]", *own, ""])
    for section, inner in table.get("sections", {}).items():
        text += _section((*keys, "sections", section), inner)
    return text


def _value(value: Any) -> str:
    # A text in quotes, a list of texts, true or false: as JSON writes them.
    return json.dumps(value, ensure_ascii=False)
