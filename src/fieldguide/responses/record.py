"""The two files of a response record: reading them, adding to them, and beginning one anew that grew too large."""

from __future__ import annotations

import codecs
import contextlib
import errno
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader, FileIO
from pathlib import Path
from typing import IO, Any

from fieldguide.plainfiles import TooLargeError, make_private, open_new, open_plain, read_plain, write_whole
from fieldguide.responses.lines import (
    CHECK,
    ESSAY,
    LONGEST_LINE,
    SAVE,
    SETTING,
    is_whole,
    line_of,
    lines_in,
    mended,
    now_told,
    parse,
    what_counts,
)
from fieldguide.responses.names import ESSAYS, RECORD
from fieldguide.responses.snapshot import EssayText, Found, ItemResponses, Snapshot
from fieldguide.responses.turns import Turns
from fieldguide.words import Words

say = Words("record").say

try:
    import fcntl
except ImportError:  # Windows: no lock between kernels there, every single write is still whole
    fcntl = None  # type: ignore[assignment]

#: Tens of thousands of answers; a larger record was not written by a person who answers questions.
LARGEST_RECORD = 4 * 1024 * 1024
LARGEST_ESSAYS = 4 * 1024 * 1024
_MOST_PROBLEMS = 20


class ResponseRecord:
    """The response record of one module in one folder.

    ``snapshot`` reads what is on record; it never fails: what cannot be read is set aside and described in
    ``problems`` (texts for people). Whatever writes returns a snapshot too, so that nobody has to read again. It
    raises OSError when the disk refuses, and nothing already saved is touched by that.
    """

    def __init__(self, folder: Path, module: str) -> None:
        self.path = folder / f"{module}{RECORD}"
        self.essays_path = folder / f"{module}{ESSAYS}"
        self._draft_path = folder / f".{module}{ESSAYS}.part"
        self._turns = Turns(folder, module)
        self.problems: list[str] = []
        # JupyterLab has messages of widgets handled beside the running cell, in a thread of their own.
        self._reading = threading.Lock()
        self._essays: dict[str, EssayText] = {}
        self._essays_file = Found.MISSING
        self._begin(None)

    def _begin(self, inode: int | None) -> None:
        """Forget what was read: the file is another one now, or was cut."""
        self._inode = inode
        self._offset = 0
        self._lines_ended = 0
        self._cut = False
        self._unreadable = False
        self._any = False
        self._items: dict[str, ItemResponses] = {}
        self._settings: dict[str, object] = {}
        self._kept: set[str] = set()

    # -- reading -----------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """What is on record now, lines that another kernel wrote meanwhile included. Opens each file once."""
        with self._reading:
            self._read_record()
            self._essays = self._texts_in(self._read_essays() or {})
            return self._as_read()

    def of(self, item_id: str) -> ItemResponses:
        """What is on record for an item now."""
        return self.snapshot().of(item_id)

    def essay(self, item_id: str) -> tuple[str | None, str | None]:
        """The current text of an essay and when it was saved; both None when there is none."""
        return self.snapshot().essay(item_id)

    def _as_read(self) -> Snapshot:
        """What was read last, in a copy that the next line does not change."""
        responses = {
            item: replace(each, attempts=[*each.attempts], certainties=[*each.certainties])
            for item, each in self._items.items()
        }
        return Snapshot(
            responses,
            dict(self._essays),
            dict(self._settings),
            frozenset(self._kept),
            self._cut,
            self._record_file(),
            self._essays_file,
        )

    def _record_file(self) -> Found:
        if self._unreadable:
            return Found.UNREADABLE
        if self._inode is None:
            return Found.MISSING
        return Found.READ if self._any else Found.EMPTY

    def _read_record(self) -> None:
        try:
            with open(open_plain(self.path), "rb") as file:  # noqa: PTH123 (it is open already)
                self._read_on(file)
        except FileNotFoundError:
            self._begin(None)
        except OSError as error:
            self._unreadable = True
            self._note(say("not_read", name=self.path.name, reason=error.strerror))

    def _read_on(self, file: IO[bytes]) -> None:
        """Read what was added to the record since the last time; all of it where it is another file now."""
        about = os.fstat(file.fileno())
        if about.st_size < self._offset or about.st_ino != self._inode:
            self._begin(about.st_ino)
        self._unreadable = self._cut = False
        if about.st_size == self._offset:
            return
        if about.st_size > LARGEST_RECORD:
            self._unreadable = True
            self._note(say("too_large", name=self.path.name, megabytes=LARGEST_RECORD >> 20))
            return
        file.seek(self._offset)
        self._read_lines(file)

    def _read_lines(self, file: IO[bytes]) -> None:
        for line, length in lines_in(file):
            ended = line.endswith((b"\n", b"\r"))
            if not ended and not is_whole(line):
                self._cut = True  # looked at again next time
                return
            number = self._lines_ended + 1
            self._offset += length
            self._lines_ended += ended
            if length > LONGEST_LINE:
                self._any = True
                self._note(say("long_line", name=self.path.name, number=number))
            elif line.removeprefix(codecs.BOM_UTF8).strip():
                self._any = True
                self._take(line, number)

    def _take(self, line: bytes, number: int) -> None:
        try:
            entry = parse(line)
        except (ValueError, RecursionError):
            self._note(say("damaged_line", name=self.path.name, number=number))
            return
        match entry:
            case {"v": 1, "item": str(item), "event": "save", "time": str(time)}:
                responses = self._items.setdefault(item, ItemResponses())
                responses.saved = entry.get("response")
                responses.saved_at = time
            case {"v": 1, "item": str(item), "event": "check", "time": str()}:
                responses = self._items.setdefault(item, ItemResponses())
                responses.attempts.append(entry.get("response"))
                certainty = entry.get("certainty")
                responses.certainties.append(certainty if isinstance(certainty, str) else None)
            case {"v": 1, "event": "setting", "name": str(name), "time": str()}:
                self._settings[name] = entry.get("value")
            case {"v": 1, "item": str(item), "event": "essay", "kept": True, "time": str()}:
                self._kept.add(item)
            case {"v": 1, "item": str(item), "event": "essay", "kept": False, "time": str()}:
                self._kept.discard(item)
            case _:
                self._note(say("unknown_line", name=self.path.name, number=number))

    def _read_essays(self) -> dict[str, Any] | None:
        """The entries of the essays' file by item id; none where there is no file, None where it cannot be read."""
        name = self.essays_path.name
        self._essays_file = Found.UNREADABLE
        try:
            content = parse(read_plain(self.essays_path, LARGEST_ESSAYS))
        except FileNotFoundError:
            self._essays_file = Found.MISSING
            return {}
        except TooLargeError:
            self._note(say("large_essays", name=name))
            return None
        except OSError as error:
            self._note(say("not_read", name=name, reason=error.strerror))
            return None
        except (ValueError, RecursionError):
            self._note(say("damaged_essays", name=name))
            return None
        match content:
            case {"v": 1, "essays": dict(essays)}:
                self._essays_file = Found.READ
                return essays
        self._note(say("unknown_essays", name=name))
        return None

    def _texts_in(self, entries: dict[str, Any]) -> dict[str, EssayText]:
        texts = {}
        for item, entry in entries.items():
            match entry:
                case {"text": str(text)}:
                    time = entry.get("time")
                    texts[item] = EssayText(text, time if isinstance(time, str) else None)
                case _:
                    self._note(say("no_text", name=self.essays_path.name, item=item[:40]))
        return texts

    def _note(self, problem: str) -> None:
        if problem not in self.problems and len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)

    # -- writing -----------------------------------------------------------------------------------

    def save(self, item_id: str, response: object) -> Snapshot:
        """Add a response to a graded or check item; returns what is on record once it is on the disk."""
        return self._append({"item": item_id, "event": SAVE, "response": response})

    def check(self, item_id: str, response: object, certainty: str | None = None) -> Snapshot:
        """Add an attempt at a practice item; returns what is on record once it is on the disk."""
        said = {} if certainty is None else {"certainty": certainty}
        return self._append({"item": item_id, "event": CHECK, "response": response, **said})

    def set(self, name: str, value: object) -> Snapshot:
        """Keep how the student likes this notebook; returns what is on record once it is on the disk."""
        return self._append({"event": SETTING, "name": name, "value": value})

    def _append(self, what: dict[str, object]) -> Snapshot:
        line = line_of(what)
        for _try in range(_TRIES):
            with self._locked() as file:
                if self._add(file, line):
                    return self._read_back(file)
                self._begin_file_anew(file)
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))

    def _read_back(self, file: FileIO, entries: dict[str, Any] | None = None) -> Snapshot:
        """What is on record now. Needs the lock. ``entries`` are the essays, where they were just written."""
        reader = BufferedReader(file)
        with self._reading:
            if entries is not None:
                self._essays, self._essays_file = self._texts_in(entries), Found.READ
            try:
                self._read_on(reader)
            except OSError as error:  # what was to be saved is saved, though it cannot be read again
                self._note(say("not_read", name=self.path.name, reason=error.strerror))
            finally:
                reader.detach()
            return self._as_read()

    def _add(self, file: FileIO, line: bytes) -> bool:
        """Add a line to the locked record. Returns False, and adds nothing, when the record would become too large."""
        size = os.fstat(file.fileno()).st_size
        if size + len(line) >= LARGEST_RECORD:
            return False
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                line = b"\n" + line  # close a line that a crash tore, so that this one stays whole
        if file.write(line) != len(line):
            file.truncate(size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
        if not size:
            _sync_folder(self.path.parent)
        return True

    def make_room(self) -> None:
        """Begin a record anew that is too large to be read. Raises OSError when that cannot be done."""
        with contextlib.suppress(FileNotFoundError):
            if self.path.lstat().st_size > LARGEST_RECORD:
                with self._locked() as file:
                    if os.fstat(file.fileno()).st_size > LARGEST_RECORD:
                        self._begin_file_anew(file)

    def _begin_file_anew(self, old: FileIO) -> None:
        """Start a new record with the lines that still count, and keep the old one as a backup file for its owner."""
        old.seek(0)
        reader = BufferedReader(old)
        try:
            content = b"".join(what_counts(reader))
        finally:
            reader.detach()
        if len(content) > LARGEST_RECORD // 2:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        # The old file gets its backup name before the new one takes its place, so that a crash never leaves no record.
        spare = _backup_name(self.path)
        try:
            os.link(self.path, spare)
        except OSError:  # some network disks know no second name for a file
            write_whole(spare, self.path.read_bytes())
        self._replace(self.path, content)

    def _replace(self, path: Path, content: bytes) -> None:
        """Replace a file as a whole, or not at all."""
        try:
            with open(open_new(self._draft_path), "wb") as file:  # noqa: PTH123 (it is open already)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._draft_path.replace(path)
            _sync_folder(path.parent)
        finally:
            self._draft_path.unlink(missing_ok=True)

    def save_essay(self, item_id: str, text: str | None) -> Snapshot:
        """Keep ``text`` as the only text of an essay (None or blank removes it); returns what is on record then."""
        with self._locked() as file:
            entries = self._read_essays()
            if entries is None:  # it cannot be read: it is kept as a backup file for its owner, not written over
                spare = self.essays_path.replace(_backup_name(self.essays_path))
                make_private(spare)
                entries = {}
            kept = text is not None and bool(text.strip())
            if text is None or not kept:
                entries.pop(item_id, None)
            else:
                entries[item_id] = {"text": mended(text), "time": now_told()}
            content = json.dumps({"v": 1, "essays": entries}, ensure_ascii=False, indent=1).encode()
            if len(content) > LARGEST_ESSAYS:
                raise OSError(errno.EFBIG, "the text is too long")
            self._replace(self.essays_path, content)
            now = self._read_back(file, entries)
            if (item_id in now.kept) != kept:
                with contextlib.suppress(OSError):  # the text is on the disk, whatever becomes of this
                    self._add(file, line_of({"item": item_id, "event": ESSAY, "kept": kept}))
                    now = self._read_back(file)
            return now

    def remove_drafts(self) -> None:
        """Remove what a crash in the middle of saving an essay may have left: it can hold deleted words."""
        with contextlib.suppress(OSError):
            self._draft_path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[FileIO]:
        """The record, opened for adding and locked against other kernels, and other machines that share the disk."""
        with self._turns.taken() as in_turn, self._opened(in_turn=in_turn) as file:
            yield file

    @contextlib.contextmanager
    def _opened(self, *, in_turn: bool) -> Iterator[FileIO]:
        for _try in range(_TRIES):
            # Opened for reading too, so that a record that cannot be read again is not written to.
            descriptor = open_plain(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
            with open(descriptor, "a+b", buffering=0) as file:  # noqa: PTH123 (it is open already)
                make_private(file.fileno())
                if fcntl is not None:
                    with contextlib.suppress(OSError):  # some network disks know no locks
                        fcntl.flock(file, fcntl.LOCK_EX)
                # In a turn nobody else puts it aside, and a disk of the network may number one file anew at each look.
                if in_turn or _is_at(file, self.path):
                    yield file
                    return
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


#: How often a record is opened that another kernel puts aside just then.
_TRIES = 10


def _is_at(file: FileIO, path: Path) -> bool:
    """Whether an open file still is the one that goes by ``path``."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.lstat())
    return False


def _backup_name(path: Path) -> Path:
    """A free name beside ``path``, for what is put by."""
    names = (path.with_suffix(f".damaged{number or ''}") for number in range(1000))
    return next((name for name in names if not name.exists()), path.with_suffix(".damaged"))


def _sync_folder(folder: Path) -> None:
    """Make sure that a file's new name is on the disk too, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
