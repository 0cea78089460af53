"""The desk's list of a module's essays: which wait, how far two scorers agree, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.at_essays import NAME_COOKIE, NAMES_COOKIE, AtEssays, elsewhere_of, is_name
from fieldguide.desk.essays import Progress, Task, read_tasks, title_of
from fieldguide.desk.page import DeskPage, Stand
from fieldguide.desk.people import People
from fieldguide.grading.agreement import Agreement
from fieldguide.grading.overruled import overruled_of
from fieldguide.grading.scorers import SETTLED, Scoring, Written, compare, differences
from fieldguide.grading.told import points_text
from fieldguide.words import Words, speaking

_WORDS = Words("scoring")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class Line:
    """One essay in the list of all."""

    label: str
    state: str
    address: str


@dataclass(frozen=True, slots=True)
class Difference:
    """An essay in which two differ: a sentence for each criterion, and where it is settled, for who may."""

    label: str
    lines: tuple[str, ...]
    settled: str | None
    address: str


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """How far two people agree, as rows of text by criterion, all criteria last."""

    caption: str
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An essay question with what waits, and what two people gave."""

    task: Task
    title: str
    told: tuple[str, ...]
    next: str | None
    next_label: str
    second: str | None
    second_label: str
    lines: tuple[Line, ...]
    tables: tuple[AgreementTable, ...]
    differences: tuple[Difference, ...]


class EssaysPage(AtEssays, DeskPage):
    """``GET desk/score/<module>``: its essays. ``POST``: by which name, and with students' names or without."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        await self._show(module)

    @web.authenticated
    @authorized
    async def post(self, module: str) -> None:
        name = self.get_body_argument("name", "").strip()
        if name and not is_name(name):
            with speaking(self.language):
                problem = say("no_name", name=name)
            self.set_status(422)
            await self._show(module, problem)
            return
        self.remember(NAME_COOKIE, "" if self.shares or name == self.account else name)
        self.remember(NAMES_COOKIE, "yes" if self.get_body_argument("names", "") == "yes" else "")
        self.redirect(self.at(module), status=303)

    async def _show(self, module: str, problem: str | None = None) -> None:
        scorer = self.scorer
        notebook, tasks = await self.of_course(module, lambda course: read_tasks(course, module, scorer))
        people = next((task.people for task in tasks.values()), People())
        again = len(await self.of_course(module, lambda course: overruled_of(course, module)))
        done = any(task.written for task in tasks.values()) and all(task.is_done for task in tasks.values())
        stand = await self._stand_if_known() if done else None
        with speaking(self.language):
            self.show(
                "essays.html",
                again=again,
                again_at=self.address("desk", "score", module, "again"),
                counted=count,
                title=title_of(notebook),
                onward=self.onward(stand, module) if stand else None,
                questions=[self._question(module, task) for task in tasks.values()],
                scorer=scorer if not self.shares else people.scorer(scorer),
                names=self.names_wanted,
                problem=problem,
                words=say,
            )

    async def _stand_if_known(self) -> Stand | None:
        """How the course stands; None where that cannot be told, as an exchange away is no reason to hide essays."""
        try:
            return await self.stand()
        except RefusedError:
            return None

    def _question(self, module: str, task: Task) -> Question:
        item = task.essay.id
        waiting, seconds = task.waiting(), task.seconds()
        begin, second = (
            self.at(module, item, queue[0].grade.grade_id, second=flag) + "#text" if queue else None
            for queue, flag in ((waiting, ""), (seconds, "yes"))
        )
        return Question(
            task,
            say("question", number=task.number),
            tuple(_stand(task)),
            begin,
            count("score_waiting", len(waiting)),
            second,
            count("score_second", len(seconds)),
            tuple(self._line(module, task, one) for one in task.written),
            tuple(_tables(task)),
            tuple(self._difference(module, task, one) for one in task.differing()),
        )

    def _line(self, module: str, task: Task, one: Written) -> Line:
        progress = task.progress(one)
        if progress is Progress.DONE:
            total = one.scorings[task.scorer].total(task.essay)
            state = count("is_done", task.essay.maximum, points=points_text(total))
        else:
            state = say(f"is_{progress.value}")
        elsewhere = elsewhere_of(task, one)
        if elsewhere:
            state = f"{state} {elsewhere}"
        return Line(self.label(task, one), state, self.at(module, task.essay.id, one.grade.grade_id) + "#text")

    def _difference(self, module: str, task: Task, one: Written) -> Difference:
        essay = task.essay
        lines = [
            say("differ", criterion=essay.rubric[name].text, **_both(task, first, second, name))
            for first, second in one.pairs(essay)
            for name in differences(first, second, essay)
        ]
        settled = one.scorings.get(SETTLED)
        holds = settled is not None and one.holds(settled, essay)
        return Difference(
            self.label(task, one),
            tuple(lines),
            count("settled_on", essay.maximum, points=points_text(settled.total(essay))) if settled and holds else None,
            self.at(module, essay.id, one.grade.grade_id, settle="yes") + "#text" if self.teaches else "",
        )

    def label(self, task: Task, one: Written) -> str:
        """What an essay is called in the list."""
        place = task.place(one)
        if self.names_wanted or task.names_are_told(one):
            return say("essay_of", number=place, student=task.people.called(one.grade.student))
        return say("essay", number=place)


def _stand(task: Task) -> list[str]:
    """How far a question is, in sentences."""
    told = []
    waits = sum(map(task.waits, task.written))
    if task.written:
        told.append(count("waits", len(task.written), waits=waits) if waits else say("all_scored"))
    elif not task.empty:
        told.append(say("nobody"))
    mine = sum(task.progress(one) is Progress.DONE for one in task.written)
    if mine:
        told.append(count("you_scored", mine))
    others: dict[str, int] = {}
    for one in task.written:
        for name, scoring in one.scorings.items():
            if name not in (SETTLED, task.scorer) and one.holds(scoring, task.essay):
                others[name] = others.get(name, 0) + 1
    called = sorted((task.people.scorer(name), number) for name, number in others.items())
    told += [count("other_scored", number, name=name) for name, number in called]
    if task.empty:
        told.append(count("empty", task.empty))
    return told


def _tables(task: Task) -> list[AgreementTable]:
    tables = []
    for pair in compare(task.written, task.essay):
        rows = [
            (task.essay.rubric[name].text if name else say("all_criteria"), *_figures(found))
            for name, found in pair.found.items()
        ]
        first, second = map(task.people.scorer, (pair.first, pair.second))
        caption = count("agreement", pair.number, first=first, second=second)
        tables.append(AgreementTable(caption, tuple(rows)))
    return tables


def _figures(found: Agreement) -> tuple[str, str, str]:
    def part(number: int) -> str:
        return say("part", percent=round(100 * number / found.number), number=number, of=found.number)

    kappa = say("no_kappa") if found.kappa is None else points_text(found.kappa)
    return part(found.exact), part(found.adjacent), kappa


def _both(task: Task, first: Scoring, second: Scoring, criterion: str) -> dict[str, str]:
    return {
        "first": task.people.scorer(first.scorer),
        "one": points_text(first.points[criterion]),
        "second": task.people.scorer(second.scorer),
        "other": points_text(second.points[criterion]),
    }
