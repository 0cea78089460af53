"""``fieldguide export --items``: the questions of a module in a file that a course site takes."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from pathlib import Path

from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import refuse_existing, write_export
from fieldguide.itemfiles import blackboard, canvas, moodle
from fieldguide.itemfiles.bank import Bank, Changes, banks_of
from fieldguide.words import speaking

_WRITERS: dict[str, tuple[Callable[[Iterable[Bank], Changes], bytes], Container[str], str]] = {
    "canvas": (canvas.canvas_package, canvas.TYPES, "zip"),
    "moodle": (moodle.moodle_xml, moodle.TYPES, "xml"),
    "blackboard": (blackboard.blackboard_package, blackboard.TYPES, "zip"),
}
#: What is true of every file.
_LEFT = (
    "Keys and reasons are in the file: it is for instructors alone.",
    "The text of the module, its tables, cases, worksheets and the policy stay in the module.",
)


def export_items(course: Course, module: str, lms: str, to: Path | None) -> tuple[Path, list[str]]:
    """Write the file; returns where it is, and what is not in it as it is in the course, in sentences.

    Raises CourseError, and writes nothing, where that file is there already, where the module has no questions, and
    where its notebook cannot be read.
    """
    writer, types, ending = _WRITERS[lms]
    target = to or Path(f"{lms}-{module}.{ending}")
    refuse_existing(target)
    notebook = instructor_notebook(course, module)
    changes = Changes(of_all=list(_LEFT))
    with speaking(notebook.language):
        banks = banks_of(notebook, types, changes)
        if not banks:
            raise CourseError(f"There are no questions in {module}.")
        content = writer(banks, changes)
    hints = sum(item.hint is not None for bank in banks for item in bank.items)
    if hints and lms != "moodle":
        changes.of_all.append(f"{hints} hints were left out.")
    write_export(target, content)
    count = sum(len(bank.items) for bank in banks)
    return target, [f"{count} questions.", *changes.lines()]
