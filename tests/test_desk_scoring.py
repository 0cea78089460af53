"""Scoring essays on the desk: whose work is kept and which counts, what comes next, and what pages get and send."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser import JupyterServer
from course import Course
from graded import change_source, everything, flagged, grade, score_by_hand, with_config
from nbgrader.api import Gradebook
from test_grading import CLASS

from fieldguide.cli import main
from fieldguide.desk.essays import Progress, Sheet, Task, read_sheet, read_tasks
from fieldguide.desk.essays_page import EssaysPage
from fieldguide.desk.notes import Notes
from fieldguide.desk.reading import read_class
from fieldguide.grading import course as settings
from fieldguide.grading.overruled import decide, overruled_of
from fieldguide.grading.scorers import (
    SETTLED,
    OtherVersionError,
    Scoring,
    Written,
    compare,
    differences,
    keep_scoring,
)
from fieldguide.grading.staff import keep_staff
from fieldguide.items import Essay

ITEM = "the-group-chat"
NAMES = ("ben", "cleo", "dara", "zoë")
FULL = {"people": 3.0, "decision": 2.0}


class Room:
    """A graded class whose essays are scored."""

    def __init__(self, course: Course) -> None:
        self.of = course
        self.course = settings.Course(course.root)

    def task(self, scorer: str = "ana") -> Task:
        return read_tasks(self.course, "small", scorer)[1][ITEM]

    @property
    def essay(self) -> Essay:
        return self.task().essay

    def written(self, student: str) -> Written:
        return next(one for one in self.task().written if one.grade.student == student)

    def sheet(self, student: str, scorer: str = "ana", *, settle: bool = False) -> Sheet:
        grade_id = self.written(student).grade.grade_id
        found = read_sheet(self.course, "small", ITEM, grade_id, scorer, settle=settle)
        assert found is not None
        return found

    def give(
        self, student: str, scorer: str, comment: str = "", *, version: int | None = None, **points: float
    ) -> Written:
        """What a page sends once somebody has given this."""
        written = self.written(student)
        there = written.scorings.get(scorer)
        version = (there.version if there else 0) if version is None else version
        given = Scoring(scorer, version, points, comment, written.shown)
        return keep_scoring(self.course, "small", self.essay, written.grade.grade_id, given)

    def grade_again(self, student: str, text: str) -> None:
        """The student hands in another text."""
        folder = self.of.root / "submitted" / student / "small"
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        self.of.submit(student, CLASS["right"], {ITEM: text})
        grade(self.of)

    def marks(self, student: str) -> tuple[float | None, str | None, bool]:
        """nbgrader's manual score, its comment, and whether it still waits."""
        held = everything(self.of)[student]
        _, manual, _, waits = held["grades"][ITEM]
        return manual, held["comments"][ITEM][1], waits


@pytest.fixture(scope="module")
def class_of_five(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = with_config(generated.copy(tmp_path_factory.mktemp("class") / "course", stock=False))
    for student in NAMES:
        course.submit(student, CLASS["right"], {ITEM: f"I'd ask Robin first. <b>{student}</b> & co."})
    course.submit("none", {}, {})
    grade(course)
    return course


@pytest.fixture
def room(class_of_five: Course, tmp_path: Path) -> Room:
    return Room(class_of_five.copy(tmp_path / "course", stock=False))


# -- what is kept, and what counts -----------------------------------------------------------------


def test_the_sum_of_a_scorers_levels_is_nbgraders_score_and_their_comment_its_comment(room: Room) -> None:
    room.give("ben", "ana", people=2)
    assert room.marks("ben") == (None, None, True)  # a criterion has no points yet
    room.give("ben", "ana", "Name the family too.", people=2, decision=1)
    assert room.marks("ben") == (3.0, "Name the family too.", False)
    assert room.written("ben").levels == {"people": 2, "decision": 1}
    log = [json.loads(line) for line in (room.of.root / "grading-log.jsonl").read_text("utf-8").splitlines()]
    told = [entry for entry in log if entry["event"] == "levels"]
    assert [(entry["student"], entry["before"], entry["after"], entry["by"]) for entry in told] == [
        ("ben", None, 3.0, "ana")
    ]


def test_two_peoples_work_is_kept_side_by_side_and_the_first_that_is_whole_counts(room: Room) -> None:
    room.give("ben", "ana", people=1)
    room.give("ben", "luz", "Clear.", people=3, decision=2)
    assert room.marks("ben") == (5.0, "Clear.", False)
    room.give("ben", "ana", "Vague.", people=1, decision=1)
    assert room.marks("ben") == (5.0, "Clear.", False)
    written = room.written("ben")
    assert {name: dict(one.points) for name, one in written.scorings.items()} == {
        "ana": {"people": 1, "decision": 1},
        "luz": {"people": 3, "decision": 2},
    }
    ((first, second),) = written.pairs(room.essay)
    assert differences(first, second, room.essay) == ["people", "decision"]
    assert written.is_open(room.essay)


def test_what_two_people_settle_on_counts_and_begins_with_what_they_agree_on(room: Room) -> None:
    room.give("ben", "ana", "Vague.", people=1, decision=2)
    room.give("ben", "luz", "Clear.", people=3, decision=2)
    begin = room.sheet("ben", settle=True).scoring
    assert (begin.scorer, begin.points, begin.comment) == (SETTLED, {"decision": 2}, "Vague.\n\nClear.")
    room.give("ben", SETTLED, "Name them.", people=2, decision=2)
    assert room.marks("ben") == (4.0, "Name them.", False)
    assert not room.written("ben").is_open(room.essay)
    assert room.task().differing() == [room.written("ben")]
    room.give("ben", "ana", "Vague.", people=0, decision=2)
    assert room.marks("ben")[0] == 4.0


def test_the_same_work_changed_in_two_windows_is_not_overwritten(room: Room) -> None:
    room.give("ben", "ana", people=1)
    room.give("ben", "ana", people=2, version=1)
    with pytest.raises(OtherVersionError) as other:
        room.give("ben", "ana", people=3, version=1)
    assert dict(other.value.there.points) == {"people": 2}
    assert room.written("ben").scorings["ana"].version == 2
    # What was kept, and whose answer was lost on the way, is sent again.
    assert room.give("ben", "ana", people=2, version=1).scorings["ana"].version == 2


def test_of_two_who_score_at_the_same_moment_both_are_kept(room: Room) -> None:
    written, essay = room.written("ben"), room.essay
    barrier = threading.Barrier(8)
    lost: list[Exception] = []

    def score(number: int) -> None:
        given = Scoring(f"scorer-{number % 4}", 0, {"people": float(number % 4), "decision": 1.0}, "", written.shown)
        barrier.wait()
        try:
            keep_scoring(room.course, "small", essay, written.grade.grade_id, given)
        except Exception as error:
            lost.append(error)

    threads = [threading.Thread(target=score, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    assert {name: one.points["people"] for name, one in room.written("ben").scorings.items()} == {
        f"scorer-{number}": number for number in range(4)
    }


def test_points_of_formgrader_or_a_sheet_are_where_a_scorer_begins_and_stay_until_points_change(
    room: Room, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    assert main(["--project", str(room.of.root), "score", "small", str(sheet), "--new"]) == 0
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"), newline="")))
    filled = io.StringIO(newline="")
    writer = csv.DictWriter(filled, list(rows[0]))
    writer.writeheader()
    writer.writerows(row | {"points": "1.5" if row["student"] == "ben" else ""} for row in rows)
    sheet.write_text(filled.getvalue(), "utf-8")
    assert main(["--project", str(room.of.root), "score", "small", str(sheet)]) == 0
    assert room.task().progress(room.written("ben")) is Progress.OTHERS
    assert room.sheet("ben").scoring.points == {"people": 1.5, "decision": 1.5}

    room.give("cleo", "ana", "Good.", **FULL)
    score_by_hand(room.of, "cleo", 1.0)
    room.give("cleo", "luz", people=0, decision=0)
    room.give("cleo", "ana", "Very good.", **FULL)
    assert room.marks("cleo") == (1.0, "Very good.", False)
    room.give("cleo", "ana", "Very good.", people=2, decision=2)
    assert room.marks("cleo")[0] == 4.0


def test_a_comment_of_formgrader_is_not_lost_to_who_writes_none(room: Room) -> None:
    with Gradebook(room.of.db_url) as gradebook:
        gradebook.find_comment(ITEM, "small", "small", "ben").manual_comment = "See me."
        gradebook.db.commit()
    assert room.sheet("ben").scoring.comment == "See me."
    room.give("ben", "ana", **FULL)
    assert room.marks("ben") == (5.0, "See me.", False)


def test_after_another_text_the_points_wait_to_be_confirmed(room: Room) -> None:
    room.give("ben", "ana", "Good.", **FULL)
    grade(room.of)
    assert room.task().progress(room.written("ben")) is Progress.DONE
    room.grade_again("ben", "Something else.")
    assert flagged(room.of, "ben")
    (found,) = read_class(room.course, Notes()).modules
    assert found.waiting == len(NAMES)  # the desk counts it too
    written = room.written("ben")
    assert room.task().progress(written) is Progress.CHANGED
    assert room.task().waiting()[0] == written
    assert written.counting(room.essay) is None
    sheet = room.sheet("ben")
    assert (sheet.text, dict(sheet.scoring.points)) == ("Something else.", FULL)
    # A page that was open meanwhile does not score what it did not show.
    stale = Scoring("ana", sheet.scoring.version, FULL, "Very good.", sheet.scoring.saw)
    keep_scoring(room.course, "small", room.essay, written.grade.grade_id, stale)
    assert flagged(room.of, "ben")
    room.give("ben", "ana", "Very good.", **FULL)
    assert room.marks("ben") == (5.0, "Very good.", False)
    grade(room.of)
    assert not flagged(room.of, "ben")


def test_where_the_rubric_has_changed_what_no_longer_fits_does_not_count(room: Room) -> None:
    room.give("ben", "ana", **FULL)
    change_source(room.of, "  people:", "  persons:")
    sheet = room.sheet("ben")
    assert sheet.task.progress(sheet.written) is Progress.BEGUN
    assert sheet.written.counting(sheet.task.essay) is None
    assert sheet.reworded
    assert room.marks("ben")[0] == 5.0  # as after any other change of a question, until somebody scores it anew


# -- what comes next -------------------------------------------------------------------------------


def test_two_scorers_meet_the_essays_in_orders_of_their_own_and_seldom_at_the_same(room: Room) -> None:
    orders = {name: [one.grade.grade_id for one in room.task(name).waiting()] for name in ("ana", "luz", "kim", "max")}
    assert all(sorted(order) == sorted(orders["ana"]) and len(order) == 4 for order in orders.values())
    # Of what another has begun an essay comes last.
    first = room.task("luz").waiting()[0]
    room.give(first.grade.student, "ana", people=1)
    assert room.task("luz").waiting()[-1].grade == first.grade
    assert room.task("ana").waiting()[0].grade == first.grade
    assert [one.grade.grade_id for one in room.task().written] == sorted(orders["ana"])


def test_next_leads_through_what_waits_and_then_only_who_asked_to_be_second_to_what_others_scored(room: Room) -> None:
    for student in NAMES:
        room.give(student, "ana", **FULL)
    task = room.task("luz")
    assert task.waiting() == [] and len(task.seconds()) == 4
    assert task.next_after(None, second=False) is None
    following = task.next_after(task.seconds()[0].grade.grade_id, second=True)
    assert following == task.seconds()[1]
    assert room.task("ana").seconds() == []


def labels(task: Task) -> str:
    """What the list calls each essay for somebody who did not choose to read names."""
    page: Any = SimpleNamespace(names_wanted=False)
    return "; ".join(EssaysPage.label(page, task, one) for one in task.written)


def test_names_are_told_once_everything_is_scored_and_only_of_ones_own(room: Room) -> None:
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.update_or_create_student("ben", first_name="Ben", last_name="Cho")
        gradebook.update_or_create_student("zoë", first_name="Zoë", last_name="Li")
    for student in NAMES[:-1]:
        room.give(student, "ana", **FULL)
        assert not room.task().names_are_told(room.written(student))
        assert "Cho" not in labels(room.task()) and "ben" not in labels(room.task())
    room.give(NAMES[-1], "luz", **FULL)
    task = room.task()
    assert "Ben Cho (ben)" in labels(task) and "Li" not in labels(task)
    assert [one.grade.student for one in task.written if task.names_are_told(one)] == [
        one.grade.student for one in task.written if one.grade.student != NAMES[-1]
    ]


def test_a_second_scorer_begins_with_nothing_of_the_first(room: Room) -> None:
    room.give("ben", "ana", "Good.", **FULL)
    sheet = room.sheet("ben", "luz")
    assert (dict(sheet.scoring.points), sheet.scoring.comment, sheet.scoring.version) == ({}, "", 0)


def test_lines_of_ones_own_comments_can_be_used_again_those_used_most_first(room: Room) -> None:
    room.give("ben", "ana", "Name the family.\n\nWell weighed.", people=1)
    room.give("cleo", "ana", "Well weighed.\nTell Robin.", people=1)
    room.give("cleo", "luz", "Luz's own.", people=1)
    written = room.written("dara")
    assert room.task().lines(written.grade.grade_id)[0] == "Well weighed."
    assert set(room.task().lines(written.grade.grade_id)) == {"Name the family.", "Well weighed.", "Tell Robin."}
    assert "Tell Robin." not in room.task().lines(room.written("cleo").grade.grade_id)


def test_agreement_is_of_what_two_people_have_both_scored(room: Room) -> None:
    room.give("ben", "ana", people=3, decision=2)
    room.give("ben", "luz", people=3, decision=0)
    room.give("cleo", "ana", people=1, decision=1)
    room.give("cleo", "luz", people=0, decision=1)
    room.give("dara", "ana", people=1, decision=1)
    room.give("dara", "luz", people=1)
    (compared,) = compare(room.task().written, room.essay)
    assert (compared.first, compared.second, compared.number) == ("ana", "luz", 2)
    of_people, of_all = compared.found["people"], compared.found[None]
    assert (of_people.number, of_people.exact, of_people.adjacent) == (2, 1, 2)
    assert (of_all.number, of_all.exact, of_all.adjacent) == (4, 2, 3)


# -- what can be there or not ----------------------------------------------------------------------


def test_who_wrote_nothing_is_counted_and_asked_of_nobody(room: Room) -> None:
    task = room.task()
    assert task.empty == 1
    assert "none" not in [one.grade.student for one in task.written]


def test_before_anything_is_graded_there_is_nothing_to_score(generated: Course, tmp_path: Path) -> None:
    course = with_config(generated.copy(tmp_path / "fresh", stock=False))
    (task,) = read_tasks(settings.Course(course.root), "small", "ana")[1].values()
    assert (task.written, task.empty, task.waiting(), task.differing()) == ((), 0, [], [])
    with Gradebook(course.db_url) as gradebook:
        gradebook.remove_assignment("small")
    (task,) = read_tasks(settings.Course(course.root), "small", "ana")[1].values()
    assert task.written == ()


def test_a_graded_notebook_that_cannot_be_read_is_said_with_what_to_do(room: Room) -> None:
    path = room.of.root / "autograded" / "ben" / "small" / "small.ipynb"
    path.chmod(0o644)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(settings.CourseError, match="Collect and grade the module again; nothing that you gave is lost"):
        room.sheet("ben")


def test_a_withdrawn_question_is_scored_by_nobody(room: Room) -> None:
    change_source(room.of, "words: 200", "words: 200\\nwithdrawn: It was unclear.")
    assert read_tasks(room.course, "small", "ana")[1] == {}


def test_points_in_place_of_the_questions_own_wait_to_be_decided_and_then_no_more(room: Room) -> None:
    answered = ("which-rule-speaks", 0.5)
    for student in ("ben", "cleo"):
        score_by_hand(room.of, student, answered[1], answered[0])
    grade(room.of)
    assert overruled_of(room.course, "small") == []
    change_source(room.of, "seminar: teaching", "seminar: posting")
    grade(room.of)
    one, other = overruled_of(room.course, "small")
    assert [(each.student, each.item, each.given) for each in (one, other)] == [("ben", *answered), ("cleo", *answered)]
    assert decide(room.course, "small", one, keep=True) is None
    assert decide(room.course, "small", other, keep=False) is None
    for each in (one, other):
        with pytest.raises(settings.CourseError, match="not as it was any more"):
            decide(room.course, "small", each, keep=False)
    for _ in range(2):
        held = everything(room.of)
        assert held["ben"]["grades"][answered[0]][1:] == (answered[1], None, False)
        assert held["cleo"]["grades"][answered[0]][1:] == (None, None, False)
        assert overruled_of(room.course, "small") == []
        grade(room.of)
    line = json.loads((room.of.root / "grading-log.jsonl").read_text("utf-8").splitlines()[-1])
    assert (line["event"], line["student"], line["before"], line["after"]) == ("own", "cleo", other.given, other.own)


def test_a_scored_essay_that_comes_again_without_a_text_waits_where_somebody_finds_it(room: Room) -> None:
    room.give("ben", "ana", **FULL)
    room.grade_again("ben", "")
    assert room.marks("ben")[2] and "ben" not in {one.grade.student for one in room.task().written}
    (one,) = overruled_of(room.course, "small")
    assert (one.student, one.item, one.given, one.own) == ("ben", ITEM, 5.0, 0.0)
    decide(room.course, "small", one, keep=False)
    assert not room.marks("ben")[2]


# -- pages -----------------------------------------------------------------------------------------


class Scorer:
    """Somebody's browser, as far as a server can tell."""

    def __init__(self, server: JupyterServer) -> None:
        self.server, self.jar = server, CookieJar()
        handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        self.client = urllib.request.build_opener(*handlers)
        self.get("")

    def get(self, path: str) -> str:
        return self._ask(path)[1]

    def form(self, path: str, **fields: str) -> tuple[int, str]:
        body = urllib.parse.urlencode({"_xsrf": self._xsrf, **fields}).encode()
        return self._ask(path, body, "application/x-www-form-urlencoded")

    def keep(self, path: str, **body: object) -> tuple[int, dict[str, object]]:
        status, text = self._ask(f"{path}/keep", json.dumps(body).encode(), "application/json")
        return status, json.loads(text)

    @property
    def _xsrf(self) -> str:
        return next((cookie.value or "" for cookie in self.jar if cookie.name == "_xsrf"), "")

    def _ask(self, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str]:
        request = urllib.request.Request(f"{self.server.url}/fieldguide/desk/score/small{path}", body)
        if body is not None:
            request.add_header("Content-Type", kind)
            request.add_header("X-XSRFToken", self._xsrf)
        try:
            with self.client.open(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def served(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[JupyterServer, Room]]:
    folder = tmp_path_factory.mktemp("served")
    course = with_config(generated.copy(folder / "course", stock=False))
    for student in NAMES:
        course.submit(student, CLASS["right"], {ITEM: f"I'd ask Robin. <script>{student}</script> & co."})
    grade(course)
    config = folder / "home" / "config"
    config.mkdir(parents=True)
    settings_of = (course.root / "nbgrader_config.py").read_text("utf-8")
    root = f"c.CourseDirectory.root = {str(course.root)!r}\n"
    (config / "nbgrader_config.py").write_text(settings_of + root, encoding="utf-8")
    server = JupyterServer(course.root, folder / "home")
    yield server, Room(course)
    server.stop()


def test_a_scorer_reads_the_text_escaped_and_no_name_and_gets_the_rubric_as_groups(
    served: tuple[JupyterServer, Room],
) -> None:
    server, room = served
    scorer = Scorer(server)
    listed = scorer.get("")
    assert "4 of 4 essays wait for a person." in listed
    for one in room.task().written:
        page = scorer.get(f"/{ITEM}/{one.grade.grade_id}")
        student = one.grade.student
        assert f"&lt;script&gt;{student}&lt;/script&gt; &amp; co." in page
        assert page.count(student) == 1 and student not in listed  # only what they wrote themselves
        assert page.count("<fieldset") == page.count("<legend>") == 2
        assert page.count('name="points.people"') == 4 and page.count('name="points.decision"') == 3
        assert "1. Sees who could be harmed." in page and "All are named, the most vulnerable first." in page
        assert "ask for the picture to be taken down" in page  # the exemplar
    assert scorer.form("", name="ana", names="yes")[0] == 200
    assert all(student in scorer.get("") for student in NAMES)
    scorer.form("", name="ana")
    assert not any(student in scorer.get("") for student in NAMES)


def test_each_change_is_kept_and_another_window_of_the_same_name_is_told_and_both_can_be_kept(
    served: tuple[JupyterServer, Room],
) -> None:
    server, room = served
    ana, luz, other = Scorer(server), Scorer(server), Scorer(server)
    for scorer, name in ((ana, "Ana"), (luz, "Luz"), (other, "Ana")):
        assert scorer.form("", name=name)[0] == 200
    written = room.written("cleo")
    path = f"/{ITEM}/{written.grade.grade_id}"
    whole = {"settle": False, "version": 0, "saw": written.shown, "comment": "", "points": {"people": "2"}}
    assert ana.keep(path, **whole) == (200, {"version": 1, "others": "", "shown": written.shown})
    assert json.loads(luz.get(f"{path}/look"))["others"].startswith("Ana scores this essay too.")
    status, told = luz.keep(path, **whole | {"points": {"people": "0", "decision": "1"}})
    assert (status, told["version"]) == (200, 1)
    assert json.loads(ana.get(f"{path}/look"))["others"].startswith("Luz scores this essay too.")

    status, told = other.keep(path, **whole | {"points": {"people": "3"}})
    assert status == 409
    assert "Sees who could be harmed. 2." in str(told["clash"]) and "replace:1" in str(told["clash"])
    status, page = other.form(path, **{"points.people": "3", "version": "0", "saw": written.shown, "go": "stay"})
    assert status == 409 and 'role="alert"' in page and 'value="Ana 2"' in page
    both = {"points.people": "3", "version": "0", "saw": written.shown, "go": "both"}
    assert other.form(path, **both, **{"as": "Luz"})[0] == 422
    assert other.form(path, **both, **{"as": "Mel"})[0] == 200
    kept = room.written("cleo").scorings
    assert {name: dict(one.points) for name, one in kept.items()} == {
        "Ana": {"people": 2},
        "Luz": {"people": 0, "decision": 1},
        "Mel": {"people": 3},
    }
    status, _ = ana.form(path, **{"points.people": "1", "version": "0", "saw": written.shown, "go": "replace:1"})
    assert status == 200 and dict(room.written("cleo").scorings["Ana"].points) == {"people": 1}


def test_the_list_says_who_scored_what_how_far_they_agree_and_where_they_differ(
    served: tuple[JupyterServer, Room],
) -> None:
    server, room = served
    room.give("dara", "Ana", people=3, decision=2)
    room.give("dara", "Bo", people=1, decision=2)
    scorer = Scorer(server)
    scorer.form("", name="Ana")
    page = scorer.get("")
    place = room.task().place(room.written("dara"))
    assert f"Essay {place}</a> <span>5 of 5 from you" in page
    assert "Ana and Bo, 1 essay that both scored" in page and "50% (1 of 2)" in page
    assert "Sees who could be harmed. Ana: 3. Bo: 1." in page
    path = f"/{ITEM}/{room.written('dara').grade.grade_id}"
    assert "Bo" not in scorer.get(path).replace("Bo scores this essay too.", "")
    settle = scorer.get(f"{path}?settle=yes")
    assert '<strong class="by">Bo</strong>' in settle and '<strong class="by">Ana, Bo</strong>' in settle
    fields = {"points.people": "2", "points.decision": "2", "comment": "", "version": "0", "go": "next"}
    status, page = scorer.form(f"{path}?settle=yes", **fields, saw=room.written("dara").shown)
    assert status == 200 and "Settled: 4 of 5 points." in page and room.marks("dara")[0] == 4.0
    last = json.loads((room.of.root / "grading-log.jsonl").read_text("utf-8").splitlines()[-1])
    assert (last["by"], last["settles"]) == ("Ana", ["Ana", "Bo"])


def test_points_that_wait_again_are_found_from_the_list_and_decided(served: tuple[JupyterServer, Room]) -> None:
    server, room = served
    with Gradebook(room.of.db_url) as gradebook:
        row = gradebook.find_grade("which-rule-speaks", "small", "small", "zoë")
        row.manual_score, row.needs_manual_grade = 0.5, True
        gradebook.db.commit()
    scorer = Scorer(server)
    assert "1 answer has points from a person" in scorer.get("") and "/score/small/again" in scorer.get("")
    page = scorer.get("/again")
    assert "A person gave 0.5 of" in page and "zoë" in page
    fields = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in ("grade", "given", "own")}
    status, page = scorer.form("/again", **fields | {"own": "9"}, count="keep")
    assert status == 422 and "This is not as it was when you opened the page." in page
    status, page = scorer.form("/again", **fields, count="keep")
    assert status == 200 and "The points that a person gave stand." in page and "Nothing waits here" in page
    assert everything(room.of)["zoë"]["grades"]["which-rule-speaks"][1:] == (0.5, None, False)


def test_without_scripts_the_form_keeps_what_is_given_and_goes_on(served: tuple[JupyterServer, Room]) -> None:
    server, room = served
    scorer = Scorer(server)
    scorer.form("", name="Kim")
    path = f"/{ITEM}/{room.written('ben').grade.grade_id}"
    fields = {"points.people": "3", "points.decision": "1", "comment": "Tell Robin.\r\nToday.", "version": "0"}
    status, page = scorer.form(path, **fields, saw=room.written("ben").shown, go="next")
    assert status == 200 and "Essay" in page and "Tell Robin." in page  # offered for the next one
    kept = room.written("ben").scorings["Kim"]
    assert (dict(kept.points), kept.comment) == ({"people": 3, "decision": 1}, "Tell Robin.\nToday.")
    assert "3. Luz" not in page and room.marks("ben")[0] == 4.0


@pytest.mark.parametrize(
    "body",
    [
        {"points": {"people": "4"}},
        {"points": {"people": "nan"}},
        {"points": {"nobody": "1"}},
        {"points": ["people"]},
        {"points": None},
        {"version": "x"},
        {"comment": "x" * 20_001},
        {"comment": "\ud800"},
        {"version": float("inf")},
        {"saw": "x" * 200},
    ],
)
def test_what_no_page_of_ours_sends_is_refused_and_changes_nothing(
    served: tuple[JupyterServer, Room], body: dict[str, object]
) -> None:
    server, room = served
    written = room.written("zoë")
    good: dict[str, object] = {"settle": False, "version": 0, "saw": written.shown, "comment": "", "points": {}}
    status, told = Scorer(server).keep(f"/{ITEM}/{written.grade.grade_id}", **good | body)
    assert status == 400 and str(told["message"]).startswith("Not saved: this page no longer fits the question.")
    assert room.written("zoë") == written


def test_who_scores_by_an_account_that_tells_nothing_is_called_by_name(served: tuple[JupyterServer, Room]) -> None:
    server, room = served
    vera, tim = "p-" + "v" * 16, "p-" + "t" * 16
    told = [("Vera", "Lind", vera), ("Tim", "<b>Roe", tim)]
    keep_staff(room.course, [{"id": id_, "first_name": first, "last_name": last} for first, last, id_ in told])
    room.give("zoë", vera, "Name them.", people=3, decision=2)
    room.give("zoë", tim, people=1, decision=2)
    written = room.written("zoë")
    path = f"/{ITEM}/{written.grade.grade_id}"
    scorer = Scorer(server)
    pages = [scorer.get(where) for where in ("", path, f"{path}?settle=yes")]
    kept = scorer.keep(path, settle=False, version=0, points={}, comment="x", saw=written.shown)[1]
    pages += [scorer.get(f"{path}/look"), json.dumps(kept)]
    called = f"Tim &lt;b&gt;Roe ({tim}) and Vera Lind ({vera}), 1 essay that both scored"
    assert called in pages[0] and f"Sees who could be harmed. Tim &lt;b&gt;Roe ({tim}): 1. Vera Lind" in pages[0]
    assert f"Vera Lind ({vera}) scored" in pages[0] and f"Vera Lind ({vera}) wrote to the student:" in pages[2]
    assert f'<strong class="by">Tim &lt;b&gt;Roe ({tim}), Vera Lind ({vera})</strong>' in pages[2]
    for page in (pages[1], *pages[3:]):
        assert f"Roe ({tim}), Vera Lind ({vera}) score this essay too." in page
    for page in pages:  # nowhere an account alone
        assert page.count(vera) == page.count(f"Vera Lind ({vera})") and page.count(tim) == page.count(f"Roe ({tim})")


def test_when_every_essay_has_points_the_list_leads_on_to_the_feedback(served: tuple[JupyterServer, Room]) -> None:
    server, room = served
    for student in NAMES[1:]:
        if not room.task().waits(room.written(student)):
            continue
        assert "Give feedback" not in Scorer(server).get("")
        room.give(student, "Ana", people=2, decision=1)
    found = re.search(r'<a class="button" href="([^"]+)">Give feedback<', Scorer(server).get(""))
    assert found and found[1].endswith("/fieldguide/desk/feedback/small")


def test_what_is_not_there_is_said_in_a_sentence(served: tuple[JupyterServer, Room]) -> None:
    scorer = Scorer(served[0])
    status, told = scorer.keep(f"/{ITEM}/{'0' * 32}", settle=False)
    assert status == 404 and str(told["message"]).startswith("There is no such essay to score.")
    assert "There is no such essay to score." in scorer.get(f"/{ITEM}/{'0' * 32}")
    assert "There is no such essay to score." in scorer.get(f"/nothing/{'0' * 32}")
    for gone in (f"/{ITEM}/{'0' * 32}/look", f"/nothing/{'0' * 32}/look"):
        assert json.loads(scorer.get(gone))["message"].startswith("There is no such essay to score.")
    for path in ("/../large", "-not", "/%2e%2e"):
        assert "4 of 4" not in scorer.get(path)
