"""A registrar's or a course site's class list, where accounts have names that tell nothing: whose row each is, and that
nobody is made up."""

from __future__ import annotations

import pytest
from course import Course as MadeCourse
from graded import with_config
from nbgrader.api import Gradebook

from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.roster import DETAILS
from fieldguide.lms.classlists import look_at_class_list

ANA, BEN, CLEO, EVE, EVA = (f"p-{letter * 16}" for letter in "abcde")
ANA_IS = ("Souza", "Ána", "ana@school.edu")


@pytest.fixture
def known(course: MadeCourse) -> Course:
    with Gradebook(with_config(course).db_url) as gradebook:
        gradebook.add_student(ANA, last_name="Souza", first_name="Ána", email="ana@school.edu")
        gradebook.add_student(BEN, last_name="Carter", first_name="Ben", lms_user_id="102")
        gradebook.add_student(CLEO)
        gradebook.add_student(EVE, last_name="Kim", first_name="Lee")
        gradebook.add_student(EVA, last_name="Kim", first_name="Lee", email="lee@school.edu")
    return Course(course.root)


def students(course: Course) -> dict[str, tuple[str | None, ...]]:
    with Gradebook(course.db_url) as gradebook:
        return {student.id: tuple(getattr(student, name) for name in DETAILS) for student in gradebook.students}


def test_a_list_as_the_registrar_has_it_changes_whom_it_means_and_adds_nobody(known: Course) -> None:
    text = f"""Email Address;Student ID;NetID;Last Name;First Name;Room;Account
ANA@school.edu;101;asou;Souza;Ana;1;
;102;bcar;Carter;Ben;1;
new@school.edu;900;newb;Newman;Nia;1;
;903;;Kim;Lee;1;
;;;Marsh;Cleo;2;{CLEO}
"""
    before = students(known)
    for write in (False, True):
        looked = look_at_class_list(known, "class.csv", text.encode(), write=write)
        assert (students(known) == before) is not write
    report = looked.report
    assert (report.added, {*report.changed}, {*report.same}) == ([], {ANA, CLEO}, {BEN})
    assert report.rows == {
        2: f"{ANA}, first_name: Ána → Ana; lms_user_id: none → 101 (found by e-mail address)",
        3: f"{BEN}, as it was (found by school id or login)",
        6: f"{CLEO}, last_name: none → Marsh; first_name: none → Cleo (found by id)",
    }
    assert report.mistakes[4] == "Newman, Nia: nobody in the gradebook has this id, login or name."
    assert "more than one student has this name" in report.mistakes[5]
    assert (looked.strangers, report.unused, report.unlisted) == (1, ["room"], [EVE, EVA])
    assert students(known).keys() == before.keys()


@pytest.mark.parametrize(
    ("text", "row", "details"),
    [
        # What Canvas, Moodle, Blackboard and Brightspace have in their files.
        ('Student,ID,SIS User ID,SIS Login ID\n"Carter, Ben",9,102,bcar\n', BEN, ("Carter", "Ben", None, "102")),
        ("First name,Surname,ID number,Email address\nÁna,Souza,,ana@school.edu\n", ANA, None),
        ("Last Name,First Name,Username,Student ID\nSouza,Ána,asou,101\n", ANA, (*ANA_IS, "101")),
        ("OrgDefinedId,Username,Last Name,First Name\n,#asou,Souza,Ána\n", ANA, (*ANA_IS, "#asou")),
        ("Name;Login ID\nBen Carter;bcar\n", BEN, None),
    ],
)
def test_lists_of_course_sites_are_read_as_they_are(
    known: Course, text: str, row: str, details: tuple[str | None, ...] | None
) -> None:
    before = students(known)
    report = look_at_class_list(known, "class.csv", text.encode(), write=True).report
    assert [what.partition(",")[0] for what in report.rows.values()] == [row] and not report.mistakes
    assert students(known)[row] == (details or before[row])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "email,last name,first name\nother@school.edu,Souza,Ána\n",
            f"{ANA} has this name, and another address",
        ),
        ("email,last name,first name\nana@school.edu,Li,Bo\n", "whose name is another"),
        ("email\nana@school.edu\nana@school.edu\n", "lines 2 and 3 could both be"),
        ("email,student id\nana@school.edu,102\n", "are those of different people"),
    ],
)
def test_where_there_is_a_doubt_nothing_is_taken(known: Course, text: str, said: str) -> None:
    before = students(known)
    looked = look_at_class_list(known, "class.csv", text.encode(), write=True)
    assert not looked.report.rows and all(said in why for why in looked.report.mistakes.values())
    assert looked.report.mistakes and students(known) == before and not looked.strangers


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"room,first name\n1,Ana\n", "can be found. Its first line has: room, first name."),
        (b"email\n", "has no students in it."),
        (b"", "has no students in it."),
        (b"PK\x03\x04", "a spreadsheet's own workbook"),
    ],
)
def test_a_file_that_is_no_list_of_people_says_so(known: Course, content: bytes, said: str) -> None:
    with pytest.raises(CourseError, match=said.replace(".", r"\.").replace("'", ".")):
        look_at_class_list(known, "class.csv", content, write=True)
