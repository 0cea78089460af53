"""The essays of a module as a scorer meets them: which is next, what was written, and who gave what."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path

from sqlalchemy import select

from fieldguide.desk.people import People, read_people
from fieldguide.grading import schema as t
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.instructor import GradedItem, InstructorNotebook, ShownPart
from fieldguide.grading.levels import read_essay_grades
from fieldguide.grading.pages import kept_of, read_graded_notebook
from fieldguide.grading.parts import rendering_of
from fieldguide.grading.rendering import blocks_html
from fieldguide.grading.scorers import SETTLED, Scoring, Written, read_comment, read_written
from fieldguide.grading.submission import read_submission
from fieldguide.items import Essay
from fieldguide.words import speaking

#: How many of a scorer's own lines are offered to be used again.
_MOST_LINES = 12
_MOST_READ = 4
_read: dict[tuple[Path, int, int], InstructorNotebook] = {}


class Progress(Enum):
    """How far one scorer is with an essay."""

    OPEN = "open"  # it waits, and they have given nothing
    BEGUN = "begun"  # some criteria have points
    CHANGED = "changed"  # it was graded anew since, with another text
    DONE = "done"
    OTHERS = "others"  # others have scored it, here or elsewhere


@dataclass(frozen=True)
class Task:
    """An essay question of a module with all that was written for it, in an order that tells nothing of who wrote it.

    ``scorer`` is who looks. ``empty`` counts those without a text, who earn nothing by themselves. ``people`` says what
    students are called, where their names may be told.
    """

    scorer: str
    number: int
    essay: Essay
    written: tuple[Written, ...] = ()
    empty: int = 0
    people: People = field(default_factory=People)

    def place(self, one: Written) -> int:
        """The number by which people talk about an essay, from 1."""
        return self._places[one.grade.grade_id]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {one.grade.grade_id: place for place, one in enumerate(self.written, 1)}

    @cached_property
    def is_done(self) -> bool:
        """Whether nothing waits any more."""
        return not any(map(self.waits, self.written))

    @property
    def is_new(self) -> bool:
        """Whether this scorer has given no essay of it anything yet: only then the question stands before the text."""
        return not any(self.scorer in one.scorings for one in self.written)

    def progress(self, one: Written) -> Progress:
        """How far this scorer is with an essay."""
        own = one.scorings.get(self.scorer)
        if one.holds(own, self.essay):
            return Progress.DONE
        if own is not None:
            return Progress.CHANGED if own.is_whole(self.essay) else Progress.BEGUN
        return Progress.OPEN if self.waits(one) else Progress.OTHERS

    def waits(self, one: Written) -> bool:
        """Whether an essay still waits for a person: nobody's points count for it, here or in the gradebook."""
        return one.grade.waits or (one.grade.points is None and one.counting(self.essay) is None)

    def waiting(self) -> list[Written]:
        """What waits for this scorer, in the order in which it is offered to them.

        Two people have different orders, so that they seldom meet at an essay, and what another has begun comes last.
        """
        own = [one for one in self.written if self.progress(one) in (Progress.BEGUN, Progress.CHANGED)]
        fresh = [one for one in self.written if self.progress(one) is Progress.OPEN]
        return sorted(own, key=self._rank) + sorted(fresh, key=lambda one: (bool(one.scorings), self._rank(one)))

    def seconds(self) -> list[Written]:
        """What others have scored and this scorer has not, in the order in which it is offered to them."""
        return sorted((one for one in self.written if self.progress(one) is Progress.OTHERS), key=self._rank)

    def next_after(self, grade_id: str | None, *, second: bool) -> Written | None:
        """The essay to go on with; None where there is none but this."""
        queue = self.waiting() or (self.seconds() if second else [])
        return next((one for one in queue if one.grade.grade_id != grade_id), None)

    def names_are_told(self, one: Written) -> bool:
        """Whether a scorer who works without names may read whose an essay is: theirs is done, and nothing waits."""
        return self.is_done and self.progress(one) is Progress.DONE

    def lines(self, besides: str) -> list[str]:
        """The lines of this scorer's comments on other essays, those used most often first."""
        counted: dict[str, int] = {}
        for one in self.written:
            own = one.scorings.get(self.scorer)
            if own and one.grade.grade_id != besides:
                for line in dict.fromkeys(line.strip() for line in own.comment.splitlines()):
                    counted[line] = counted.get(line, 0) + bool(line)
        often = sorted((line for line, number in counted.items() if number), key=lambda line: -counted[line])
        return often[:_MOST_LINES]

    def differing(self) -> list[Written]:
        """The essays in which two scorers differ, settled or not."""
        return [one for one in self.written if one.is_open(self.essay) or SETTLED in one.scorings]

    def _rank(self, one: Written) -> str:
        return hashlib.sha256(f"{self.scorer}\0{one.grade.grade_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One essay to score: what was written, and what is there of this scorer's work, or of the gradebook's.

    ``title`` is the module's, ``text`` None where the graded notebook has none. ``reworded``: the question was changed
    since it was graded. ``case`` is what belongs to the essay, as HTML.
    """

    title: str
    task: Task
    written: Written
    text: str | None
    scoring: Scoring
    reworded: bool = False
    case: tuple[str, ...] = field(default=())


def is_module(course: Course, module: str) -> bool:
    """Whether there is an instructor's edition of a module of this name."""
    folder = course.folder("source", ".", "x").parent
    return module in {path.name for path in folder.glob("[!.]*") if path.is_dir()}


def read_tasks(course: Course, module: str, scorer: str) -> tuple[InstructorNotebook, dict[str, Task]]:
    """The essay questions of a module by id. Raises CourseError where it or the gradebook cannot be read."""
    notebook = _questions(course, module)
    asked = {one.item.id: one for one in notebook.graded if isinstance(one.item, Essay) and not one.item.withdrawn}
    with t.gradebook_at(course.db_url) as engine, engine.connect() as connection:
        found: Mapping[str, list[Written]] = {}
        empty: Counter[str] = Counter()
        people = read_people(connection)
        if connection.scalar(select(t.assignment.c.id).where(t.assignment.c.name == module)):
            book = find_book(connection, module)
            found = read_written(connection, book, asked)
            grades = read_essay_grades(connection, book, list(found)).values()
            empty = Counter(one.item for one in grades if one.automatic is not None)
    return notebook, {name: _task(scorer, one, found.get(name, []), empty[name], people) for name, one in asked.items()}


def title_of(notebook: InstructorNotebook) -> str:
    """What a module is called, or else its id."""
    return notebook.metadata.get("fieldguide", {}).get("title") or notebook.module


def _questions(course: Course, module: str) -> InstructorNotebook:
    """The instructor's notebook, read again once its file is another: a page that is open asks every few seconds."""
    path = course.source(module)
    try:
        about = path.stat()
    except OSError:
        return instructor_notebook(course, module)
    key = (path, about.st_mtime_ns, about.st_size)
    notebook = _read.get(key)
    if notebook is None:
        notebook = instructor_notebook(course, module)
        if len(_read) >= _MOST_READ:
            _read.clear()
        _read[key] = notebook
    return notebook


def _task(scorer: str, asked: GradedItem, written: list[Written], empty: int, people: People) -> Task:
    assert isinstance(asked.item, Essay)
    return Task(scorer, asked.number, asked.item, tuple(written), empty, people)


def read_sheet(course: Course, module: str, item: str, grade_id: str, scorer: str, *, settle: bool) -> Sheet | None:
    """An essay with what one scorer gave it, or what is to settle; None where it is not there to be scored.

    Raises CourseError where what the gradebook has of it, or the graded notebook, cannot be read.
    """
    notebook, tasks = read_tasks(course, module, scorer)
    task = tasks.get(item)
    written = next((one for one in task.written if one.grade.grade_id == grade_id), None) if task else None
    if task is None or written is None:
        return None
    # The gradebook was read before the notebook: where both are written meanwhile, it is the older that is known, and
    # what is scored now is asked for again.
    text, asked = _graded_text(course, module, item, written.grade.student)
    graded = next(one for one in notebook.graded if one.item.id == item)
    return Sheet(
        title_of(notebook),
        task,
        written,
        text,
        _to_settle(written, task.essay) if settle else _to_score(course, module, written, scorer),
        reworded=asked is not None and asked != graded.source,
        case=tuple(_case(course, notebook, graded, written.grade.student, text)),
    )


def _to_score(course: Course, module: str, written: Written, scorer: str) -> Scoring:
    own = written.scorings.get(scorer)
    if own is not None:
        return own
    if written.scorings:  # what another gave is not shown to who scores
        return Scoring(scorer, saw=written.shown)
    with t.gradebook_at(course.db_url) as engine, engine.connect() as connection:
        comment = read_comment(connection, find_book(connection, module), written.grade)
    return Scoring(scorer, points=written.levels, comment=comment, saw=written.shown)


def _to_settle(written: Written, essay: Essay) -> Scoring:
    """What was settled, or to begin with all that two agree on, and both comments."""
    settled = written.scorings.get(SETTLED)
    if settled is not None and written.holds(settled, essay):
        return settled
    version = settled.version if settled else 0
    for one, other in written.pairs(essay):
        alike = {name: one.points[name] for name in essay.rubric if one.points[name] == other.points[name]}
        comments = dict.fromkeys(text.strip() for text in (one.comment, other.comment) if text.strip())
        return Scoring(SETTLED, version, alike, "\n\n".join(comments), written.shown)
    return Scoring(SETTLED, version, saw=written.shown)


def _graded_text(course: Course, module: str, item: str, student: str) -> tuple[str | None, str | None]:
    """The text that was graded, and the question as it was then; None for what the graded notebook has not."""
    path = course.folder("autograded", student, module) / f"{module}.ipynb"
    try:
        kept = kept_of(read_graded_notebook(path)).get(item, {})
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CourseError(
            f"The graded notebook of this essay cannot be read ({why}). Collect and grade the module again; nothing "
            "that you gave is lost."
        ) from error
    text, asked = kept.get("response"), kept.get("item")
    return (text if isinstance(text, str) else None), (asked if isinstance(asked, str) else None)


def _case(
    course: Course, notebook: InstructorNotebook, graded: GradedItem, student: str, text: str | None
) -> Iterator[str]:
    """The case that an essay is about, with the path that was taken, as HTML in which every text is escaped."""
    parts = [part for part in notebook.layout if isinstance(part, ShownPart) and part.number == graded.number]
    folder = course.with_folder("submitted", notebook.module).get(student) if parts else None
    if folder is None:
        return
    with speaking(notebook.language):
        submission = read_submission(course, folder, notebook)
        if submission.essays.get(graded.item.id) != text:
            return  # something newer was collected, and is not graded yet
        for part in parts:
            rendering = rendering_of(part.kind)
            submitted = rendering.read(part.asked, submission)
            yield blocks_html(rendering.for_scorer(part.asked, submitted, part.number))
