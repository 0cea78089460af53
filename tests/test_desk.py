"""The desk: in which state a module is, what is read of a course, and each step with a real course and exchange."""

from __future__ import annotations

import asyncio
import csv
import fcntl
import functools
import io
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from desk_course import FIRST, DeskCourse
from forking import fork
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash

from fieldguide.courseplan import read_plan
from fieldguide.desk import notes, work
from fieldguide.desk.answering import export, extension
from fieldguide.desk.asking import ask
from fieldguide.desk.duedate import NoDueDateError, due_in_zone, read_due
from fieldguide.desk.extensions import Given, _later_date
from fieldguide.desk.notes import FILE, LOCK, Job, Notes, is_working, read_notes, take_lock, write_notes
from fieldguide.desk.page import At, Take
from fieldguide.desk.reading import read_class, scores_of
from fieldguide.desk.server import Desk
from fieldguide.desk.sheets import EnterSheet
from fieldguide.desk.state import Found, Module, State, Step, modules, next_of
from fieldguide.grading.inbound import feedback_name
from fieldguide.words import Words

NOW = datetime(2026, 11, 30, 12)
BEFORE, AFTER, HOUR = NOW - timedelta(days=2), NOW + timedelta(days=2), timedelta(hours=1)
CLASS = ("ana", "ben", "cleo")


def one(**found: object) -> Module:
    (module,) = modules([Found(FIRST, **found)], CLASS, NOW)  # type: ignore[arg-type]
    return module


# -- in which state a module is --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "state", "step"),
    [
        ({"made": False}, State.UNMADE, Step.RELEASE),
        ({}, State.KEPT, Step.RELEASE),
        ({"released": BEFORE}, State.OUT, None),
        ({"released": BEFORE, "handed_in": {"ana": BEFORE}}, State.TO_COLLECT, Step.COLLECT),
        ({"handed_in": {"ana": BEFORE}}, State.TO_COLLECT, Step.COLLECT),  # withdrawn since
        ({"released": BEFORE, "graded": {"ana": BEFORE}, "waiting": 2}, State.TO_SCORE, Step.SCORE),
        ({"released": BEFORE, "graded": {"ana": BEFORE}}, State.TO_RETURN, Step.FEEDBACK),
        ({"released": BEFORE, "graded": {"ana": None, "ben": BEFORE}, "returned": 1}, State.TO_RETURN, Step.FEEDBACK),
        ({"graded": {"ana": BEFORE}, "returned": 1}, State.RETURNED, None),
        ({"graded": {"ana": BEFORE}, "returned": 1, "changed": True}, State.TO_RETURN, Step.FEEDBACK),
        (
            {"graded": {"ana": BEFORE}, "handed_in": {"ana": BEFORE + HOUR}, "returned": 1},
            State.TO_COLLECT,
            Step.COLLECT,
        ),
        # Who only asked for another look after collecting keeps the earlier time.
        (
            {"graded": {"ana": BEFORE}, "handed_in": {"ana": BEFORE + HOUR}, "collected": NOW, "returned": 1},
            State.RETURNED,
            None,
        ),
    ],
)
def test_a_module_has_a_state_and_one_next_step(found: dict[str, object], state: State, step: Step | None) -> None:
    assert (one(**found).state, one(**found).step) == (state, step)


def test_it_is_counted_who_handed_in_who_is_late_and_who_has_not() -> None:
    module = one(released=BEFORE, due=BEFORE, handed_in={"ana": BEFORE - HOUR, "zoe": BEFORE + HOUR})
    assert (module.handed_in, module.late, module.of, module.missing) == (2, 1, 4, ("ben", "cleo"))


def test_who_has_more_time_is_late_only_after_it() -> None:
    handed_in = {"ana": BEFORE + HOUR, "ben": BEFORE + HOUR}
    assert one(due=BEFORE, handed_in=handed_in, extended={"ana": 2 * HOUR}).late == 1


def test_whose_more_time_is_still_running_is_known_in_order() -> None:
    extended = {"ana": 2 * (AFTER - BEFORE), "ben": HOUR, "cleo": AFTER - BEFORE}
    module = one(due=BEFORE, extended=extended, graded={"ben": BEFORE})
    assert (module.step, module.running) == (Step.FEEDBACK, (AFTER, AFTER + (AFTER - BEFORE)))
    assert one(due=AFTER).running == one(extended=extended).running == ()


def test_more_time_alone_is_no_submission(room: DeskCourse) -> None:
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate="2026-12-04 04:59:00 UTC")
        gradebook.add_submission(FIRST, "ana")
        gradebook.grant_extension(FIRST, "ana", days=2)
    found = next(one for one in read_class(room.course, Notes()).modules if one.module == FIRST)
    assert (found.graded, found.extended) == ({}, {"ana": timedelta(days=2)})


def test_what_can_wait_until_it_is_due_does_not_come_first() -> None:
    some, everybody = {"ana": BEFORE}, dict.fromkeys(CLASS, BEFORE)
    assert one(due=AFTER, handed_in=some).early
    assert not one(due=AFTER, handed_in=everybody).early
    assert not one(due=BEFORE, handed_in=some).early
    course = [
        Found("01-a", released=BEFORE, due=AFTER, handed_in=some),
        Found("02-b", graded={"ana": BEFORE}, due=NOW - HOUR),
        Found("03-c", graded={"ana": BEFORE}, due=BEFORE),
        Found("04-d"),
    ]
    following = next_of(modules(course, CLASS, NOW))
    assert following is not None and following.found.module == "03-c"
    following = next_of(modules([course[3], course[0]], CLASS, NOW))
    assert following is not None and following.found.module == "04-d"
    assert next_of(modules(course[:1], CLASS, NOW)) is None


# -- what is kept ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"job": {"step": "fly"}}', '{"job": null, "collected": [1]}', "[" * 9999]
)
def test_damaged_notes_are_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_notes(tmp_path) == Notes()


def test_notes_come_back_as_they_were(tmp_path: Path) -> None:
    notes = Notes(Job("collect", FIRST, "2026-11-30T12:00:00Z", counts={"graded": 3}, problems=["ana: torn"]))
    notes.given[FIRST] = [3, 5.5]
    notes.entered[FIRST] = ["ana"]
    write_notes(tmp_path, notes)
    assert read_notes(tmp_path) == notes
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_who_asks_whether_work_goes_on_is_no_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two browsers look each second: neither may be told of work that nobody does, nor keep anybody from beginning."""
    asked = os.open(tmp_path / LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(asked, fcntl.LOCK_SH)
    assert not is_working(tmp_path)
    monkeypatch.setattr(notes.time, "sleep", lambda _: os.close(asked))
    lock = take_lock(tmp_path)
    assert lock is not None and is_working(tmp_path)
    os.close(lock)


def test_each_account_that_looks_after_a_course_can_hold_it(tmp_path: Path) -> None:
    assert not is_working(tmp_path)
    assert (tmp_path / LOCK).stat().st_mode & 0o777 == 0o600
    tmp_path.chmod(0o770)  # as where CourseDirectory.groupshared is set
    assert not is_working(tmp_path)
    assert (tmp_path / LOCK).stat().st_mode & 0o777 == 0o660


@pytest.mark.parametrize(
    ("due", "zone", "moment"),
    [
        ("2026-12-04T23:59", "America/New_York", "2026-12-05T04:59"),
        ("2026-07-04T23:59", "America/New_York", "2026-07-05T03:59"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T06:30"),  # shown twice: the later one
        ("2026-03-08T02:30", "America/New_York", None),  # shown by no clock
        ("2026-12-04T23:59", "Atlantis/Capital", None),
        ("0001-01-01T00:00", "Asia/Tokyo", None),
        ("9999-12-31T23:59", "America/New_York", None),
        ("soon", "UTC", None),
    ],
)
def test_a_due_date_is_what_a_clock_shows_in_its_zone(due: str, zone: str, moment: str | None) -> None:
    if moment is None:
        with pytest.raises(NoDueDateError):
            read_due(due, zone)
    else:
        assert read_due(due, zone) == datetime.fromisoformat(moment)
        assert due_in_zone(read_due(due, zone), zone) == due


@pytest.mark.parametrize("known", ["2026-12-05T04:59:59", "2026-11-01T05:30"])  # the first of two equal times
def test_a_form_that_nobody_changed_moves_no_due_date(known: str) -> None:
    zone, due = "America/New_York", datetime.fromisoformat(known)
    found, form = one(due=due), due_in_zone(due, zone)
    page = Take.__new__(Take)  # no more of it is asked where nothing moves
    assert page._due(found, form, zone) == due != read_due(form, zone)
    longer = one(due=due - HOUR, extended={"ana": HOUR})
    assert _later_date(longer, Given("Ana", form, zone), "ana") == due


def test_work_that_was_killed_no_longer_goes_on(tmp_path: Path) -> None:
    lock = take_lock(tmp_path)
    assert lock is not None
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    os.close(lock)
    assert is_working(tmp_path) and take_lock(tmp_path) is None
    child.kill()
    child.wait()
    assert not is_working(tmp_path)


# -- a class ---------------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskCourse:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    return DeskCourse(tmp_path, *CLASS)


def do(room: DeskCourse, step: str, *, by_program: bool = False, module: str = FIRST, **about: object) -> Job:
    """A step, as the process of its own takes it: the program itself, which imports nbgrader first, or a copy of this
    one."""
    notes = read_notes(room.root)
    notes.job = Job(step, module, f"{datetime.now():%Y-%m-%dT%H:%M:%S}Z", **about)  # type: ignore[arg-type]
    write_notes(room.root, notes)
    if by_program:
        subprocess.run([sys.executable, "-P", "-m", "fieldguide.desk.work", room.root], cwd=room.root, check=True)
    else:
        assert fork(lambda: work.main(room.root)) == 0
    job = read_notes(room.root).job
    assert job is not None and job.ended is not None
    return job


def grade_first(room: DeskCourse) -> None:
    """The first module is collected of ana and ben: a score of ana's has points on top, and one of ben's waits."""
    do(room, "release")
    room.hand_in("ana", FIRST)
    room.hand_in("ben", FIRST, what_tevin_still_owes=["resolve"])
    assert do(room, "collect").trouble is None
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.find_submission_notebook(FIRST, FIRST, "ana").grades[0].extra_credit = 2
        gradebook.find_submission_notebook(FIRST, FIRST, "ben").grades[0].needs_manual_grade = True
        gradebook.db.commit()


def stand(room: DeskCourse) -> Module:
    found = read_class(room.course, read_notes(room.root))
    return next(one for one in modules(found.modules, found.students, datetime.now()) if one.found.module == FIRST)


def test_a_class_goes_from_release_to_feedback(room: DeskCourse) -> None:
    assert stand(room).state is State.UNMADE  # there is a release/, and the gradebook does not know it
    assert stand(room).found.title == "The Code" and stand(room).found.previewed
    job = do(room, "make", by_program=True)
    assert (job.trouble, job.problems) == (None, []) and stand(room).state is State.KEPT
    job = do(room, "release", by_program=True, due="2026-12-04T04:59:00Z", zone="America/New_York")
    assert (job.trouble, job.problems) == (None, [])
    assert stand(room).state is State.OUT
    assert stand(room).found.due == datetime(2026, 12, 4, 4, 59)
    plan = read_plan(room.exchange / "ethics" / "outbound" / FIRST)
    planned = plan.of(FIRST) if plan else None
    assert planned is not None and planned.due == datetime(2026, 12, 4, 4, 59)
    assert read_notes(room.root).zone == "America/New_York"

    for name in ("ana", "ben"):
        room.hand_in(name, FIRST)
    assert (stand(room).state, stand(room).new, stand(room).missing) == (State.TO_COLLECT, 2, ("cleo",))
    job = do(room, "collect", by_program=True)
    assert job.trouble is None
    assert (job.counts["graded"], job.counts["missing"]) == (2, 1)
    assert stand(room).state in (State.TO_SCORE, State.TO_RETURN)

    job = do(room, "feedback", by_program=True)
    assert (job.trouble, job.counts) == (None, {"given": 2, "without": 0})
    assert stand(room).found.returned == 2
    told = room.take("ana", "feedback", FIRST)
    assert told["listing"]["modules"][0]["submissions"][0]["feedback"]  # type: ignore[index]


def test_a_release_can_be_withdrawn_and_be_made_again(room: DeskCourse) -> None:
    assert do(room, "release", due="2026-12-04T04:59:00Z", zone="UTC").trouble is None
    assert do(room, "release", due=None, zone="UTC").trouble is None
    assert stand(room).found.due is None and stand(room).state is State.OUT
    assert do(room, "withdraw").trouble is None
    assert stand(room).state is State.KEPT
    assert do(room, "release").trouble is None
    assert stand(room).state is State.OUT


def test_a_release_that_fails_leaves_the_due_date_that_students_have(room: DeskCourse) -> None:
    assert do(room, "release", due="2099-12-04T04:59:00Z", zone="UTC").trouble is None
    shutil.rmtree(room.root / "release" / FIRST)
    (room.root / "release" / FIRST).mkdir()
    shutil.rmtree(room.exchange / "ethics" / "outbound")
    (room.exchange / "ethics" / "outbound").touch()  # where nothing can be put
    assert do(room, "release", due="2099-12-11T04:59:00Z", zone="UTC").trouble is not None
    with Gradebook(room.course.db_url) as gradebook:
        assert gradebook.find_assignment(FIRST).duedate == datetime(2099, 12, 4, 4, 59)


def test_who_worked_on_paper_has_feedback_once_there_is_a_page_to_print_and_is_graded_again(room: DeskCourse) -> None:
    do(room, "release")
    enter = functools.partial(
        ask, room.root, "enter", module=FIRST, student="ana", written={}, by="Kim", at="2025-11-20 17:00", zone="UTC"
    )
    assert "told" in enter(write=True)
    assert stand(room).state is State.TO_COLLECT
    do(room, "collect")
    assert stand(room).found.returned == 0
    job = do(room, "feedback")
    assert (job.trouble, job.problems, job.counts["given"]) == (None, [], 1)
    assert stand(room).found.returned == 1 and stand(room).state in (State.TO_SCORE, State.RETURNED)
    # What is entered once more with the same time is new, until it is graded.
    notes = read_notes(room.root)
    notes.entered[FIRST] = ["ana"]
    write_notes(room.root, notes)
    assert (stand(room).state, stand(room).new) == (State.TO_COLLECT, 1)
    do(room, "collect")
    assert stand(room).new == 0


def test_a_score_that_changes_after_feedback_asks_for_feedback_again(room: DeskCourse) -> None:
    do(room, "release")
    room.hand_in("ana", FIRST)
    do(room, "collect")
    do(room, "feedback")
    assert not stand(room).found.changed
    with Gradebook(room.course.db_url) as gradebook:
        grade = gradebook.find_submission_notebook(FIRST, FIRST, "ana").grades[0]
        grade.extra_credit = 1
        gradebook.db.commit()
    assert stand(room).found.changed


def test_late_points_follow_on_the_desk_what_is_given_after_grading(room: DeskCourse) -> None:
    with (room.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    do(room, "release")
    room.hand_in("ana", FIRST)
    do(room, "collect")
    with Gradebook(room.course.db_url) as gradebook:
        handed_in = gradebook.find_submission(FIRST, "ana")
        gradebook.find_assignment(FIRST).duedate = handed_in.timestamp - timedelta(minutes=1)
        handed_in.notebooks[0].grades[0].manual_score = 2
        gradebook.db.commit()

    def points() -> list[tuple[str, str]]:
        told = export(room.course, {"kind": "table", "module": FIRST})
        rows = csv.DictReader(io.StringIO(b64decode(told["content"]).decode("utf-8-sig")))
        return [(row["late_submission_penalty"], row["score"]) for row in rows if row["student_id"] == "ana"]

    assert points() == [("2.0", "0.0")]
    do(room, "feedback")
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.find_submission(FIRST, "ana").notebooks[0].grades[0].manual_score = 3
        gradebook.db.commit()
    do(room, "feedback")
    assert scores_of(room.course, FIRST)[1] == 0 and not stand(room).found.changed
    later = {"module": FIRST, "student": "ana", "due": "2099-12-04T04:59:00Z", "by": "kim"}
    assert "trouble" not in extension(room.course, later)
    assert stand(room).found.changed and points() == [("0.0", "3.0")]


def test_a_module_with_nothing_to_score_never_asks_for_feedback_again(room: DeskCourse) -> None:
    write_notes(room.root, Notes(given={FIRST: scores_of(room.course, FIRST)}))
    assert not stand(room).found.changed


def test_what_goes_wrong_is_said_in_a_sentence_and_nothing_is_lost(room: DeskCourse) -> None:
    job = do(room, "collect")
    assert job.trouble is not None and "Course not found" in job.trouble
    do(room, "release")
    (room.root / "source" / FIRST / f"{FIRST}.ipynb").write_text("{")
    room.hand_in("ana", FIRST)
    job = do(room, "collect")
    assert job.trouble is not None and "is damaged" in job.trouble
    assert (room.root / "submitted" / "ana" / FIRST).is_dir()


def test_what_is_to_do_is_said_without_a_terminal(room: DeskCourse) -> None:
    do(room, "release")
    room.hand_in("ana", FIRST, what_tevin_still_owes=["resolve"])
    source = room.root / "source" / FIRST / f"{FIRST}.ipynb"
    text = source.read_text("utf-8")
    source.write_text(text.replace("  resolve:", "  settle:").replace("key: [resolve]", "key: [settle]"), "utf-8")
    job = do(room, "collect")
    assert job.trouble is not None and job.trouble.startswith("1 answer no longer fit")
    assert "check “Go on where answers no longer fit”" in job.trouble and "--" not in job.trouble
    source.write_text(text, "utf-8")
    assert do(room, "collect").trouble is None
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.remove_student("ana")
    job = do(room, "collect")
    assert job.trouble is None and job.problems == [
        "ana handed in, and is not graded: this student was removed from the gradebook. To grade again who was "
        "removed, take a class list with their id."
    ]
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.add_student("ana")
    assert do(room, "collect").problems == [] and stand(room).found.graded.keys() == {"ana"}


def test_feedback_is_named_as_nbgrader_names_it() -> None:
    assert feedback_name("séecret", FIRST) == f"{notebook_hash(secret='séecret', notebook_id=FIRST)}.html"


def test_whatever_goes_on_and_however_it_ends_there_is_a_sentence_for_it() -> None:
    texts = Words("desk").words()
    steps = [step.value for step in Step if step is not Step.SCORE]
    assert {f"{said}_{step}" for said in ("doing", "did") for step in steps} <= texts.keys()
    asked_first = [step for step in steps if step != Step.SEND.value]  # its page is the table of what was sent
    assert {f"{said}_{step}" for said in ("does", "undo") for step in asked_first} <= texts.keys()
    told = Path(work.__file__).read_text("utf-8")
    for phase in re.findall(r'_tell\("(\w+)"\)', told):
        assert {f"doing_{phase}", f"doing_{phase}_of"} <= texts.keys()
    kept = re.findall(r"counts \|?= \{(.*?)\}", told, re.DOTALL)
    counted = {name for names in kept for name in re.findall(r'"(\w+)":', names)}
    assert {"graded", "given"} <= counted
    assert {f"counted_{name}.other" for name in counted} <= texts.keys()


# -- whose desk it is ------------------------------------------------------------------------------


def test_the_desk_is_for_who_can_change_the_courses_gradebook(room: DeskCourse) -> None:
    desk = Desk(room.root, {"FIELDGUIDE_ROLE": "instructor"})
    assert desk.course() is not None
    assert Desk(room.root, {"FIELDGUIDE_ROLE": "student"}).course() is None
    assert Desk(room.student("ana"), {}).course() is None


@pytest.mark.parametrize("told", [{}, {"trouble": "It is away."}])
def test_a_sheet_is_entered_only_once_it_is_known_what_was_handed_in(tmp_path: Path, told: dict[str, str]) -> None:
    asked = []

    class Page(EnterSheet):
        language = "en"

        def __init__(self) -> None:
            pass

        async def stand(self) -> Any:
            course = SimpleNamespace(root=tmp_path, settings={"groupshared": False})
            return SimpleNamespace(course=course, found=SimpleNamespace(in_files=False))

        async def _sheet(self, module: str, student: str, *, anyway: bool = False) -> Any:
            asked.append(("sheet", is_working(tmp_path)))
            return None, {"own": False, "taken": False}

        async def _answer(self, question: str, **more: Any) -> dict[str, str]:
            asked.append((question, is_working(tmp_path)))
            return told

        async def _ask(self, module: str, student: str, kind: str) -> dict[str, str]:
            asked.append((kind, is_working(tmp_path)))
            return {"told": ""}

    _, _, answer = asyncio.run(Page()._enter(FIRST, "ana"))
    assert read_notes(tmp_path).entered == ({} if told else {FIRST: ["ana"]})
    assert asked == [("exchange", True), ("sheet", True), *([] if told else [("enter", True)])]
    assert ("It is away." in answer.get("trouble", "")) == bool(told) and not is_working(tmp_path)


@pytest.mark.parametrize("teaches", [True, False])
def test_an_exchange_that_is_a_service_is_asked_for_instructors_alone(
    monkeypatch: pytest.MonkeyPatch, teaches: bool
) -> None:
    asked = []
    monkeypatch.setattr("fieldguide.desk.page.ask", lambda start, question: asked.append(question) or {})

    class Page(At):
        language = "en"
        request = SimpleNamespace(query_arguments={"ask": [b""]})
        desk = SimpleNamespace(start=None)
        _person = SimpleNamespace(teaches=teaches)

        def __init__(self) -> None:
            pass

        async def stand(self) -> Any:
            return SimpleNamespace(working=False, found=SimpleNamespace(in_files=False))

        async def elsewhere(self, work: Callable[[], Any]) -> Any:
            return work()

    _, why = asyncio.run(Page().asked())
    assert (asked, why) == (["exchange"] if teaches else [], None)


def test_only_one_piece_of_work_goes_on_in_a_course(room: DeskCourse) -> None:
    desk = Desk(room.root, {})
    lock = take_lock(room.root)
    assert lock is not None
    assert not desk.begin(room.course, Job("release", FIRST, "2026-11-30T12:00:00Z"))
    assert read_notes(room.root).job is None
    os.close(lock)
