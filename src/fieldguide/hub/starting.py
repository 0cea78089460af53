"""How somebody's server is started: in turn, and with its owner told how long it takes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner

from fieldguide.hub.pages import Spoken, language_asked, refusal
from fieldguide.hub.turns import Stand, Turns
from fieldguide.words import ENGLISH

#: How often it is looked whether a server is there, and how it stands is told, in seconds.
_LOOK, _TELL = 0.1, 1.0


class InTurn:
    """A spawner of servers on this machine, which start in turn. For use before one of JupyterHub's."""

    user: Any
    server: Any
    port: int
    http_timeout: int
    handler: Any
    _turns = Turns()
    _words = Spoken("starting", ENGLISH)

    async def start(self) -> tuple[str, int]:
        """Start the server when it is its turn, and wait until it answers.

        Raises HTTPError, which its owner reads, where it has ended, and TimeoutError where it took longer from then on
        than ``http_timeout`` allows: it keeps nobody else waiting any more.
        """
        self._words = Spoken("starting", language_asked(self.handler))
        async with self._turns.turn(self.user.name), asyncio.timeout(self.http_timeout):
            address: tuple[str, int] = await super().start()  # type: ignore[misc]
            await self._until_it_answers()
        return address

    async def _until_it_answers(self) -> None:
        asked = f"GET {self.server.base_url}api HTTP/1.0\r\n\r\n".encode()
        while await self.poll() is None:  # type: ignore[attr-defined]
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(asked)
                answered = await reader.read(1)
                writer.close()
                if answered:
                    return
            await asyncio.sleep(_LOOK)
        raise refusal(500, self._words.say("ended"))

    def stand(self) -> tuple[int, int, str]:
        """For the page: the seconds that somebody has waited, those that are left, and how it stands in words."""
        stand = self._turns.stand(self.user.name) or Stand(0, 0.0, 5)
        if stand.left:
            takes = self._words.count("left", stand.left)
            said = f"{self._words.count('before', stand.before)} {takes}" if stand.before else takes
        else:
            said = self._words.say("longer")
        return int(stand.waited), stand.left, said

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """What the hub tells the page, once a second."""
        while self._turns.stand(self.user.name):
            waited, left, said = self.stand()
            yield {"progress": 100 * waited // max(1, waited + left), "waited": waited, "left": left, "message": said}
            await asyncio.sleep(_TELL)


class TryoutSpawner(InTurn, SimpleLocalProcessSpawner):  # type: ignore[misc]
    """JupyterHub's own way for a try-out, where everybody's server is the same account's."""
