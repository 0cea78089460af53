"""The accounts of the try-out classroom, and their passwords."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from fieldguide.hub import ClassroomError

#: nbgrader's id of the try-out's course.
COURSE_ID = "fieldguide"
INSTRUCTOR = "instructor"
ASSISTANT = "assistant"

# Letters and digits that are not easily confused when typed from a screen.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Student:
    """A made-up student, with the details that the gradebook has."""

    id: str
    first_name: str
    last_name: str


STUDENTS = (
    Student("ana", "Ana", "Souza"),
    Student("ben", "Ben", "Carter"),
    Student("chioma", "Chioma", "Okafor"),
)


def all_names() -> list[str]:
    """The log-in names, the instructor first."""
    return [INSTRUCTOR, ASSISTANT, *(student.id for student in STUDENTS)]


def load_passwords(file: Path) -> dict[str, str]:
    """Read the passwords and create the missing ones. Only the file's owner can read it.

    They are kept in plain text because they are shown at every start: they protect a try-out on one machine, nothing
    more.
    """
    try:
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        if not isinstance(known, dict) or not all(isinstance(word, str) and word for word in known.values()):
            raise ValueError("not a mapping of names to passwords")
    except ValueError as error:
        raise ClassroomError(
            f"The passwords in {file} cannot be read ({error}). Delete that file: the next start makes new ones."
        ) from error
    passwords: dict[str, str] = {name: known.get(name) or new_password() for name in all_names()}
    if passwords != known:
        _write_private(file, json.dumps(passwords, indent=2) + "\n")
    file.chmod(0o600)
    return passwords


def new_password() -> str:
    """A password of twelve letters and digits that can be read from a screen and typed."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def _write_private(file: Path, text: str) -> None:
    """Replace the file in one step, so that it is never incomplete and never readable by others."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(file)
