"""Texts of students in a file for spreadsheets, which take what begins with certain signs for a formula."""

from __future__ import annotations

#: With their wide forms, which some spreadsheets read alike.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_GUARDED = tuple(f"'{sign}" for sign in _FORMULA)


def guarded(text: str) -> str:
    """A text that stays one in a spreadsheet: an apostrophe keeps it from being a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """The text that guarded() was given."""
    return text[1:] if text.startswith(_GUARDED) else text
