"""What the service keeps of course sites, in a small database that nobody else can read.

It is where a course is taught there, who its students are, which module has which column of grades, and what was sent
of each grade.

Of a person it has the number on the course site and the account here, and no name.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

#: Course sites compare times to the millisecond.
_LATER = timedelta(milliseconds=1)
_TABLES = """
CREATE TABLE IF NOT EXISTS place (
    id INTEGER PRIMARY KEY, course TEXT NOT NULL, issuer TEXT NOT NULL, client TEXT NOT NULL, deployment TEXT NOT NULL,
    context TEXT NOT NULL, lineitems TEXT NOT NULL, scopes TEXT NOT NULL, memberships TEXT NOT NULL,
    UNIQUE (course, issuer, client, deployment, context));
CREATE TABLE IF NOT EXISTS link (
    place INTEGER NOT NULL REFERENCES place ON DELETE CASCADE, module TEXT NOT NULL, resource_link TEXT NOT NULL,
    lineitem TEXT NOT NULL, PRIMARY KEY (place, module));
CREATE TABLE IF NOT EXISTS student (
    course TEXT NOT NULL, account TEXT NOT NULL, sub TEXT NOT NULL,
    place INTEGER NOT NULL REFERENCES place ON DELETE CASCADE, came INTEGER NOT NULL, PRIMARY KEY (course, account));
CREATE TABLE IF NOT EXISTS score (
    course TEXT NOT NULL, module TEXT NOT NULL, account TEXT NOT NULL,
    points REAL, maximum REAL NOT NULL,
    stamp TEXT NOT NULL DEFAULT '', sent TEXT NOT NULL DEFAULT '', sent_to TEXT NOT NULL DEFAULT '',
    refused TEXT NOT NULL DEFAULT '', said TEXT NOT NULL DEFAULT '', tried TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (course, module, account));
"""


@dataclass(frozen=True, slots=True)
class Launch:
    """What a launch tells that is needed later. Texts are empty where it tells none.

    ``course`` is ours; ``issuer``, ``client`` and ``deployment`` say by which registration the course site launched,
    from its course ``context``. ``sub`` is the person there and ``account`` here. ``lineitems`` and ``lineitem`` are
    the addresses of the grade service, of all columns and of this link's own, and ``scopes`` what it allows;
    ``memberships`` is that of the class list. ``module`` was opened by the link ``resource_link``.
    """

    course: str
    issuer: str
    client: str
    deployment: str
    context: str
    sub: str
    account: str
    is_student: bool
    lineitems: str = ""
    lineitem: str = ""
    scopes: tuple[str, ...] = ()
    memberships: str = ""
    module: str = ""
    resource_link: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A course of ours as one course site has it."""

    id: int
    course: str
    issuer: str
    client: str
    deployment: str
    context: str
    lineitems: str
    scopes: frozenset[str]
    memberships: str


@dataclass(frozen=True, slots=True)
class Student:
    """A student's number on the course site, and at which place. ``has_come``: they opened the course from there."""

    sub: str
    place: int
    has_come: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A module in a course site: the id of the link to it, and the address of its column of grades, each empty where it
    is not known."""

    resource_link: str = ""
    lineitem: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A grade that goes to the course site, and what became of it.

    ``points`` are None where a person still has to score an essay. ``stamp`` is the time that was told with it last,
    ``sent`` when it arrived (both UTC, ISO 8601), empty where it never did. ``is_sent``: it stands there as it is here.
    ``refused`` names why it does not, ``said`` is what the course site said of it, and ``tried`` when.
    """

    account: str
    points: float | None
    maximum: float
    stamp: str
    sent: str
    is_sent: bool
    refused: str
    said: str
    tried: str


class Store:
    """The database of a file, which is made where it is not there. Any thread may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        with self._begun() as database:
            database.executescript(_TABLES)

    @contextmanager
    def _begun(self) -> Iterator[sqlite3.Connection]:
        """A connection with one transaction, which holds where nothing is raised."""
        database = sqlite3.connect(self._path, timeout=30)
        try:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA secure_delete = ON")  # who is forgotten is not in the file's empty pages either
            with database:
                yield database
        finally:
            database.close()

    # -- what launches tell --------------------------------------------------------------------------

    def launched(self, launch: Launch) -> None:
        """Keep what a launch tells. What an earlier one told and this one does not stays."""
        key = (launch.course, launch.issuer, launch.client, launch.deployment, launch.context)
        with self._begun() as database:
            database.execute(
                "INSERT INTO place (course, issuer, client, deployment, context, lineitems, scopes, memberships)"
                " VALUES (?, ?, ?, ?, ?, '', '', '') ON CONFLICT DO NOTHING",
                key,
            )
            (place,) = database.execute(
                "SELECT id FROM place WHERE (course, issuer, client, deployment, context) = (?, ?, ?, ?, ?)", key
            ).fetchone()
            if launch.scopes:
                database.execute(
                    "UPDATE place SET lineitems = coalesce(nullif(?, ''), lineitems), scopes = ? WHERE id = ?",
                    (launch.lineitems, " ".join(sorted(launch.scopes)), place),
                )
            if launch.memberships:
                database.execute("UPDATE place SET memberships = ? WHERE id = ?", (launch.memberships, place))
            if launch.module:
                database.execute(
                    "INSERT INTO link VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                    " resource_link = coalesce(nullif(excluded.resource_link, ''), resource_link),"
                    " lineitem = coalesce(nullif(excluded.lineitem, ''), lineitem)",
                    (place, launch.module, launch.resource_link, launch.lineitem),
                )
            if launch.account and launch.is_student:
                database.execute(
                    "INSERT INTO student VALUES (?, ?, ?, ?, 1)"
                    " ON CONFLICT DO UPDATE SET sub = excluded.sub, place = excluded.place, came = 1",
                    (launch.course, launch.account, launch.sub, place),
                )

    def listed(self, place: Place, people: dict[str, str]) -> None:
        """Keep who a course site says is a student at a place: by account the number there. Where somebody has come
        from counts more."""
        with self._begun() as database:
            database.executemany(
                "INSERT INTO student VALUES (?, ?, ?, ?, 0)"
                " ON CONFLICT DO UPDATE SET sub = excluded.sub, place = excluded.place WHERE NOT came",
                [(place.course, account, sub, place.id) for account, sub in people.items()],
            )

    # -- where a course is taught --------------------------------------------------------------------

    def places(self, course: str) -> list[Place]:
        """Where a course is taught, in the order in which it was first opened from there."""
        with self._begun() as database:
            rows = database.execute(
                "SELECT id, course, issuer, client, deployment, context, lineitems, scopes, memberships FROM place"
                " WHERE course = ? ORDER BY id",
                (course,),
            ).fetchall()
        return [
            Place(id_, course, issuer, client, deployment, context, lineitems, frozenset(scopes.split()), memberships)
            for id_, course, issuer, client, deployment, context, lineitems, scopes, memberships in rows
        ]

    def students(self, course: str) -> dict[str, Student]:
        """The students of a course that are known from a course site, by account."""
        with self._begun() as database:
            rows = database.execute(
                "SELECT account, sub, place, came FROM student WHERE course = ?", (course,)
            ).fetchall()
        return {account: Student(sub, place, bool(came)) for account, sub, place, came in rows}

    def link(self, place: int, module: str) -> Link:
        """What is known of a module in a place."""
        with self._begun() as database:
            found = database.execute(
                "SELECT resource_link, lineitem FROM link WHERE (place, module) = (?, ?)", (place, module)
            ).fetchone()
        return Link(*found) if found else Link()

    def keep_lineitem(self, place: int, module: str, lineitem: str) -> None:
        """Keep the address of a module's column of grades, or with none that it is not there any more."""
        with self._begun() as database:
            database.execute(
                "INSERT INTO link VALUES (?, ?, '', ?) ON CONFLICT DO UPDATE SET lineitem = excluded.lineitem",
                (place, module, lineitem),
            )

    # -- grades --------------------------------------------------------------------------------------

    def want(self, course: str, module: str, maximum: float, points: dict[str, float | None]) -> None:
        """Keep the grades of a module that are to stand in the course site, by account, in points; None: it waits."""
        with self._begun() as database:
            database.executemany(
                "INSERT INTO score (course, module, account, points, maximum) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET points = excluded.points, maximum = excluded.maximum, refused ="
                " CASE WHEN points IS excluded.points AND maximum = excluded.maximum THEN refused ELSE '' END",
                [(course, module, account, given, maximum) for account, given in points.items()],
            )

    def scores(self, course: str, module: str) -> list[Score]:
        """The grades of a module that are to stand in the course site, in order of accounts."""
        with self._begun() as database:
            rows = database.execute(
                "SELECT account, points, maximum, stamp, sent, sent_to, refused, said, tried, place FROM score"
                " LEFT JOIN student USING (course, account) WHERE (course, module) = (?, ?) ORDER BY account",
                (course, module),
            ).fetchall()
        return [
            Score(account, points, maximum, stamp, sent, to == _as_sent(points, maximum, place), refused, said, tried)
            for account, points, maximum, stamp, sent, to, refused, said, tried, place in rows
        ]

    def stamp(self, course: str, module: str, account: str, now: datetime) -> datetime:
        """The time to tell with a grade that is about to be sent: now, and always later than the last.

        It is kept before anything is sent: an answer may be lost, and the course site have it all the same.
        """
        with self._begun() as database:
            database.execute("BEGIN IMMEDIATE")
            (last,) = database.execute(
                "SELECT stamp FROM score WHERE (course, module, account) = (?, ?, ?)", (course, module, account)
            ).fetchone()
            stamp = now.astimezone(UTC).replace(microsecond=now.microsecond // 1000 * 1000)
            if last:
                stamp = max(stamp, datetime.fromisoformat(last) + _LATER)
            database.execute(
                "UPDATE score SET stamp = ? WHERE (course, module, account) = (?, ?, ?)",
                (stamp.isoformat(), course, module, account),
            )
        return stamp

    def was_sent(self, course: str, module: str, score: Score, place: int, now: datetime) -> None:
        """Keep that a grade arrived at a place."""
        with self._begun() as database:
            database.execute(
                "UPDATE score SET sent = ?, sent_to = ?, refused = '', said = '', tried = ?"
                " WHERE (course, module, account) = (?, ?, ?)",
                (_time(now), _as_sent(score.points, score.maximum, place), _time(now), course, module, score.account),
            )

    def was_refused(self, course: str, module: str, account: str, why: str, said: str, now: datetime) -> None:
        """Keep that a grade did not arrive: ``why`` by its name, and what the course site said."""
        with self._begun() as database:
            database.execute(
                "UPDATE score SET refused = ?, said = ?, tried = ? WHERE (course, module, account) = (?, ?, ?)",
                (why, said, _time(now), course, module, account),
            )

    # -- forgetting ----------------------------------------------------------------------------------

    def forget(self, course: str, account: str, *, really: bool = True) -> int:
        """Forget a student of a course; returns how many rows there were. Unless ``really``, they are only counted."""
        key = (course, account)
        with self._begun() as database:
            count = 0
            for table in ("score", "student"):
                where = f"FROM {table} WHERE (course, account) = (?, ?)"
                count += int(database.execute(f"SELECT count(*) {where}", key).fetchone()[0])
                if really:
                    database.execute(f"DELETE {where}", key)
        return count


def _as_sent(points: float | None, maximum: float, place: int | None) -> str:
    """What tells one grade at one place from another."""
    return f"{points!r} of {maximum!r} at {place}"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
