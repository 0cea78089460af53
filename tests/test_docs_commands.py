"""Every command that the docs tell an instructor to give in a course folder is given there, as it stands."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PROJECT
from nbgrader.api import Gradebook
from report_class import hand_in, make_class
from test_readme import OF_RUN, commands

from fieldguide.bench.courses import make_course
from fieldguide.cli import _parser, main
from fieldguide.grading.course import Course
from fieldguide.grading.instructor import read_instructor_notebook

CHECKS, MODULE = ("00-start-here", "07-looking-back"), "05-questions-for-the-classroom"
TITLE, POINTS = "Questions for the classroom", 29
NAMES = ("ana", "ben", *(f"secret-{number:03}" for number in range(12)))
#: Whose commands are for the project's folder, or take minutes: each has tests of its own, or measures.
ELSEWHERE = {"bench", "build", "check", "classroom", "review", "translate"}
#: 3: it was done, and something is to be looked into.
DONE = (0, 3)

Act = Callable[[Path], None]


def complete(command: str) -> list[str] | None:
    """The words for ``fieldguide`` of a command that can be given as it stands; None where it is only named, or is
    another program's."""
    program, *words = shlex.split(command)
    if program not in ("./run", "fieldguide") or (program == "./run" and words[0] in OF_RUN):
        return None
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            _parser().parse_args(words)
        except SystemExit:
            return None
    return words


def told(document: Path) -> list[list[str]]:
    """The commands of a document that can be given, each once, in its order."""
    found = [words for _, command in commands(document) if (words := complete(command)) is not None]
    return [words for place, words in enumerate(found) if words not in found[:place] and not ELSEWHERE & set(words)]


# -- what people do between two commands -----------------------------------------------------------


def fill_in(name: str, column: str, value: Callable[[dict[str, str]], str]) -> Act:
    """Fill in a column of a sheet."""

    def act(folder: Path) -> None:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows, name
        for row in rows:
            row[column] = value(row)
        write(folder / name, [list(rows[0]), *(list(row.values()) for row in rows)])

    return act


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


points = {name: fill_in(name, "points", lambda row: "2") for name in ("ana.csv", "ben.csv", "essays.csv")}


def scored_twice(folder: Path) -> None:
    """Two people's sheets of the same essays."""
    assert main(["--project", str(folder), "score", "05", str(folder / "ana.csv"), "--new"]) in DONE
    shutil.copy(folder / "ana.csv", folder / "ben.csv")
    points["ana.csv"](folder)
    points["ben.csv"](folder)


def another_scorer(folder: Path) -> None:
    points["ana.csv"](folder)
    shutil.copy(folder / "ana.csv", folder / "ben.csv")


def from_course_sites(folder: Path) -> None:
    """What Canvas and Blackboard give to be filled in, once all is scored."""
    sheet = ["--project", str(folder), "score", "05", str(folder / "essays.csv")]
    assert main([*sheet, "--new"]) in DONE
    points["essays.csv"](folder)
    assert main(sheet) in DONE
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    for name, column in (("gradebook.csv", TITLE), ("week.csv", "Week 3")):
        people = [[who, str(number), "", who, "SW 101", ""] for number, who in enumerate(NAMES)]
        write(folder / name, [[*head, f"{column} (71)"], ["    Points Possible", "", "", "", "", str(POINTS)], *people])
    blackboard = ["Last Name", "First Name", "Username", "Student ID", f"{TITLE} [Total Pts: {POINTS} Score] |9"]
    write(folder / "gc_course.xls", [blackboard, *([who, who, who, who, ""] for who in NAMES)])


def class_list(folder: Path) -> None:
    write(folder / "class.csv", [["id", "last name"], ["ana", "Souza"], ["new", "Marsh"]])


def nothing_of_ana(folder: Path) -> None:
    """She works on paper."""
    shutil.rmtree(folder / "submitted" / "ana" / MODULE)


def as_the_column_is_called(folder: Path) -> None:
    shutil.move(folder / "week.csv", folder / "gradebook.csv")
    (folder / "gradebook-with-grades.csv").unlink()  # of the command before


def nothing(folder: Path) -> None:
    """No person has anything to do."""


#: The documents for a course folder: what there is before, and what a person does before a command.
DOCUMENTS: dict[str, tuple[Act, dict[str, Act]]] = {
    "digest.md": (nothing, {}),
    "grading.md": (class_list, {}),
    "keys.md": (nothing, {}),
    "lms.md": (
        from_course_sites,
        {"export 05 --lms canvas --into gradebook.csv --column '05=Week 3'": as_the_column_is_called},
    ),
    "newer-text.md": (nothing, {}),
    "printing.md": (
        nothing_of_ana,
        {
            "enter 05 ana ana.csv --by 'Kim Lee' --at '2025-11-20 17:00'": fill_in(
                "ana.csv", "answer", lambda row: "She asks first." if row["write"] == "a text" else ""
            )
        },
    ),
    "report.md": (scored_twice, {}),
    "scoring.md": (
        nothing,
        {
            "score 05 ana.csv --norm": points["ana.csv"],
            "score 05 ana.csv ben.csv --norm": another_scorer,
            "score 05 essays.csv": points["essays.csv"],
        },
    ),
}
#: What is named for elsewhere, by document: it needs a course in another language, which has tests of its own.
OTHERS = {"translating.md"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class that has handed in a module and the two checks, before anything is graded."""
    folder = tmp_path_factory.mktemp("taught") / "course"
    make_course(folder, PROJECT, MODULE, 2)
    for place, name in enumerate(("ana", "ben")):
        (folder / "submitted" / f"student-{place:05}").rename(folder / "submitted" / name)
    shutil.copytree(PROJECT / "release" / MODULE, folder / "release" / MODULE, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "modules" / "norming", folder / "modules" / "norming")
    make_class(folder, 12, CHECKS)
    notebook = read_instructor_notebook(Course(folder).source(MODULE))
    assert notebook is not None
    for number in range(12):
        hand_in(folder, notebook, number, lambda number, item, right, wrong: right)
    with Gradebook(Course(folder).db_url) as gradebook:
        for path in (folder / "submitted").iterdir():
            gradebook.update_or_create_student(path.name)
    assert main(["--project", str(folder), "grade", "05"]) in DONE
    return folder


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_for_a_course_folder_works_there(
    graded: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "course"
    shutil.copytree(graded, folder)
    monkeypatch.chdir(folder)
    before, acts = DOCUMENTS[name]
    before(folder)
    done = []
    for words in told(PROJECT / "docs" / name):
        said = shlex.join(words)
        acts.get(said, nothing)(folder)
        packed = next(iter(folder.glob("fieldguide-content-*.tar")), None)
        given = [str(packed) if re.fullmatch(r"fieldguide-content-….tar", word) else word for word in words]
        given = [str(folder) if word == "FOLDER" else word for word in given]
        # The project's folder is where a file with everything is made.
        at = PROJECT if given[:2] == ["course", "pack"] else folder
        code = main(given if "--project" in given else ["--project", str(at), *given])
        assert code in DONE, (said, capsys.readouterr().err)
        done.append(said)
    assert done and acts.keys() <= set(done), done


def test_no_document_has_a_command_that_nobody_gives() -> None:
    documents = {path.relative_to(PROJECT / "docs").as_posix(): path for path in (PROJECT / "docs").rglob("*.md")}
    assert {name for name, path in documents.items() if told(path)} == DOCUMENTS.keys() | OTHERS
