"""A finding: where it is, what is wrong, what was expected instead, and how serious it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a check. An error must be fixed; a remark is for a person to judge."""

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
    """A finding that is reported without making the check fail."""
    return Finding(file, line, what, expected, is_error=False)
