"""A course's gradebook as one file, and back:

``python -P -m fieldguide.school.gradebookfile save``, ``free``, ``load``, ``again`` or ``check``.

It runs as the course's account in the course's folder, whose settings say where the gradebook is: they are a program
of that account, which root never runs. A gradebook in SQLite is copied by its own backup, one in PostgreSQL by pg_dump:
both are as at one moment, whoever writes meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url

from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebookdisk import why_no_gradebook
from fieldguide.grading.schema import PATIENCE_SECONDS
from fieldguide.plainfiles import open_new

#: How a copy begins, by which the two kinds are told apart.
SQLITE, POSTGRESQL = b"SQLite format 3\0", b"PGDMP"


def save(address: str) -> bytes:
    """The gradebook at an SQLAlchemy URL as one file; nothing where there is none yet. Raises CourseError."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return _save_sqlite(_file(url))
    _need_postgresql(url)
    return _postgresql(["pg_dump", "--format=custom", "--no-owner", "--no-privileges"], url, b"")


def need_free(address: str) -> None:
    """Raise CourseError where there is a gradebook at an SQLAlchemy URL already."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        if os.path.lexists(_file(url)):
            raise CourseError(f"There is a gradebook at {_file(url)} already. Move it away.")
    elif _has_tables(url):
        raise CourseError(f"The database {url.database} has tables already. Name an empty one.")


def load(address: str, content: bytes, *, again: bool = False) -> None:
    """Make the gradebook at an SQLAlchemy URL from what ``save`` gave. One that is there is never written over.

    It is there when it is whole. ``again`` says that this was begun before, where nothing was: what is there by now is
    whole, and stays. Raises CourseError.
    """
    url = make_url(address)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite:
        _need_kind(content, SQLITE, "SQLite")
    else:
        _need_kind(content, POSTGRESQL, "PostgreSQL")
    # PostgreSQL's is made in one transaction.
    if again and (_is_as(_file(url), content) if is_sqlite else _has_tables(url)):
        return
    need_free(address)
    if is_sqlite:
        _load_sqlite(_file(url), content)
    else:
        _postgresql(
            ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"], url, content
        )


def place_within(address: str, folder: Path) -> str:
    """Where below a folder the gradebook at an SQLAlchemy URL is a file; nothing where it is elsewhere."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        with suppress(ValueError):
            return str(Path(os.path.realpath(_file(url))).relative_to(os.path.realpath(folder)))
    return ""


def check(address: str) -> None:
    """Raise CourseError where the gradebook at an SQLAlchemy URL cannot be trusted where it lies, or is damaged."""
    why = why_no_gradebook(address)
    if why:
        raise CourseError(why)
    save(address)


def _file(url: URL) -> Path:
    if not url.database:
        raise CourseError("The gradebook's address, CourseDirectory.db_url, names no file.")
    return Path(url.database)


def _save_sqlite(path: Path) -> bytes:
    if not path.exists():
        return b""
    try:
        # One that a stopped program left half written is brought back to its last whole state, which is a write.
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE_SECONDS)) as own,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            own.backup(copy)
            _need_sound(copy, path)
            return copy.serialize()
    except sqlite3.Error as error:
        raise CourseError(f"The gradebook {path} could not be read: {error}.") from error


def _need_sound(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise CourseError(f"The gradebook {path} is damaged: {found}. Put back a copy that was saved.")


def _is_as(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def _load_sqlite(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.restoring")
    try:
        with os.fdopen(open_new(draft), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        with closing(sqlite3.connect(f"{draft.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            _need_sound(copy, path)
        os.link(draft, path)  # which nothing is written over by
    except FileExistsError:
        raise CourseError(f"There is a gradebook at {path} already. Move it away.") from None
    except sqlite3.Error as error:
        raise CourseError(f"The gradebook {path} could not be written: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _has_tables(url: URL) -> bool:
    _need_postgresql(url)
    engine = create_engine(url)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def _need_postgresql(url: URL) -> None:
    kind = url.get_backend_name()
    if kind != "postgresql":
        raise CourseError(f"The gradebook is in {kind}, which this cannot copy: expected SQLite or PostgreSQL.")


def _need_kind(content: bytes, begins: bytes, name: str) -> None:
    if not content.startswith(begins):
        raise CourseError(f"The settings name a gradebook in {name}, and the copy is of another kind.")


def _postgresql(command: list[str], url: URL, given: bytes) -> bytes:
    # By the environment and not as arguments, which everybody on the machine can read.
    told = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = os.environ | {name: str(value) for name, value in told.items() if value is not None}
    # pg_restore only connects where a database is named.
    where = ["--dbname", url.database or ""] if command[0] == "pg_restore" else []
    try:
        done = subprocess.run(  # noqa: S603  (PostgreSQL's own)
            [*command, *where], input=given, capture_output=True, check=False, env=environment
        )
    except FileNotFoundError:
        raise CourseError(
            f"There is no program {command[0]}, which the gradebook in PostgreSQL needs. On Debian the package "
            "postgresql-client has it."
        ) from None
    if done.returncode:
        raise CourseError(f"{command[0]}: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout


def main(arguments: list[str]) -> int:
    """Write the gradebook of the course folder that this stands in to the output, after its place within the folder
    and a zero; make it from the input; or look at it."""
    (step,) = arguments
    try:
        address = Course(Path.cwd()).db_url
        if step == "save":
            place = os.fsencode(place_within(address, Path.cwd()))
            sys.stdout.buffer.write(place + b"\0" + save(address))
        elif step == "check":
            check(address)
        elif step == "free":
            need_free(address)
        else:
            load(address, sys.stdin.buffer.read(), again=step == "again")
    except CourseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
