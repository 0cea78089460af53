"""What students ask to be looked at again: collecting it without touching what they handed in, and telling it."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from fieldguide.grading.course import Course
from fieldguide.grading.feedback import wording
from fieldguide.grading.instructor import GradedItem, read_instructor_notebook
from fieldguide.grading.names import show
from fieldguide.grading.submission import EXCHANGE_FILES
from fieldguide.grading.told import points_text
from fieldguide.items import score
from fieldguide.responses import Found, ResponseRecord, Snapshot
from fieldguide.responses.names import ESSAYS, RECORD
from fieldguide.responses.requests import LONGEST_REASON, Request, read_requests, requests_name


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was collected. ``number`` and ``is_reworded`` are None where the module has no such question."""

    student: str
    request: Request
    number: int | None
    is_reworded: bool | None


def requests_of(course: Course, module: str) -> tuple[list[Asked], dict[str, list[str]]]:
    """The requests about a module in order of student and time, and of each student what could not be read.

    A folder that cannot be read stops nothing.
    """
    notebook = read_instructor_notebook(course.source(module))
    questions = {one.item.id: (one.number, wording(one.source)) for one in notebook.graded} if notebook else {}
    found: list[Asked] = []
    troubles: dict[str, list[str]] = {}
    for student, folder in course.with_folder("submitted", module).items():
        if not course.is_in_place(folder, "submitted"):
            troubles[student] = ["The submitted folder is a link to another place; it was not followed."]
            continue
        requests, problems = read_requests(folder, module)
        for one in requests:
            number, words = questions.get(one.item, (None, None))
            found.append(Asked(student, one, number, None if words is None else words != one.wording))
        if problems:
            troubles[student] = problems
    return found, troubles


def somebody_asks(course: Course, module: str) -> bool:
    """Whether a request about a module was collected."""
    folders = course.with_folder("submitted", module).values()
    return any((folder / requests_name(module)).is_file() for folder in folders)


def open_requests(course: Course, module: str, folders: Mapping[str, Path], answers: Set[tuple[str, str, str]]) -> int:
    """How many requests in these students' folders nobody has answered. ``answers``: module, student and time of each
    that somebody has."""
    name = requests_name(module)
    asking = {
        student: folder
        for student, folder in folders.items()
        if (folder / name).is_file() and course.is_in_place(folder, "submitted")
    }
    return sum(
        (module, student, one.time) not in answers
        for student, folder in asking.items()
        for one in read_requests(folder, module)[0]
    )


def response_lines(course: Course, module: str, student: str, graded: GradedItem) -> list[str]:
    """What a student chose or wrote, a line for each part."""
    snapshot = ResponseRecord(course.folder("submitted", student, module), module).snapshot()
    if graded.item.BY_PERSON:
        essay = snapshot.essays.get(graded.item.id)
        return essay.text.splitlines() if essay else []
    saved = snapshot.responses.get(graded.item.id)
    rows = graded.item.rows(score(graded.item, saved.saved if saved else None).response)
    return [f"{row.text}: {row.given}" if row.prompts else str(row.given) for row in rows if row.given is not None]


def tell_requests(course: Course, module: str) -> tuple[list[str], list[str]]:
    """The requests about a module as lines for a terminal, and the lines about what could not be read."""
    found, troubles = requests_of(course, module)
    lines = [line for asked in found for line in _told(asked)]
    return lines, [f"{show(student)}: {problem}" for student, told in troubles.items() for problem in told]


def _told(asked: Asked) -> Iterator[str]:
    one = asked.request
    named = show(one.item) if asked.number is None else f"question {asked.number} ({show(one.item)})"
    saw = "still to be scored" if one.points is None else f"{points_text(one.points)} of {points_text(one.of)} points"
    changed = {None: "; there is no such question now", True: "; its wording has changed since", False: ""}
    yield f"{show(asked.student)}, {named}, on {show(one.time)}: saw {saw}{changed[asked.is_reworded]}"
    for line in one.reason.splitlines():
        yield f"    {show(line, LONGEST_REASON)}".rstrip()


# -- collecting --------------------------------------------------------------------------------------


def adds_requests_alone(new: Path, old: Path, module: str) -> bool:
    """Whether a submission says nothing that an earlier one does not, requests apart.

    Then it is no later submission: who asks after the due date would be late with the same answers. The notebook does
    not count, as grading does not use it, and neither does what is on record without being an answer.
    """
    name = requests_name(module)
    if not (new / name).is_file() or _same(new / name, old / name):
        return False
    answers, before = (ResponseRecord(folder, module).snapshot() for folder in (new, old))
    if {answers.record_file, before.record_file} != {Found.READ} or _given(answers) != _given(before):
        return False
    apart = {name, f"{module}.ipynb", f"{module}{RECORD}", f"{module}{ESSAYS}", *EXCHANGE_FILES}
    files = _files(new) - apart
    return files == _files(old) - apart and all(_same(new / one, old / one) for one in files)


def keep_with_requests(new: Path, old: Path, module: str) -> None:
    """Make of ``new`` the submission that was collected before, with the requests that the new one brings."""
    content = (new / requests_name(module)).read_bytes()
    shutil.rmtree(new)
    shutil.copytree(old, new)
    (new / requests_name(module)).unlink(missing_ok=True)
    (new / requests_name(module)).write_bytes(content)


def _given(now: Snapshot) -> tuple[object, ...]:
    saved = {item: each.saved for item, each in now.responses.items() if each.saved is not None}
    return saved, {item: essay.text for item, essay in now.essays.items()}


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(one, other, shallow=False)
