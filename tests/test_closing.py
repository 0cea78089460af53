"""Settings that cannot be read close Formgrader and nbgrader's steps: nothing goes on without what they say."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from browser import JupyterServer
from conftest import PROJECT
from course import Course
from graded import grade
from nbgrader.converters.base import NbGraderException
from test_grading import CLASS

GOOD = (
    (PROJECT / "nbgrader_config.py").read_text("utf-8").replace("show_best_answer = True", "show_best_answer = False")
)
DAMAGED = {
    "a bracket that is never closed": (GOOD + "c.Exchange.update(\n", "line 11"),
    "a name that nobody knows": (GOOD + "c.Exchange.root = here\n", "line 11"),
    "a file that is cut short": (GOOD[: GOOD.index("configure(c)")] + "configur(c)", "line 7"),
}


@pytest.fixture(scope="module")
def server(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """Formgrader, started while the course's settings are damaged; nothing else brings Field Guide's settings."""
    folder = tmp_path_factory.mktemp("closing")
    course = generated.copy(folder / "course", stock=False)
    for student, time in (("ana", "2026-06-15 20:00:00 UTC"), ("ben", "the day before yesterday")):
        (course.submit(student, CLASS["right"]) / "timestamp.txt").write_text(time, encoding="utf-8")
    home = folder / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(course.root)!r}\nc.CourseDirectory.course_id = 'ethics'\n",
        encoding="utf-8",
    )
    settings_of(course.root).write_text(DAMAGED["a bracket that is never closed"][0], encoding="utf-8")
    server = JupyterServer(course.root, home)
    yield server
    server.stop()


def settings_of(root: Path) -> Path:
    return root / "nbgrader_config.py"


def ask(server: JupyterServer, address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{server.url}/formgrader/{address}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGED)
def test_formgrader_is_closed_while_settings_cannot_be_read(server: JupyterServer, damage: str) -> None:
    content, line = DAMAGED[damage]
    settings_of(server.root).write_text(content, encoding="utf-8")
    for address in (
        "",
        "manage_assignments",
        "gradebook",
        "manage_submissions/small",
        "api/assignments",
        "api/students",
    ):
        status, page = ask(server, address)
        assert status == HTTPStatus.SERVICE_UNAVAILABLE, address
        assert f"{settings_of(server.root)} could not be read: " in page and line in page, address
    assert ask(server, "static/css/nbgrader.css")[0] == HTTPStatus.OK
    assert f"Formgrader is closed: {settings_of(server.root)} could not be read: " in server.log()
    settings_of(server.root).write_text(GOOD, encoding="utf-8")
    status, page = ask(server, "manage_assignments")
    assert status == HTTPStatus.OK
    assert "fieldguide.grading.stripping.StripKeys" in page  # nbgrader shows there what settings it has
    assert "show_best_answer" in page


@pytest.mark.slow
def test_a_time_that_was_put_there_by_hand_costs_nobody_formgraders_list(server: JupyterServer) -> None:
    settings_of(server.root).write_text(GOOD, encoding="utf-8")
    status, listed = ask(server, "api/submissions/small")
    assert status == HTTPStatus.OK
    assert {row["student"]: row["timestamp"] for row in json.loads(listed)} == {
        "ana": "2026-06-15T20:00:00",
        "ben": None,
    }


@pytest.mark.parametrize("damage", DAMAGED)
def test_nbgraders_own_steps_do_not_go_on_without_the_courses_settings(course: Course, damage: str) -> None:
    """As in a classroom, where settings for everybody stand elsewhere and this course withholds the best answers."""
    course.submit("ana", CLASS["right"])
    grade(course)
    settings_of(course.root).write_text(DAMAGED[damage][0], encoding="utf-8")
    for step in (course.autograde, lambda: course.feedback("ana")):
        with pytest.raises(NbGraderException, match=rf"nbgrader_config\.py could not be read: .*{DAMAGED[damage][1]}"):
            step()
    assert not list(course.root.glob("feedback/*/*/*"))
