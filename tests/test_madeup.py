"""A class of made-up students: as many as are asked for, and a course that has come as far with them as is said."""

from __future__ import annotations

import contextlib
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import PROJECT
from desk_course import FIRST, SECOND, DeskCourse

from fieldguide.desk.notes import now, read_notes
from fieldguide.desk.reading import read_class
from fieldguide.desk.state import State, modules
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.grading.names import why_no_id
from fieldguide.grading.requested import requests_of
from fieldguide.items import score
from fieldguide.madeup.answers import write_answers
from fieldguide.madeup.filling import STAGES, Filling
from fieldguide.madeup.people import MOST, students
from fieldguide.responses import ResponseRecord

STATES = (State.RETURNED, State.RETURNED, State.TO_SCORE, State.TO_COLLECT, State.TO_COLLECT)


def test_there_are_as_many_students_as_there_can_be_each_with_an_id_of_their_own() -> None:
    everybody = students(MOST)
    assert len({one.id for one in everybody}) == MOST
    assert not [one for one in everybody if why_no_id(one.id)]
    assert students(5) == everybody[:5]


def test_who_has_more_guesses_knows_more(tmp_path: Path) -> None:
    notebook = read_instructor_notebook(PROJECT / "source" / SECOND / f"{SECOND}.ipynb")
    assert notebook is not None

    def earned(guesses: int) -> float:
        chance, total = random.Random(guesses), 0.0
        for number in range(20):
            (folder := tmp_path / f"{guesses}-{number}").mkdir()
            write_answers(folder, notebook, chance, datetime(2026, 11, 1), guesses=guesses, student=f"s{number}")
            record = ResponseRecord(folder, SECOND)
            found = record.snapshot()
            assert not record.problems and all(one.item.id in found.essays for one in notebook.graded[-1:])
            for one in notebook.graded:
                if not one.item.BY_PERSON:
                    total += score(one.item, found.responses[one.item.id].saved).score or 0
        return total

    assert earned(1) < earned(6) < earned(40)


@pytest.mark.parametrize("first", [0, 1, 3])
def test_a_course_comes_as_far_as_is_said(first: int, tmp_path: Path) -> None:
    """Two modules at a time: the first and second stage, the second and third, the fourth and fifth."""
    desk_course = DeskCourse(tmp_path)
    course = desk_course.course
    stages, begun = STAGES[first : first + 2], now()
    with contextlib.chdir(course.root):
        done = list(Filling(course, students(12), PROJECT / "modules" / "norming", stages).fill())
    assert done == [FIRST, SECOND]
    read = read_class(course, read_notes(course.root))
    there = modules(read.modules, read.students, now())
    assert tuple(one.state for one in there) == STATES[first : first + 2]
    for module, stage in zip(there, stages, strict=True):
        assert module.found.due is not None
        assert module.found.due.date() in {(day + timedelta(stage.due)).date() for day in (begun, now())}
        assert len(module.found.handed_in) == round(stage.handed_in * 12)
        asked, troubles = requests_of(course, module.found.module)
        assert bool(asked) == stage.asked and not troubles
        assert not [one for one in asked if one.is_reworded]
