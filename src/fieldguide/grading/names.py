"""Names that students choose, for themselves and for files: which can be a student's id, and how to print any of them
safely."""

from __future__ import annotations

import re
from typing import Any

#: Accounts of people who come from a course site or a sign-in service, and what their names begin with: they tell
#: nothing of their people. And one in a text, where it is no part of a path or of a file's name.
BEGINS = "p-"
FROM_ELSEWHERE = re.compile(r"p-[a-z2-7]{16}")
OF_ELSEWHERE = re.compile(rf"(?<![\w/+.-]){FROM_ELSEWHERE.pattern}(?![\w/+-])")

_LONGEST_ID = 128  # as the gradebook has it
# Characters with a meaning in pages, in paths or in nbgrader's patterns for names.
_SIGNS = re.compile(r"""[<>"'&\\/*?\[\]]""")
# Printable for Unicode, but invisible: joiners, fillers, blanks and selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def why_no_id(name: str) -> str | None:
    """Why ``name`` cannot be a student's id, as words that follow "it"; None where it can be one.

    A roster or a hub does not create such names. In a page one could be script, in a command another student's id.
    """
    if not name:
        return "is empty"
    if len(name) > _LONGEST_ID:
        return f"is longer than {_LONGEST_ID} signs"
    if name[0] in ".-":
        return "begins with a dot or a dash"
    if name.strip() != name:
        return "begins or ends with a space"
    unseen = next((sign for sign in name if not sign.isprintable() or _UNSEEN.match(sign)), None)
    if unseen is not None:
        return f"has a sign in it that cannot be seen (U+{ord(unseen):04X})"
    odd = _SIGNS.search(name)
    return f"has {odd[0]} in it" if odd else None


def own_id(coursedir: Any) -> str:
    """The id under which this account hands in, by its settings of nbgrader (``CourseDirectory``)."""
    from nbgrader.utils import get_username

    return str(coursedir.student_id if coursedir.student_id not in ("", "*") else get_username())


def show(text: str, longest: int = 80) -> str:
    """A name that a student chose, made safe for a terminal or a line of text."""
    clean = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[: longest + 1])
    return clean if len(clean) <= longest else clean[:longest] + "…"
