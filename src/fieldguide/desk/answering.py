"""What a page of the desk waits for, answered in a process of its own: nbgrader takes seconds and 70 MB to import.

    python -m fieldguide.desk.answering FOLDER

FOLDER is where nbgrader's settings are read from. Reads a question from standard input and writes the answer to
standard output, both in JSON (``asking.py`` says what they hold).
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldguide.desk.people import people_of
from fieldguide.grading.course import Course, CourseError
from fieldguide.words import speaking

Answer = dict[str, Any]


def export(course: Course, asked: dict[str, Any]) -> Answer:
    """A module's grades as a file: for a course site, or as a table of this module or of all."""
    from nbgrader.api import Gradebook

    from fieldguide.grading.grades import grades_table
    from fieldguide.grading.penalties import settle
    from fieldguide.grading.schema import gradebook_at
    from fieldguide.lms.exporting import MOODLE, Wanted, beside, grades_file
    from fieldguide.lms.filling import ColumnError
    from fieldguide.lms.sites import site_of

    module, into = asked["module"], asked.get("name")
    settle(course, *([] if module is None else [module]))
    with gradebook_at(course.db_url), Gradebook(course.db_url, course.course_id) as gradebook:
        if asked["kind"] == "table":
            return _file(
                "grades.csv" if module is None else f"grades-{module}.csv", grades_table(gradebook, module and {module})
            )
        wanted = Wanted(MOODLE, (module,))
        if into is not None:
            content = b64decode(asked["content"])
            columns = {module: asked["column"]} if asked["column"] else {}
            wanted = Wanted(site_of(Path(into), content), (module,), Path(into), None, columns, asked["scale"], content)
        try:
            content, told = grades_file(course, gradebook, wanted)
        except ColumnError as error:
            return {"trouble": error.what, "remedy": error.remedy}
    people = people_of(course)
    done, doubts = ([people.told(line) for line in lines] for lines in (told.done, told.doubts))
    return _file(beside(wanted).name, content) | {"done": done, "doubts": doubts}


def report(course: Course, asked: dict[str, Any]) -> Answer:
    """The class report, or the one on competencies, of one module or of all: its files, and what is told of it."""
    from fieldguide.report.epas import Levels
    from fieldguide.report.making import class_report, epas_report

    modules = [asked["module"]] if asked["module"] else []
    made = epas_report(course, modules, Levels(*asked["levels"])) if asked["levels"] else class_report(course, modules)
    files = {name: b64encode(content).decode("ascii") for name, content in made.files.items()}
    return {"files": files, "told": [people_of(course).told(line) for line in (*made.lead, *made.notes)]}


def figures(course: Course, asked: dict[str, Any]) -> Answer:
    """How a graded question works in this class: each figure by its title, and what it means."""
    from fieldguide.report.gathering import read_class
    from fieldguide.report.page import cell
    from fieldguide.report.tables import tables

    frames = read_class(course, [asked["module"]])
    table = next(table for table in tables(frames, {}) if table.name == "items")
    rows = table.rows[table.rows["item"] == asked["item"]] if len(table.rows) else table.rows
    return {
        "says": table.says,
        "figures": [{column.title: cell(row, column) for column in table.columns[1:]} for _, row in rows.iterrows()],
    }


def printed(course: Course, asked: dict[str, Any]) -> Answer:
    """A module on paper: its pages and, where a browser can print them, their PDFs."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from fieldguide.paper.printing import Wish, print_module

    kind, module = asked["kind"], asked["module"]
    students = [asked["student"]] if asked["student"] else []
    wish = Wish(students, kind == "practice", kind == "key", asked["large"])
    with TemporaryDirectory() as folder:
        try:
            written = print_module(course, module, wish, Path(folder))
        except RuntimeError as error:  # a page that can be printed from is better than none
            sys.stderr.write(f"{error}\n")
            written = print_module(course, module, replace(wish, pdf=False), Path(folder))
        return {"files": {path.name: b64encode(path.read_bytes()).decode("ascii") for path in written}}


def roster(course: Course, asked: dict[str, Any]) -> Answer:
    """What becomes of each row of a class list; with ``write`` it is done. ``known``: nobody is added by it."""
    from fieldguide.grading.roster import look_at_roster
    from fieldguide.lms.classlists import look_at_class_list

    name, content, write, strangers = asked["name"], b64decode(asked["content"]), asked["write"], 0
    people = people_of(course)
    if asked["known"]:
        looked = look_at_class_list(course, name, content, write=write)
        report, strangers = looked.report, looked.strangers
    else:
        report = look_at_roster(course, name, content, write=write)
    told = {number: people.told(what) for number, what in report.rows.items()}
    return {
        "rows": sorted({**told, **dict.fromkeys(report.mistakes)}.items()),
        "mistakes": [(number, people.told(why)) for number, why in sorted(report.mistakes.items())],
        "strangers": strangers,
        "added": len(report.added),
        "changed": len(report.changed),
        "same": len(report.same),
        "twins": report.twins,
        "unlisted": people.choices(report.unlisted),
        "unused": report.unused,
    }


def sheet(course: Course, asked: dict[str, Any]) -> Answer:
    """A student's answer sheet: each question with its places, and what there is of the student already."""
    from fieldguide.paper.entering import before, hint, sheet_of

    found = sheet_of(course, asked["module"], asked["student"])
    there = before(course, found)
    return {
        "questions": [
            {
                "name": question.name,
                "places": [
                    {"id": one.id, "label": one.label, "hint": hint(one), "lines": one.lines} for one in question.blanks
                ],
            }
            for question in found.asked
        ],
        "own": there is not None and there.by is None,
        "by": there and there.by,
        "time": f"{there.time:%Y-%m-%dT%H:%M:%S}" if there is not None and there.time else None,
    }


def enter(course: Course, asked: dict[str, Any]) -> Answer:
    """What of an answer sheet was typed in, as it would be entered; with ``write`` it is. ``problems`` are by place."""
    from fieldguide.paper.entering import enter as enter_given
    from fieldguide.paper.entering import meant, sheet_of, time_of, told

    found = sheet_of(course, asked["module"], asked["student"])
    given, problems = meant(found, asked["written"])
    if problems:
        return {"problems": problems}
    entered = enter_given(course, found, given, asked["by"], time_of(asked["at"], asked["zone"]), write=asked["write"])
    return {"told": list(told(found, given)), "time": f"{entered.time:%Y-%m-%dT%H:%M:%S}"}


def _file(name: str, content: bytes) -> Answer:
    return {"name": name, "content": b64encode(content).decode("ascii"), "done": [], "doubts": []}


def extension(course: Course, asked: dict[str, Any]) -> Answer:
    """Gives a student another due date, or with none takes it back; ``untold``: the exchange cannot tell them, and
    ``why`` where it should have."""
    from nbgrader.api import MissingEntry
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    from fieldguide.grading.extensions import extend
    from fieldguide.grading.penalties import settle
    from fieldguide.grading.releasing import ReleaseAssignment
    from fieldguide.grading.schema import gradebook_at
    from fieldguide.grading.score_log import write_log

    module, student, due = asked["module"], asked["student"], asked["due"]
    try:
        extend(course, module, student, due and datetime.fromisoformat(due.removesuffix("Z")), asked["by"])
    except (MissingEntry, ValueError) as error:  # the gradebook has changed since the page was made
        return {"trouble": str(error)}
    with gradebook_at(course.db_url) as engine:
        why = write_log(engine, course.root) or ""
    coursedir = CourseDirectory(config=course.config)
    step = ExchangeFactory(config=course.config).ReleaseAssignment(coursedir=coursedir, config=course.config)
    untold = due is not None
    if isinstance(step, ReleaseAssignment):
        try:
            untold = student in step.tell_notes()
        except (CourseError, ExchangeError, OSError) as error:
            untold, why = True, " ".join(part for part in (why, _why(error)) if part)
    settle(course, module)
    return {"untold": untold, "why": why}


def look(course: Course, asked: dict[str, Any]) -> Answer:
    """Keeps that somebody looks at what a student handed in, and tells the student; ``untold``: they cannot be told,
    and nothing was kept."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    from fieldguide.courseplan import now
    from fieldguide.grading.extensions import keep_look, log_look
    from fieldguide.grading.releasing import ReleaseAssignment

    module, student = asked["module"], asked["student"]
    coursedir = CourseDirectory(config=course.config)
    step = ExchangeFactory(config=course.config).ReleaseAssignment(coursedir=coursedir, config=course.config)
    if not isinstance(step, ReleaseAssignment) or not step.can_tell(student):
        return {"untold": True}
    before = keep_look(course, module, student, now())  # what is told comes from the gradebook
    answer: Answer = {"untold": False}
    try:
        if student in step.tell_notes():
            answer = {"untold": True}
        else:
            log_look(course, module, student, asked["by"])
    except (CourseError, ExchangeError, OSError) as error:
        answer = {"trouble": _why(error)}
    if answer != {"untold": False}:
        keep_look(course, module, student, before)
        with suppress(CourseError, ExchangeError, OSError):  # this student's note may be written already
            step.tell_notes()
    return answer


def _why(error: Exception) -> str:
    return f"{error.strerror} ({error.filename})." if isinstance(error, OSError) else str(error)


def begun(course: Course, asked: dict[str, Any]) -> Answer:
    """Nothing: from now on it is seen who begins, or not any more, and what the exchange holds is kept anew."""
    from nbgrader.exchange import ExchangeError

    from fieldguide.desk.listed import list_exchange, see_begun

    try:
        see_begun(course, seen=asked["seen"])
    except ExchangeError as error:
        return {"trouble": str(error)}
    list_exchange(course)
    return {}


def exchange(course: Course, asked: dict[str, Any]) -> Answer:
    """Nothing: what the exchange holds is kept where the desk reads it."""
    from fieldguide.desk.listed import list_exchange

    list_exchange(course)
    return {}


_ANSWERS: dict[str, Callable[[Course, dict[str, Any]], Answer]] = {
    "export": export,
    "report": report,
    "figures": figures,
    "begun": begun,
    "look": look,
    "exchange": exchange,
    "extension": extension,
    "print": printed,
    "roster": roster,
    "sheet": sheet,
    "enter": enter,
}


def main(start: Path) -> None:
    """Answer one question."""
    question = json.load(sys.stdin)
    answers, sys.stdout = sys.stdout, sys.stderr  # nobody else's words are the answer
    os.chdir(start)  # nbgrader reads its settings and works there
    try:
        with speaking(question["language"]):
            course = Course(start)
            answer = _ANSWERS[question["question"]](course, question)
            if "trouble" in answer:
                answer["trouble"] = people_of(course).told(answer["trouble"])
    except CourseError as error:
        answer = {"trouble": str(error)}
    json.dump(answer, answers)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
