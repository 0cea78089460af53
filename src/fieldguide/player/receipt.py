"""The receipt of what was handed in: when, and a checksum of each file that was sent.

It is on record (``ownrecord``), and lies as a text beside the notebook for a student to keep or to show. It is not
handed in itself.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from fieldguide.plainfiles import open_new
from fieldguide.player.ownrecord import SUBMITTED, submitted
from fieldguide.responses import Snapshot
from fieldguide.responses.names import is_receipt
from fieldguide.words import Words

_told = Words("handing").say

#: What travels beside answers and tells nobody anything: when, and a secret under which feedback returns.
_EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was handed in last: when (UTC, ISO 8601), and of each file by its name the SHA-256 checksum."""

    time: str
    files: dict[str, str]

    @property
    def name(self) -> str:
        """The name of the file that holds it."""
        return f"receipt-{self.time[:10]}-{self.time[11:19].replace(':', '')}.txt"

    def text(self, title: str, module: str) -> str:
        """The receipt as a text, with the checksums as sha256sum reads them."""
        files = [f"{checksum}  {name}" for name, checksum in self.files.items()]
        head = [_told("receipt_of", title=title, module=module), _told("receipt_when", time=self.time)]
        return "\n".join([*head, "", _told("receipt_files"), *files, "", _told("receipt_how"), ""])

    def write(self, folder: Path, title: str, module: str) -> None:
        """Write it into the module's folder, unless it is there. Raises OSError."""
        place = folder / self.name
        if os.path.lexists(place):
            return
        part = folder / f".{self.name}.part"
        try:
            with open(open_new(part), "w", encoding="utf-8") as file:  # noqa: PTH123 (it is open already)
                file.write(self.text(title, module))
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)


def receipt(now: Snapshot) -> Receipt | None:
    """The receipt of what was handed in last, as the record says; None where it says nothing that can be read."""
    last, told = submitted(now), now.settings.get(SUBMITTED)
    files = told.get("files") if isinstance(told, dict) else None
    if last is None or not isinstance(files, dict):
        return None
    checksums = {str(name): str(checksum) for name, checksum in files.items() if name not in _EXCHANGE_FILES}
    return Receipt(last.time, checksums)


def receipts_in(folder: Path) -> list[str]:
    """The names of the receipts in a module's folder, the newest first."""
    with contextlib.suppress(OSError):
        return sorted((name for name in os.listdir(folder) if is_receipt(name)), reverse=True)  # noqa: PTH208
    return []
