"""The desk's pages as a browser without scripts asks for them: grades, requests, the class list."""

from __future__ import annotations

import contextlib
import csv
import getpass
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import requests
from barriers import bars_nobody, fits_every_window, outline_faults, walks_by_keyboard
from conftest import PROJECT
from desk_course import FIRST, SECOND, DeskCourse, own_jupyter, said
from nbgrader.api import Gradebook
from patience import seconds
from playwright.sync_api import Browser, Page
from test_desk import do, grade_first, stand

from fieldguide.courseplan import NOTES, read_note
from fieldguide.desk.notes import is_working, take_lock
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.grading.score_log import LOG_NAME
from fieldguide.responses import ResponseRecord
from fieldguide.responses.requests import add_request, read_requests


class Desk(DeskCourse):
    """A class whose first module is graded, and a browser without scripts at the instructor's desk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "ana", "ben", "cleo")
        with Gradebook(self.course.db_url) as gradebook:
            gradebook.update_or_create_student("ana", first_name="Ána", last_name="Souza", lms_user_id="101")
        grade_first(self)
        self.at = self.server()
        self.session = requests.Session()

    def get(self, address: str) -> requests.Response:
        return self.session.get(f"{self.at.url}/fieldguide/desk/{address}", timeout=seconds(60))

    def post(self, address: str, files: dict[str, tuple[str, bytes]] | None = None, **fields: str) -> requests.Response:
        """Send a form, and go where that leads."""
        fields["_xsrf"] = re.findall(r'name="_xsrf" value="([^"]+)"', self.get(address).text)[0]
        return self.session.post(f"{self.at.url}/fieldguide/desk/{address}", fields, files=files, timeout=seconds(180))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with own_jupyter(folder):
        desk = Desk(folder)
        yield desk
        desk.at.stop()


def fetched(desk: Desk, page: requests.Response) -> bytes:
    """The file that a page offers."""
    (address,) = re.findall(r'href="([^"]+/file)"', page.text)
    return desk.session.get(desk.at.url + address, timeout=seconds(60)).content


# -- a due date ------------------------------------------------------------------------------------


def test_a_due_date_that_may_not_be_meant_is_asked_for_again_and_nothing_is_released(desk: Desk) -> None:
    address, zone = f"release/{FIRST}", "America/New_York"
    assert "data-guess" in desk.get(address).text  # nobody told a zone, and there is no time that it would move
    for due, told in (
        ("2020-12-04T23:59", "2020-12-04 23:59 is past already"),
        ("2027-03-14T02:30", "No clock shows 2027-03-14 02:30"),
        ("9999-12-31T23:59", "is no day and time"),
    ):
        page = desk.post(address, due=due, zone=zone, was="")
        assert page.status_code == 422 and told in said(page) and f'value="{due}"' in page.text
        assert ('name="past"' in page.text) == ("past" in told)
    with Gradebook(desk.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate="2099-12-05 04:59:00 UTC")
    try:
        page = desk.get(address)
        assert "data-guess" not in page.text  # another zone beside it would be another time
        assert 'name="was" value="2099-12-05T04:59:00Z"' in page.text
        stale = desk.post(address, due="", zone=zone, was="")
        assert stale.status_code == 422 and "the module has 2099-12-04 23:59 now" in said(stale)
        assert not is_working(desk.root)
    finally:
        with Gradebook(desk.course.db_url) as gradebook:
            gradebook.update_or_create_assignment(FIRST, duedate=None)


# -- as a student ----------------------------------------------------------------------------------


def test_a_module_is_seen_as_students_get_it_and_nothing_is_written_or_handed_in(desk: Desk) -> None:
    places = [desk.folder / name for name in ("course", "exchange", "students")]
    before = list(map(files_below, places))
    page = desk.get(f"preview/{SECOND}")  # which was never released
    assert page.status_code == 200 and "This is how students get this module." in said(page)
    assert 'id="hand-in"' not in page.text and "lab/tree" not in page.text
    data = json.loads(re.findall(r'id="fieldguide">(.*?)</script>', page.text)[0])
    assert str(data["store"]).endswith(f"desk/preview/{SECOND}")
    cells = {one["info"]["id"]: (cell, one["info"]) for cell, one in data["cells"].items() if "id" in one["info"]}
    graded = [item for item in read_instructor_notebook(desk.course.source(SECOND)).items if item.use == "graded"]
    assert graded and all(cells[item.id][1]["preview"] for item in graded)
    before_scripts = page.text.partition('<script type="application/json"')[0]
    assert data["instead"]["preview"] in before_scripts and data["instead"]["may_change"] not in before_scripts
    for item in graded:
        assert not {"key", "rationales", "exemplar"} & cells[item.id][1].keys()

    cell, choice = next(cells[item.id] for item in graded if item.TYPE == "choice")
    message = {"kind": "save", "response": [choice["options"][0]["id"]], "view": "p", "n": 1, "v": 1}
    sent = {"page": "p", "messages": [{"cell": cell, "message": message}]}
    token = {"X-XSRFToken": desk.session.cookies["_xsrf"]}
    answer = desk.session.post(desk.at.url + data["say"], json=sent, headers=token, timeout=seconds(60))
    told = answer.json()["told"][0]["message"]
    assert told["problem"] is None and told["saved"] is None
    news = desk.session.get(desk.at.url + data["news"], params={"page": "q", "seen": data["seen"]}, timeout=seconds(60))
    assert news.ok
    assert list(map(files_below, places)) == before
    assert desk.get("preview/99-none").status_code == 404


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder; not the desk's own notes."""
    files = folder.rglob("*")
    return {
        str(path): path.read_bytes()
        for path in files
        if path.is_file() and not path.name.startswith(".fieldguide-desk")
    }


# -- who asks for help -----------------------------------------------------------------------------


@pytest.fixture
def accounts(desk: Desk) -> Iterator[None]:
    """Have all students be one account that every system has, so that they can be told something."""
    paths = [folder / "nbgrader_config.py" for folder in (desk.folder / "home" / "config", desk.root)]
    before = paths[1].read_text("utf-8")
    for path in paths:
        path.write_text(before.replace("c.Collect.check_owner = False", "c.Collect.account = 'daemon'"), "utf-8")
    yield
    for path in paths:
        path.write_text(before, encoding="utf-8")


def test_where_a_student_cannot_be_told_nothing_is_opened(desk: Desk) -> None:
    page = desk.get(f"help/{FIRST}")
    assert "so nothing is opened here. Ask the student to show you their page." in said(page)
    page = desk.session.post(page.url, {"student": "ben", "asked": "yes", "_xsrf": desk.session.cookies["_xsrf"]})
    assert page.status_code == 422 and 'fieldguide"' not in page.text
    assert "looked" not in log_of(desk)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"student": "ben"}, "Look here only where the student has asked you to."),
        ({"student": "zoe", "asked": "yes"}, "Choose a student of the class list."),
        ({"student": "cleo", "asked": "yes"}, "Nothing that cleo handed in of this module is collected yet."),
    ],
)
def test_a_look_that_nobody_asked_for_is_refused(desk: Desk, accounts: None, fields: dict[str, str], told: str) -> None:
    page = desk.post(f"help/{FIRST}", **fields)
    assert not page.ok and told in said(page) and "looked" not in log_of(desk)


def test_what_was_handed_in_is_read_as_the_students_page_shows_it_and_stays_as_it_was(
    desk: Desk, accounts: None
) -> None:
    before = files_below(desk.root / "submitted")
    page = desk.post(f"help/{FIRST}", student="ben", asked="yes")
    assert page.ok and "What ben handed in, as their page shows it." in said(page)
    assert 'id="hand-in"' not in page.text and "lab/tree" not in page.text
    data = json.loads(re.findall(r'id="fieldguide">(.*?)</script>', page.text)[0])
    cell, shown = next(
        (cell, one) for cell, one in data["cells"].items() if one["info"].get("id") == "what-tevin-still-owes"
    )
    assert shown["opened"]["response"] == ["resolve"]
    before_scripts = page.text.partition('<script type="application/json"')[0]
    assert data["instead"]["preview"] in before_scripts and data["instead"]["may_change"] not in before_scripts
    assert all(one["info"]["preview"] for one in data["cells"].values())  # so no view says or tries to save anything
    message = {"kind": "save", "response": [shown["info"]["options"][0]["id"]], "view": "p", "n": 1, "v": 1}
    token = {"X-XSRFToken": desk.session.cookies["_xsrf"]}
    sent = {"page": "p", "messages": [{"cell": cell, "message": message}]}
    answer = desk.session.post(desk.at.url + data["say"], json=sent, headers=token, timeout=seconds(60))
    assert answer.json()["told"][0]["message"]["response"] == ["resolve"]
    assert files_below(desk.root / "submitted") == before
    (entry,) = (json.loads(line) for line in log_of(desk).splitlines() if "looked" in line)
    assert (entry["student"], entry["module"], entry["event"]) == ("ben", FIRST, "looked")
    assert FIRST in read_note(desk.exchange / "ethics" / NOTES, "ben").looked
    assert not read_note(desk.exchange / "ethics" / NOTES, "ana")


def log_of(desk: Desk) -> str:
    path = desk.root / LOG_NAME
    return path.read_text("utf-8") if path.exists() else ""


# -- who has not begun -----------------------------------------------------------------------------


def test_who_has_not_begun_is_offered_where_it_can_be_told_and_elsewhere_its_page_says_why_not(desk: Desk) -> None:
    page = desk.get("begun")
    assert page.ok and "cannot tell who has begun" in said(page) and 'name="seen"' not in page.text
    listed = desk.get("").text
    assert "desk/roster" in listed and "desk/begun" not in listed
    settings = desk.root / "nbgrader_config.py"
    without = settings.read_text("utf-8")
    service = "from fieldguide.sharing.setting_up import use_service\nuse_service(get_config(), 'http://127.0.0.1:1')\n"
    settings.write_text(service + without, "utf-8")
    try:
        assert "desk/begun" in desk.get("").text and "See who has not begun" in said(desk.get("begun"))
    finally:
        settings.write_text(without, "utf-8")


# -- more time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("student", "due", "zone", "told"),
    [
        ("", "2099-12-07T12:00", "UTC", "Choose a student."),
        ("zoe", "2099-12-07T12:00", "UTC", "There is no student “zoe” in the class list, or more than one."),
        ("ana", "soon", "UTC", "“soon” is no day and time."),
        ("ana", "2099-12-07T12:00", "Atlantis", "There is no time zone “Atlantis”."),
        ("ana", "2099-12-01T12:00", "UTC", "This is no later than the date that everybody has."),
    ],
)
def test_a_form_for_more_time_that_is_wrong_comes_back_as_it_was(
    desk: Desk, student: str, due: str, zone: str, told: str
) -> None:
    with_due_date(desk)
    page = desk.post(f"extensions/{FIRST}", student=student, due=due, zone=zone)
    assert page.status_code == 422 and told in said(page)
    assert f'value="{due}"' in page.text and "Nobody has more time." in said(page)


def test_more_time_is_given_changed_and_taken_back_and_the_list_tells_it(desk: Desk) -> None:
    with_due_date(desk)
    page = desk.post(f"extensions/{FIRST}", student="ana", due="2099-12-07T18:00", zone="America/New_York")
    assert "Ána Souza (ana) has time until 2099-12-07, 23:00 UTC ." in said(page)
    assert "The course page of Ána Souza (ana) cannot show this date: tell them yourself." in said(page)
    assert "This work is graded already:" in said(page) and "as students have no accounts of their own" in said(page)
    assert "1 student has more time." in said(desk.get(""))
    assert "1 student has more time: that date moves along" in said(desk.get(f"release/{FIRST}"))
    warned = "1 student has time until 2099-12-07, 23:00 UTC : whoever reads the feedback can tell them the answers."
    assert warned in said(desk.get(f"feedback/{FIRST}"))
    changing = desk.get(f"extensions/{FIRST}?student=ana")
    assert 'name="student" value="Ána Souza (ana)"' in changing.text
    assert 'value="2099-12-07T23:00"' in changing.text
    page = desk.post(f"extensions/{FIRST}", take_back="ana")
    assert "Ána Souza (ana) has the same due date as everybody again." in said(page)
    assert "Nobody has more time." in said(page)
    assert 'id="running"' not in desk.get(f"feedback/{FIRST}").text


def test_more_time_needs_a_due_date(desk: Desk) -> None:
    page = desk.get(f"extensions/{SECOND}")
    assert page.status_code == 404 and "has no due date, so nobody needs more time" in said(page)


def with_due_date(desk: Desk) -> None:
    with Gradebook(desk.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate="2099-12-04 23:59:00 UTC")


# -- grades ----------------------------------------------------------------------------------------

COLUMN = "The Code of Ethics and social media (72)"
CANVAS = f"""Student,ID,SIS Login ID,Section,{COLUMN}
    Points Possible,,,,{{}}
"Souza, Ána",101,ana,SW,
"Kim, Lee",9,lee,SW,
"""


def test_a_file_from_canvas_comes_back_filled_with_who_did_not_match_and_why(desk: Desk) -> None:
    desk.get("")  # which makes the lock of the desk's work
    before = sorted(path for path in desk.root.rglob("*") if "checkpoint" not in str(path))
    with Gradebook(desk.course.db_url) as gradebook:
        worth = gradebook.find_assignment(FIRST).max_score
    page = desk.post(f"export/{FIRST}", {"file": ("my grades.csv", CANVAS.format(worth).encode())}, kind="site")
    assert page.status_code == 200
    assert "line 4, Kim, Lee: nobody in the gradebook has this id, login or name." in said(page)
    assert "ben, 03-code-of-ethics: waits" not in said(page)  # he has no row
    rows = list(csv.reader(io.StringIO(fetched(desk, page).decode())))
    assert rows[2][4] == "2" and rows[3][4] == ""
    assert "my grades-with-grades.csv" in said(page)
    assert sorted(path for path in desk.root.rglob("*") if "checkpoint" not in str(path)) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "No file was chosen"),
        (b"PK\x03\x04...", "a spreadsheet's own workbook"),
        (
            b"a,b,c\n1,2,3\n",
            "begins with the columns a, b, c. Expected the gradebook's file from Canvas or Blackboard.",
        ),
        (CANVAS.format(999).encode(), "or have the grades brought to its points below. Then choose the file again"),
        (CANVAS.replace(COLUMN, "Quiz (9)").format(3).encode(), "Name one of them below"),
        (CANVAS.encode("utf-16"), "is in UTF-16"),
    ],
)
def test_a_file_that_cannot_be_filled_is_answered_at_the_form_in_words(desk: Desk, content: bytes, told: str) -> None:
    name = "gradebook.csv" if content else ""
    page = desk.post(f"export/{FIRST}", {"file": (name, content)}, kind="site", column="")
    assert page.status_code == 422
    assert told in said(page)
    assert "--" not in said(page)  # a command's words


def test_moodle_and_a_spreadsheet_get_files_of_their_own(desk: Desk) -> None:
    page = desk.post(f"export/{FIRST}", kind="moodle")
    assert "ben: waits to be scored, and is not in the file." in said(page)
    assert fetched(desk, page).decode("utf-8-sig").startswith("Username,")
    table = fetched(desk, desk.post(f"export/{FIRST}", kind="table")).decode("utf-8-sig")
    states = {row["student_id"]: row["status"] for row in csv.DictReader(io.StringIO(table))}
    assert states == {"ana": "graded", "ben": "waits to be scored", "cleo": "missing"}


def test_a_file_that_is_not_held_any_more_is_said_to_be_gone(desk: Desk) -> None:
    page = desk.get("exported/nothing")
    assert page.status_code == 404 and "Make it again from the desk; nothing was lost." in said(page)


def test_the_desk_offers_grades_once_a_module_is_graded(desk: Desk) -> None:
    assert f'href="/fieldguide/desk/export/{FIRST}"' in desk.get("").text


# -- requests --------------------------------------------------------------------------------------


def test_a_request_is_read_with_its_question_and_answered_to_the_student(desk: Desk) -> None:
    notebook = read_instructor_notebook(desk.course.source(FIRST))
    assert notebook is not None
    item = next(one.item for one in notebook.graded if one.item.id == "what-tevin-still-owes")
    folder = desk.root / "submitted" / "ben" / FIRST
    add_request(folder, FIRST, item.id, "It fits <b>too</b>.", wording="ab", points=0, of=item.maximum)
    asked = read_requests(folder, FIRST)[0][0].time
    address = f"requests/{FIRST}/{item.id}"
    assert f'href="/fieldguide/desk/{address}"' in desk.get("requests").text
    assert "1 request waits for an answer." in said(desk.get("requests"))
    on_the_list = f"1 request waits for an answer. {stand(desk).found.title}"
    assert on_the_list in said(desk.get("")) and on_the_list in said(desk.get("look").json()["rows"])
    page = desk.get(address)
    assert "It fits &lt;b&gt;too&lt;/b&gt;." in page.text
    assert item.stem.split("\n")[0] in said(page)
    assert "Discrimination" not in said(page) and "Discrimination" in said(desk.get(f"{address}?figures"))
    assert "The response: To take reasonable steps to settle it" in said(page)

    seen = {"student": "ben", "asked": asked, "state": re.findall(r'name="state" value="(\w+)"', page.text)[0]}
    nothing = desk.post(address, kind="answer", **seen, said=" ", points="")
    assert nothing.status_code == 422 and "Write what the student is to read" in said(nothing)
    too_many = desk.post(address, kind="answer", **seen, said="Yes, it does.", points="99")
    assert too_many.status_code == 422 and "99 points cannot be given" in said(too_many)
    assert ">Yes, it does.</textarea>" in too_many.text
    other = desk.post(address, kind="answer", **{**seen, "student": "ana"}, said="Yes.", points="")
    assert other.status_code == 422 and "There is no such request." in said(other)

    done = desk.post(address, kind="answer", **seen, said="Yes, it does.", points="1")
    assert "Your answer is kept, with a line in the log." in said(done) and "Has 1 now." in said(done)
    last = json.loads((desk.root / LOG_NAME).read_text("utf-8").splitlines()[-1])
    assert (last["event"], last["by"]) == ("answer", getpass.getuser())
    assert "Answered." in said(desk.get("requests")) and on_the_list not in said(desk.get(""))
    assert stand(desk).found.changed  # feedback is to be given again, whatever the points were
    feedback_for_class(desk.course, FIRST, ["ben"])
    assert "Yes, it does." in (desk.course.folder("feedback", "ben", FIRST) / f"{FIRST}.html").read_text("utf-8")


def a_request(desk: Desk) -> tuple[str, str]:
    """The page of a question that ana asks about, and when she asked."""
    item, folder = "what-tevin-still-owes", desk.root / "submitted" / "ana" / FIRST
    if not read_requests(folder, FIRST)[0]:
        add_request(folder, FIRST, item, "Why?", wording="ab", points=0, of=1)
    return f"requests/{FIRST}/{item}", read_requests(folder, FIRST)[0][0].time


def test_two_who_answer_at_once_are_told_and_what_is_pressed_twice_is_done_once(desk: Desk) -> None:
    address, asked = a_request(desk)
    form = re.search(r'name="student" value="ana">.*?name="state" value="(\w+)"', desk.get(address).text, re.DOTALL)
    assert form is not None
    seen = {"kind": "answer", "student": "ana", "asked": asked, "state": form[1]}
    log = desk.root / "grading-log.jsonl"
    for _ in range(2):
        assert "Your answer is kept" in said(desk.post(address, **seen, said="First.", points="1"))
    assert log.read_text("utf-8").count('"said":"First."') == 1
    late = desk.post(address, **seen, said="Second.", points="0")
    assert late.status_code == 422 and "meanwhile it was answered, scored or handed in again" in said(late)
    assert ">Second.</textarea>" in late.text and "What you said: First." in said(late) and "Has 1 now." in said(late)
    assert '"said":"Second."' not in log.read_text("utf-8")


def test_a_question_is_withdrawn_once_and_counts_again_and_nothing_else_is_taken_for_it(desk: Desk) -> None:
    address, _ = a_request(desk)
    first, files = re.findall(
        r'<h2 id="for-all">[^<]*</h2>\s*<p>([^<]*)</p>\s*<p[^>]*>([^<]*)</p>', desk.get(address).text
    )[0]
    assert "for the whole class" in first and "/" not in first and "source/" in files  # files are said second
    odd = desk.post(address, said="Two answers hold.")
    assert odd.status_code == 422 and "This page did not say what is to be done." in said(odd)
    for _ in range(2):
        assert "withdrawn for everybody" in said(desk.post(address, kind="withdraw", said="Two answers hold."))
    page = desk.get(address)
    assert "This question is withdrawn: Two answers hold." in said(page) and 'name="points"' not in page.text
    assert "How it works in this class" not in said(page)  # no report tells anything of it
    other = desk.post(address, kind="withdraw", said="Another reason.")
    assert other.status_code == 422 and "it was changed meanwhile" in said(other)
    assert "The question counts again" in said(desk.post(address, kind="restore", said="Only one holds."))
    assert "This question is withdrawn" not in said(desk.get(address))


@contextlib.contextmanager
def asked_about(desk: Desk, module: str, item: str) -> Iterator[str]:
    """The page of a question that ana asks about, of a module that she handed in; it is taken away again."""
    for step in ("source", "release"):
        shutil.copytree(PROJECT / step / module, desk.root / step / module, dirs_exist_ok=True)
    assert do(desk, "make", module=module).trouble is None
    folder = desk.root / "submitted" / "ana" / module
    folder.mkdir(parents=True)
    try:
        add_request(folder, module, item, "Why?", wording="ab", points=0, of=1)
        yield f"requests/{module}/{item}"
    finally:
        shutil.rmtree(folder)
        shutil.copytree(PROJECT / "source" / module, desk.root / "source" / module, dirs_exist_ok=True)


def test_a_second_answer_is_accepted_at_one_line_of_a_match(desk: Desk) -> None:
    with asked_about(desk, SECOND, "which-standard-speaks") as address:
        page = desk.get(address)
        assert 'value="sit-in/teaching"' in page.text and 'value="sit-in/recording"' not in page.text
        for wrong in ("sit-in/none", "teaching", ""):
            made_up = desk.post(address, kind="accept", option=wrong, said="A class is teaching.")
            assert made_up.status_code == 422 and ">A class is teaching.</textarea>" in made_up.text
        for _ in range(2):
            done = desk.post(address, kind="accept", option="sit-in/teaching", said="A class is teaching.")
            assert "Both answers are right now" in said(done)
        assert 'value="sit-in/teaching"' not in done.text and "A class is teaching." in said(done)
        lines = [json.loads(line) for line in (desk.root / LOG_NAME).read_text("utf-8").splitlines()]
        (line,) = [line for line in lines if line["event"] == "question" and line["item"] == "which-standard-speaks"]
        assert (line["prompt"], line["accepted"], line["by"]) == ("sit-in", "teaching", getpass.getuser())


def test_a_second_answer_is_entered_where_answers_are(desk: Desk) -> None:
    with asked_about(desk, "01-uses-of-social-media", "reach-of-two-posts") as address:
        word = desk.post(address, kind="accept", option="forty", said="If all are on both.")
        assert word.status_code == 422 and "“forty” cannot be accepted: the response is no number." in said(word)
        assert 'value="forty"' in word.text and ">If all are on both.</textarea>" in word.text
        nothing = desk.post(address, kind="accept", option=" ", said="If all are on both.")
        assert nothing.status_code == 422 and "Enter the answer that is right too." in said(nothing)
        for _ in range(2):
            done = desk.post(address, kind="accept", option=" 40 ", said="If all are on both.")
            assert "Both answers are right now" in said(done)
        assert "25 (counts too: 40)" in said(done)
        assert "25 (counts too" not in said(word) and "The answer: 25" in said(word)


def test_where_each_choice_is_right_or_wrong_by_itself_that_is_said(desk: Desk) -> None:
    with asked_about(desk, SECOND, "facts-the-seminar-can-do-without") as address:
        assert 'value="accept"' not in desk.get(address).text
        assert "each choice is right or wrong by itself" in said(desk.get(address))
        tried = desk.post(address, kind="accept", option="sleep", said="It holds.")
        assert tried.status_code == 422 and "Nothing was changed" in said(tried)


def test_what_is_done_is_never_told_as_nothing(desk: Desk) -> None:
    address, _ = a_request(desk)
    log = desk.root / "grading-log.jsonl"
    kept = log.read_bytes()
    log.unlink()
    log.mkdir()
    try:
        done = desk.post(address, kind="withdraw", said="Two answers hold.")
        assert done.status_code == 200 and "Nothing was changed" not in said(done)
        assert "withdrawn for everybody" in said(done) and "could not be written" in said(done)
    finally:
        log.rmdir()
        log.write_bytes(kept)
    desk.post(address, kind="restore", said="Only one holds.")
    assert [json.loads(line).get("withdrawn") for line in log.read_text("utf-8").splitlines()[-2:]] == [True, False]


def test_a_file_that_is_far_too_large_is_refused_in_words(desk: Desk) -> None:
    page = desk.post("roster", {"file": ("class.csv", bytes((16 << 20) + 1))})
    assert page.status_code == 413 and "class.csv is larger than 16 MB" in said(page)


def test_a_module_that_cannot_be_read_hides_no_other(desk: Desk) -> None:
    folder = desk.root / "submitted" / "ana" / SECOND
    folder.mkdir(parents=True)
    add_request(folder, SECOND, "any", "Why?", wording="ab", points=0, of=1)
    source = desk.root / "source" / SECOND / f"{SECOND}.ipynb"
    kept = source.read_bytes()
    source.write_bytes(b"{")
    try:
        page = desk.get("requests")
        assert page.status_code == 200 and "is damaged" in said(page) and "Question" in said(page)
    finally:
        source.write_bytes(kept)
        shutil.rmtree(folder.parent / SECOND)


# -- the class list --------------------------------------------------------------------------------


def a_list(mistakes: bool) -> bytes:
    """A thousand rows, as a spreadsheet with semicolons and another encoding saves them, ten of them with a mistake."""
    rows = [f"s{number:04};Müller{number};Zoë" for number in range(1000)]
    if mistakes:
        rows[3] = ";Kim;Lee"  # no id
        rows[7] = "1,2E+08;Kim;Lee"  # shortened by the spreadsheet
        rows[11] = "../up;Kim;Lee"
        rows[13] = f"s0013;{'x' * 200};Lee"
        rows[20] = "s0019;Kim;Lee"  # of somebody else in the row before: neither is taken
        rows[30:34] = ["a/b;Kim;Lee", "-dash;Kim;Lee", ".hidden;Kim;Lee", ";;Lee"]
        rows[40] = "s0041;Müller41;Zoë"  # twice the same
    return "\r\n".join(["ID;Last name;First name", "ana;Souza;Ána", *rows]).encode("cp1252")


def test_a_class_list_is_looked_at_before_it_is_taken_and_every_row_is_told(desk: Desk) -> None:
    before = (desk.root / "gradebook.db").read_bytes()
    page = desk.post("roster", {"file": ("class.csv", a_list(mistakes=True))})
    assert page.status_code == 200
    assert "10 rows cannot be taken" in said(page) and "All 1001 rows" in said(page)
    assert "Line 6: there is no id in it." in said(page) and "s0019 is in line 23 too" in said(page)
    assert "Line 44: s0041, the same as line 43" in said(page)
    assert (desk.root / "gradebook.db").read_bytes() == before
    address = page.url.partition("/fieldguide/desk/")[2]
    done = desk.post(address)
    assert "989 students added" in said(done) and "10 rows are left out." in said(done)
    with Gradebook(desk.course.db_url) as gradebook:
        assert gradebook.find_student("s0500").last_name == "Müller500"
        assert {"s0019", "-dash"}.isdisjoint(student.id for student in gradebook.students)
        for student in [one for one in gradebook.students if one.id.startswith("s0")]:
            gradebook.db.delete(student)
        gradebook.db.commit()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "No file was chosen"),
        (b"\xd0\xcf\x11\xe0", "a spreadsheet's own workbook"),
        (b"name,mail\nAna,a@b.c\n", "Its first line has: name, mail."),
        (b"id\n", "has no students in it"),
    ],
)
def test_a_file_that_is_no_class_list_is_answered_at_the_form(desk: Desk, content: bytes, told: str) -> None:
    page = desk.post("roster", {"file": ("class.csv" if content else "", content)})
    assert page.status_code == 422 and told in said(page)


# -- answer sheets ---------------------------------------------------------------------------------


def places(page: requests.Response) -> dict[str, str]:
    """The places of a sheet, by name, with what belongs there."""
    return dict(re.findall(r'<p class="about" id="(at\.[^"]+)\.how">([^<]+)</p>', page.text))


def test_an_answer_sheet_is_typed_in_looked_at_and_entered(desk: Desk) -> None:
    page = desk.post("sheets", module=FIRST, student="cleo")
    assert page.url.endswith(f"/sheets/{FIRST}/cleo") and "Enter an answer sheet" in said(desk.get(""))
    asked = places(page)
    letter = next(name for name, hint in asked.items() if hint.startswith("a letter (A"))
    text = next(name for name, hint in asked.items() if hint == "a text" and "/" not in name)
    address = f"sheets/{FIRST}/cleo"

    wrong = desk.post(
        address, kind="look", by="Kim Lee", at="", zone="UTC", **{letter: "Q", text: "She <b>asks</b> first."}
    )
    assert wrong.status_code == 422 and "1 place has something in it" in said(wrong)
    assert "There is no “Q” to choose." in said(wrong) and "She &lt;b&gt;asks&lt;/b&gt; first." in wrong.text
    nobody = desk.post(address, kind="look", by=" ", at="", zone="UTC", **{letter: "A"})
    assert nobody.status_code == 422 and "Write under “Entered by” who types this in." in said(nobody)

    typed = {letter: "b", text: "She <b>asks</b> first.\r\n\r\nThen she waits.", "by": "Kim Lee"}
    about = {"at": "2025-11-20T17:00", "zone": "America/Chicago"}
    assert 'name="zone" value="UTC"' in page.text and "data-guess" in page.text
    future = desk.post(address, kind="look", **typed, **(about | {"at": "2999-01-01T08:00"}))
    assert future.status_code == 422 and "2999-01-01 08:00” (America/Chicago) is still to come." in said(future)
    look = desk.post(address, kind="look", **typed, **about)
    assert (
        look.status_code == 200 and "Nothing is entered yet." in said(look) and "so it counts as late" not in said(look)
    )
    assert "Handed in 2025-11-20 17:00 (America/Chicago), which is 2025-11-20, 23:00 UTC" in said(look)
    assert f"{len(asked) - 2} places are empty." in said(look) and "<p>B " in look.text.replace(' class="written"', "")
    with Gradebook(desk.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate="2025-11-20 22:00:00 UTC")
    late = desk.post(address, kind="look", **typed, **about)
    assert "after the due date of cleo, 2025-11-20, 22:00 UTC , so it counts as late" in said(late)
    with Gradebook(desk.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate=None)
    folder = desk.root / "submitted" / "cleo" / FIRST
    assert not folder.exists()
    back = desk.post(address, kind="back", **typed, **about)
    assert 'name="zone" value="America/Chicago"' in back.text
    assert 'value="b"' in back.text and "Then she waits." in back.text and not folder.exists()

    (moment,) = re.findall(r'name="moment" value="([^"]+)"', look.text)
    lock = take_lock(desk.root)  # somebody collects
    assert lock is not None
    try:
        form = {"kind": "enter", "moment": moment, "_xsrf": desk.session.cookies["_xsrf"], **typed, **about}
        busy = desk.session.post(look.url, form, timeout=seconds(60))
    finally:
        os.close(lock)
    assert busy.status_code == 422 and "Other work goes on" in said(busy) and "Then she waits." in busy.text
    assert not folder.exists()
    done = desk.post(address, kind="enter", moment=moment, **typed, **(about | {"at": ""}))
    assert "The sheet of cleo to “" in said(done) and f'href="/fieldguide/desk/collect/{FIRST}"' in done.text
    record = ResponseRecord(folder, FIRST).snapshot()
    assert record.entered_by == "Kim Lee"
    assert record.essay(text.removeprefix("at."))[0] == "She <b>asks</b> first.\n\nThen she waits."
    assert stand(desk).found.entered["cleo"] == datetime(2025, 11, 20, 23)
    assert "1 submission is not graded yet." in said(desk.get(""))

    assert "Kim Lee has entered a sheet of this student" in said(desk.get(address))
    desk.post(address, kind="enter", at="", zone="UTC", **(typed | {"by": "Luz"}))
    assert ResponseRecord(folder, FIRST).snapshot().entered_by == "Luz"


def test_no_sheet_is_entered_over_what_a_student_handed_in(desk: Desk) -> None:
    folder = desk.root / "submitted" / "ana" / FIRST
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    page = desk.get(f"sheets/{FIRST}/ana")
    assert "Ána Souza (ana) has handed this module in on the course page." in said(page)
    assert "at." not in " ".join(places(page))
    token = re.findall(r'name="_xsrf" value="([^"]+)"', desk.get("sheets").text)[0]
    refused = desk.session.post(page.url, {"kind": "enter", "by": "Kim", "_xsrf": token}, timeout=seconds(60))
    assert "That stays" in said(refused)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_sheet_of_nobody_or_of_no_module_is_answered_in_words(desk: Desk) -> None:
    page = desk.post("sheets", module=FIRST, student="<b>x")
    assert page.status_code == 422 and "The gradebook has no student “&lt;b&gt;x”" in page.text
    assert desk.get(f"sheets/{FIRST}/nobody").status_code == 404
    assert desk.get("sheets/09-nothing/ana").status_code == 404


# -- for everybody ---------------------------------------------------------------------------------


def export_made(page: Page) -> None:
    page.get_by_role("button", name="Make a file for Moodle").click()


def report_made(page: Page) -> None:
    page.get_by_role("button", name="Make the report", exact=True).click()


def report_refused(page: Page) -> None:
    page.get_by_label("Percent of students who should").fill("most")
    page.get_by_role("button", name="Make the EPAS report").click()


def more_time_refused(page: Page) -> None:
    page.get_by_role("button", name="Give more time").click()


def list_looked_at(page: Page) -> None:
    few = b"\r\n".join(a_list(mistakes=True).split(b"\r\n")[:50])
    page.locator("#file").set_input_files({"name": "class.csv", "mimeType": "text/csv", "buffer": few})
    page.get_by_role("button", name="Look at it first").click()


def sheet_refused(page: Page) -> None:
    page.locator("input[type=text]").first.fill("?")
    page.get_by_role("button", name="Look at it first").click()


def sheet_looked_at(page: Page) -> None:
    page.locator("textarea").first.fill("She asks first.")
    page.get_by_role("button", name="Look at it first").click()


#: The desk's pages, each with what brings it to the state that is looked at. Scoring has a test of its own.
PAGES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "the desk": ("", None),
    "release": (f"release/{FIRST}", None),
    "take back": (f"withdraw/{FIRST}", None),
    "collect": (f"collect/{FIRST}", None),
    "feedback": (f"feedback/{FIRST}", None),
    "export": (f"export/{FIRST}", None),
    "exported": (f"export/{FIRST}", export_made),
    "class list": ("roster", None),
    "class list, looked at": ("roster", list_looked_at),
    "more time": (f"extensions/{FIRST}", None),
    "more time, refused": (f"extensions/{FIRST}", more_time_refused),
    "who has not begun": ("begun", None),
    "asks for help": (f"help/{FIRST}", None),
    "requests": ("requests", None),
    "a request": (f"requests/{FIRST}/what-tevin-still-owes", None),
    "report": ("report", None),
    "report, refused": ("report", report_refused),
    "reported": (f"report/{FIRST}", report_made),
    "on paper": (f"print/{FIRST}", None),
    "whose sheet": ("sheets", None),
    "a sheet": (f"sheets/{FIRST}/cleo", None),
    "a sheet, refused": (f"sheets/{FIRST}/cleo", sheet_refused),
    "a sheet, looked at": (f"sheets/{FIRST}/cleo", sheet_looked_at),
    "gone": ("exported/nothing", None),
}


@pytest.mark.parametrize("which", PAGES)
def test_two_engines_find_nothing_and_it_fits_and_is_walked_by_keyboard(
    desk: Desk, browser: Browser, which: str
) -> None:
    folder = desk.root / "submitted" / "ben" / FIRST
    if "request" in which and not read_requests(folder, FIRST)[0]:
        add_request(folder, FIRST, "what-tevin-still-owes", "It fits too.", wording="ab", points=0, of=1.0)
    if "more time" in which:
        with_due_date(desk)
    address, act = PAGES[which]
    page = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(f"{desk.at.url}/fieldguide/desk/{address}")
    if act is not None:
        with page.expect_navigation():  # what is looked at is the page that comes
            act(page)
    assert outline_faults(page) == []
    bars_nobody(page)
    fits_every_window(page)
    walks_by_keyboard(page)
    page.context.close()
