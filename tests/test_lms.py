"""Grades in the files of course sites: each grade at its student's, nobody guessed, and nothing else changed."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from course import Course
from graded import LATE, due, grade, score_by_hand, with_config
from importers import BlackboardSite, CanvasSite, MoodleSite
from nbgrader.api import Gradebook
from test_grading import CLASS

from fieldguide.cli import main
from fieldguide.grading.course import Course as CourseFolder
from fieldguide.lms.exporting import Wanted, grades_file
from fieldguide.lms.standing import standing_grades

#: Login, last name, first name, e-mail, id on the course site, what was handed in.
PEOPLE = (
    ("ana", "Souza", "Ána", "ana@school.edu", "101", "right"),
    ("ben", "Carter", "Ben", "ben@school.edu", "102", "partly"),
    ("cleo", "Marsh", "Cleo", "cleo@school.edu", "103", "none"),
    ("dan", "Kim", "Lee", "dan@school.edu", "104", "right"),
    ("eva", "Kim", "Lee", "eva@school.edu", "105", "wrong"),
    ("finn", "Ortiz", "Finn", "finn@school.edu", "106", None),
    ("gil", "Reyes", "Gil", "gil@school.edu", "107", "right"),
)
TITLE = "A small module"


@pytest.fixture(scope="module")
def taught(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class that was graded: Ana's essay is scored with a comment, Gil's waits, and Finn handed in nothing."""
    course = with_config(generated.copy(tmp_path_factory.mktemp("taught") / "course", stock=False))
    for student, *_, handed_in in PEOPLE:
        if handed_in:
            course.submit(student, CLASS[handed_in], {"the-group-chat": "I ask."} if student in ("ana", "gil") else {})
    with Gradebook(course.db_url) as gradebook:
        for student, last, first, email, number, _ in PEOPLE:
            gradebook.add_student(student, last_name=last, first_name=first, email=email, lms_user_id=number)
    grade(course)
    score_by_hand(course, "ana", 4.0)
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_comment("the-group-chat", "small", "small", "ana").manual_comment = "-1 <for> haste;\n=see me"
        gradebook.db.commit()
    return course


def export(course: Course, lms: str, *arguments: str | Path) -> int:
    return main(["--project", str(course.root), "export", "small", "--lms", lms, *map(str, arguments)])


CANVAS_HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Syllabus quiz (71),A small module (72),Final Score"
CANVAS = f"""{CANVAS_HEAD}
,,,,,,Manual Posting,
    Points Possible,,,,,5.00,18.00,(read only)
"Souza, Ána",101,,ana,SW 101,5.00,,17.25
"Carter, Ben",9002,u-ben,BEN@school.edu,SW 101,,,
"Marsh, Cleo",9003,,,"SW 101, evening",2.00,1.00,
"Kim, Lee",9004,,dan,SW 101,,,
"Kim, Lee",9005,,,SW 101,,,
"Ortiz, Finn",106,,finn,SW 101,,3.00,
"Reyes, Gil",107,,gil,SW 101,,,
"Student, Test",9999,,8f0c,SW 101,,,
"""


def canvas_site(text: str = CANVAS) -> CanvasSite:
    rows = list(csv.reader(io.StringIO(text)))[3:]
    people = [{"id": row[1], "sis": row[2], "login": row[3], "name": row[0]} for row in rows]
    return CanvasSite(people, {"71": "Syllabus quiz", "72": TITLE})


def test_canvas_takes_every_grade_that_is_final_and_keeps_the_rest(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_text(CANVAS, encoding="utf-8")
    assert export(taught, "canvas", "--into", path) == 3
    told = capsys.readouterr()
    assert path.read_text("utf-8") == CANVAS  # the instructor's own file
    filled = (tmp_path / "gradebook-with-grades.csv").read_bytes()
    before, after = canvas_site(), canvas_site()
    before.take(CANVAS.encode())
    after.take(filled)
    changed = {who: score for (who, column), score in after.grades.items() if score != before.grades[who, column]}
    assert changed == {"101": "17", "9002": "4.67", "9003": "0", "9004": "13"}
    assert "cleo, small: 1.00 → 0 points." in told.out
    assert "gil, small: waits to be scored." in told.err
    assert "line 8, Kim, Lee: more than one student has this name: dan, eva." in told.err
    assert "line 11, Student, Test: nobody in the gradebook has this id, login or name." in told.err
    assert "eva has a grade here, and no row in" in told.err
    assert "finn" not in told.out + told.err  # handed in nothing: what Canvas has stays
    # All but the four cells is the same to the sign.
    lines = zip(CANVAS.encode().splitlines(True), filled.splitlines(True), strict=True)
    assert [old for old, new in lines if old != new] == [CANVAS.encode().splitlines(True)[row] for row in (3, 4, 5, 6)]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_semicolons_decimal_commas_and_the_mark_stay_as_canvas_wrote_them(
    taught: Course, tmp_path: Path, mark: str
) -> None:
    text = (
        f"{mark}Student;ID;SIS Login ID;Section;{TITLE} (72);Final Score\r\n"
        "    Points Possible;;;;36,00;(read only)\r\n"
        "Carter, Ben;102;ben;SW 101;;0,5\r\nMarsh, Cleo;103;cleo;SW 101;EX;\r\n"
    )
    (tmp_path / "g.csv").write_bytes(text.encode())
    assert export(taught, "canvas", "--into", tmp_path / "g.csv", "--scale", "--to", tmp_path / "to.csv") == 3
    assert (tmp_path / "to.csv").read_bytes().decode() == text.replace("SW 101;;0,5", "SW 101;9,33;0,5")
    site = CanvasSite([{"id": "102"}, {"id": "103"}], {"72": TITLE})
    site.take((tmp_path / "to.csv").read_bytes())
    assert site.grades == {("102", "72"): "9.33", ("103", "72"): "EX"}


BLACKBOARD_ROWS = [
    [
        *("Last Name", "First Name", "Username", "Student ID", "Availability"),
        *("Total [Total Pts: up to 118 Score] |1", f"{TITLE} [Total Pts: 18 Score] |345678"),
    ],
    ["Souza", "Ána", "ana", "0101", "Yes", "17.00", ""],
    ["Carter", "Ben", "ben7", "102", "Yes", "", ""],
    ["Marsh", 'Cleo "C"', "c.marsh", "", "Yes", "", "0.50"],
    ["Kim", "Lee", "dan", "999", "Yes", "", ""],
]


@pytest.mark.parametrize(("encoding", "separator"), [("utf-16", "\t"), ("utf-8-sig", ","), ("utf-8", ",")])
def test_blackboard_takes_the_file_that_it_made_itself(
    taught: Course, tmp_path: Path, encoding: str, separator: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(BLACKBOARD_ROWS)
    content = text.getvalue().encode(encoding)
    (tmp_path / "gc_small.xls").write_bytes(content)
    assert export(taught, "blackboard", "--into", tmp_path / "gc_small.xls") == 3
    filled = (tmp_path / "gc_small-with-grades.xls").read_bytes()
    site = BlackboardSite([{"username": row[2]} for row in BLACKBOARD_ROWS[1:]], {"345678": TITLE})
    site.take(filled)
    assert site.grades == {
        (who, "345678"): score for who, score in (("ana", "17"), ("ben7", "4.67"), ("c.marsh", "0.50"), ("dan", "13"))
    }
    changed = content.decode(encoding).replace('"17.00"' + separator + '""', '"17.00"' + separator + '"17"')
    for row, score in (("102", "4.67"), ("999", "13")):
        start = f'"{row}"{separator}"Yes"{separator}""{separator}'
        changed = changed.replace(f'{start}""', f'{start}"{score}"')
    assert filled == changed.encode(encoding)  # Cleo's nickname keeps her row from being anybody's


def test_moodle_takes_a_module_with_feedback_and_erases_nothing(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "moodle.csv"
    assert export(taught, "moodle", "--to", path) == 3
    assert "gil: waits to be scored, and is not in the file." in capsys.readouterr().err
    people = [{"id": row[0], "idnumber": row[4], "email": row[3], "username": row[0]} for row in PEOPLE]
    for key in (("Username", "username"), ("ID number", "idnumber"), ("Email address", "email")):
        site = MoodleSite(people, {}, maximum=18.0)
        site.grades = {("finn", TITLE): "3", ("gil", TITLE): "2"}
        site.take(path.read_bytes(), key, TITLE, f"{TITLE} feedback")
        assert {who: float(score) for (who, _), score in site.grades.items()} == {
            "ana": 17, "ben": 4.67, "cleo": 0, "dan": 13, "eva": 0, "finn": 3, "gil": 2
        }  # fmt: skip
        said = site.feedback["ana", TITLE]
        assert said.startswith("17 of 18 points. Question 7: -1 &lt;for&gt; haste;")
    assert "\n=" not in path.read_text("utf-8-sig")


def test_a_key_that_one_student_lacks_is_left_out_of_moodles_file(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = taught.copy(tmp_path / "course", stock=False)
    with_config(course)
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_student("ben").email = None
        gradebook.db.commit()
    assert export(course, "moodle", "--to", tmp_path / "moodle.csv") == 3
    assert "There is no column 'Email address'" in capsys.readouterr().err
    assert "Email address" not in (tmp_path / "moodle.csv").read_text("utf-8-sig")


def test_moodle_is_told_no_account_that_it_cannot_know(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = taught.copy(tmp_path / "course", stock=False)
    with_config(course)
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as book, book:
        for table, column in (("student", "id"), ("submitted_assignment", "student_id")):
            book.execute(f"update {table} set {column} = 'p-' || substr({column} || 'aaaaaaaaaaaaaaaa', 1, 16)")
    export(course, "moodle", "--to", tmp_path / "moodle.csv")
    assert (tmp_path / "moodle.csv").read_text("utf-8-sig").startswith("ID number,Email address,First name")
    assert "Username" not in (tmp_path / "moodle.csv").read_text("utf-8-sig")
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as book, book:
        book.execute("update student set email = null, lms_user_id = null")
    capsys.readouterr()
    assert export(course, "moodle", "--to", tmp_path / "names.csv") == 3
    assert "No column tells Moodle who each student is" in capsys.readouterr().err


XLSX = b"PK\x03\x04" + bytes(40)
LINE = '"Souza, Ána",101,,ana,SW 101,5.00,,17.25\n'


@pytest.mark.parametrize(
    ("lms", "content", "says"),
    [
        ("canvas", b"", "is empty."),
        ("canvas", XLSX, "is a spreadsheet's own workbook"),
        ("canvas", CANVAS.encode("utf-16"), "is in UTF-16, as a spreadsheet saves 'Unicode text'."),
        ("canvas", CANVAS.encode("cp1252"), "line 4: there are signs that are not UTF-8."),
        ("canvas", CANVAS.replace(",", "\t").encode(), "parts its cells with tabs, and commas or semicolons"),
        ("canvas", b"just a text\n", "has no columns, and commas or semicolons"),
        ("canvas", b"Last Name,First Name,Username\nSouza,Ana,ana\n", "is a file from Blackboard."),
        ("canvas", b"assignment,student_id,raw_score,max_score\n", "is the grades that nbgrader export writes."),
        ("canvas", b"color,size,price\n1,2,3\n", "begins with the columns color, size, price."),
        ("canvas", CANVAS[: CANVAS.index("9004")].encode(), "line 7: there are 2 cells, and 8 headings."),
        ("canvas", CANVAS[: CANVAS.index(", evening")].encode(), "the quotes of a cell do not fit."),
        ("canvas", CANVAS.replace("(72)", "").encode(), "has no column for small. Columns that Canvas takes"),
        ("canvas", CANVAS.replace("Syllabus quiz", TITLE).encode(), "has 2 columns that could be small"),
        ("canvas", CANVAS.replace("18.00", "20.00").encode(), "is worth 20 points, and small is worth 18."),
        ("blackboard", CANVAS.encode(), "is a file from Canvas."),
        ("blackboard", b"Last Name;First Name;Username\n", "parts its cells with semicolons"),
        ("blackboard", b"\xff\xfeL\x00a", "was cut short in the middle of a sign."),
    ],
)
def test_a_file_that_cannot_be_filled_says_what_it_is_and_is_left_alone(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], lms: str, content: bytes, says: str
) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_bytes(content)
    assert export(taught, lms, "--into", path) == 1
    assert says in capsys.readouterr().err
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_that_is_there_is_written_over(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_text(CANVAS, encoding="utf-8")
    for target in (path, tmp_path / "link.csv"):
        if target != path:
            target.symlink_to(path)
        assert export(taught, "canvas", "--into", path, "--to", target) == 1
        assert "is there already, and may be needed." in capsys.readouterr().err
    assert path.read_text("utf-8") == CANVAS


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("canvas",), "Name that file with --into"),
        (("canvas", "--into", "none.csv"), "There is no file none.csv."),
        (("moodle", "--into", "none.csv"), "Moodle takes a file of ours as it is: leave --into out."),
        (("moodle", "--column", "Essay"), "expected a module and its column's title"),
    ],
)
def test_a_command_that_lacks_something_says_what(
    taught: Course, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert export(taught, *arguments) == 1
    assert says in capsys.readouterr().err


def test_a_column_called_otherwise_is_named_by_the_instructor(taught: Course, tmp_path: Path) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_text(CANVAS.replace(TITLE, "Week 3: graded"), encoding="utf-8")
    assert export(taught, "canvas", "--into", path) == 1
    assert export(taught, "canvas", "--into", path, "--column", "small=week 3: graded") == 3
    assert "17,17.25" in (tmp_path / "gradebook-with-grades.csv").read_text("utf-8")


def test_no_grade_goes_to_somebody_with_anothers_id(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gradebook.csv"
    text = CANVAS.replace('"Souza, Ána",101,,ana', '"Souza, Ána",101,,ben').replace(
        '"Carter, Ben",9002,u-ben,BEN@school.edu', '"Okafor, Ify",102,,ify'
    )
    path.write_text(text, encoding="utf-8")
    assert export(taught, "canvas", "--into", path) == 3
    said = capsys.readouterr().err
    assert "line 4, Souza, Ána: its id and its login are those of different people: ana, ben." in said
    assert "line 5, Okafor, Ify: it has the id or login of ben, whose name is another." in said
    rows = (tmp_path / "gradebook-with-grades.csv").read_text("utf-8").splitlines()
    assert rows[3:5] == text.splitlines()[3:5]


def test_two_rows_of_one_student_get_no_grade(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_text(CANVAS + LINE, encoding="utf-8")
    assert export(taught, "canvas", "--into", path) == 3
    assert capsys.readouterr().err.count("lines 4 and 12 could both be ana") == 2


def test_a_name_that_is_a_formula_is_none_in_the_file(
    taught: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_text(CANVAS.replace('"Reyes, Gil"', '"=HYPERLINK(""x"")"'), encoding="utf-8")
    assert export(taught, "canvas", "--into", path) == 3
    filled = (tmp_path / "gradebook-with-grades.csv").read_text("utf-8")
    assert "\n\"'=HYPERLINK" in filled
    assert "enter this grade there by hand" not in capsys.readouterr().err  # Canvas knows the row by its id
    again = tmp_path / "again.csv"
    again.write_text(filled, encoding="utf-8")
    assert export(taught, "canvas", "--into", again) == 3
    assert (tmp_path / "again-with-grades.csv").read_text("utf-8") == filled  # one apostrophe is enough


def test_names_in_two_columns_are_read_as_canvas_writes_them(taught: Course, tmp_path: Path) -> None:
    text = f"LastName,FirstName,ID,SIS Login ID,Section,{TITLE} (72)\nMarsh,Cleo,9003,,SW 101,\nKim,Lee,9,,SW 101,\n"
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    assert export(taught, "canvas", "--into", tmp_path / "g.csv") == 3
    filled = (tmp_path / "g-with-grades.csv").read_text("utf-8")
    assert filled == text.replace("9003,,SW 101,", "9003,,SW 101,0")


@pytest.mark.parametrize("lms", ["canvas", "moodle"])
def test_a_class_without_a_grade_gets_no_file(
    generated: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], lms: str
) -> None:
    course = with_config(generated.copy(tmp_path / "course", stock=False))
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_student("ana")
    (tmp_path / "g.csv").write_text(CANVAS, encoding="utf-8")
    into = ("--into", tmp_path / "g.csv") if lms == "canvas" else ()
    assert export(course, lms, *into, "--to", tmp_path / "to.csv") == 1
    assert (
        "Nobody has a final grade in small yet (0 wait to be scored, 1 handed in nothing)." in capsys.readouterr().err
    )
    assert not (tmp_path / "to.csv").exists()
    (course.root / "gradebook.db").unlink()
    assert export(course, lms, *into, "--to", tmp_path / "to.csv") == 1
    assert "There is no gradebook at" in capsys.readouterr().err


@pytest.mark.slow
def test_nbgrader_export_writes_the_same_file(taught: Course, tmp_path: Path) -> None:
    path = tmp_path / "gradebook.csv"
    path.write_text(CANVAS, encoding="utf-8")
    assert export(taught, "canvas", "--into", path, "--to", tmp_path / "ours.csv") == 3
    command = [str(Path(sys.executable).with_name("nbgrader")), "export", "--assignment", "small"]
    command += ["--exporter=fieldguide.lms.plugins.CanvasExporter", f"--CanvasExporter.into={path}"]
    for _ in range(2):
        run = subprocess.run(
            [*command, "--to", str(tmp_path / "theirs.csv")], cwd=taught.root, capture_output=True, text=True
        )
    assert run.returncode == 1 and "is there already" in run.stderr and "Traceback" not in run.stderr
    assert (tmp_path / "theirs.csv").read_bytes() == (tmp_path / "ours.csv").read_bytes()


def test_of_two_columns_with_one_title_the_whole_heading_names_one(taught: Course, tmp_path: Path) -> None:
    lines = [CANVAS_HEAD.replace("Syllabus quiz (71)", f"{TITLE} (71)"), *CANVAS.splitlines()[1:]]
    path = tmp_path / "gradebook.csv"
    path.write_text("\n".join(lines).replace("5.00,18.00", "18.00,18.00"), encoding="utf-8")
    assert export(taught, "canvas", "--into", path) == 1
    assert export(taught, "canvas", "--into", path, "--column", f"small={TITLE} (72)") == 3


def test_what_goes_to_a_course_site_by_itself_is_what_its_file_would_have(course: Course) -> None:
    for student in ("ana", "ben", "cleo", "dan"):
        handed_in = {"the-group-chat": "I would ask."} if student in ("ana", "dan") else {}
        folder = course.submit(student, CLASS["partly"], handed_in)
        if student in ("ana", "ben"):
            (folder / "timestamp.txt").write_text(LATE, encoding="utf-8")
    due(course, "2026-11-19 10:00:00 UTC")
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_student("eva")  # who handed in nothing
    grade(course, LateSubmissionPlugin={"penalty_method": "zero"})
    score_by_hand(course, "ana", 4.0)
    with Gradebook(course.db_url) as gradebook:
        told = standing_grades(gradebook, "small", {"ana", "ben", "cleo", "dan", "eva"})
        assert standing_grades(gradebook, "small", {"cleo"}) == {"cleo": told["cleo"]}
        content, _ = grades_file(CourseFolder(with_config(course).root), gradebook, Wanted("moodle", ("small",)))
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    final = {row["Username"]: float(row[TITLE]) for row in rows}
    assert told == {**final, "dan": None} and final.keys() == {"ana", "ben", "cleo"}
    assert told["cleo"] and told["cleo"] > 0 == told["ben"]  # which is all that lateness left of it
