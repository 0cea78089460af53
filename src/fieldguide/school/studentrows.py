"""A student's rows in a gradebook, or in a copy of one: counting them, and deleting them. Nobody else's are touched."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from sqlalchemy import ColumnElement, Connection, StaticPool, Table, create_engine, delete, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from fieldguide.grading import schema as t


def student_rows(connection: Connection, student: str, *, really: bool) -> dict[str, int]:
    """How many rows of each table are a student's; ``really`` deletes them. Raises SQLAlchemyError."""
    there = set(inspect(connection).get_table_names())
    submissions = select(t.submitted_assignment.c.id).where(t.submitted_assignment.c.student_id == student)
    notebooks = select(t.submitted_notebook.c.id).where(t.submitted_notebook.c.assignment_id.in_(submissions))
    grades = select(t.grade.c.id).where(t.grade.c.notebook_id.in_(notebooks))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # else the rows stay readable in the file
    elif t.unlogged.name in there:
        connection.exec_driver_sql(f"LOCK TABLE {t.unlogged.name} IN EXCLUSIVE MODE")
    waiting = []
    if t.unlogged.name in there:
        waiting = [row.id for row in connection.execute(select(t.unlogged)) if is_of(row.line, student)]
    # What points to other rows goes before them.
    which: list[tuple[Table, ColumnElement[bool]]] = [
        (t.level, t.level.c.grade_id.in_(grades)),
        (t.scoring, t.scoring.c.grade_id.in_(grades)),
        (t.answer, t.answer.c.grade_id.in_(grades)),
        (t.looked, t.looked.c.student_id == student),
        (t.seen, t.seen.c.notebook_id.in_(notebooks)),
        (t.unlogged, t.unlogged.c.id.in_(waiting)),
        (t.comment, t.comment.c.notebook_id.in_(notebooks)),
        (t.grade, t.grade.c.notebook_id.in_(notebooks)),
        (t.submitted_notebook, t.submitted_notebook.c.assignment_id.in_(submissions)),
        (t.submitted_assignment, t.submitted_assignment.c.student_id == student),
        (t.staff, t.staff.c.id == student),
        (t.had_student, t.had_student.c.id == student),
        (t.student, t.student.c.id == student),
    ]
    found = {}
    for table, condition in which:
        if table.name not in there:
            continue
        count = connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
        if count:
            found[table.name] = count
        if count and really:
            connection.execute(delete(table).where(condition))
    return found


def rows_in_copy(content: bytes, student: str) -> dict[str, int] | None:
    """The same of a gradebook in SQLite as the content of its file; None where it is none, or cannot be read."""
    if content[18:20] == b"\2\2":  # written with a log beside it, which a database in memory cannot have
        content = content[:18] + b"\1\1" + content[20:]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        try:
            copy.deserialize(content)
            copy.execute("PRAGMA trusted_schema = OFF")
            engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
            with engine.connect() as connection:
                names = {t.student.name, t.submitted_assignment.name}
                if not names <= {*inspect(connection).get_table_names()}:
                    return None
                return student_rows(connection, student, really=False)
        except (sqlite3.Error, SQLAlchemyError):
            return None


def is_of(line: str | bytes, student: str) -> bool:
    """Whether a line of the log of changed scores is about a student."""
    try:
        entry = json.loads(line)
    except ValueError:  # a line that a crash tore
        return False
    return isinstance(entry, dict) and entry.get("student") == student
