"""The feedback that came back for a module, read out of the page that the exchange returned.

nbgrader puts it at ``<module>/feedback/<time of handing in>/<module>.html``. What is not of our making, or damaged, is
told in words, and the page itself can still be opened.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldguide.grading.embedded import VERSION, find_embedded
from fieldguide.grading.times import read_time
from fieldguide.plainfiles import TooLargeError, read_plain
from fieldguide.words import Words

say = Words("returned").say

#: Far more than the feedback on a module in which every essay has the greatest length, in bytes.
LARGEST_PAGE = 64 << 20
#: Folders of feedback that are looked at: one each time that something was handed in.
_MOST_FOLDERS = 1000


@dataclass(frozen=True, slots=True)
class Returned:
    """The newest feedback on a module.

    ``page`` is the file with it, ``time`` when what it is about was handed in (UTC, no zone), None where its folder
    tells no time. ``told`` is what it tells (``feedback.told_feedback``); None where that cannot be read, and
    ``problem`` says why.
    """

    page: Path
    time: datetime | None
    told: dict[str, Any] | None
    problem: str | None = None


def read_returned(folder: Path, module: str) -> Returned | None:
    """The newest feedback in a student's folder of a module; None where none has come back."""
    found = newest(folder, module)
    if found is None:
        return None
    page, time = found
    try:
        return Returned(page, time, _read(page))
    except TooLargeError:
        return Returned(page, time, None, say("too_large", name=page.name))
    except OSError as error:
        return Returned(page, time, None, say("not_read", name=page.name, reason=error.strerror or error))
    except _UnknownError as error:
        return Returned(page, time, None, str(error))
    except ValueError:
        return Returned(page, time, None, say("damaged", name=page.name))


def newest(folder: Path, module: str) -> tuple[Path, datetime | None] | None:
    """The page of the newest feedback and the time that its folder tells; None where there is none."""
    found = []
    try:
        with os.scandir(folder / "feedback") as entries:
            for _, entry in zip(range(_MOST_FOLDERS), entries, strict=False):
                page = folder / "feedback" / entry.name / f"{module}.html"
                if entry.is_dir(follow_symlinks=False) and page.is_file():
                    found.append((read_time(entry.name), page.stat().st_mtime, page))
    except OSError:
        return None
    if not found:
        return None
    time, _, page = max(found, key=lambda one: (one[0] or datetime.min, one[1]))
    return page, time


class _UnknownError(Exception):
    """The page holds nothing that this version can read; the text says why."""


def _read(page: Path) -> dict[str, Any]:
    told = find_embedded(read_plain(page, LARGEST_PAGE))
    if told is None:
        raise _UnknownError(say("no_data", name=page.name))
    if isinstance(told, dict) and isinstance(told.get("v"), int) and told["v"] > VERSION:
        raise _UnknownError(say("newer", name=page.name))
    if not fits(told, _FEEDBACK):
        raise ValueError("it does not have the form that feedback has")
    return told  # type: ignore[no-any-return]


# -- the form --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Maybe:
    """A value that may be lacking, or null."""

    shape: Any


@dataclass(frozen=True, slots=True)
class _OneOf:
    """A value whose form is told by one of its texts, the one by the name ``by``."""

    shapes: dict[str, Any]
    by: str = "is"


def fits(value: object, shape: Any) -> bool:
    """Whether a JSON value has a form: a type, a list of a form, or a dict with a form for each name it must have."""
    if isinstance(shape, _Maybe):
        return value is None or fits(value, shape.shape)
    if isinstance(shape, _OneOf):
        known = shape.shapes.get(str(value.get(shape.by))) if isinstance(value, dict) else None
        return known is not None and fits(value, known)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(fits(value.get(name), one) for name, one in shape.items())
    if shape is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is shape


_CHOICE = {"asked": str, "chosen": str}
_BLOCK = _OneOf(
    {
        **{name: {"text": str} for name in ("title", "heading", "aside", "prose", "quote")},
        **{name: {"text": str, "strong": str} for name in ("label", "line")},
        "folded": {"summary": str, "text": str},
        "list": {"texts": [str]},
        "choice": _CHOICE | {"sure": _Maybe(str)},
        "steps": {"steps": [_CHOICE]},
    }
)
_QUESTION: dict[str, Any] = {
    **{"id": str, "number": int, "title": str, "asked": str, "form": str, "state": str, "wording": str},
    **{"points": _Maybe(float), "of": float, "verdict": str, "remark": _Maybe(str), "comment": _Maybe(str)},
    "answers": _Maybe([{"asked": str, "said": str}]),
}
_PART = {
    **{"text": str, "marks": [str], "chosen": _Maybe(bool), "given": _Maybe(str), "said": _Maybe(str)},
    **{"right": _Maybe(bool), "best": _Maybe(str), "why": _Maybe(str)},
}
_RESPONSES: dict[str, dict[str, Any]] = {
    "parts": {
        **{"passage": [{"text": str, "phrase": bool}], "parts": [_PART]},
        **{"label": _Maybe(str), "given": _Maybe([str]), "best_label": _Maybe(str)},
    },
    "text": {
        **{"label": str, "given": _Maybe(str), "rubric_label": str},
        "rubric": [{"points": _Maybe(float), "of": float, "said": str}],
        **{"exemplar_label": _Maybe(str), "exemplar": _Maybe(str)},
    },
}
_ASKED = _OneOf({form: _QUESTION | response for form, response in _RESPONSES.items()}, by="form")
_FEEDBACK = {
    **{"v": int, "module": str, "language": str, "title": str},
    "total": _Maybe({"points": float, "of": float, "penalty": float, "waits": bool, "said": str}),
    "parts": [
        _OneOf(
            {
                "notes": {"notes": [str]},
                "question": _ASKED,
                "shown": {"kind": str, "cell": str, "blocks": [_BLOCK]},
            }
        )
    ],
    "checks": [{"title": str, "question": str, "answer": str, "why": str}],
}
