"""Whose copy a notebook is. Only in a person's own copy do cells run without being asked to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

#: Why nothing runs by itself; also the names of the words that say so.
Why = Literal["submission", "instructor", "answers"]

# Folders in which nbgrader keeps what was handed in, in a course and in an exchange.
_HANDED_IN = {"submitted", "autograded", "feedback", "downloaded", "inbound"}
# Files that nbgrader lays beside what was handed in, and never into a student's own folder.
_RECEIPTS = ("timestamp.txt", "submission_secret.txt")
# What the player writes beside a notebook, after the name of the module that the notebook holds.
_ANSWERS = (".responses.jsonl", ".essays.json")


class OwnCopies:
    """The notebooks that this person has started: one path a line, as JSON, in their own Jupyter data folder."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __contains__(self, notebook: Path) -> bool:
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return False
        return json.dumps(str(notebook)) in lines

    def add(self, notebook: Path) -> None:
        """Remember a notebook. A disk that refuses costs the person one more click next time, and no more."""
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
    #: Where an instructor works on notebooks of their own.
    workshops: tuple[Path, ...] = field(default=())

    @classmethod
    def for_role(cls, own: OwnCopies, environment: Mapping[str, str]) -> AutorunPolicy:
        """The classroom's servers say in their environment whose they are; others say nothing."""
        course = environment.get("FIELDGUIDE_COURSE")
        return cls(
            own,
            instructor=environment.get("FIELDGUIDE_ROLE") == "instructor",
            workshops=(Path(course).resolve() / "source",) if course else (),
        )

    def refusal(self, notebook: Path, *, anyway: bool = False) -> Why | None:
        """Why the cells of this notebook may not run by themselves; None where they may.

        ``anyway`` is the person's own word that they may. It does not count for a submission. Nothing that the notebook
        says of itself counts either.
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
        """Remember that the person has started this notebook, so that the answers beside it are theirs.

        Not an instructor: what stands at the same place tomorrow may be another student's.
        """
        if not self.instructor:
            self.own.add(notebook.resolve())

    def _from_elsewhere(self, file: Path) -> bool:
        """Whether a file holds answers, and not of a notebook beside it that this person has started."""
        for ending in _ANSWERS:
            if file.name.lower().endswith(ending):  # some disks find a file by other capitals too
                return file.with_name(file.name[: -len(ending)] + ".ipynb").resolve() not in self.own
        return False


def _was_handed_in(notebook: Path) -> bool:
    folder = notebook.parent
    return bool(_HANDED_IN & set(folder.parts)) or any((folder / name).exists() for name in _RECEIPTS)
