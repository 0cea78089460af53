"""What the student wrote for their policy in other modules.

It is looked for beside this notebook and in the folders beside this folder, and nowhere else: that is where the other
modules of a course lie. Whatever stands there is read as carefully as any record.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fieldguide.forms.form import LONGEST_TEXT
from fieldguide.policy.reading import HEADINGS
from fieldguide.responses import ResponseRecord

_ENDING = ".essays.json"
_KEY = re.compile(rf"([a-z0-9-]+)\.({'|'.join(HEADINGS)})")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: A course has eight modules. What is beyond this is no course folder, and is not searched to its end.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text of another module, which is known by its number, or by its name where it has none."""

    text: str
    module: str
    time: str


def gather(record: ResponseRecord, policy_id: str) -> dict[str, Earlier]:
    """By heading, the newest text that another module's part of the policy holds."""
    found: dict[str, Earlier] = {}
    for folder, module in _modules(record.path.parent):
        other = ResponseRecord(folder, module)
        if other.essays_path == record.essays_path:
            continue
        for key, essay in other.snapshot().essays.items():
            match = _KEY.fullmatch(key)
            if match is None or match[1] == policy_id:
                continue
            if not essay.text.strip() or len(essay.text) > LONGEST_TEXT:
                continue
            time = essay.time if essay.time and _TIME.fullmatch(essay.time) else ""
            if match[2] not in found or time > found[match[2]].time:
                found[match[2]] = Earlier(essay.text, _called(module), time)
    return found


def _modules(here: Path) -> Iterator[tuple[Path, str]]:
    """Folders, this one first, and the modules whose essays lie in them. Links are not followed."""
    beside = (here.parent / name for name in _names(here.parent, folders=True) if name != here.name)
    for folder in (here, *beside):
        for name in _names(folder, folders=False):
            if name.endswith(_ENDING) and not name.startswith("."):
                yield folder, name.removesuffix(_ENDING)


def _names(folder: Path, *, folders: bool) -> list[str]:
    """The names of the folders, or of the plain files, in a folder that may not be readable."""
    try:
        with os.scandir(folder) as entries:
            kinds = (
                entry.name
                for entry in entries
                if (entry.is_dir if folders else entry.is_file)(follow_symlinks=False)
                and (folders or entry.name.endswith(_ENDING))
            )
            return sorted(islice(kinds, _MOST))
    except OSError:
        return []


def _called(module: str) -> str:
    return module[:2] if re.match(r"\d\d-", module) else module
