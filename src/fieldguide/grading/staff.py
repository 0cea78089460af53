"""The names of instructors and assistants whose accounts tell nothing of them, kept in the gradebook for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, select, update

from fieldguide.grading import schema as t
from fieldguide.grading.course import Course


def keep_staff(course: Course, people: Iterable[Mapping[str, str]]) -> None:
    """Keep what is told of people, each a row by the columns of ``fieldguide_staff``. What is not told this time stays
    as it was. Raises CourseError."""
    with t.gradebook_at(course.db_url) as engine, t.for_writing(engine).begin() as connection:
        t.OURS.create_all(connection)
        for one in people:
            told = {column.name: one[column.name] for column in t.staff.c if one.get(column.name)}
            if connection.scalar(select(t.staff.c.id).where(t.staff.c.id == one["id"])) is None:
                connection.execute(insert(t.staff), [told])
            else:
                connection.execute(update(t.staff).where(t.staff.c.id == one["id"]).values(**told))
