"""What a student wrote on an answer sheet becomes a submission like any other.

The command ``fieldguide enter`` reads a sheet that was typed in a spreadsheet, the desk has a page to type in.

What is entered goes through the sessions that a page talks to, so it is refused, kept and recorded as there. Nothing
stays where anything is wrong.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldguide.cases.model import Case
from fieldguide.cases.paths import walk
from fieldguide.cases.session import CaseSession
from fieldguide.cases.worksheet.model import Worksheet
from fieldguide.cases.worksheet.session import WorksheetSession
from fieldguide.cells.kinds import CASE, ITEM, WORKSHEET
from fieldguide.coursepage.reading import ModuleNotebook
from fieldguide.grading.copying import put_in_place
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import write_export
from fieldguide.grading.gradebook import known_students
from fieldguide.grading.names import show, why_no_id
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.spreadsheets import csv_file, given_id, kept_id, read_csv, unguarded
from fieldguide.grading.submission import entered_by
from fieldguide.grading.times import TIME_FILE, read_time, time_in
from fieldguide.grading.twins import likely_twins
from fieldguide.paper.blanks import (
    Blank,
    Question,
    case_path,
    item_response,
    lettered,
    option_texts,
    questions,
)
from fieldguide.paper.printing import read_edition
from fieldguide.paper.words import say
from fieldguide.player.half import EVEN, HALF, ODD, half_of_student
from fieldguide.player.itemsession import ItemSession
from fieldguide.player.session import Session
from fieldguide.responses import ResponseRecord
from fieldguide.responses.names import RECORD
from fieldguide.responses.snapshot import ENTERED
from fieldguide.words import speaking

COLUMNS = ("question", "part", "write", "answer", "id")
_NEEDED = ("answer", "id")
_MOST_PROBLEMS = 20
_BETWEEN = re.compile(r"[\s,;./–-]+")


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered: how many places had something in them, of how many, and when it was handed in (UTC)."""

    written: int
    places: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """A student's answer sheet to a module: the notebook, the half of the class, and what is asked."""

    module: str
    student: str
    notebook: ModuleNotebook
    half: str | None
    asked: tuple[Question, ...]

    @property
    def blanks(self) -> dict[str, Blank]:
        """The places to write in, by id."""
        return {blank.id: blank for question in self.asked for blank in question.blanks}


def sheet_of(course: Course, module: str, student: str) -> Sheet:
    """The answer sheet of a student. Raises CourseError where the course has no such student."""
    _know(course, student)
    notebook = read_edition(course, module, "release")
    half = _half(course, module, student) if notebook.head.odd else None
    with speaking(notebook.head.lang):
        return Sheet(module, student, notebook, half, tuple(questions(notebook, half)))


def write_entry_sheet(course: Course, module: str, student: str, path: Path) -> int:
    """Write a sheet to type an answer sheet into; returns how many places it has. Raises CourseError."""
    sheet = sheet_of(course, module, student)
    rows = [
        (question.name, "" if blank.label == question.name else blank.label, hint(blank), "", kept_id(blank.id))
        for question in sheet.asked
        for blank in question.blanks
    ]
    if os.path.lexists(path):
        raise CourseError(f"{path} is there already, and may hold answers. Name another.")
    write_export(path, csv_file(COLUMNS, rows))
    return len(rows)


def hint(blank: Blank) -> str:
    """What belongs in a place, with the letters that there are."""
    letters = "".join(blank.letters)
    return f"{blank.asks} ({letters[0]}-{letters[-1]})" if len(letters) > 1 else blank.asks


def enter_sheet(course: Course, module: str, student: str, path: Path, by: str, at: str | None) -> Entered:
    """Make a submission of what was typed in. ``by`` is who typed it, ``at`` when it was handed in (now, if None).

    Raises CourseError, and leaves everything as it was, where anything is wrong with it.
    """
    sheet = sheet_of(course, module, student)
    time = time_of(at, course.timezone)
    _refuse_own(course, sheet)
    with speaking(sheet.notebook.head.lang):
        given = _read(path, sheet)
        return enter(course, sheet, given, by, time)


def time_of(at: str | None, zone: str) -> datetime:
    """When a sheet was handed in (UTC): as it was told, by a clock of a time zone, or now. Raises CourseError."""
    now = datetime.now(UTC).replace(tzinfo=None)
    time = now if at is None else read_time(at, zone)
    if time is None:
        raise CourseError(f"'{show(at or '')}' tells no time. Write it as 2026-11-30 17:00.")
    if time > now:
        raise CourseError(say("in_future", at=show(at or ""), zone=show(zone)))
    return time


def enter(
    course: Course, sheet: Sheet, given: Mapping[str, Any], by: str, time: datetime, *, write: bool = True
) -> Entered:
    """Make a submission of what ``meant()`` found, in place of one that was entered before; without ``write`` it is
    only tried.

    Raises CourseError, and leaves everything as it was, where a session takes something not, or the student has handed
    in something of their own.
    """
    _refuse_own(course, sheet)
    target = course.folder("submitted", sheet.student, sheet.module)
    with tempfile.TemporaryDirectory(dir=course.root, prefix=".entering-") as folder:
        made = Path(folder, sheet.module)
        shutil.copytree(course.folder("release", ".", sheet.module), made)
        _write(made, sheet, given, by)
        (made / TIME_FILE).write_text(f"{time:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
        if write:
            _refuse_own(course, sheet)  # a collection that was begun in a terminal may have brought it meanwhile
            target.parent.mkdir(parents=True, exist_ok=True)
            put_in_place(made, target, Path(folder, "before"))
    return Entered(len(given), len(sheet.blanks), time)


@dataclass(frozen=True, slots=True)
class Before:
    """What there is of a student already: their own work, or what somebody (``by``) entered, and when it was handed in
    (UTC), if that is known."""

    by: str | None
    time: datetime | None


def before(course: Course, sheet: Sheet) -> Before | None:
    """What there is in the course folder already; None where it is nothing."""
    target = course.folder("submitted", sheet.student, sheet.module)
    if not os.path.lexists(target):
        return None
    by = None if target.is_symlink() else entered_by(target, ResponseRecord(target, sheet.module).snapshot())
    return Before(by, time_in(target, course.timezone))


def _know(course: Course, student: str) -> None:
    if why := why_no_id(student):
        raise CourseError(f"{show(student)} can be no student's id: it {why}.")
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        known = known_students(connection)
    if student not in known:
        twins = likely_twins([student], known).get(student, [])
        meant = f" Did you mean {' or '.join(map(show, twins[:3]))}?" if twins else ""
        raise CourseError(
            f"The gradebook has no student {show(student)}.{meant} Class lists come in with fieldguide roster."
        )


def _half(course: Course, module: str, student: str) -> str:
    """The half of the class that a student is in: as an earlier submission has it on record, else by the id."""
    step = course.folder("submitted", student, module).parent
    for file in sorted(step.glob(f"*/*{RECORD}")):
        half = ResponseRecord(file.parent, file.name.removesuffix(RECORD)).snapshot().settings.get(HALF)
        if half in (EVEN, ODD):
            return str(half)
    return half_of_student(student)


def _refuse_own(course: Course, sheet: Sheet) -> None:
    """What a student handed in stays; what was entered may be entered again."""
    there = before(course, sheet)
    if there is not None and there.by is None:
        target = course.folder("submitted", sheet.student, sheet.module)
        raise CourseError(
            f"{show(sheet.student)} has handed this module in already ({target}), and that stays. To enter a sheet in "
            "its place, move that folder away first."
        )


def meant(sheet: Sheet, written: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed into the places of a sheet stands for, and what is wrong with it, in words: each by place.

    Empty places are left out. What can be wrong between places, ``enter()`` says.
    """
    given, problems = dict[str, Any](), dict[str, str]()
    for name, blank in sheet.blanks.items():
        text = written.get(name, "").strip()
        if text:
            try:
                given[name] = _meant(sheet, blank, text)
            except ValueError as error:
                problems[name] = str(error)
    return given, problems


def told(sheet: Sheet, given: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What would be entered, for whoever typed it to compare with the paper: each place, and the lines in it: a text,
    or each letter with what it stands for; none where it is empty."""
    for question in sheet.asked:
        texts = option_texts(question)
        for blank in question.blanks:
            value = given.get(blank.id)
            if value is None:
                lines = []
            elif isinstance(value, str) and not blank.letters:
                lines = [value]
            elif blank.id == case_path(_own_id(question)):
                lines = list(_told_path(question.cell.asked, value))
            else:
                letters = {name: letter for letter, name in blank.letters.items()}
                chosen = [value] if isinstance(value, str) else value
                lines = [" ".join((letters[one], texts.get(one, ""))).strip() for one in chosen]
            yield (blank.label if blank.label.startswith(question.name) else f"{question.name}: {blank.label}"), lines


def _told_path(case: Case, path: list[tuple[str, str]]) -> Iterator[str]:
    for scene, way in path:
        place = case.scenes[scene]
        letter = next(letter for letter, one in lettered(place.ways).items() if one == way)
        yield f"{letter} {place.chosen(way)}"


def _read(path: Path, sheet: Sheet) -> dict[str, Any]:
    """What stands in each place that isn't empty, by the place's id: a text, an id, or ids."""
    blanks, given, problems = sheet.blanks, dict[str, Any](), list[str]()
    try:
        rows = read_csv(path, _NEEDED)
    except FileNotFoundError:
        raise CourseError(f"There is no sheet {path}. To write one, add --new; nothing was entered.") from None
    seen = set()
    for number, row in rows:
        name, written = given_id(row["id"].strip()), unguarded(row["answer"]).strip()
        where = f"{path.name}, line {number}"
        if name not in blanks:
            problems.append(f"{where}: this module asks nothing called '{show(name)}' of this student.")
            continue
        if name in seen:
            problems.append(f"{where}: {blanks[name].label} stands there twice.")
        seen.add(name)
        if written:
            try:
                given[name] = _meant(sheet, blanks[name], written)
            except ValueError as error:
                problems.append(f"{where}: {blanks[name].label}: {error}")
    problems += [f"{path.name}: {blank.label} is missing." for name, blank in blanks.items() if name not in seen]
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        told = problems[:_MOST_PROBLEMS] + ([f"And {more} more."] if more > 0 else [])
        raise CourseError("\n".join([*told, "Nothing was entered."]))
    return given


def _meant(sheet: Sheet, blank: Blank, written: str) -> object:
    """What something that was typed in stands for. Raises ValueError, with words for people."""
    case = next((one.cell.asked for one in sheet.asked if blank.id == case_path(_own_id(one))), None)
    if case is not None:
        return _path(case, _letters(written))
    if not blank.letters:
        return written
    letters = _letters(written)
    ids = []
    for letter in letters:
        if letter not in blank.letters:
            known = ", ".join(blank.letters)
            raise ValueError(say("no_letters" if blank.many else "no_letter", letter=show(letter), known=known))
        ids.append(blank.letters[letter])
    if not blank.many and len(ids) != 1:
        raise ValueError(say("one_letter", written=show(written)))
    if len(set(ids)) != len(ids):
        raise ValueError(say("letter_twice", written=show(written)))
    return ids if blank.many else ids[0]


def _letters(written: str) -> list[str]:
    return list(_BETWEEN.sub("", written).upper())


def _own_id(question: Question) -> str:
    return str(question.cell.asked.id)


def _path(case: Case, letters: list[str]) -> list[tuple[str, str]]:
    """The scenes of a path, each with the option that its letter stands for there."""
    path: list[tuple[str, str]] = []
    for place, letter in enumerate(letters, 1):
        _, here = walk(case, tuple(way for _, way in path))
        ways = lettered(here.ways)
        if not ways:
            raise ValueError(say("path_ended", number=place, letter=show(letter)))
        if letter not in ways:
            raise ValueError(say("path_no_letter", number=place, letter=show(letter), known=", ".join(ways)))
        path.append((here.id, ways[letter]))
    return path


def _write(folder: Path, sheet: Sheet, given: Mapping[str, Any], by: str) -> None:
    """Say everything to the sessions of the module's cells, as a page would, on a record in the folder."""
    record = ResponseRecord(folder, sheet.notebook.head.id)
    record.set(ENTERED, {"by": by})
    if sheet.half is not None and any(one.cell.kind is ITEM and one.cell.asked.use == "check" for one in sheet.asked):
        record.set(HALF, sheet.half)
    problems = [f"{question.name}: {problem}" for question in sheet.asked for problem in _say(question, record, given)]
    if problems:
        raise CourseError("\n".join([*problems, "Nothing was entered."]))


def _say(question: Question, record: ResponseRecord, given: Mapping[str, Any]) -> Iterator[str]:
    """Say what was written to one cell's session; what it does not take."""
    asked, kind = question.cell.asked, question.cell.kind
    session: Session
    if kind is ITEM:
        session, messages = ItemSession(asked, record), _to_item(asked, given)
    elif kind is CASE:
        session, messages = CaseSession(asked, record), _to_case(asked, given)
    else:
        assert kind is WORKSHEET
        session, messages = WorksheetSession(asked, record, []), _to_worksheet(asked, given)
    for message in messages:
        answer = session.handle(message)
        assert answer is not None
        if problem := answer.message.get("problem") or answer.message.get("note"):
            yield str(problem)


def _to_item(item: Any, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    response = item_response(item, given)
    if response is not None:
        yield {"kind": "save", "response": response}


def _to_case(case: Case, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for scene, option in given.get(case_path(case.id), ()):
        yield {"kind": "choose", "scene": scene, "option": option}
    told = {name: given.get(f"{case.id}/{name}") for name in ("decision", "certainty", "reason", "share")}
    if told["decision"]:
        yield {
            "kind": "commit",
            "option": told["decision"],
            "certainty": told["certainty"],
            "reason": told["reason"],
        }
    elif told["reason"]:
        yield {"kind": "reason", "text": told["reason"]}
    if told["share"] == "yes":
        yield {"kind": "share", "on": True}


def _to_worksheet(worksheet: Worksheet, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    own = f"{worksheet.id}/"
    values = {name.removeprefix(own): value for name, value in given.items() if name.startswith(own)}
    if values:
        yield {"kind": "save", "values": values}
