"""What a student answered: the response record beside the notebook.

Two files carry it, both the student's own to read:

- ``<module>.responses.jsonl``: one JSON object a line, only ever added to, on the disk before anybody is
  told "Saved". Each line: ``v`` (1), ``time`` (UTC, ISO 8601), ``item`` (id), ``event`` (``save`` for graded
  and check items, ``check`` for an attempt at a practice item), ``response`` (any JSON value; null is none).
- ``<module>.essays.json``: the current text of each essay and nothing older, because a name that a student
  took out again must not travel in a draft. Replaced as a whole, atomically.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: no lock between kernels there, every single write is still whole
    fcntl = None  # type: ignore[assignment]

SAVE = "save"
CHECK = "check"
#: No response of ours comes near this; a longer line is not of our making.
LONGEST_LINE = 64 * 1024
LARGEST_ESSAYS = 4 * 1024 * 1024
_MOST_PROBLEMS = 20


@dataclass(slots=True)
class ItemResponses:
    """What the record holds for one item: the last saved response and when, and every attempt in order."""

    saved: object = None
    saved_at: str | None = None
    attempts: list[object] = field(default_factory=list)


class ResponseRecord:
    """The response record of one module in one folder.

    Reading never fails: what cannot be read is set aside and described in ``problems`` (texts for people).
    Writing raises OSError when the disk refuses, and nothing already saved is touched by that.
    """

    def __init__(self, folder: Path, module: str) -> None:
        self.path = folder / f"{module}.responses.jsonl"
        self.essays_path = folder / f"{module}.essays.json"
        self._draft_path = folder / f".{module}.essays.json.part"
        self.problems: list[str] = []
        self._items: dict[str, ItemResponses] = {}
        self._offset = 0
        self._line = 0

    # -- reading -----------------------------------------------------------------------------------

    def of(self, item_id: str) -> ItemResponses:
        """What is on record for an item now, lines that another kernel wrote meanwhile included."""
        self._catch_up()
        return self._items.get(item_id, ItemResponses())

    def item_ids(self) -> set[str]:
        """The ids of every item the record speaks of."""
        self._catch_up()
        return set(self._items)

    def essay(self, item_id: str) -> tuple[str | None, str | None]:
        """The current text of an essay and when it was saved; both None when there is none."""
        entry = (self._read_essays() or {}).get(item_id)
        return (entry["text"], entry["time"]) if entry else (None, None)

    def _catch_up(self) -> None:
        try:
            with _plain(self.path).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size < self._offset:  # replaced or cut: begin anew
                    self._offset, self._line, self._items = 0, 0, {}
                if size == self._offset:
                    return
                file.seek(self._offset)
                self._read_lines(file)
        except FileNotFoundError:
            self._offset, self._line, self._items = 0, 0, {}
        except OSError as error:
            self._note(f"{self.path.name} could not be read ({error.strerror}).")

    def _read_lines(self, file: IO[bytes]) -> None:
        while line := file.readline(LONGEST_LINE + 1):
            length = len(line)
            while not line.endswith(b"\n") and (rest := file.readline(LONGEST_LINE)):
                length += len(rest)
                line = rest
            if not line.endswith(b"\n"):
                return  # torn by a crash, or still being written: looked at again next time
            self._offset += length
            self._line += 1
            if length > LONGEST_LINE:
                self._note(f"{self.path.name}, line {self._line}: longer than any answer; set aside.")
            elif line.strip():
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            self._note(f"{self.path.name}, line {self._line}: not readable; set aside.")
            return
        match entry:
            case {"v": 1, "item": str(item), "event": "save", "time": str(time)}:
                responses = self._items.setdefault(item, ItemResponses())
                responses.saved = entry.get("response")
                responses.saved_at = time
            case {"v": 1, "item": str(item), "event": "check", "time": str()}:
                self._items.setdefault(item, ItemResponses()).attempts.append(entry.get("response"))
            case _:
                self._note(f"{self.path.name}, line {self._line}: not an entry that is known here; set aside.")

    def _read_essays(self) -> dict[str, dict[str, str]] | None:
        """The essays on record by item id; None when there is a file and it cannot be read."""
        name = self.essays_path.name
        try:
            if _plain(self.essays_path).stat().st_size > LARGEST_ESSAYS:
                self._note(f"{name} is larger than any essay; set aside.")
                return None
            content = json.loads(self.essays_path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._note(f"{name} could not be read ({error.strerror}).")
            return None
        except (ValueError, RecursionError):
            self._note(f"{name} is not readable; set aside.")
            return None
        match content:
            case {"v": 1, "essays": dict(essays)}:
                return {
                    item: {"text": entry["text"], "time": entry["time"]}
                    for item, entry in essays.items()
                    if isinstance(entry, dict)
                    and isinstance(entry.get("text"), str)
                    and isinstance(entry.get("time"), str)
                }
        self._note(f"{name} is not a file of essays that is known here; set aside.")
        return None

    def _note(self, problem: str) -> None:
        if problem not in self.problems and len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)

    # -- writing -----------------------------------------------------------------------------------

    def save(self, item_id: str, response: object) -> str:
        """Add a response to a graded or check item; returns the time (UTC, ISO 8601) once it is on the disk."""
        return self._append(item_id, SAVE, response)

    def check(self, item_id: str, response: object) -> str:
        """Add an attempt at a practice item; returns the time once it is on the disk."""
        return self._append(item_id, CHECK, response)

    def _append(self, item_id: str, event: str, response: object) -> str:
        time = _now()
        entry = {"v": 1, "time": time, "item": item_id, "event": event, "response": response}
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        with self._locked() as file:
            size = os.fstat(file.fileno()).st_size
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":
                    line = b"\n" + line  # close a line that a crash tore, so that this one stays whole
            if file.write(line) != len(line):
                file.truncate(size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file.fileno())
        return time

    def save_essay(self, item_id: str, text: str | None) -> str:
        """Keep ``text`` as the only text of an essay (None or blank removes it); returns the time."""
        time = _now()
        with self._locked():
            essays = self._read_essays()
            if essays is None:  # not written over: put by, for its owner to look at
                self.essays_path.replace(self.essays_path.with_suffix(".damaged"))
                essays = {}
            if text is None or not text.strip():
                essays.pop(item_id, None)
            else:
                essays[item_id] = {"text": text, "time": time}
            content = json.dumps({"v": 1, "essays": essays}, ensure_ascii=False, indent=1)
            try:
                with self._draft_path.open("w", encoding="utf-8") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                self._draft_path.replace(self.essays_path)
            finally:
                self._draft_path.unlink(missing_ok=True)
        return time

    def remove_drafts(self) -> None:
        """Remove what a crash in the middle of saving an essay may have left: it can hold deleted words."""
        with contextlib.suppress(OSError):
            self._draft_path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[FileIO]:
        """The record opened for adding, held against other kernels while it is open."""
        with self.path.open("a+b", buffering=0) as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _plain(path: Path) -> Path:
    """``path``, if it is a plain file: a link, a pipe or a device in a submitted folder is not followed."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, "it is no plain file")
    return path


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
