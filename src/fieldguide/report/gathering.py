"""Reading a class for its report: what was handed in, as grading reads it, and what people scored, from the gradebook.

Nothing is executed or followed. What cannot be read is named in a note, and left out.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldguide.cells.kinds import CASE
from fieldguide.digest.figures import LEAST
from fieldguide.digest.gain import ClassGain, class_gain
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.instructor import GradedItem, InstructorNotebook
from fieldguide.grading.levels import read_essay_grades, read_levels
from fieldguide.grading.names import show, why_no_id
from fieldguide.grading.notebook_diff import LARGEST_NOTEBOOK, cell_texts
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.submission import Submission, read_answers
from fieldguide.items import Essay, Item, Outcome, ReadingError, Response, read_item, score
from fieldguide.items.plaintext import plain
from fieldguide.plainfiles import read_plain
from fieldguide.report.frames import ClassFrames, Rows

#: How a wording is called: today's, and the others, the one that most students had first.
CURRENT, EARLIER = "current", "earlier"
#: What is remembered of the responses to one item; typed ones may all differ.
_MOST_KNOWN = 10_000


def read_class(course: Course, modules: Iterable[str] = ()) -> ClassFrames:
    """A class's responses as data frames: to all modules of a course that are Field Guide's, or to some of them.

    ``modules`` are ids or their beginnings. Raises CourseError where one cannot be found or read.
    """
    notebooks = [instructor_notebook(course, name) for name in _modules(course, modules)]
    rows = Rows()
    for notebook in notebooks:
        _ask(rows, notebook)
        _Module(course, notebook, rows).read()
    return ClassFrames.of(rows, _gain(course, notebooks))


def _modules(course: Course, wanted: Iterable[str]) -> list[str]:
    named = [course.find_module(name) for name in wanted]
    if named:
        return list(dict.fromkeys(named))
    source = course.source("x").parent.parent
    found = sorted(path.parent.name for path in source.glob("*/*.ipynb") if path.stem == path.parent.name)
    ours = [name for name in found if _is_ours(course.source(name))]
    if not ours:
        raise CourseError(f"{source} has no module to report on. Run this in the course folder, or name it.")
    return ours


def _is_ours(path: Path) -> bool:
    """Whether a notebook names itself a module; one that cannot be read is told of later, by whoever reads it."""
    try:
        return isinstance(json.loads(path.read_bytes())["metadata"].get("fieldguide"), dict)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True


def _gain(course: Course, notebooks: list[InstructorNotebook]) -> ClassGain | None:
    """The gain between the two checks of a course, if there are two forms of one."""
    forms = [(notebook, notebook.checks) for notebook in notebooks if notebook.checks[0] != notebook.checks[1]]
    for place, (before, checks) in enumerate(forms):
        for after, others in forms[place + 1 :]:
            if [{item.id for item in form} for form in checks] == [{item.id for item in form} for form in others[::-1]]:
                return class_gain(course, before, after)
    return None


# -- what was asked --------------------------------------------------------------------------------


def _ask(rows: Rows, notebook: InstructorNotebook) -> None:
    """The rows about a module's items, whoever answered them."""
    numbers = {graded.item.id: graded.number for graded in notebook.graded}
    for item in _items(notebook):
        number, guess, withdrawn = numbers.get(item.id), _guess(item), item.withdrawn is not None
        about = (number, item.use, item.TYPE, item.maximum, item.stem, guess, withdrawn)
        rows.add("items", notebook.module, item.id, *about)
        for statement in item.covers:
            rows.add("tags", notebook.module, item.id, "", "statement", statement)
        for objective in item.objectives:
            rows.add("tags", notebook.module, item.id, "", "objective", f"{notebook.module} {objective}")
        _competencies(rows, notebook.module, item.id, "", item.competencies)
        for name, criterion in item.rubric.items() if isinstance(item, Essay) else ():
            _competencies(rows, notebook.module, item.id, name, criterion.competencies)
        for part, option, part_text, text, right, misconception in _options(item):
            rows.add("options", notebook.module, item.id, part, option, part_text, text, right, misconception)
    for case in notebook.asked(CASE):
        _competencies(rows, notebook.module, case.id, "", case.competencies)


def _competencies(rows: Rows, module: str, name: str, criterion: str, competencies: Iterable[str]) -> None:
    for competency in competencies:
        rows.add("tags", module, name, criterion, "competency", competency)


def _items(notebook: InstructorNotebook) -> Iterator[Item]:
    graded = (graded.item for graded in notebook.graded)
    every = (*graded, *notebook.checks[0], *notebook.checks[1], *notebook.practice)
    yield from {item.id: item for item in every}.values()


def _guess(item: Item) -> float | None:
    options = item.rows(None)
    return 100 * sum(row.right for row in options) / len(options) if item.any_option else None


def _options(item: Item) -> Iterator[tuple[str, str, str, str, bool, str | None]]:
    """What can be chosen: the part and the option by id and text, whether it is right, and what mistake it tells."""
    told: dict[str, str] = getattr(item, "misconceptions", {})
    rows = item.rows(None)
    places = [row for row in rows if row.place]
    for row in rows:
        if row.option:
            yield "", row.id or "", "", row.text, row.right, told.get(row.id or "")
        elif row.place:
            for one in places:
                yield str(row.place), one.id or "", str(row.place), one.text, one.id == row.id, None
        elif row.prompts:
            for option, text in item.listed().items():
                yield row.id or "", option, row.text, text, text in row.best, None


def _chosen(item: Item, response: Response | None) -> Iterator[tuple[str, str]]:
    """What was chosen, as pairs of part and option."""
    if isinstance(response, dict):
        yield from response.items()
    elif isinstance(response, tuple):
        for place, option in enumerate(response, 1):
            yield (str(place) if any(row.place for row in item.rows(None)) else ""), option
    elif response is not None and not item.BY_PERSON:
        yield "", plain(response)


# -- what was answered -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Earned:
    """What a response earns, and what was chosen in it, as pairs of part and option."""

    outcome: Outcome
    chosen: tuple[tuple[str, str], ...] = ()


class _Module:
    """Reads one module of a class into rows."""

    def __init__(self, course: Course, notebook: InstructorNotebook, rows: Rows) -> None:
        self.course = course
        self.notebook = notebook
        self.module = notebook.module
        self.rows = rows
        self.wordings = _Wordings(notebook)
        self.essays = _EssayScores(course, notebook, rows)
        self.earned: dict[str, dict[str, _Earned]] = {}
        self.checks = list({item.id: item for item in (*notebook.checks[0], *notebook.checks[1])}.values())

    def read(self) -> None:
        """Read every student's submission."""
        folders = self.course.with_folder("submitted", self.module)
        empty = 0
        read: list[tuple[str, dict[str, str], list[tuple[Item, _Earned]]]] = []
        for student, folder in folders.items():
            try:
                if why_no_id(student):
                    raise ValueError("the folder's name is no student's id")
                submission = read_answers(self.course, folder, self.module)
                outcomes = [(graded.item, self._earned(submission, graded.item)) for graded in self.notebook.graded]
                self._practiced(student, submission)
                checked = self._checked(student, submission)
            except Exception:  # no student's files may stop the class
                self.rows.notes.append(f"{self.module}: not counted, because it could not be read: {show(student)}.")
                continue
            # Who wrote the essay alone says nothing of the questions: as a rule the record was lost on its way.
            counted = [outcome for item, outcome in outcomes if not item.BY_PERSON] or [one for _, one in outcomes]
            if counted and not any(earned.outcome.response is not None for earned in counted):
                empty += 1
                continue
            if outcomes or checked:
                read.append((student, self.wordings.of(folder / f"{self.module}.ipynb"), outcomes))
        for student, wordings, outcomes in read:
            for item, earned in outcomes:
                self._scored(student, item, earned, self.wordings.name(item.id, wordings.get(item.id)))
        title = self.notebook.metadata["fieldguide"].get("title") or self.module
        self.rows.add("modules", self.module, title, self.notebook.objectives, len(folders), empty)

    def _earned(self, submission: Submission, item: Item) -> _Earned:
        """What a student earned in an item. The same response is worked out once: a class gives few different ones."""
        if item.BY_PERSON:
            return _Earned(submission.outcome(item))
        return self._of(item, submission.saved(item.id))

    def _of(self, item: Item, raw: object) -> _Earned:
        known = self.earned.setdefault(item.id, {})
        given = repr(raw)
        if given not in known:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            outcome = score(item, raw)
            known[given] = _Earned(outcome, tuple(_chosen(item, outcome.response)))
        return known[given]

    def _scored(self, student: str, item: Item, earned: _Earned, wording: str | None) -> None:
        points = self.essays.points(student, item, earned.outcome) if item.BY_PERSON else earned.outcome.score
        if item.withdrawn is None:
            self.rows.add("scores", student, self.module, item.id, wording, points, item.maximum)
        self._choices(student, item, earned, wording)

    def _choices(self, student: str, item: Item, earned: _Earned, wording: str | None) -> None:
        if earned.outcome.response is None or item.BY_PERSON:
            return
        self.rows.add("asked", student, self.module, item.id)
        for part, option in earned.chosen:
            self.rows.add("choices", student, self.module, item.id, wording, part, option)

    def _checked(self, student: str, submission: Submission) -> bool:
        """Add the choices in check items; whether there are any."""
        found = False
        for item in self.checks:
            earned = self._earned(submission, item)
            found |= earned.outcome.response is not None
            self._choices(student, item, earned, CURRENT)
        return found

    def _practiced(self, student: str, submission: Submission) -> None:
        for item in self.notebook.practice:
            responses = submission.responses.get(item.id)
            if item.BY_PERSON or responses is None:
                continue
            sure = responses.certainties
            for number, (raw, certainty) in enumerate(zip(responses.attempts, sure, strict=True), 1):
                earned = self._of(item, raw)
                share = (earned.outcome.score or 0.0) / earned.outcome.maximum
                self.rows.add("attempts", student, self.module, item.id, number, share, certainty)
                if number == 1:
                    self._choices(student, item, earned, CURRENT)


class _EssayScores:
    """What people gave the essays of a module, from the gradebook; nothing where there is no gradebook yet."""

    def __init__(self, course: Course, notebook: InstructorNotebook, rows: Rows) -> None:
        self._given: dict[tuple[str, str], float | None] = {}
        essays = {graded.item.id: graded.item for graded in notebook.graded if isinstance(graded.item, Essay)}
        if not essays:
            return
        try:
            with gradebook_at(course.db_url) as engine, engine.connect() as connection:
                book = find_book(connection, notebook.module)
                grades = read_essay_grades(connection, book, [name for name in essays if name in book.cells])
                levels = read_levels(connection, [grade.grade_id for grade in grades.values()])
        except CourseError as error:
            note = f"Essays have no scores here. {error}"
            rows.notes += [note] if note not in rows.notes else []
            return
        for place, grade in grades.items():
            self._given[place] = grade.points if grade.points is not None else None if grade.waits else 0.0
            given = levels.get(grade.grade_id, {})
            if grade.points is None or abs(sum(given.values()) - grade.points) > 1e-9:
                continue  # the score was changed since, and the levels no longer explain it
            for criterion, points in given.items():
                line = essays[grade.item].rubric.get(criterion)
                if line is not None:
                    about = (grade.student, notebook.module, grade.item, criterion)
                    rows.add("criteria", *about, points, line.points)

    def points(self, student: str, item: Item, outcome: Outcome) -> float | None:
        """The points of an essay; None where it waits for a person."""
        if (student, item.id) in self._given:
            return self._given[student, item.id]
        return outcome.score


class _Wordings:
    """Which text of each item a student had, by the notebook that they handed in.

    A text that fewer than five students have may be a student's own doing, so it is nobody's wording.
    """

    def __init__(self, notebook: InstructorNotebook) -> None:
        self._cells = {graded.cell["id"]: graded for graded in notebook.graded if not graded.item.BY_PERSON}
        self._handed_out = notebook.handed_out
        self._files: dict[bytes, dict[str, str]] = {}
        self._last, self._last_found = b"", dict[str, str]()
        self._texts: dict[tuple[str, str], str | None] = {}
        self._found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._names: dict[str, dict[str, str]] = {}

    def of(self, path: Path) -> dict[str, str]:
        """By item, today's wording or the digest of another one; an item whose text is not there is left out."""
        try:
            content = read_plain(path, LARGEST_NOTEBOOK)
        except OSError:
            return {}
        if content != self._last:  # who works on the course page hands in the file as it was handed out
            self._last, digest = content, hashlib.sha256(content).digest()
            if digest not in self._files:
                self._files[digest] = dict(self._read(content))
            self._last_found = self._files[digest]
        found = self._last_found
        for item, wording in found.items():
            self._found[item][wording] += 1
        return found

    def _read(self, content: bytes) -> Iterator[tuple[str, str]]:
        try:
            cells = cell_texts(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        for cell, text in cells:
            graded = self._cells.get(cell) if isinstance(cell, str) else None
            if graded is not None and isinstance(cell, str):
                wording = CURRENT if text == self._handed_out.get(cell) else self._of_text(graded, text)
                if wording is not None:
                    yield graded.item.id, wording

    def _of_text(self, graded: GradedItem, text: str) -> str | None:
        """The wording of an item's text: what students read of it, as a digest; None where it cannot be read."""
        place = (graded.item.id, text)
        if place not in self._texts:
            try:
                item = read_item(text.partition("\n")[2], "a submitted notebook", stripped=True)
                same = _read_of(item) == _read_of(graded.item)
                self._texts[place] = CURRENT if same else hashlib.sha256(_read_of(item).encode()).hexdigest()
            except ReadingError:
                self._texts[place] = None
        return self._texts[place]

    def name(self, item: str, wording: str | None) -> str | None:
        """The name of a wording; None where it is not known which one a student had, of several."""
        if item not in self._names:
            known = [text for text, count in self._found[item].most_common() if count >= LEAST]
            others = [text for text in known if text != CURRENT]
            named = {text: EARLIER if place == 1 else f"{EARLIER} {place}" for place, text in enumerate(others, 1)}
            self._names[item] = {CURRENT: CURRENT, **named}
        names = self._names[item]
        return CURRENT if len(names) == 1 and wording is None else names.get(wording or "")


def _read_of(item: Item) -> str:
    return json.dumps([item.stem, item.shown()], sort_keys=True)
