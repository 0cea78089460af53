"""``fieldguide bench live``: a class of 200 votes at once, and some lose the network and come back.

The service of live votes runs in a process of its own, with a stand-in for the hub. Every student is a client of their
own over HTTP that looks how the vote stands as often as a page does, and votes within the same two seconds. Of some the
connection breaks: before the vote is sent whole, or before it is answered; they send it again until it is counted.
Meanwhile the service is asked what the projected page shows, as often as that page asks its server.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlsplit

import psutil
from tornado.httpclient import AsyncHTTPClient

from fieldguide.bench.standin import StandInHub, StartedService
from fieldguide.live.client import LiveError, LiveVotes
from fieldguide.live.rooms import Question, figures_of

STUDENTS = 200
#: Of so many the connection breaks, at each of the two moments.
_BROKEN = 20
#: In seconds: within which everybody votes, and how often the projected page and a student's page look.
_WITHIN, _PROJECTED, _LOOKS = 2.0, 0.5, 2.0
#: In seconds, how long somebody stays away whose connection broke.
_AWAY = 0.5
_SEED = 8
_OPTIONS = {"a": "Ask first.", "b": "Post it.", "c": "Wait."}
_QUESTION = Question("m", "q", "", "A module", ("It is late.",), "What now?", (), _OPTIONS, "en")
_COURSES = [{"id": "c", "instructors": "formgrade-c", "students": "nbgrader-c", "desk": ""}]
Say = Callable[[str], None]


def bench_live(rounds: int, say: Say) -> None:
    """Measure, and print the figures. ``rounds`` is how many classes vote, each twice."""
    names = [f"s{number:03}" for number in range(STUDENTS)]
    hub = StandInHub("live", {"instructor": ["formgrade-c"], **{name: ["nbgrader-c"] for name in names}})
    service = StartedService(hub, ["fieldguide.live.service", "--courses", json.dumps(_COURSES)])
    # A client asks ten things at once unless it is told otherwise, and these are the clients of 200 servers.
    AsyncHTTPClient.configure(None, max_clients=2 * STUDENTS + 10)
    try:
        for number in range(rounds):
            asyncio.run(_class(service.url, names, random.Random(_SEED + number), say))  # noqa: S311 (the same votes)
        megabytes = psutil.Process(service.process.pid).memory_info().rss / 1e6
        say(f"The service takes {megabytes:.0f} MB. To reach: all counted, and the page within 1 s of the last vote.")
    finally:
        service.stop()
        hub.close()


async def _class(url: str, names: list[str], chance: random.Random, say: Say) -> None:
    instructor = LiveVotes(url, "instructor")
    code = str((await instructor.open("c", _QUESTION))["code"])
    expected = []
    for number in (1, 2):
        chosen = {name: chance.choice([*_OPTIONS]) for name in names}
        expected.append(figures_of({one: list(chosen.values()).count(one) for one in _OPTIONS}))
        shuffled = chance.sample(names, len(names))
        breaks = dict.fromkeys(shuffled[:_BROKEN], "unsent") | dict.fromkeys(shuffled[_BROKEN : 2 * _BROKEN], "unheard")
        page = asyncio.create_task(_projected(instructor, code))
        voted = await asyncio.gather(
            *(
                _student(url, name, code, number, option, breaks.get(name), chance.uniform(0, _WITHIN))
                for name, option in chosen.items()
            )
        )
        seen = await page
        counted = (await instructor.room(code))["voted"]
        waited = [answered - asked for asked, answered in voted]
        last = max(answered for _, answered in voted)
        say(
            f"Vote {number}: {counted} of {STUDENTS} counted, {2 * _BROKEN} of them after a broken connection; "
            f"answered in {1000 * median(waited):.0f} ms (median), {1000 * max(waited):.0f} ms at most; "
            f"on the page {max(seen - last, 0):.2f} s after the last."
        )
        await instructor.step(code, "close", number)
        if number == 1:
            await instructor.step(code, "again", number)
    told = await instructor.step(code, "figures", 2)
    say(f"Figures of both votes are as cast: {'yes' if told['figures'] == expected else 'NO'}.")
    await instructor.step(code, "end", 2)


async def _projected(votes: LiveVotes, code: str) -> float:
    """When the page first shows that everybody has voted."""
    while (await votes.room(code))["voted"] < STUDENTS:
        await asyncio.sleep(_PROJECTED)
    return time.monotonic()


async def _student(
    url: str, name: str, code: str, number: int, option: str, breaks: str | None, waits: float
) -> tuple[float, float]:
    """Look, wait, vote until it is counted; returns when the vote was first sent over a whole connection, and
    answered."""
    votes = LiveVotes(url, name)
    until = time.monotonic() + waits
    while True:
        await votes.room(code)
        left = until - time.monotonic()
        await asyncio.sleep(min(max(left, 0), _LOOKS))
        if left <= _LOOKS:
            break
    if breaks:
        await asyncio.to_thread(_break_off, url, name, code, number, option, breaks == "unsent")
        await asyncio.sleep(_AWAY)
    asked = time.monotonic()
    while True:
        try:
            told = await votes.vote(code, number, option, 1)
        except LiveError as error:
            if error.why != "unreachable":
                raise
            await asyncio.sleep(_AWAY)
        else:
            assert told["own"] == option
            return asked, time.monotonic()


def _break_off(url: str, name: str, code: str, number: int, option: str, unsent: bool) -> None:
    """Send a vote, whole or half of it, and be gone before it is answered."""
    there = urlsplit(url)
    body = json.dumps({"round": number, "option": option, "n": 1}).encode()
    head = (
        f"POST {there.path}/room/{code}/vote HTTP/1.1\r\nHost: {there.netloc}\r\nAuthorization: token {name}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection((there.hostname, there.port), timeout=10) as connection:
        connection.sendall(head + (body[: len(body) // 2] if unsent else body))
