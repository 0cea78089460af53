"""The class list: every row is told, and all of them are taken or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from course import Course
from graded import with_config
from nbgrader.api import Gradebook

from fieldguide.cli import main
from fieldguide.grading.roster import DETAILS

HEAD = "id,last_name,first_name,email\n"


@pytest.fixture
def class_of_two(course: Course) -> Course:
    with Gradebook(with_config(course).db_url) as gradebook:
        gradebook.add_student("ana", last_name="Souza", first_name="Ana", email="ana@school.edu")
        gradebook.add_student("ben", last_name="Carter", first_name="Ben")
    return course


def take(course: Course, tmp_path: Path, content: str | bytes) -> int:
    path = tmp_path / "class.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return main(["--project", str(course.root), "roster", str(path)])


def students(course: Course) -> dict[str, tuple[str | None, ...]]:
    with Gradebook(course.db_url) as gradebook:
        return {student.id: tuple(getattr(student, name) for name in DETAILS) for student in gradebook.students}


def test_every_row_is_told(class_of_two: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "ana,Souza,Ana,\nzoe,Íñiguez,Zoé,zoe@school.edu\nana,Souza,Ana,\nben,Carter,Benjamin,ben@school.edu\n"
    assert take(class_of_two, tmp_path, HEAD + rows) == 0
    assert capsys.readouterr().out.splitlines() == [
        "line 2: ana, as it was",
        "line 3: zoe, added",
        "line 4: ana, the same as line 2",
        "line 5: ben, first_name: Ben → Benjamin; email: none → ben@school.edu",
        "",
        "1 added, 1 changed, 1 as they were.",
    ]
    assert students(class_of_two) == {
        "ana": ("Souza", "Ana", "ana@school.edu", None),  # an empty cell takes nothing away
        "ben": ("Carter", "Benjamin", "ben@school.edu", None),
        "zoe": ("Íñiguez", "Zoé", "zoe@school.edu", None),
    }


@pytest.mark.parametrize(
    "content",
    [
        "id,last_name\nzoe,Núñez\n".encode("utf-8-sig"),
        "id;last_name\r\nzoe;Núñez\r\n".encode("cp1252"),
        "id\tlast_name\nzoe\tNúñez\n".encode("utf-16"),
        "\ufeffID, Last Name ,Section\nzoe, Núñez ,2\n".encode(),
        "last-name,id\nN\u00fa\u00f1ez\u00a0,zoe\n".encode(),
    ],
    ids=["mark", "semicolons", "tabs", "names of columns", "no-break space"],
)
def test_whatever_a_spreadsheet_saved_is_read(class_of_two: Course, tmp_path: Path, content: bytes) -> None:
    assert take(class_of_two, tmp_path, content) == 0
    assert students(class_of_two)["zoe"] == ("Núñez", None, None, None)


MISTAKES = {
    ",Carter,Ben,": "there is no id in it. Every row needs one: the name that the student logs in with.",
    "<b>x</b>,Carter,Ben,": "'<b>x</b>' can be no student's id: it has < in it.",
    "o'brien,O'Brien,Pat,": "'o'brien' can be no student's id: it has ' in it.",
    "dan,Carter\x07,Dan,": "the last_name of dan is longer than 128 signs, or has signs that cannot be seen.",
    f"dan,{'x' * 129},Dan,": "the last_name of dan is longer than 128 signs, or has signs that cannot be seen.",
    "zoe,Other,Zoe,": "zoe is in line 2 already, and not the same there. Keep one of the two.",
    "1.23457E+11,Carter,Dan,": "1.23457E+11 is a number that a spreadsheet shortened. Make the column text, and enter "
    "the id anew.",
}


@pytest.mark.parametrize("row", MISTAKES)
def test_one_mistake_and_nothing_is_written(
    class_of_two: Course, tmp_path: Path, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = students(class_of_two)
    assert take(class_of_two, tmp_path, f"{HEAD}zoe,Adler,Zoe,\n{row}\nyu,Li,Yu,\n,,,\n") == 1
    said = capsys.readouterr().err
    assert said == f"{tmp_path / 'class.csv'}, line 3: {MISTAKES[row]}\nNothing was written.\n"
    assert students(class_of_two) == before


def test_every_mistake_is_named_at_once(
    class_of_two: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["zoe,Adler,Zoe,", *MISTAKES]
    assert take(class_of_two, tmp_path, HEAD + "\n".join(rows)) == 1
    said = capsys.readouterr().err
    for number, mistake in enumerate(MISTAKES.values(), 3):
        assert f"class.csv, line {number}: {mistake}\n" in said


def test_a_file_that_is_no_class_list_says_so(
    class_of_two: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content, said in (
        ("name,mail\nana,a@school.edu\n", "has not the columns id."),
        (HEAD, "has no students in it, only the columns' names."),
        (b"PK\x03\x04", "is a spreadsheet's own workbook"),
    ):
        assert take(class_of_two, tmp_path, content) == 1
        assert said in capsys.readouterr().err
    assert main(["--project", str(class_of_two.root), "roster", str(tmp_path / "none.csv")]) == 1
    assert capsys.readouterr().err == f"There is no file {tmp_path / 'none.csv'}.\n"


def test_outside_a_course_no_gradebook_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "class.csv"
    path.write_text(f"{HEAD}zoe,Adler,Zoe,\n", encoding="utf-8")
    assert main(["--project", str(tmp_path), "roster", str(path)]) == 1
    assert "is no course's folder" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["class.csv"]


def test_who_is_missing_from_the_list_stays_and_is_named(
    class_of_two: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(class_of_two, tmp_path, "id,Section\nzoe,2\n") == 0
    said = capsys.readouterr().out
    assert "In the gradebook and not in the file, left as they were: ana, ben." in said
    assert "Columns that were not used: section." in said
    assert set(students(class_of_two)) == {"ana", "ben", "zoe"}


def test_a_second_id_of_the_same_person_is_asked_about(
    class_of_two: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(class_of_two, tmp_path, "id\nAna\nben\n") == 3
    assert "To look into:\n  Ana is new, and is likely ana.\n" in capsys.readouterr().out


def test_a_gradebook_that_cannot_be_used_says_so(
    class_of_two: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (class_of_two.root / "gradebook.db").write_text("no database" * 100, encoding="utf-8")
    assert take(class_of_two, tmp_path, "id\nzoe\n") == 1
    assert "The gradebook could not be used, and nothing in it was changed: file is not a database" in (
        capsys.readouterr().err
    )


def test_all_or_nothing_when_the_writing_is_stopped(
    class_of_two: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = students(class_of_two)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.orm.session.Session.commit", stop)
        patch.setattr(Gradebook, "check_course", lambda *_, **__: None)
        assert take(class_of_two, tmp_path, f"{HEAD}zoe,Adler,Zoe,\nben,Other,Ben,\n") == 130
    assert students(class_of_two) == before
