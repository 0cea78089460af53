"""The exchange of a student's course, for the course page: list, fetch, hand in, fetch feedback.

The steps are nbgrader's own, by the student's own settings, so any exchange works; they are taken in a process of their
own (``steps.py``), one at a time. nbgrader's classes go by the working folder and are made for one caller, where a
server has many; and importing them costs 70 MB and seconds, where an open module may cost a server 25 MB. The process
is started when a step is asked for, kept for the next one, as a fetch mostly follows a listing, and ended when none
came for a minute.

What was listed last is kept on disk, so that a page can be drawn at once and without the exchange.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir

from fieldguide.coursepage.listing import Listing
from fieldguide.plainfiles import open_new, read_plain
from fieldguide.words import Words

_say = Words("exchange").say
#: How long a step may take, in seconds. A listing of a slow disk takes a few.
LONGEST_STEP = 120
#: How long the process is kept for a next step, in seconds.
_KEPT = 60
#: More than an exchange can tell in a line, in bytes.
_LONGEST_ANSWER = 16 << 20
_PROGRAM = "fieldguide.coursepage.steps"


class ExchangeTroubleError(Exception):
    """A step did not do what it should. ``name`` tells the trouble, and ``sentence`` says it to a student."""

    def __init__(self, name: str, step: str) -> None:
        super().__init__(name)
        self.name = name
        self._step = step

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in the language that is spoken; another sentence where a step has its own."""
        own = f"{self.name}_{self._step}"
        return _say(own if own in Words("exchange").words() else self.name)


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken: what the exchange holds now.

    ``time`` of handing in (UTC, ISO 8601), the files ``added`` by fetching, where the notebook was put by (``aside``,
    below the server's root).
    """

    listing: Listing
    time: str | None = None
    added: tuple[str, ...] = ()
    aside: str | None = None


class StudentExchange:
    """The exchange as it is seen from the root folder of a student's server."""

    def __init__(self, root: Path, log: Logger | LoggerAdapter[Any], program: str = _PROGRAM) -> None:
        self._root = root.resolve()
        self._log = log
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._ending: asyncio.TimerHandle | None = None
        self._listing: Listing | None = None
        self._kept = Path(jupyter_data_dir(), "fieldguide", "listing.json")

    # -- steps -------------------------------------------------------------------------------------

    async def look(self) -> Listing:
        """What the exchange holds now. Raises ExchangeTroubleError, as every step does."""
        return (await self._take("look")).listing

    async def fetch(self, module: str, course: str = "") -> Done:
        """Fetch a released module, or the files that the student's folder lacks. Nothing there is written over.

        ``course`` is the course's id, for a student with several; otherwise the settings name it.
        """
        return await self._take("fetch", module, course)

    async def renew(self, module: str, course: str = "") -> Done:
        """Take the module as it is released now in place of the student's copy, whose answers stay as they are.

        The notebook that gives way is put by. Refused where students write in the notebook itself.
        """
        return await self._take("renew", module, course)

    async def submit(self, module: str, course: str = "") -> Done:
        """Hand in a module as it is on disk."""
        return await self._take("submit", module, course)

    async def fetch_feedback(self, module: str, course: str = "") -> Done:
        """Fetch the feedback on a module; in the listing its submissions tell in which folder it is."""
        return await self._take("feedback", module, course)

    async def _take(self, step: str, module: str = "", course: str = "") -> Done:
        async with self._one_at_a_time:
            told = await self._ask({"step": step, "module": module, "course": course})
            if "trouble" in told:
                raise ExchangeTroubleError(str(told["trouble"]), step)
            listing = Listing.from_json(told["listing"])
            self._keep(listing)
            return Done(listing, told.get("time"), tuple(told.get("added", ())), told.get("aside"))

    # -- what was listed last ----------------------------------------------------------------------

    def last(self) -> Listing | None:
        """What was listed last, by this server or an earlier one; None where nothing was yet. Asks no exchange."""
        if self._listing is None:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
                told = json.loads(read_plain(self._kept, _LONGEST_ANSWER))
                if told["root"] == str(self._root):
                    self._listing = Listing.from_json(told["listing"])
        return self._listing

    def _keep(self, listing: Listing) -> None:
        self._listing = listing
        told = json.dumps({"root": str(self._root), "listing": listing.as_json()})
        part = self._kept.with_suffix(".part")
        try:
            self._kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(open_new(part), "w", encoding="utf-8") as file:  # noqa: PTH123 (it is open already)
                file.write(told)
            part.replace(self._kept)
        except OSError as error:  # a next page is drawn a little later
            self._log.warning("What the exchange holds could not be kept in %s: %s", self._kept, error)

    # -- the process -------------------------------------------------------------------------------

    async def _ask(self, step: dict[str, str]) -> dict[str, Any]:
        """What the process answers. A process that does not answer in time, or not as it should, is ended."""
        if self._ending is not None:
            self._ending.cancel()
        try:
            process = await self._started()
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps(step).encode() + b"\n")
            async with asyncio.timeout(LONGEST_STEP):
                await process.stdin.drain()
                told: dict[str, Any] = json.loads(await process.stdout.readline())
        except TimeoutError:
            self._log.error("The step '%s' of the exchange took longer than %s seconds.", step["step"], LONGEST_STEP)
            await self._ended()
            return {"trouble": "too_long"}
        except (OSError, ValueError) as error:
            self._log.error("The step '%s' of the exchange ended without an answer: %s", step["step"], error)
            await self._ended()
            return {"trouble": "failed"}
        except asyncio.CancelledError:  # its answer would be taken for the next step's
            self._end()
            raise
        self._ending = asyncio.get_running_loop().call_later(_KEPT, self._end)
        return told

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self._program, str(self._root)),
                cwd=self._root,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=_LONGEST_ANSWER,
                start_new_session=True,
            )
        return self._process

    def _end(self) -> None:
        """End the process, so that the next step starts another."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    async def _ended(self) -> None:
        process = self._process
        self._end()
        if process is not None:
            await process.wait()

    async def close(self) -> None:
        """End the process, when the server ends; a step that is being taken is waited for."""
        async with self._one_at_a_time:
            if self._ending is not None:
                self._ending.cancel()
            await self._ended()
