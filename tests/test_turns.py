"""Whose server starts when, and what its owner is told meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from fieldguide.hub.turns import Stand, Turns


class Clock:
    """A time that goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Server:
    """A server that starts when it is its turn, and is there when ``there`` is set."""

    def __init__(self, turns: Turns, name: str, *, fails: bool = False) -> None:
        self.there, self.fails, self.begun = asyncio.Event(), fails, False
        self.task = asyncio.create_task(self.start(turns, name))

    async def start(self, turns: Turns, name: str) -> None:
        async with turns.turn(name):
            self.begun = True
            await self.there.wait()
            if self.fails:
                raise RuntimeError(name)

    async def end(self) -> None:
        self.there.set()
        await asyncio.gather(self.task, return_exceptions=True)


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_servers_start_in_the_order_in_which_they_were_asked_for() -> None:
    async def story() -> None:
        turns = Turns(2)
        servers = [Server(turns, name) for name in "abcde"]
        await settled()
        assert [one.begun for one in servers] == [True, True, False, False, False]
        await servers[1].end()
        await settled()
        assert [one.begun for one in servers] == [True, True, True, False, False]
        for one in servers:
            await one.end()

    asyncio.run(story())


def test_each_is_told_who_is_before_and_how_long_it_takes_by_how_long_the_last_ones_took() -> None:
    async def story() -> None:
        clock = Clock()
        turns = Turns(2, clock)
        first = Server(turns, "first")
        await settled()
        assert turns.stand("first") == Stand(0, 0.0, 5)  # nothing was measured yet
        clock.now = 20.0
        await first.end()
        assert turns.stand("first") is None
        servers = [Server(turns, name) for name in "abcdef"]
        await settled()
        clock.now = 26.0
        assert turns.stand("a") == Stand(0, 6.0, 15)  # 14, rounded up
        assert turns.stand("c") == Stand(2, 6.0, 30)  # who starts now is halfway, then its own 20
        assert turns.stand("f") == Stand(5, 6.0, 50)
        clock.now = 100.0
        assert turns.stand("a") == Stand(0, 80.0, 0)  # longer than usual
        for one in servers:
            await one.end()

    asyncio.run(story())


@pytest.mark.parametrize("how", ["fails", "is cancelled"])
def test_who_does_not_start_keeps_nobodys_place(how: str) -> None:
    async def story() -> None:
        clock = Clock()
        turns = Turns(1, clock)
        one, two = Server(turns, "one", fails=how == "fails"), Server(turns, "two")
        await settled()
        clock.now = 300.0
        if how == "fails":
            await one.end()
        else:
            one.task.cancel()
        await settled()
        assert two.begun and turns.stand("one") is None
        assert turns.stand("two") == Stand(0, 300.0, 5)  # a start that failed tells nothing of how long one takes
        await two.end()

    asyncio.run(story())
