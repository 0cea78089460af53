"""What the student wrote for their policy in other modules. It is read as carefully as any record."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldguide.forms.form import LONGEST_TEXT
from fieldguide.player.beside import modules_beside
from fieldguide.policy.reading import HEADINGS
from fieldguide.responses import ResponseRecord
from fieldguide.responses.names import ESSAYS

_KEY = re.compile(rf"([a-z0-9-]+)\.({'|'.join(HEADINGS)})")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text of another module, which is known by its number, or by its name where it has none."""

    text: str
    module: str
    time: str


def gather(record: ResponseRecord, policy_id: str) -> dict[str, Earlier]:
    """By heading, the newest text that another module's part of the policy holds."""
    found: dict[str, Earlier] = {}
    for folder, module in modules_beside(record.path.parent, ESSAYS):
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


def _called(module: str) -> str:
    return module[:2] if re.match(r"\d\d-", module) else module
