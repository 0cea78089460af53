"""What each person gave an essay on the desk, and which of it counts: one scorer's work never takes another's place.

The points that count are nbgrader's manual score and its levels, as a sheet gives them. Once somebody has changed them
in Formgrader or on a sheet, they stay until points are changed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, delete, insert, inspect, select, update

from fieldguide.grading import schema as t
from fieldguide.grading.agreement import Agreement, agreement
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import Book, find_book, in_chunks
from fieldguide.grading.levels import EssayGrade, RubricScore, read_essay_grades, read_levels, save_levels
from fieldguide.grading.score_log import keep_scored, write_log
from fieldguide.items import Essay

#: In place of a scorer's name: what was settled on where two differ.
SETTLED = ""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Scoring:
    """What one person gave an essay: points by criterion, and a comment for the student.

    ``version`` is 0 until it is kept. ``saw`` tells one response from another. ``completed`` is when the last criterion
    got its points, in UTC.
    """

    scorer: str
    version: int = 0
    points: Mapping[str, float] = field(default_factory=dict)
    comment: str = ""
    saw: str = ""
    completed: datetime | None = None

    def is_whole(self, essay: Essay) -> bool:
        """Whether every criterion of the rubric, as it is now, has points."""
        return bool(essay.rubric) and all(
            0 <= self.points.get(name, -1) <= criterion.points for name, criterion in essay.rubric.items()
        )

    def total(self, essay: Essay) -> float:
        """The sum of the points for the criteria of the rubric as it is now."""
        return sum(self.points.get(name, 0) for name in essay.rubric)


class OtherVersionError(Exception):
    """The same scorer's work was changed elsewhere meanwhile; ``there`` is what it is now."""

    def __init__(self, there: Scoring) -> None:
        super().__init__(there.scorer)
        self.there = there


@dataclass(frozen=True, slots=True)
class Written:
    """A student's essay, what each person gave it, and what the gradebook has: ``levels`` where they add up to it.

    ``shown`` tells the response that was graded last from an earlier one.
    """

    grade: EssayGrade
    shown: str
    levels: Mapping[str, float]
    scorings: Mapping[str, Scoring]

    def holds(self, scoring: Scoring | None, essay: Essay) -> bool:
        """Whether somebody's work is whole and about the response as it is now."""
        return scoring is not None and scoring.is_whole(essay) and scoring.saw == self.shown

    def counting(self, essay: Essay) -> Scoring | None:
        """The work that counts: what was settled, or else what was whole first. None where nobody's is."""
        whole = (one for one in self.scorings.values() if self.holds(one, essay))
        return min(whole, key=lambda one: (one.scorer != SETTLED, one.completed or datetime.max), default=None)

    def pairs(self, essay: Essay) -> Iterator[tuple[Scoring, Scoring]]:
        """Every two people whose work on it is whole, by name."""
        yield from combinations([one for _, one in sorted(self.scorings.items()) if self._is_persons(one, essay)], 2)

    def is_open(self, essay: Essay) -> bool:
        """Whether two people differ, and nothing was settled."""
        settled = self.holds(self.scorings.get(SETTLED), essay)
        return not settled and any(differences(*pair, essay) for pair in self.pairs(essay))

    def _is_persons(self, one: Scoring, essay: Essay) -> bool:
        return one.scorer != SETTLED and self.holds(one, essay)


def differences(first: Scoring, second: Scoring, essay: Essay) -> list[str]:
    """The criteria for which two people gave different points."""
    return [name for name in essay.rubric if first.points[name] != second.points[name]]


@dataclass(frozen=True, slots=True)
class Compared:
    """How far two people agree in the essays that both have scored: by criterion, and in all under None."""

    first: str
    second: str
    number: int
    found: Mapping[str | None, Agreement]


def compare(all_written: Iterable[Written], essay: Essay) -> list[Compared]:
    """The agreement of every two people who have scored the same essays."""
    both: dict[tuple[str, str], list[tuple[Scoring, Scoring]]] = {}
    for written in all_written:
        for one, other in written.pairs(essay):
            both.setdefault((one.scorer, other.scorer), []).append((one, other))
    return [Compared(*names, len(pairs), _agreement(pairs, essay)) for names, pairs in sorted(both.items())]


def scored_by_two(course: Course, module: str, essays: Mapping[str, Essay]) -> list[tuple[str, str, float, float]]:
    """The points that two people gave on the desk for the same criteria: item, criterion, and what each gave; none
    where the module is not in the gradebook."""
    try:
        with t.gradebook_at(course.db_url) as engine, engine.connect() as connection:
            found = read_written(connection, find_book(connection, module), essays)
    except CourseError:
        return []
    return [
        (item, criterion, one.points[criterion], other.points[criterion])
        for item, all_written in found.items()
        for written in all_written
        for one, other in written.pairs(essays[item])
        for criterion in essays[item].rubric
    ]


def _agreement(pairs: list[tuple[Scoring, Scoring]], essay: Essay) -> dict[str | None, Agreement]:
    def of(criteria: Iterable[str]) -> Agreement:
        points = [(one.points[name], other.points[name]) for name in criteria for one, other in pairs]
        return agreement([one for one, _ in points], [other for _, other in points])

    return {**{name: of([name]) for name in essay.rubric}, None: of(essay.rubric)}


# -- in the gradebook ------------------------------------------------------------------------------


def read_written(connection: Connection, book: Book, items: Iterable[str]) -> dict[str, list[Written]]:
    """The essays of a module that people score, by item. Their order tells nothing of who wrote them."""
    wanted = [name for name in items if name in book.cells]
    grades = [one for one in read_essay_grades(connection, book, wanted).values() if one.automatic is None]
    shown = _shown(connection, {one.notebook_id for one in grades})
    scorings = _read_scorings(connection, [one.grade_id for one in grades])
    levels = read_levels(connection, [one.grade_id for one in grades if one.points is not None])
    found: dict[str, list[Written]] = {name: [] for name in wanted}
    for one in sorted(grades, key=lambda grade: grade.grade_id):  # nbgrader's ids are chance
        given = levels.get(one.grade_id, {})
        holds = one.points is not None and abs(sum(given.values()) - one.points) < 1e-9
        seen = shown.get(one.notebook_id, {}).get(one.item, "")
        found[one.item].append(Written(one, seen, given if holds else {}, scorings.get(one.grade_id, {})))
    return found


def _shown(connection: Connection, notebooks: set[str]) -> dict[str, dict[str, str]]:
    """What tells the responses that were graded last from others, by row of the notebook and item."""
    found: dict[str, dict[str, str]] = {}
    if not inspect(connection).has_table(t.seen.name):
        return found
    for chunk in in_chunks(notebooks, _CHUNK):
        for row in connection.execute(select(t.seen).where(t.seen.c.notebook_id.in_(chunk))):
            found[row.notebook_id] = {name: state[0] for name, state in json.loads(row.state).items()}
    return found


def _read_scorings(connection: Connection, grade_ids: list[str]) -> dict[str, dict[str, Scoring]]:
    found: dict[str, dict[str, Scoring]] = {}
    if not inspect(connection).has_table(t.scoring.name):
        return found
    for chunk in in_chunks(grade_ids, _CHUNK):
        for row in connection.execute(select(t.scoring).where(t.scoring.c.grade_id.in_(chunk))):
            found.setdefault(row.grade_id, {})[row.scorer] = Scoring(
                row.scorer, row.version, json.loads(row.points), row.comment, row.saw, row.completed
            )
    return found


def read_comment(connection: Connection, book: Book, grade: EssayGrade) -> str:
    """The comment on an essay that nbgrader has from a person."""
    where = _comment_on(book, grade)
    return connection.scalar(select(t.comment.c.manual_comment).where(*where)) or ""


def keep_scoring(
    course: Course, module: str, essay: Essay, grade_id: str, given: Scoring, by: str | None = None
) -> Written:
    """Keep what somebody gave an essay, and bring the gradebook up to what counts now; returns the essay as it is then.

    ``by`` is who settles where two differ, for the log; elsewhere the scorer is who gives it.
    ``given.version`` is the version it was made from. Raises OtherVersionError where there is another, and changes
    nothing then; CourseError where the essay is not in the gradebook, or that cannot be used.
    """
    with t.gradebook_at(course.db_url) as engine:
        with t.for_writing(engine).begin() as connection:
            t.OURS.create_all(connection)
            book = find_book(connection, module)
            written = _written(connection, book, essay, grade_id)
            there = written.scorings.get(given.scorer)
            if there is not None and there.version != given.version:
                if _same(there, given):  # it was kept, and the answer did not arrive
                    return written
                raise OtherVersionError(there)
            whole = given.is_whole(essay)
            earlier = there.completed if written.holds(there, essay) and there else None
            kept = replace(
                given,
                version=given.version + 1,
                completed=(earlier or datetime.now(UTC).replace(tzinfo=None)) if whole else None,
            )
            _write(connection, grade_id, kept)
            after = replace(written, scorings={**written.scorings, kept.scorer: kept})
            _bring_up(connection, book, module, essay, written, after, kept.scorer, settled_by=by)
            changed = _written(connection, book, essay, grade_id)
        write_log(engine, course.root)
    return changed


def _written(connection: Connection, book: Book, essay: Essay, grade_id: str) -> Written:
    found = read_written(connection, book, [essay.id]).get(essay.id, [])
    written = next((one for one in found if one.grade.grade_id == grade_id), None)
    if written is None:
        raise CourseError("This essay is not in the gradebook any more, or nobody scores it. Nothing was saved.")
    return written


def _same(there: Scoring, given: Scoring) -> bool:
    return (dict(there.points), there.comment, there.saw) == (dict(given.points), given.comment, given.saw)


def _write(connection: Connection, grade_id: str, kept: Scoring) -> None:
    where = (t.scoring.c.grade_id == grade_id, t.scoring.c.scorer == kept.scorer)
    connection.execute(delete(t.scoring).where(*where))
    values = {
        "grade_id": grade_id,
        "scorer": kept.scorer,
        "version": kept.version,
        "points": json.dumps(dict(kept.points)),
        "comment": kept.comment,
        "saw": kept.saw,
        "completed": kept.completed,
    }
    connection.execute(insert(t.scoring), [values])


def _bring_up(
    connection: Connection,
    book: Book,
    module: str,
    essay: Essay,
    before: Written,
    after: Written,
    by: str,
    *,
    settled_by: str | None,
) -> None:
    """Write into nbgrader's tables what changed of what counts, and nothing else: the rest may be Formgrader's."""
    earlier, now = before.counting(essay), after.counting(essay)
    if now is None:
        return
    grade = after.grade
    levels = _levels(now, essay)
    if earlier is None or levels != _levels(earlier, essay) or (grade.waits and now.scorer == by):
        given = RubricScore(grade.student, essay.id, levels)
        save_levels(connection, grade, given)
        settled = now.scorer == SETTLED
        both = [name for name in after.scorings if name != SETTLED] if settled else []
        keep_scored(connection, module, [(given, grade.points)], settled_by if settled else now.scorer, both)
    if now.comment != (earlier.comment if earlier else ""):
        _write_comment(connection, book, grade, now.comment)


def _levels(scoring: Scoring, essay: Essay) -> dict[str, float]:
    return {name: scoring.points[name] for name in essay.rubric}


def _comment_on(book: Book, grade: EssayGrade) -> tuple[ColumnElement[bool], ...]:
    return t.comment.c.notebook_id == grade.notebook_id, t.comment.c.cell_id == book.comments[grade.item]


def _write_comment(connection: Connection, book: Book, grade: EssayGrade, text: str) -> None:
    where = _comment_on(book, grade)
    kept = connection.execute(update(t.comment).where(*where).values(manual_comment=text))
    if not kept.rowcount:
        cell = book.comments[grade.item]
        row = {"id": uuid4().hex, "notebook_id": grade.notebook_id, "cell_id": cell, "manual_comment": text}
        connection.execute(insert(t.comment), [row])
