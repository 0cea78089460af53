"""The gradebook's tables, as far as grading uses them, and how it is opened.

These are nbgrader's tables; a test holds the columns here to its models. They are repeated because importing nbgrader
takes longer than grading a class. Eight small tables are ours: what a person saw when they scored, the levels that
count by criterion, what each scorer gave, answers to requests, when somebody looked at a student's work, lines waiting
for the log of changed scores, students, and the names of those who work at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    ExceptionContext,
    Float,
    Integer,
    Interval,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import SQLAlchemyError

from fieldguide.grading.course import CourseError
from fieldguide.grading.gradebookdisk import why_no_gradebook

#: How long one grader waits for another before it gives up.
PATIENCE_SECONDS = 60

NBGRADER = MetaData()

assignment = Table(
    "assignment",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("name", String(128)),
    Column("duedate", DateTime),
)
notebook = Table(
    "notebook",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("name", String(128)),
    Column("assignment_id", String(32)),
)
base_cell = Table(
    "base_cell",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("name", String(128)),
    Column("notebook_id", String(32)),
    Column("type", String(50)),
)
grade_cells = Table("grade_cells", NBGRADER, Column("id", String(32), primary_key=True), Column("max_score", Float))
task_cells = Table("task_cells", NBGRADER, Column("id", String(32), primary_key=True), Column("max_score", Float))
source_cell = Table(
    "source_cell",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("name", String(128)),
    Column("source", Text),
    Column("checksum", String(128)),
    Column("notebook_id", String(32)),
)
student = Table(
    "student",
    NBGRADER,
    Column("id", String(128), primary_key=True),
    Column("first_name", String(128)),
    Column("last_name", String(128)),
    Column("email", String(128)),
    Column("lms_user_id", String(128)),
)
submitted_assignment = Table(
    "submitted_assignment",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),
    Column("student_id", String(128)),
    Column("timestamp", DateTime),
    Column("extension", Interval),
)
submitted_notebook = Table(
    "submitted_notebook",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),
    Column("notebook_id", String(32)),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float),
)
grade = Table(
    "grade",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32)),
    Column("cell_id", String(32)),
    Column("auto_score", Float),
    Column("manual_score", Float),
    Column("extra_credit", Float),
    Column("needs_manual_grade", Boolean),
)
comment = Table(
    "comment",
    NBGRADER,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32)),
    Column("cell_id", String(32)),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
)

OURS = MetaData()

#: For each submitted notebook, as JSON: cell name → [the response last shown to a scorer, the one they scored].
seen = Table("fieldguide_seen", OURS, Column("notebook_id", String(32), primary_key=True), Column("state", Text))
#: The levels that a person gave an essay, by criterion. They hold as long as they add up to the manual score.
level = Table(
    "fieldguide_level",
    OURS,
    Column("grade_id", String(32), primary_key=True),
    Column("criterion", String(60), primary_key=True),
    Column("points", Float),
)
#: What each person gave an essay on the desk: points by criterion as JSON, a comment, and the response they had before
#: them. The version rises with each change. Without a scorer's name it is what two of them settled on.
scoring = Table(
    "fieldguide_scoring",
    OURS,
    Column("grade_id", String(32), primary_key=True),
    Column("scorer", String(128), primary_key=True),
    Column("version", Integer),
    Column("points", Text),
    Column("comment", Text),
    Column("saw", String(64)),
    Column("completed", DateTime),
)
#: What was said to a student's request about a grade; a request is known by its time.
answer = Table(
    "fieldguide_answer",
    OURS,
    Column("grade_id", String(32), primary_key=True),
    Column("asked", String(200), primary_key=True),
    Column("said", Text),
)
#: When somebody last looked at what a student handed in of a module, as the student had asked for help.
looked = Table(
    "fieldguide_looked",
    OURS,
    Column("student_id", String(128), primary_key=True),
    Column("module", String(128), primary_key=True),
    Column("time", DateTime),
)
#: Lines for the log of changed scores: added in the transaction that changes the scores, deleted once written.
unlogged = Table("fieldguide_unlogged", OURS, Column("id", Integer, primary_key=True), Column("line", Text))
#: Every student the gradebook ever had. One who is here and not in nbgrader's table was removed by a person.
had_student = Table("fieldguide_student", OURS, Column("id", String(128), primary_key=True))
#: Who works at the desk by an account that tells nothing of them, in the columns of nbgrader's table of students.
staff = Table(
    "fieldguide_staff",
    OURS,
    Column("id", String(128), primary_key=True),
    Column("first_name", String(128)),
    Column("last_name", String(128)),
    Column("email", String(128)),
    Column("lms_user_id", String(128)),
)


@event.listens_for(Engine, "handle_error")
def _tell_no_values(context: ExceptionContext) -> None:
    # SQLAlchemy's errors hold what was to be written, names and comments, and whatever raises one ends in a log. This
    # is for nbgrader's own engines too.
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.hide_parameters = True


@contextmanager
def gradebook_at(url: str) -> Iterator[Engine]:
    """The gradebook at an SQLAlchemy URL; a grader that finds it busy waits for its turn.

    Raises CourseError when there is none, when it lies where SQLite loses scores, and when it cannot be used; its
    transaction is then rolled back.
    """
    try:
        engine = _engine(url)
    except (SQLAlchemyError, ImportError) as error:  # not an address, or no driver for it
        raise CourseError(f"The gradebook's address, CourseDirectory.db_url, cannot be used: {error}.") from error
    try:
        yield engine
    except SQLAlchemyError as error:
        why = getattr(error, "orig", None) or error
        place = engine.url.database if engine.dialect.name == "sqlite" else engine.url.render_as_string()
        raise CourseError(
            f"The gradebook could not be used, and nothing in it was changed: {why} ({place}). Where it is damaged, "
            "put back a copy that was saved."
        ) from error
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if parsed.database and not Path(parsed.database).is_file():
        raise CourseError(f"There is no gradebook at {parsed.database}. Run nbgrader generate_assignment first.")
    if why := why_no_gradebook(url):
        raise CourseError(why)
    engine = create_engine(parsed, connect_args={"timeout": PATIENCE_SECONDS})
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin)
    return engine


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    # Python's driver would begin a transaction only at the first change, after the rows it depends on were read.
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("fieldguide_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def for_writing(engine: Engine) -> Engine:
    """The same gradebook, for transactions that read and then write, with no other writer in between."""
    return engine.execution_options(fieldguide_writes=True)
