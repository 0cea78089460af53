"""The modules that are open on this server, and what a page and the sessions of a module's cells say to each other.

A session answers one message after the other, whichever page it comes from. A page sends a message again when no answer
came; what was answered before is answered the same, and done once. What would take the place of something that the page
has not heard of waits until it has.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fieldguide.cells.kind import named
from fieldguide.cells.kinds import HEAD, TABLE
from fieldguide.coursepage.reading import Live, ModuleNotebook, read_module_notebook
from fieldguide.coursepage.tablehost import TableProcess
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.ownrecord import cache_of_submissions
from fieldguide.player.session import Answer, CannotShowError, Session, addressed, another_version, of_another_version
from fieldguide.responses.names import ESSAYS, RECORD
from fieldguide.words import speaking

#: How many modules are open at most; the one that was used longest ago is closed.
MOST_OPEN = 6
#: How many answers are kept for messages that come again.
_KEPT_ANSWERS = 400
#: Messages that say what stands in a view now. Of these a later one makes an earlier one needless.
_STANDING = {"save", "reason", "share"}
#: Answers and news of these kinds say all that is on record of a cell, so that one tells whether it changed since.
_WHOLE = {"state", "progress"}
#: What they say of a message that they answer, and not of what is on record.
_OF_A_MESSAGE = {"problem", "note", "feedback"}

#: What a page is told: the id of a cell, a message, and bytes that go along, in base 64.
Told = dict[str, Any]


class OpenNotebook:
    """A module's notebook whose sessions are open; those of a ``preview`` keep nothing, and ``frozen`` ones only tell
    what is on record. Its methods may be called from any thread."""

    def __init__(self, path: Path, *, preview: bool = False, frozen: bool = False) -> None:
        self.path, self._preview, self._frozen = path, preview, frozen
        self.notebook: ModuleNotebook = read_module_notebook(path)
        self.lang = self.notebook.head.lang
        #: Why a cell cannot be shown, by its id.
        self.problems: dict[str, str] = {}
        self._sessions: dict[str, Session] = {}
        self._cell_of: dict[str, str] = {}
        self._tables: dict[str, Live] = {}
        self._table_process = TableProcess(path.parent)
        self._lock = threading.Lock()
        self._answered: OrderedDict[tuple[str, str, object], list[Told]] = OrderedDict()
        self._watch = _Watch(path)
        self._states: dict[str, str] = {}
        # What the page that spoke last was told since the last look, by cell.
        self._latest_page: str | None = None
        self._told: dict[str, dict[str, Any]] = {}
        # Of each cell, the number of its latest change, and the page that made it.
        self._changes: dict[str, tuple[int, str | None]] = {}
        # Higher than any that an earlier server, or an earlier reading of this notebook, has told a page.
        self._begun = self._number = time.time_ns() // 1_000_000
        # Of each kind of _STANDING, by page and cell, the number of the latest message.
        self._latest: dict[tuple[str, str, str], float] = {}
        with speaking(self.lang):
            self._open()

    def _open(self) -> None:
        module = OpenModule(self.notebook.head, self.path.parent, preview=self._preview)
        for part in self.notebook.parts:
            if not isinstance(part, Live):
                continue
            if part.kind is TABLE:
                self._tables[part.id] = part
                continue
            try:
                session = module if part.kind is HEAD else named(part.kind.session).open(part.asked, module)
            except CannotShowError as error:
                self.problems[part.id] = str(error)
                continue
            if session is not None:  # the other half's
                self._sessions[part.id] = session
                self._cell_of[session.cell] = part.id

    def shows(self, cell: str) -> bool:
        """Whether a cell is asked here: of a check in two forms a student meets one."""
        return cell in self._sessions or cell in self._tables

    def cell_of(self, name: str) -> str | None:
        """The cell that asks an item or a case, by the id of what it asks; None where none does here."""
        return self._cell_of.get(name)

    def page_of(self, cell: str) -> str:
        """What the view of a cell is made with: a name in ``player.parts.PARTS_OF``."""
        return TABLE.name if cell in self._tables else self._sessions[cell].page

    def first(self) -> dict[str, Any]:
        """What a page is told when it opens: of each cell what it is told first, what is on record and which page put
        it there; and the number of the latest change that this holds. A table is asked for by its view."""
        with self._lock, speaking(self.lang):
            self._look()
            cells = {
                cell: {
                    "info": session.public() | ({"preview": True} if self._frozen else {}),
                    "opened": self._opened(session),
                    "by": self._changes.get(cell, (0, None))[1],
                }
                for cell, session in self._sessions.items()
            }
            return {"cells": cells, "seen": self._number}

    def hear(self, page: str, seen: int | None, messages: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
        """What a page is told that says these messages, each to a cell.

        Where one of them would take the place of what changed since ``seen``, a number that the page was told, none is
        done: the page is told the news, as by ``news``, and says them again. None is for who cannot hear of it.
        """
        with self._lock, speaking(self.lang):
            if seen is not None and any(self._is_ahead(page, seen, *one) for one in messages):
                return self._news(page, seen)
            return {"told": [told for one in messages for told in self._answer(page, *one)]}

    def say(self, page: str, cell: str, message: dict[str, Any]) -> list[Told]:
        """What a page is told that says this message to a cell: the answer and what it means for other cells."""
        told: list[Told] = self.hear(page, None, [(cell, message)])["told"]
        return told

    def news(self, page: str, seen: int) -> dict[str, Any]:
        """What changed since a number that a page was told, by another page, a notebook, or a submission; and all there
        is, where the number is from before this server."""
        with self._lock, speaking(self.lang):
            return self._news(page, seen)

    def close(self) -> None:
        """End what runs for this module."""
        self._table_process.close()

    def _news(self, page: str, seen: int) -> dict[str, Any]:
        self._look()
        told = [
            _told(cell, self._opened(session))
            for cell, session in self._sessions.items()
            if self._is_news(page, seen, cell)
        ]
        return {"seen": self._number, "told": told}

    def _is_news(self, page: str, seen: int, cell: str) -> bool:
        """Whether a cell changed, as of the last look, and a page has not heard of it."""
        number, by = self._changes.get(cell, (0, None))
        return seen < self._begun or (number > seen and by != page)

    def _is_ahead(self, page: str, seen: int, cell: str, message: dict[str, Any]) -> bool:
        """Whether a message would take the place of what its page has not heard of."""
        if cell not in self._sessions or not _is_sound(message) or message["kind"] not in _STANDING:
            return False
        if (page, cell, message.get("n")) in self._answered:
            return False
        self._compare([cell])
        return self._is_news(page, seen, cell)

    def _answer(self, page: str, cell: str, message: dict[str, Any]) -> list[Told]:
        if not _is_sound(message):
            return []
        key = (page, cell, message.get("n"))
        if message.get("n") is not None and key in self._answered:
            return self._answered[key]
        told = self._table(cell, message) if cell in self._tables else self._session(page, cell, message)
        # What could not be kept is tried again under the same number.
        if message.get("n") is not None and not any((one["message"] or {}).get("problem") for one in told):
            self._answered[key] = told
            if len(self._answered) > _KEPT_ANSWERS:
                self._answered.popitem(last=False)
        return told

    def _session(self, page: str, cell: str, message: dict[str, Any]) -> list[Told]:
        session = self._sessions.get(cell)
        if session is None:  # the page is of a text that is no longer the module's
            return [_told(cell, addressed(another_version(), message))]
        if page != self._latest_page:
            self._look()
            self._latest_page = page
        if self._is_overtaken(page, cell, message) or (self._frozen and message.get("kind") not in ("open", "part")):
            message = {**message, "kind": "open"}
        if message.get("kind") == "part" and message.get("name") == "review":
            answer: Answer | None = Answer({"kind": "part", "parts": ["review"]})
        else:
            answer = of_another_version(message) or session.handle(message)
        if answer is None:
            return []
        news = [(self._cell_of[one], said) for one, said in answer.news if one in self._cell_of]
        # Whether anything changed by it is found when somebody asks for news, as who saves waits for the answer.
        for one, said in [*news, (cell, answer.message)]:
            if said["kind"] in _WHOLE:
                self._told[one] = said
        for one, said in news:
            self._told.setdefault(one, said)
        return [_told(cell, addressed(answer, message), answer.buffers), *(_told(*one) for one in news)]

    def _is_overtaken(self, page: str, cell: str, message: dict[str, Any]) -> bool:
        """Whether a later message came before this one, on another connection: a page that goes waits for no answer."""
        kind, number = message.get("kind"), message.get("n")
        if kind not in _STANDING or not isinstance(number, int | float):
            return False
        latest = self._latest.get((page, cell, kind), number)
        self._latest[page, cell, kind] = max(latest, number)
        return number < latest

    def _table(self, cell: str, message: dict[str, Any]) -> list[Told]:
        first = message.get("kind") == "first"
        answer = self._table_process.ask(self._tables[cell].text, None if first else message)
        if answer.get("problem"):
            said = {"kind": "cannot_show", "problem": answer["problem"]}
        elif first:
            said = {"kind": "first", "info": answer["public"]}
        elif answer["answer"] is None:
            return []
        else:
            said = answer["answer"]
        return [_told(cell, addressed(Answer(said), message))]

    def _look(self) -> None:
        """Find which cells have changed since the last look: by what the page that spoke last did, or by others."""
        self._compare(list(self._sessions if self._watch.has_changed() else self._told))
        self._told.clear()

    def _compare(self, cells: Iterable[str]) -> None:
        for cell in cells:
            now = self._opened(self._sessions[cell])
            state = json.dumps(now, sort_keys=True)
            if self._states.setdefault(cell, state) == state:
                continue
            self._states[cell] = state
            self._number += 1
            self._changes[cell] = (self._number, self._latest_page if self._knows(cell, now or {}) else None)

    def _knows(self, cell: str, now: dict[str, Any]) -> bool:
        """Whether the page that spoke last was told what is on record of a cell now, or the part of it that changed."""
        told = self._told.get(cell)
        if told is None or told["kind"] not in _WHOLE:
            return told is not None
        return all(told.get(one) == now[one] for one in now.keys() - _OF_A_MESSAGE)

    def _opened(self, session: Session) -> dict[str, Any] | None:
        """What a session answers a view that opens, without the view that asked."""
        answer = session.handle({"kind": "open"})
        return None if answer is None else answer.message


class _Watch:
    """Whether the files of a record have changed, or something was handed in, since they were last looked at."""

    def __init__(self, notebook: Path) -> None:
        module = notebook.stem
        self._files = [
            notebook.with_name(f"{module}{RECORD}"),
            notebook.with_name(f"{module}{ESSAYS}"),
            cache_of_submissions(),
        ]
        self._last: list[tuple[int, int] | None] | None = None

    def has_changed(self) -> bool:
        now = [_stamp(file) for file in self._files]
        changed = now != self._last
        self._last = now
        return changed


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _is_sound(message: dict[str, Any]) -> bool:
    """Whether a page of ours could say such a thing."""
    return isinstance(message.get("kind"), str) and isinstance(message.get("n"), int | float | None)


def _told(cell: str, message: dict[str, Any] | None, buffers: tuple[bytes, ...] = ()) -> Told:
    return {"cell": cell, "message": message, "buffers": [base64.b64encode(one).decode() for one in buffers]}


class Hosts:
    """The notebooks that are open on this server, opened anew when their file is another one."""

    def __init__(self, *, preview: bool = False) -> None:
        self._preview = preview
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, tuple[tuple[int, int] | None, OpenNotebook]] = OrderedDict()

    def of(self, path: Path) -> OpenNotebook:
        """The open notebook at a path. Raises as ``read_module_notebook`` does."""
        with self._lock:
            stamp = _stamp(path)
            there = self._open.get(path)
            if there and there[0] == stamp:
                self._open.move_to_end(path)
                return there[1]
            opened = OpenNotebook(path, preview=self._preview)
            if there:
                there[1].close()
            self._open[path] = (stamp, opened)
            self._open.move_to_end(path)
            if len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)[1][1].close()
            return opened

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            for _, opened in self._open.values():
                opened.close()
            self._open.clear()
