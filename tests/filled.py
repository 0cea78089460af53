"""A course of a school's server in the middle of a term: work handed in, graded, scored by people, asked about."""

from __future__ import annotations

import json
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from accounts import Server, school_server
from course import Course
from graded import grade, score_by_hand
from nbgrader.api import Gradebook
from sqlalchemy import insert
from test_grading import CLASS

from fieldguide.courseplan import NOTES
from fieldguide.grading import course as settings
from fieldguide.grading import schema
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.extensions import notes, write_notes
from fieldguide.grading.inbound import feedback_name
from fieldguide.responses.requests import add_request

TWO_COURSES = """\
[school]
address = "http://127.0.0.1:650"
[courses.@a]
title = "Ethics"
instructors = ["@-grace"]
[courses.@b]
title = "Practice"
instructors = ["@-joan"]
"""
ANA, BEN = "-ana", "-ben"
ESSAY = "the-group-chat"
_TIMES = ("2026-11-19 10:00:00.000000 UTC", "2026-11-20 10:00:00.000000 UTC")

_LOOKED = datetime(2026, 11, 21)


@contextmanager
def filled_school(generated: Course) -> Iterator[Server]:
    """A school's server with two courses, the first of them filled."""
    with school_server() as made:
        made.write(TWO_COURSES)
        assert made.admin("apply") == 0
        for name in (ANA, BEN):
            made.enroll(name, "a")
        fill(made, "a", generated)
        yield made


def fill(server: Server, name: str, generated: Course) -> Path:
    """Fill a course with the work of Ana and Ben, who each handed in twice; returns its course folder."""
    id_ = server.name(name)
    folder = server.places.courses / id_ / "grader" / "course"
    exchange = server.places.courses / id_ / "exchange" / id_
    people = [server.name(ANA), server.name(BEN)]
    course = generated.copy(folder.with_name("made"), stock=False)
    for number, student in enumerate(people):
        work = course.submit(student, list(CLASS.values())[number], {ESSAY: f"Essay of {student}."})
        words = f"I read it otherwise, says {student}."
        add_request(work, "small", "after-hours-message", words, wording="w", points=1.0, of=2.0)
        for time in _TIMES:
            handed = exchange / "inbound" / f"{student}+small+{time}+AAAAAAAAAAAA"
            (work / "timestamp.txt").write_text(time, encoding="utf-8")
            (work / "submission_secret.txt").write_text(f"{student} {time}".encode().hex(), encoding="utf-8")
            shutil.copytree(work, handed)
            _give(handed, student)
            page = exchange / "feedback" / feedback_name(f"{student} {time}".encode().hex(), "small")
            page.write_text(f"Feedback for {student} at {time}.", encoding="utf-8")
            _give(page, f"grader-{id_}")
    grade(course)
    for student in people:
        score_by_hand(course, student, 4.0)
    grade(course)
    feedback_for_class(settings.Course(course.root, course.config()), "small")
    with Gradebook(course.db_url) as gradebook:
        for student in people:
            gradebook.find_submission("small", student).extension = None
            row = gradebook.find_grade(ESSAY, "small", "small", student)
            for table, values in (
                (schema.scoring, {"scorer": "tim", "version": 1, "points": "{}", "comment": "", "saw": ""}),
                (schema.level, {"criterion": "care", "points": 2.0}),
                (schema.answer, {"asked": _TIMES[0], "said": f"Dear {student}, it stands."}),
            ):
                gradebook.db.execute(insert(table).values(grade_id=row.id, **values))
            gradebook.db.execute(insert(schema.looked).values(student_id=student, module="small", time=_LOOKED))
            gradebook.db.execute(insert(schema.unlogged).values(line=json.dumps({"v": 1, "student": student})))
        gradebook.db.commit()
    listed = {"time": _TIMES[0], "released": {}, "handed_in": {"small": {one: {_TIMES[0]: True} for one in people}}}
    listed |= {"begun": {"small": people}}
    (course.root / ".fieldguide-desk-exchange.json").write_text(json.dumps(listed), encoding="utf-8")
    head = {"v": 1, "time": "2026-11-28T10:00:00Z", "module": "small"}
    entries = [head | {"event": "item", "item": ESSAY, "points_before": 5.0, "points": 4.0}]
    entries += [head | {"event": "score", "student": one, "before": 2.0, "after": 1.0} for one in people]
    log = course.root / "grading-log.jsonl"
    log.write_text("".join(json.dumps(entry) + "\n" for entry in entries) + '{"torn', encoding="utf-8")
    (course.root / "grades.csv").write_text("id,score\n" + "".join(f"{one},4\n" for one in people), encoding="utf-8")
    shutil.copytree(course.root / "release" / "small", exchange / "outbound" / "small")
    told = notes(settings.Course(course.root, course.config()))
    assert not write_notes(exchange / NOTES, told, "{student_id}", shared=False)
    for part in course.root.iterdir():
        if part.name == "source":
            shutil.copytree(part / "small", folder / "source" / "small")
        else:
            shutil.move(part, folder / part.name)
    shutil.rmtree(course.root)
    for place in (folder, exchange / "outbound", exchange / NOTES):
        _give(place, f"grader-{id_}")
    for student in people:
        own = Path(pwd.getpwnam(student).pw_dir, id_)
        shutil.copytree(folder / "submitted" / student / "small", own / "small")
        own.chmod(0o700)
        _give(own, student)
    return folder


def _give(path: Path, account: str) -> None:
    entry = pwd.getpwnam(account)
    for place in (path, *path.rglob("*")):
        os.chown(place, entry.pw_uid, entry.pw_gid)


def everything_below(folder: Path) -> dict[str, tuple[str, str, int, bytes]]:
    """What is below a folder: of each path the owner, the group, the permissions and the content."""
    import grp

    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        owner, group = pwd.getpwuid(about.st_uid).pw_name, grp.getgrgid(about.st_gid).gr_name
        found[str(path.relative_to(folder))] = (owner, group, about.st_mode, content)
    return found


def rows_of(gradebook: Path) -> list[str]:
    """What a gradebook in SQLite holds, as statements."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(gradebook)) as connection:
        return list(connection.iterdump())
