"""Whose copy a notebook is: only in a person's own copy do cells run by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

#: Why nothing runs by itself; also the names of the interface texts that say so.
Why = Literal["submission", "instructor", "answers"]

# Folders in which nbgrader keeps submissions, in a course and in an exchange.
_HANDED_IN = {"submitted", "autograded", "feedback", "downloaded", "inbound"}
# Files that nbgrader puts beside a submission, and never into a student's own folder.
_RECEIPTS = ("timestamp.txt", "submission_secret.txt")
# The endings of the player's files, which are named after the module; spelled here too (responses/names.py), as opening
# stands alone.
_ANSWERS = (".responses.jsonl", ".essays.json")


class OwnCopies:
    """The notebooks that this person has started: a file in their own Jupyter data folder with one path a line, as
    JSON."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __contains__(self, notebook: Path) -> bool:
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return False
        return json.dumps(str(notebook)) in lines

    def add(self, notebook: Path) -> None:
        """Remember a notebook. If the disk refuses, the person has to click once more next time."""
        if notebook in self:
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(str(notebook)) + "\n")
        except OSError:
            return


@dataclass(frozen=True, slots=True)
class AutorunPolicy:
    """Decides what may run by itself for the person whose server this is."""

    own: OwnCopies
    instructor: bool = False
    #: The folders in which an instructor edits notebooks of their own.
    workshops: tuple[Path, ...] = field(default=())

    @classmethod
    def for_role(cls, own: OwnCopies, environment: Mapping[str, str]) -> AutorunPolicy:
        """The policy for a server; the classroom's servers name their role in the environment, others do not."""
        course = environment.get("FIELDGUIDE_COURSE")
        return cls(
            own,
            instructor=environment.get("FIELDGUIDE_ROLE") == "instructor",
            workshops=(Path(course).resolve() / "source",) if course else (),
        )

    def refusal(self, notebook: Path, *, anyway: bool = False) -> Why | None:
        """Why the cells of this notebook may not run by themselves; None where they may.

        ``anyway`` means that the person has asked for it, which does not count for a submission. Nothing that the
        notebook itself contains counts.
        """
        real = notebook.resolve()
        if _was_handed_in(notebook) or _was_handed_in(real):
            return "submission"
        if anyway:
            return None
        if self.instructor:
            return None if any(real.is_relative_to(folder) for folder in self.workshops) else "instructor"
        if real not in self.own and any(self._from_elsewhere(file) for file in real.parent.iterdir()):
            return "answers"
        return None

    def remember(self, notebook: Path) -> None:
        """Remember that the person has started this notebook, so that the responses beside it count as theirs.

        Not for an instructor, since another student's notebook may be in the same place tomorrow.
        """
        if not self.instructor:
            self.own.add(notebook.resolve())

    def _from_elsewhere(self, file: Path) -> bool:
        """Whether a file holds responses that do not belong to a notebook beside it which this person has started."""
        for ending in _ANSWERS:
            if file.name.lower().endswith(ending):  # some file systems ignore capitals
                return file.with_name(file.name[: -len(ending)] + ".ipynb").resolve() not in self.own
        return False


def _was_handed_in(notebook: Path) -> bool:
    folder = notebook.parent
    return bool(_HANDED_IN & set(folder.parts)) or any((folder / name).exists() for name in _RECEIPTS)
