"""What a check finds: where, what is wrong, what was expected instead, and how much it matters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found. An error must be mended; a remark is for a person to judge."""

    file: str
    line: int
    what: str
    expected: str
    is_error: bool

    def __str__(self) -> str:
        kind = "error" if self.is_error else "remark"
        return f"{self.file}, line {self.line}: {kind}: {self.what} {self.expected}"


def error(file: str, line: int, what: str, expected: str) -> Finding:
    """A finding that makes the check fail."""
    return Finding(file, line, what, expected, is_error=True)


def remark(file: str, line: int, what: str, expected: str) -> Finding:
    """A finding that is told and does not make the check fail."""
    return Finding(file, line, what, expected, is_error=False)
