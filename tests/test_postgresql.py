"""Grading with the gradebook in PostgreSQL: the same as in SQLite, and two graders at once lose nothing."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import free_port
from course import Course
from graded import command_line, due, everything, grade, hand_in, score_by_hand
from nbgrader.api import Gradebook
from test_grading import CLASS, small_source
from traitlets.config import Config

from fieldguide.grading import course as settings
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.course import CourseError
from fieldguide.school.forgetcourse import forget, look
from fieldguide.school.gradebookfile import POSTGRESQL, load, need_free, save

pytestmark = pytest.mark.slow


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them off the PATH."""
    found = shutil.which("pg_ctl")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return places[-1] if places else None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own, on a free port and in a temporary folder; its URL without a database."""
    programs = _programs()
    lacks = [] if programs else ["PostgreSQL (apt-get install postgresql)"]
    if not importlib.util.find_spec("psycopg"):
        lacks.append("its driver (pip install 'psycopg[binary]')")
    if lacks or programs is None:
        reason = f"NOT TESTED WITH POSTGRESQL: not here: {' and '.join(lacks)}."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="fieldguide-pg-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # it refuses to run as root
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    port, data = free_port(), str(folder / "data")

    def call(program: str, *arguments: str) -> None:
        subprocess.run([str(programs / program), *arguments], check=True, capture_output=True, cwd=folder, **user)

    call("initdb", "--pgdata", data, "--username", "fieldguide", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    call("pg_ctl", "--pgdata", data, "--wait", "--log", str(folder / "log"), "--options", options, "start")
    try:
        yield f"postgresql+psycopg://fieldguide@127.0.0.1:{port}"
    finally:
        call("pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
        shutil.rmtree(folder)


class InPostgresql(Course):
    """A course that has an id: PostgreSQL holds nbgrader to it, as SQLite does not."""

    def config(self, *, ours: bool = True) -> Config:
        config = super().config(ours=ours)
        config.CourseDirectory.course_id = "social-work"
        return config


@pytest.fixture
def database(server: str, request: pytest.FixtureRequest) -> str:
    """A database of its own on the server."""
    import psycopg

    name = f"test_{abs(hash(request.node.name))}"
    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def course(database: str, tmp_path: Path) -> Course:
    """A course whose gradebook is in it."""
    course = InPostgresql(tmp_path / "course", "small", small_source(tmp_path))
    course.db_url = database
    course.generate()
    return course


def test_the_gradebook_is_the_same_as_in_sqlite(course: Course, tmp_path: Path) -> None:
    other = Course(tmp_path / "sqlite", "small", small_source(tmp_path))
    other.generate()
    for one in (course, other):
        hand_in(one)
        due(one, "2026-11-19 10:00:00 UTC")
        grade(one, LateSubmissionPlugin={"penalty_method": "zero"})
        score_by_hand(one, "right", 4.0)
        grade(one)
    assert everything(course) == everything(other)
    course.autograde()
    assert everything(course) == everything(other)


def test_a_schools_backup_of_it_comes_back_in_an_empty_database(course: Course, server: str) -> None:
    import psycopg

    hand_in(course)
    grade(course)
    before = everything(course)
    content = save(course.db_url)
    assert content.startswith(POSTGRESQL)
    with pytest.raises(CourseError, match="has tables already"):
        load(course.db_url, content)
    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
    course.db_url = f"{server}/restored"
    load(course.db_url, content)
    assert everything(course) == before
    load(course.db_url, content, again=True)  # a restore that was stopped right after it
    assert everything(course) == before
    with pytest.raises(CourseError, match="has tables already"):
        need_free(course.db_url)


def test_one_student_is_forgotten_in_it(course: Course) -> None:
    hand_in(course)
    grade(course)
    before = everything(course)
    found = forget(settings.Course(course.root, course.config()), "right")
    assert found.rows["submitted_assignment"] == found.rows["student"] == 1 and found.rows["grade"] == 7
    assert everything(course) == {student: held for student, held in before.items() if student != "right"}
    assert not look(settings.Course(course.root, course.config()), "right").rows


def test_feedback_is_made_from_it(course: Course) -> None:
    hand_in(course)
    grade(course)
    written, without = feedback_for_class(settings.Course(course.root, course.config()), "small")
    assert (written, without) == (sorted(CLASS), {})


def test_two_graders_at_once_lose_nothing(course: Course) -> None:
    # Each works on its own copy of the folder, as on two machines: only the gradebook is shared.
    with Gradebook(course.db_url, "social-work") as gradebook:
        for number in range(40):
            gradebook.add_student(f"s{number:02}")
    for number in range(40):
        course.submit(f"s{number:02}", CLASS["partly"], {"the-group-chat": f"Text {number}."})
    (course.root / "nbgrader_config.py").write_text(
        "from fieldguide.grading import configure\nc = get_config()\nconfigure(c)\n"
        f"c.CourseDirectory.db_url = {course.db_url!r}\n",
        encoding="utf-8",
    )
    places = [course, course.copy(course.root.with_name("second"), stock=False)]
    runs = [subprocess.Popen(command_line(place, "grade", "small"), stdout=subprocess.DEVNULL) for place in places]
    assert [run.wait() for run in runs] == [0, 0]
    held = everything(course)
    assert len(held) == 40
    assert all(one["counts"] == (7, 1) for one in held.values())
    grade(course)
    assert everything(course) == held


def test_the_exchange_service_keeps_what_it_is_told_in_postgresql(database: str, tmp_path: Path) -> None:
    from fieldguide.sharing.service import Assignment, Course, Exchange, File, Submission, User

    service = Exchange("/services/exchange/", database, tmp_path, hub=None)
    with service.db_session() as session:
        submission = Submission(User("ana"), Assignment("03", Course("ethics")))
        submission.feedbacks.append(File("03.html", b"Well done.", "a-file"))
        session.add(submission)
        session.commit()
    with service.db_session() as session:
        (found,) = session.query(Submission).filter_by(student_id="ana")
        assert [file.filename for file in found.feedbacks] == ["03.html"]
