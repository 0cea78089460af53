"""How long the desk's list takes for a large class: a course of modules that everybody handed in, and has feedback on.

    python -m fieldguide.bench.desklist STUDENTS FOLDER

Makes the class in FOLDER, an empty one: its gradebook, its exchange of folders, and what grading leaves. Then prints,
as JSON, the seconds of the processor that one look takes: reading all of it, and drawing the list as the page does.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

from sqlalchemy import insert

from fieldguide.grading import schema as t

_MODULES, _CELLS, _LOOKS = 8, 12, 5
_DUE = datetime(2026, 11, 20, 23, 59)
_SETTINGS = """c = get_config()
c.CourseDirectory.course_id = 'ethics'
c.CourseDirectory.root = {course!r}
c.Exchange.root = {exchange!r}
"""


def make_class(folder: Path, students: int) -> Path:
    """Make the class; returns its course folder."""
    course, exchange = folder / "course", folder / "exchange"
    course.mkdir()
    settings = _SETTINGS.format(course=str(course), exchange=str(exchange))
    (course / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    names = [f"student-{number:05}" for number in range(students)]
    modules = [f"{number:02}-module" for number in range(1, _MODULES + 1)]
    _fill_gradebook(f"sqlite:///{course / 'gradebook.db'}", modules, names)
    for module in modules:
        for step in ("source", "release"):
            (course / step / module).mkdir(parents=True)
        _fill_exchange(course, exchange / "ethics", module, names)
    return course


def _fill_gradebook(url: str, modules: list[str], students: list[str]) -> None:
    from nbgrader.api import Gradebook

    cells: dict[str, tuple[str, str, list[str]]] = {}
    with Gradebook(url, "ethics") as gradebook:
        for module in modules:
            made = gradebook.add_assignment(module, duedate=f"{_DUE} UTC")
            notebook = gradebook.add_notebook(module, module)
            graded = [
                gradebook.add_grade_cell(f"item-{number}", module, module, max_score=2, cell_type="code").id
                for number in range(_CELLS)
            ]
            cells[module] = made.id, notebook.id, graded
    with t.gradebook_at(url) as engine, engine.begin() as connection:
        connection.execute(insert(t.student), [{"id": student} for student in students])
        for assignment, notebook_id, graded in cells.values():
            handed = [
                {"id": uuid4().hex, "assignment_id": assignment, "student_id": one}
                | {"timestamp": _time(number), "extension": timedelta(days=2) if number % 50 == 0 else None}
                for number, one in enumerate(students)
            ]
            there = [
                {"id": uuid4().hex, "assignment_id": one["id"], "notebook_id": notebook_id, "flagged": False}
                for one in handed
            ]
            scores = [
                {"id": uuid4().hex, "notebook_id": one["id"], "cell_id": cell, "auto_score": 1.0}
                | {"needs_manual_grade": False}
                for one in there
                for cell in graded
            ]
            connection.execute(insert(t.submitted_assignment), handed)
            connection.execute(insert(t.submitted_notebook), there)
            connection.execute(insert(t.grade), scores)


def _fill_exchange(course: Path, exchange: Path, module: str, students: list[str]) -> None:
    from fieldguide.grading.inbound import SECRET, feedback_name

    for name in ("inbound", "feedback", f"outbound/{module}"):
        (exchange / name).mkdir(parents=True, exist_ok=True)
    (exchange / "outbound" / module / f"{module}.ipynb").write_text("{}", encoding="utf-8")
    for number, student in enumerate(students):
        (exchange / "inbound" / f"{student}+{module}+{_time(number)}.000000 UTC").mkdir()
        graded = course / "autograded" / student / module
        graded.mkdir(parents=True)
        secret = f"{student}{module}"
        (graded / SECRET).write_text(secret, encoding="utf-8")
        (exchange / "feedback" / feedback_name(secret, module)).write_text("", encoding="utf-8")


def _time(number: int) -> datetime:
    """When a student handed in; every tenth is late."""
    return _DUE + timedelta(hours=3 if number % 10 == 0 else -3)


def seconds_of_a_look(course: Path) -> float:
    """The processor's seconds to read a course and draw its list, the median of a few; the first warms up."""
    from fieldguide.desk.notes import Notes, now
    from fieldguide.desk.page import AtDesk, Stand, count, say
    from fieldguide.desk.reading import read_class
    from fieldguide.desk.server import Desk
    from fieldguide.desk.state import modules
    from fieldguide.grading.course import Course

    page = AtDesk()
    page.base_url, page.xsrf_token = "/", b""
    page.initialize(Desk(course, {}))
    times = []
    for _ in range(_LOOKS + 1):
        started = time.process_time()
        there, notes = Course(course), Notes()
        found = read_class(there, notes)
        stand = Stand(there, found, notes, modules(found.modules, found.students, now()), working=False)
        drawn = page.rendered("desk_modules.html", rows=page.rows(stand), stand=stand, words=say, counted=count)
        times.append(time.process_time() - started)
        handed_in = count(
            "handed_in_late", len(found.students), handed_in=len(found.students), late=_late(found.students)
        )
        assert drawn.count(handed_in) == _MODULES, drawn[:2000]
    return median(times[1:])


def _late(students: tuple[str, ...]) -> int:
    """How many of a class are late: who has more time is not."""
    return sum(number % 10 == 0 and number % 50 != 0 for number in range(len(students)))


if __name__ == "__main__":
    made = make_class(Path(sys.argv[2]), int(sys.argv[1]))
    print(json.dumps(seconds_of_a_look(made)))  # noqa: T201 (what the measuring process reads)
