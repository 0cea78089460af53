"""Listing what is in the exchange, in a way that no student's files can stop."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeList

from fieldguide.grading.inbound import SECRET, read_secret
from fieldguide.grading.names import show, why_no_id


class List(ExchangeList):  # type: ignore[misc]
    """nbgrader's list of assignments and submissions; what cannot be read is reported and left out."""

    assignments: list[str]

    def parse_assignments(self) -> list[dict[str, Any]]:
        every = self.assignments
        self.assignments = [path for path in every if self._can_be_listed(Path(path))]
        try:
            found: list[dict[str, Any]] = super().parse_assignments()
        finally:
            self.assignments = every
        return found

    def remove_files(self) -> list[dict[str, Any]]:
        removed: list[dict[str, Any]] = self.list_files()
        left = 0
        for path in map(Path, self.assignments):
            try:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            except OSError as error:
                left += 1
                self.log.error("%s could not be removed: %s.", show(path.name), error.strerror)
        if left:
            self.fail(f"{left} could not be removed; see above.")
        return removed

    def _can_be_listed(self, path: Path) -> bool:
        why = self._why_not(path)
        if why:
            self.log.error("%s is not in the list: %s.", show(path.name), why)
        return why is None

    def _why_not(self, path: Path) -> str | None:
        """Why a folder cannot be listed: nbgrader would fail on it or wait forever."""
        if not self.inbound and not self.cached:
            return None
        if path.is_symlink() or not path.is_dir():
            return "it is no folder"
        try:
            student = self.parse_assignment(str(path))["student_id"]
        except RuntimeError:
            return "its name does not tell a student, an assignment and a time"
        no_id = why_no_id(student)
        if no_id:
            return f"its name has no student's id: that {no_id}"
        secret = path / SECRET
        # Without a secret nbgrader opens the notebooks: in the cache the student's own, elsewhere anybody's.
        if read_secret(path) is None and (self.inbound or secret.exists() or secret.is_symlink()):
            return f"its {SECRET} is missing or not readable"
        return None
