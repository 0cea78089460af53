"""Grading a class with ``fieldguide grade``: the gradebook, the notebooks and the feedback that nbgrader would make."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import nbformat
import pytest
from course import Course
from graded import (
    LATE,
    due,
    everything,
    grade,
    hand_in,
    score_by_hand,
    with_config,
)
from nbgrader import api, utils
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.abc import Exchange
from nbgrader.utils import compute_checksum
from samples import GRADED
from sessions import answer_of
from sqlalchemy import inspect
from test_grading import CLASS, ORDINARY, small_source
from traitlets.config import Config

from fieldguide.cells.kind import named
from fieldguide.cells.kinds import ITEM
from fieldguide.cli import main
from fieldguide.coursepage.hosting import OpenNotebook
from fieldguide.coursepage.reading import Live, read_module_notebook
from fieldguide.grading import course as settings
from fieldguide.grading import schema
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.course import CourseError
from fieldguide.grading.instructor import checksum, read_instructor_notebook
from fieldguide.grading.marking import Marker
from fieldguide.grading.pages import item_cell
from fieldguide.grading.submission import Submission
from fieldguide.grading.times import read_time
from fieldguide.items import Choice, Essay, Item, Match, Order, Selection, read_item
from fieldguide.player.openmodule import OpenModule
from fieldguide.responses import ItemResponses

# -- a class of two halves -----------------------------------------------------------------------------


#: What an answer of CLASS earns by the texts of the questions, worked out by hand, in their order. A wrong
#: choice cancels a right one; of three lines, and of three neighbors in order, each earns a third.
EARNED = {
    "right": (2, 3, 2, 3, 2, 1),
    "wrong": (0, 0, 0, 0, 0, 0),
    "partly": (0, 1, 2 / 3, 1, 1, 1),
}


def test_half_a_class_on_the_page_and_half_in_notebooks_earn_what_was_worked_out_by_hand(course: Course) -> None:
    for given in EARNED:
        for host in (on_the_page, in_a_notebook):
            folder = course.submit(f"{given}-{host.__name__}", {})
            host(folder / "small.ipynb", {**CLASS[given], "the-group-chat": "I would ask."})
    report = grade(course)
    scores = everything(course)
    assert len(scores) == 2 * len(EARNED), report
    for given, earned in EARNED.items():
        for host in ("on_the_page", "in_a_notebook"):
            grades = scores[f"{given}-{host}"]["grades"]
            assert [grades[item][0] for item in CLASS["right"]] == pytest.approx(list(earned)), (given, host)
            assert grades["the-group-chat"][3]  # a person scores it


def on_the_page(notebook: Path, responses: dict[str, object]) -> None:
    opened = OpenNotebook(notebook)
    for n, (item, response) in enumerate(responses.items(), 1):
        message = {"kind": "save", "response": response, "v": 1, "view": item, "n": n}
        told = opened.say("a page", f"item-{item}", message)
        assert told[0]["message"]["saved"], (item, told)


def in_a_notebook(notebook: Path, responses: dict[str, object]) -> None:
    read = read_module_notebook(notebook)
    module = OpenModule(read.head, notebook.parent)
    items = {part.asked.id: part for part in read.parts if isinstance(part, Live) and part.kind is ITEM}
    for n, (item, response) in enumerate(responses.items(), 1):
        session = named(items[item].kind.session).open(items[item].asked, module)
        message = {"kind": "save", "response": response, "v": 1, "view": item, "n": n}
        assert answer_of(session, message)["saved"], item


# -- the same as nbgrader ------------------------------------------------------------------------------


@pytest.mark.parametrize("penalty", ["none", "zero"])
def test_the_gradebook_is_the_one_nbgrader_makes(course: Course, tmp_path: Path, penalty: str) -> None:
    hand_in(course)
    due(course, "2026-11-19 10:00:00 UTC")
    with Gradebook(course.db_url) as gradebook:  # as an instructor may, before anybody handed in
        gradebook.update_or_create_student("right", first_name="Ana")
        gradebook.add_submission("small", "right")
        gradebook.grant_extension("small", "right", days=7)
    other = course.copy(tmp_path / "nbgrader", stock=False)
    report = grade(course, LateSubmissionPlugin={"penalty_method": penalty})
    config = other.config()
    config.LateSubmissionPlugin.penalty_method = penalty
    other._start(_autograde(), config)
    assert everything(course) == everything(other)
    late = {standing.student for standing in report.standings if standing.seconds_late}
    assert late == set(CLASS) - {"right"}
    totals = {student: held["notebook"][3] - (held["notebook"][2] or 0) for student, held in everything(other).items()}
    assert {standing.student: standing.total for standing in report.standings} == pytest.approx(totals)


def _autograde() -> type:
    from nbgrader.converters import Autograde

    return Autograde


def test_the_graded_notebook_is_the_one_nbgrader_makes(course: Course, tmp_path: Path) -> None:
    hand_in(course)
    other = course.copy(tmp_path / "nbgrader", stock=False)
    grade(course)
    other.autograde()
    for student in CLASS:
        mine, theirs = (
            nbformat.read(one.root / "autograded" / student / "small" / "small.ipynb", as_version=4)
            for one in (course, other)
        )
        nbformat.validate(mine)
        assert mine == theirs
        modes = {one.root / "autograded" / student / "small" / "small.ipynb" for one in (course, other)}
        assert {path.stat().st_mode & 0o777 for path in modes} == {0o444}


def test_the_class_grader_and_nbgrader_can_take_turns(course: Course) -> None:
    hand_in(course)
    grade(course)
    first = everything(course)
    course.autograde()
    assert everything(course) == first
    assert not any(standing.changed for standing in grade(course).standings)
    assert everything(course) == first


@pytest.mark.slow
def test_an_ordinary_notebook_in_the_same_assignment_keeps_nbgraders_way(tmp_path: Path) -> None:
    course = Course(tmp_path / "course", "small", small_source(tmp_path))
    (course.root / "source" / "small" / "extra.ipynb").write_text(ORDINARY, encoding="utf-8")
    course.generate()
    folder = course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})
    shutil.copy(course.root / "release" / "small" / "extra.ipynb", folder)
    course.autograde()
    assert course.scores("ana")["after-hours-message"] == (2.0, False)
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_submission_notebook("extra", "small", "ana").score == 1.0
    assert "13 of 18 points" in course.feedback("ana")


def _responses(item: Item, chance: random.Random) -> object:
    """Something a student may have left for an item: mostly answers, sometimes not."""
    if chance.random() < 0.15:
        return chance.choice([None, [], {}, "", 7, ["x"], {"x": "y"}, "12,5", [["deep"]], True])
    if isinstance(item, Match):
        return {prompt: chance.choice(list(item.options)) for prompt in item.prompts if chance.random() < 0.8}
    if isinstance(item, Order):
        return chance.sample(list(item.options), chance.randint(1, len(item.options)))
    if isinstance(item, Choice) and item.any_option:
        return [chance.choice(list(item.options))]
    if isinstance(item, Selection):
        return chance.sample(list(item.options), chance.randint(0, len(item.options)))
    return chance.choice(["12.5", "12", "13.1", "none", " 12.9 % "])


@pytest.mark.slow
def test_four_doors_give_the_same_scores_to_a_generated_class(course: Course, tmp_path: Path) -> None:
    from nbgrader.apps.api import NbGraderAPI

    items = [read_item(text, name) for name, text in GRADED.items()]
    chance = random.Random(20261122)
    for number in range(6):
        answered = {item.id: _responses(item, chance) for item in items if not isinstance(item, Essay)}
        course.submit(f"s{number}", answered, {"the-group-chat": "I would ask."})
    pipeline = course.copy(tmp_path / "pipeline", stock=False)
    button = course.copy(tmp_path / "button", stock=False)
    stock = course.copy(tmp_path / "stock", stock=True)
    grade(course)
    pipeline.autograde()
    formgrader = NbGraderAPI(CourseDirectory(config=button.config()), config=button.config())
    for number in range(6):
        assert formgrader.autograde("small", f"s{number}")["success"]
    stock.autograde()
    for number in range(6):
        scores = course.scores(f"s{number}")
        assert scores == pipeline.scores(f"s{number}") == button.scores(f"s{number}") == stock.scores(f"s{number}")


def test_our_tables_are_nbgraders() -> None:
    for name, table in schema.NBGRADER.tables.items():
        theirs = api.Base.metadata.tables[name]
        for column in table.columns:
            other = theirs.columns[column.name]
            assert type(column.type) is type(other.type), (name, column.name)
            assert getattr(column.type, "length", None) == getattr(other.type, "length", None)
            assert column.primary_key == other.primary_key
    for name in ("submitted_assignment", "submitted_notebook", "grade", "comment"):  # no column is left unwritten
        assert set(schema.NBGRADER.tables[name].columns.keys()) == set(api.Base.metadata.tables[name].columns.keys())


def test_our_settings_are_nbgraders(tmp_path: Path) -> None:
    theirs = CourseDirectory()
    assert {name: getattr(theirs, name) for name in settings.DEFAULTS} == settings.DEFAULTS
    (tmp_path / "beside.py").write_text("NAME = 'handed-in'", encoding="utf-8")
    (tmp_path / "nbgrader_config.py").write_text(
        "import beside\nc = get_config()\nc.CourseDirectory.submitted_directory = beside.NAME\n"
        "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'\n"
        "c.CourseDirectory.root = 'inner'\nc.BaseConverter.permissions = 640\n",
        encoding="utf-8",
    )
    (tmp_path / "inner" / "handed-in" / "small" / "ana").mkdir(parents=True)
    (tmp_path / "inner" / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///elsewhere.db'\n", encoding="utf-8"
    )
    course = settings.Course(tmp_path)
    sys.modules.pop("beside", None)
    assert course.root == tmp_path / "inner"
    assert course.db_url == "sqlite:///elsewhere.db"
    assert list(course.with_folder("submitted", "small")) == ["ana"]
    assert course.graded_permissions == course.feedback_permissions == 0o640
    assert course.creates_students and course.shows_best_answer
    assert course.timezone == Exchange().timezone == "UTC"


def test_a_configuration_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n1 / 0\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py could not be read: division by zero"):
        settings.Course(tmp_path)


def test_our_checksum_is_nbgraders(course: Course) -> None:
    path = course.root / "source" / "small" / "small.ipynb"
    notebook = read_instructor_notebook(path)
    assert notebook is not None
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if "nbgrader" in cell.metadata]
    assert len(cells) == len(notebook.source_cells) == 8
    for cell in cells:
        assert checksum(notebook.source_cells[cell.metadata.nbgrader.grade_id]) == compute_checksum(cell)


@pytest.mark.parametrize(
    "text",
    [
        *(LATE, "2026-11-20 10:00:00 UTC", "2026-11-20T10:00:00", "20 Nov 2026 10:00", "2026-11-20 10:00:00"),
        *("2026-11-20 12:00:00 Europe/Berlin", "2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00Z"),
    ],
)
def test_what_nbgrader_writes_and_reads_right_is_read_as_it_reads_it(text: str) -> None:
    assert read_time(text) == utils.parse_utc(text)


def test_grading_imports_nothing_slow() -> None:
    code = (
        "import sys; from fieldguide.grading import classgrader, classfeedback, summary, course, configure;"
        "from traitlets.config import Config; configure(Config());"
        "print([name for name in ('nbgrader', 'nbformat', 'nbconvert', 'jsonschema', 'pandas') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_cells_made_from_kept_parts_are_the_same(course: Course) -> None:
    notebook = read_instructor_notebook(course.root / "source" / "small" / "small.ipynb")
    assert notebook is not None
    marker = Marker()
    for text in ("Plain.", "", 'Two "quoted"\n\nparagraphs \\ and\na line, <b>é</b> \x00 \u2028 \U0001f600', "Plain."):
        for graded in notebook.graded:
            submission = Submission({"after-hours-message": ItemResponses(["wait"])}, {"the-group-chat": text})
            expected = item_cell(graded, submission.outcome(graded.item))
            for _ in range(2):
                assert json.loads(marker.mark(graded, submission).cell) == expected


# -- feedback ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show_best_answer", [True, False])
def test_feedback_for_a_class_is_the_page_nbgrader_makes(course: Course, show_best_answer: bool) -> None:
    hand_in(course)
    due(course, "2026-11-19 07:00:00 UTC")
    grade(course, LateSubmissionPlugin={"penalty_method": "zero"})
    score_by_hand(course, "right", 4.0)
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_comment("the-group-chat", "small", "small", "right").manual_comment = "Clear & kind <3"
        gradebook.db.commit()
    theirs = {student: course.feedback(student, show_best_answer=show_best_answer) for student in CLASS}
    config: Config = course.config()
    config.FeedbackExporter.show_best_answer = show_best_answer
    for path in (course.root / "feedback").rglob("*.html"):
        path.unlink()
    written, without = feedback_for_class(settings.Course(course.root, config), "small")
    assert (written, without) == (sorted(CLASS), {})
    for student in CLASS:
        folder = course.root / "feedback" / student / "small"
        assert (folder / "small.html").read_text("utf-8") == theirs[student]
        assert (folder / "timestamp.txt").read_text("utf-8") == LATE  # the exchange releases feedback by it
        assert "http" not in theirs[student]


def test_feedback_says_who_has_none_and_why(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    with_config(course)
    course.submit("ana", CLASS["right"])
    grade(course)
    arguments = ["--project", str(course.root), "feedback", "small"]
    assert main([*arguments, "--student", "ben", "--student", "ana"]) == 1
    said = capsys.readouterr().out
    assert "ben has not been graded." in said and "feedback for 1 students" in said
    assert main(arguments) == 0


def test_the_gradebook_stays_one_that_nbgrader_reads(course: Course) -> None:
    hand_in(course)
    grade(course)
    with Gradebook(course.db_url) as gradebook:
        assert len(gradebook.submission_dicts("small")) == len(CLASS)
        assert gradebook.average_assignment_score("small") > 0
        names = set(inspect(gradebook.engine).get_table_names())
        gradebook.remove_submission("small", "right")
    assert {"fieldguide_seen", "grade", "alembic_version"} <= names
    assert "right" not in everything(course)
    grade(course)
    assert "right" in everything(course)


def test_an_extension_counts(course: Course) -> None:
    folder = course.submit("ana", CLASS["right"])
    (folder / "timestamp.txt").write_text(LATE, encoding="utf-8")
    due(course, "2026-11-20 09:00:00 UTC")
    assert grade(course).standings[0].seconds_late == 3600
    with Gradebook(course.db_url) as gradebook:
        gradebook.grant_extension("small", "ana", hours=2)
        assert gradebook.find_submission("small", "ana").extension == timedelta(hours=2)
    assert grade(course).standings[0].seconds_late == 0
