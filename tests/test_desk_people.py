"""What people are called on the desk: by name, and never by an account that tells nothing where anything else is
known."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from course import Course as MadeCourse
from graded import with_config
from nbgrader.api import Gradebook

from fieldguide.desk.notes import Job, Notes
from fieldguide.desk.people import People, people_of
from fieldguide.desk.work import Work
from fieldguide.grading.course import Course
from fieldguide.grading.staff import keep_staff

ANA, BEN, CLEO, EVE, EVA = (f"p-{letter * 16}" for letter in "abcde")


def student(id_: str, first: str = "", last: str = "", email: str | None = None, number: str = "") -> SimpleNamespace:
    return SimpleNamespace(id=id_, first_name=first, last_name=last or None, email=email, lms_user_id=number)


PEOPLE = People(
    [
        student(ANA, "Ána", "Souza", "ana@x.edu", "101"),
        student(BEN, "Ben", "<b>Cho", None, "102"),
        student(CLEO),
        student(EVE, "Eve", "Fox"),
        student(EVA, "Eve", "Fox"),
        student("dora", "Dora\n", "Li", "dora@x.edu"),
        student("ed", email="ed@x.edu"),
        student("101", "Ida", "Roe"),
    ]
)


@pytest.mark.parametrize(
    ("id_", "called"),
    [
        (ANA, "Ána Souza (ana@x.edu)"),
        (BEN, "Ben <b>Cho (102)"),
        (CLEO, CLEO),  # nothing else was told of them
        (EVE, f"Eve Fox ({EVE})"),
        ("dora", "Dora Li (dora)"),
        ("ed", "ed"),
        ("nobody", "nobody"),
    ],
)
def test_a_student_is_called_by_name_and_by_what_the_school_calls_them(id_: str, called: str) -> None:
    assert PEOPLE.called(id_) == called


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ANA, ANA),
        ("ána souza (ANA@x.edu)", ANA),
        (" Souza,  Ána ", ANA),
        ("ana@x.edu", ANA),
        ("102", BEN),
        ("101", "101"),  # an id comes before a number
        ("Eve Fox", None),  # that is two people's name
        (f"Eve Fox ({EVA})", EVA),
        ("", None),
        ("nobody", None),
    ],
)
def test_somebody_is_found_by_whatever_tells_them_apart_and_nobody_is_guessed(text: str, found: str | None) -> None:
    assert PEOPLE.find(text) == found


def test_two_who_are_called_the_same_are_told_apart_by_their_accounts() -> None:
    people = People([student(ANA, "Ana", "Li", "li@x.edu"), student(BEN, "Ana", "Li", "li@x.edu")])
    assert people.called(ANA) == f"Ana Li (li@x.edu), {ANA}" != people.called(BEN)
    assert people.find("Ana Li (li@x.edu)") is None and people.find(people.called(BEN)) == BEN


def test_what_others_wrote_names_people_and_leaves_paths_as_they_are() -> None:
    said = f"{ANA}, {CLEO}: late. Look into submitted/{ANA}/05 and {ANA}+05+now; x{ANA}, {ANA}x."
    assert PEOPLE.told(said) == said.replace(f"{ANA}, {CLEO}", f"Ána Souza (ana@x.edu), {CLEO}", 1)


def test_what_a_step_found_names_people_and_a_gradebook_that_is_away_hides_nothing(
    course: MadeCourse, tmp_path: Path
) -> None:
    with Gradebook(with_config(course).db_url) as gradebook:
        gradebook.add_student(ANA, first_name="Ana", last_name="Ruiz", email="ana@x.edu")
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder, called in ((course.root, "Ana Ruiz (ana@x.edu)"), (empty, ANA)):
        job = Job("collect", "05", "2026-12-01T00:00:00Z", problems=[f"{ANA}: two answers."], trouble=f"Not for {ANA}.")
        Work(Course(folder), Notes(job=job))._name_people()
        assert (job.problems, job.trouble) == ([f"{called}: two answers."], f"Not for {called}.")


def test_who_works_at_the_desk_is_called_by_name_and_is_no_student_to_choose(course: MadeCourse) -> None:
    with_config(course)
    told = Course(course.root)
    with Gradebook(told.db_url) as gradebook:
        gradebook.add_student("ana", first_name="Ana", last_name="Li")
        gradebook.add_student(BEN, first_name="Ben", last_name="Cho")
    assert people_of(told).scorer(EVE) == EVE
    keep_staff(told, [{"id": EVE, "first_name": "Eve", "last_name": "Fox", "email": "eve@x.edu", "lms_user_id": ""}])
    keep_staff(told, [{"id": EVE, "first_name": "Eva"}, {"id": CLEO}])  # an address that is not told stays
    people = people_of(told)
    assert [people.scorer(name) for name in (EVE, CLEO, "ana", BEN)] == ["Eva Fox (eve@x.edu)", CLEO, "ana", BEN]
    assert people.told(f"{EVE}, {BEN}, {CLEO}") == f"Eva Fox (eve@x.edu), Ben Cho ({BEN}), {CLEO}"
    assert people.called(EVE) == EVE and people.find("Eva Fox") is people.find(EVE) is None
