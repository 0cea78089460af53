"""Responses that no longer fit a question, because it was changed after they were given.

A record names options by their ids. Where an id is renamed in source/ after students have responded, their responses
would count as none.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from fieldguide.cells.kinds import ITEM
from fieldguide.grading import schema as t
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import Book
from fieldguide.grading.instructor import GradedItem, InstructorNotebook
from fieldguide.grading.submission import read_answers
from fieldguide.items import Item, ReadingError, parse_response


class MisfitsError(CourseError):
    """Responses no longer fit their questions. ``lines`` say which, without what to do."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(
            "\n".join(lines) + "\nOnce students have answered, only the wording may change, never an id: put back what "
            "was there, build, and grade again. To go on all the same, with these answers as no response, add "
            "--set-aside. Nothing was graded, and nothing was written."
        )
        self.lines = lines


#: Earlier forms of the items that students may have answered, by item id.
Earlier = dict[str, list[Item]]


def earlier_forms(connection: Connection, book: Book, notebook: InstructorNotebook) -> Earlier:
    """Earlier forms of graded items, in the gradebook or released, that accept other responses than today's."""
    query = select(t.source_cell.c.name, t.source_cell.c.source).where(t.source_cell.c.notebook_id == book.notebook_id)
    in_gradebook = {row.name: row.source for row in connection.execute(query)}
    found: Earlier = {}
    for graded in notebook.graded:
        if graded.item.BY_PERSON or graded.item.withdrawn is not None:
            continue
        cell = graded.cell["id"]
        texts = [in_gradebook.get(graded.item.id), *(edition.get(cell) for edition in notebook.released)]
        forms = _read(text for text in texts if text and text not in (graded.source, notebook.handed_out.get(cell)))
        forms = [form for form in forms if form.takes() != graded.item.takes()]
        if forms:
            found[graded.item.id] = forms
    return found


def _read(texts: Iterable[str]) -> list[Item]:
    items = []
    for text in texts:
        with contextlib.suppress(ReadingError):  # written by an earlier version of this package
            items.append(ITEM.read_edition(ITEM.below(text), "an earlier edition", 1))
    return items


def refuse_misfits(course: Course, notebook: InstructorNotebook, folders: Iterable[Path], earlier: Earlier) -> None:
    """Raise MisfitsError where responses fit an earlier form of their question and not today's."""
    changed = [graded for graded in notebook.graded if graded.item.id in earlier]
    if not changed:
        return
    counts = dict.fromkeys(earlier, 0)
    for folder in folders:
        with contextlib.suppress(Exception):  # grading reports what is wrong with a student's files
            answers = read_answers(course, folder, notebook.module).responses
            for graded in changed:
                given = answers.get(graded.item.id)
                if given and not _fits(graded.item, given.saved):
                    counts[graded.item.id] += any(_fits(form, given.saved) for form in earlier[graded.item.id])
    lines = list(_told(changed, earlier, counts))
    if lines:
        raise MisfitsError(lines)


def _fits(item: Item, raw: object) -> bool:
    try:
        response, remark = parse_response(item, raw)
    except ValueError:
        return False
    return response is not None and remark is None


def _told(changed: list[GradedItem], earlier: Earlier, counts: dict[str, int]) -> Iterator[str]:
    for graded in changed:
        item, count = graded.item, counts[graded.item.id]
        if not count:
            continue
        lost = sorted({part for form in earlier[item.id] for part in form.ids} - item.ids)
        new = sorted(item.ids - {part for form in earlier[item.id] for part in form.ids})
        why = f"it has no {', '.join(lost)} any more" if lost else "it asks for another kind of answer now"
        instead = f", and {', '.join(new)} instead" if lost and new else ""
        yield f"{count} {'answers' if count > 1 else 'answer'} no longer fit question {item.id}: {why}{instead}."
