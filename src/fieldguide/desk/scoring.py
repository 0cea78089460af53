"""The desk's pages for essays: which wait, one to score by its rubric, and where two scorers differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from jupyter_server.auth.decorator import authorized
from markupsafe import Markup
from tornado import web

from fieldguide.coursepage.handlers import RefusedError, Told
from fieldguide.desk.essays import Progress, Sheet, Task, is_module, read_sheet, read_tasks, title_of
from fieldguide.desk.page import AtDesk, DeskPage, why_not
from fieldguide.grading.agreement import Agreement
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.names import why_no_id
from fieldguide.grading.overruled import overruled_of
from fieldguide.grading.scorers import (
    SETTLED,
    OtherVersionError,
    Scoring,
    Written,
    compare,
    differences,
    keep_scoring,
)
from fieldguide.grading.told import points_text
from fieldguide.words import Words, speaking

_SCORING = Words("scoring")
say, count = _SCORING.say, _SCORING.count
Result = TypeVar("Result")

#: Cookies: by which name somebody scores, and whether they read whose essays they are.
_NAME, _NAMES = "fieldguide-scorer", "fieldguide-names"
_LONGEST_NAME = 60
_LONGEST_COMMENT = 20_000
_DAYS = 365


class AtEssays(AtDesk):
    """What the handlers of essays share."""

    get_cookie: Any
    set_cookie: Any
    clear_cookie: Any

    @property
    def scorer(self) -> str:
        """By which name somebody scores: one that they gave, or else that of their account."""
        given = unquote(self.get_cookie(_NAME, "") or "")
        return given if _is_name(given) else self.account

    @property
    def names_wanted(self) -> bool:
        """Whether they chose to read whose essay each is."""
        return bool(self.get_cookie(_NAMES) == "yes")

    def remember(self, name: str, value: str) -> None:
        """Keep a choice in this browser; without a value it is forgotten."""
        if value:
            self.set_cookie(name, quote(value), expires_days=_DAYS, path=self.address(), samesite="lax", httponly=True)
        else:
            self.clear_cookie(name, path=self.address())

    async def of_course(self, module: str, work: Callable[[Course], Result]) -> Result:
        """What work gives that reads the course. Raises 403, 404 and 503 with what is wrong."""
        with speaking(self.language):
            try:
                course = self.desk.course()
                if course is None:
                    raise RefusedError(403, Words("desk").say("not_yours"))
                if not is_module(course, module):
                    raise RefusedError(404, Words("coursepage").say("no_such_module"))
                return await self.elsewhere(lambda: work(course))
            except (CourseError, OSError) as error:
                raise RefusedError(503, why_not(error)) from error

    async def sheet(self, module: str, item: str, grade_id: str, *, settle: bool, scorer: str | None = None) -> Sheet:
        """One essay. Raises 404 where nobody scores it."""
        scorer = scorer or self.scorer
        found = await self.of_course(
            module, lambda course: read_sheet(course, module, item, grade_id, scorer, settle=settle)
        )
        if found is None:
            with speaking(self.language):
                raise RefusedError(404, say("no_such_essay"))
        return found

    async def keep(self, module: str, sheet: Sheet, given: Scoring) -> Written:
        """Keep what was given. Raises OtherVersionError."""
        essay, grade_id = sheet.task.essay, sheet.written.grade.grade_id
        return await self.of_course(module, lambda course: keep_scoring(course, module, essay, grade_id, given))

    def at(self, module: str, item: str = "", grade_id: str = "", **query: str) -> str:
        """The address of a module's essays, or of one."""
        asked = "&".join(f"{name}={value}" for name, value in query.items() if value)
        parts = [part for part in (module, item, grade_id) if part]
        return self.address("desk", "score", *parts) + (f"?{asked}" if asked else "")

    def clash(self, sheet: Sheet, there: Scoring, given: Scoring) -> Clash:
        """What is told where the same name's work was changed elsewhere."""
        essay = sheet.task.essay
        lines = tuple(
            say("gave", criterion=criterion.text, points=_points(there.points.get(name)))
            for name, criterion in essay.rubric.items()
            if there.points.get(name) != given.points.get(name)
        )
        comment = there.comment if there.comment != given.comment else ""
        return Clash(there.version, lines, comment, f"{given.scorer} 2" if given.scorer else "")


@dataclass(frozen=True, slots=True)
class Clash:
    """Work under the same name that was changed elsewhere meanwhile: its version, and what differs from what is here.

    ``other_name`` is by which both can be kept, where they are two people's.
    """

    version: int
    lines: tuple[str, ...]
    comment: str
    other_name: str


# -- all essays of a module ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One essay in the list of all."""

    label: str
    state: str
    address: str


@dataclass(frozen=True, slots=True)
class Difference:
    """An essay in which two differ: a sentence for each criterion, and where it is settled."""

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
        if name and not _is_name(name):
            with speaking(self.language):
                problem = say("no_name", name=name)
            self.set_status(422)
            await self._show(module, problem)
            return
        self.remember(_NAME, name if name != self.account else "")
        self.remember(_NAMES, "yes" if self.get_body_argument("names", "") == "yes" else "")
        self.redirect(self.at(module), status=303)

    async def _show(self, module: str, problem: str | None = None) -> None:
        scorer = self.scorer
        notebook, tasks = await self.of_course(module, lambda course: read_tasks(course, module, scorer))
        again = len(await self.of_course(module, lambda course: overruled_of(course, module)))
        with speaking(self.language):
            self.show(
                "essays.html",
                again=again,
                again_at=self.address("desk", "score", module, "again"),
                counted=count,
                title=title_of(notebook),
                questions=[self._question(module, task) for task in tasks.values()],
                scorer=scorer,
                names=self.names_wanted,
                problem=problem,
                words=say,
            )

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
        elsewhere = _elsewhere(task, one)
        if elsewhere:
            state = f"{state} {elsewhere}"
        return Line(self.label(task, one), state, self.at(module, task.essay.id, one.grade.grade_id) + "#text")

    def _difference(self, module: str, task: Task, one: Written) -> Difference:
        essay = task.essay
        lines = [
            say("differ", criterion=essay.rubric[name].text, **_both(first, second, name))
            for first, second in one.pairs(essay)
            for name in differences(first, second, essay)
        ]
        settled = one.scorings.get(SETTLED)
        holds = settled is not None and one.holds(settled, essay)
        return Difference(
            self.label(task, one),
            tuple(lines),
            count("settled_on", essay.maximum, points=points_text(settled.total(essay))) if settled and holds else None,
            self.at(module, essay.id, one.grade.grade_id, settle="yes") + "#text",
        )

    def label(self, task: Task, one: Written) -> str:
        """What an essay is called in the list."""
        place = task.place(one)
        if self.names_wanted or task.names_are_told(one):
            return say("essay_of", number=place, student=one.grade.student)
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
    told += [count("other_scored", number, name=name) for name, number in sorted(others.items())]
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
        caption = count("agreement", pair.number, first=pair.first, second=pair.second)
        tables.append(AgreementTable(caption, tuple(rows)))
    return tables


def _figures(found: Agreement) -> tuple[str, str, str]:
    def part(number: int) -> str:
        return say("part", percent=round(100 * number / found.number), number=number, of=found.number)

    kappa = say("no_kappa") if found.kappa is None else points_text(found.kappa)
    return part(found.exact), part(found.adjacent), kappa


def _elsewhere(task: Task, one: Written) -> str:
    """What is said where the gradebook's points are not those that were given here."""
    points = one.grade.points
    if points is None or one.grade.waits:
        return ""
    counting = one.counting(task.essay)
    if counting is not None and abs(counting.total(task.essay) - points) < 1e-9:
        return ""
    return count("elsewhere", task.essay.maximum, points=points_text(points))


def _both(first: Scoring, second: Scoring, criterion: str) -> dict[str, str]:
    return {
        "first": first.scorer,
        "one": points_text(first.points[criterion]),
        "second": second.scorer,
        "other": points_text(second.points[criterion]),
    }


def _points(points: float | None) -> str:
    return say("none") if points is None else points_text(points)


# -- one essay -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Level:
    """A number of points for a criterion, what it looks like, and who gave it."""

    value: str
    points: str
    text: str
    chosen: bool
    given_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A criterion with its levels side by side."""

    id: str
    number: int
    text: str
    most: str
    levels: tuple[Level, ...]


class ScorePage(AtEssays, DeskPage):
    """``GET desk/score/<module>/<item>/<essay>``: one essay. ``POST``: keep what is given, and go on."""

    @web.authenticated
    @authorized
    async def get(self, module: str, item: str, grade_id: str) -> None:
        sheet = await self.sheet(module, item, grade_id, settle=self.settles)
        self._show(module, sheet, sheet.scoring)

    @web.authenticated
    @authorized
    async def post(self, module: str, item: str, grade_id: str) -> None:
        action, _, version = self.get_body_argument("go", "next").partition(":")
        sheet = await self.sheet(module, item, grade_id, settle=self.settles)
        given = self._given(sheet)
        if action == "replace" and version.isdigit():
            given = replace(given, version=int(version))
        if action == "both":
            name = self.get_body_argument("as", "").strip()
            with speaking(self.language):
                if not _is_name(name) or name in sheet.written.scorings:
                    self.set_status(422)
                    return self._show(module, sheet, given, problem=say("no_name", name=name))
            self.remember(_NAME, name)
            sheet = await self.sheet(module, item, grade_id, settle=False, scorer=name)
            given = replace(given, scorer=name, version=0)
        if (given.points or given.comment) and not self._is_as_it_was(sheet, given):
            try:
                await self.keep(module, sheet, given)
            except OtherVersionError as other:
                with speaking(self.language):
                    self.set_status(409)
                    return self._show(module, sheet, given, clash=self.clash(sheet, other.there, given))
        if action != "next":
            return self.redirect(self.request.uri + "#text", status=303)
        if self.settles:
            return self.redirect(self.at(module), status=303)
        scorer = given.scorer
        _, tasks = await self.of_course(module, lambda course: read_tasks(course, module, scorer))
        task = tasks.get(item)  # it may have been withdrawn meanwhile
        following = task.next_after(grade_id, second=bool(self.second)) if task else None
        if following is None:
            return self.redirect(self.at(module), status=303)
        self.redirect(self.at(module, item, following.grade.grade_id, second=self.second) + "#text", status=303)

    @staticmethod
    def _is_as_it_was(sheet: Sheet, given: Scoring) -> bool:
        """Whether it is what is kept already. What only the gradebook has, a scorer makes their own by going on."""
        there = sheet.scoring
        same = (dict(there.points), there.comment, there.saw) == (dict(given.points), given.comment, given.saw)
        return same and there.version > 0

    @property
    def settles(self) -> bool:
        """Whether what two people differ in is to be settled."""
        return self.get_query_argument("settle", "") == "yes"

    @property
    def second(self) -> str:
        """``yes`` where somebody scores what others have scored already."""
        return "yes" if self.get_query_argument("second", "") == "yes" else ""

    def _given(self, sheet: Sheet) -> Scoring:
        """What the form holds. Raises 400 where no page of ours sent it."""
        body = {name: self.get_body_argument(name, "") for name in ("version", "saw", "comment")}
        points = {name: self.get_body_argument(f"points.{name}", "") for name in sheet.task.essay.rubric}
        with speaking(self.language):
            return given_in(sheet, body | {"points": {name: value for name, value in points.items() if value}})

    def _show(
        self, module: str, sheet: Sheet, given: Scoring, *, clash: Clash | None = None, problem: str | None = None
    ) -> None:
        task, written = sheet.task, sheet.written
        essay = task.essay
        with speaking(self.language):
            settle = given.scorer == SETTLED
            marks = [one for name, one in sorted(written.scorings.items()) if name != SETTLED] if settle else []
            named = self.names_wanted or task.names_are_told(written)
            self.show(
                "scoring.html",
                title=say("settle_title" if settle else "title_of", number=task.place(written), of=len(task.written)),
                question=say("question", number=task.number),
                student=written.grade.student if named else None,
                task=task,
                sheet=sheet,
                given=given,
                groups=_groups(sheet, given, marks),
                marks=[one for one in marks if one.comment.strip()],
                anchors=_anchors(task),
                lines=task.lines(written.grade.grade_id),
                progress=task.progress(written).value,
                elsewhere=_elsewhere(task, written),
                others=others_of(written, given.scorer),
                total=points_text(given.total(essay)),
                most=points_text(sum(one.points for one in essay.rubric.values())),
                settle=settle,
                clash=clash,
                problem=problem,
                back=self.at(module),
                list_title=sheet.title,
                look=self.address("desk", "score", module, essay.id, written.grade.grade_id, "look"),
                keep=self.address("desk", "score", module, essay.id, written.grade.grade_id, "keep"),
                case=[Markup(part) for part in sheet.case],  # noqa: S704 (every text in it is escaped)
                words=say,
                counted=count,
                texts={name: text for name, text in _SCORING.words().items() if name in _FOR_SCRIPT},
            )


#: What the page's script says.
_FOR_SCRIPT = ("saved", "not_saved", "logged_out", "not_taken", "refused", "newer", "chose", "added", "total")


class KeepScore(AtEssays, Told):
    """``POST desk/score/<module>/<item>/<essay>/keep``: what the page has now. 409 where it was changed elsewhere."""

    @web.authenticated
    @authorized
    async def post(self, module: str, item: str, grade_id: str) -> None:
        try:
            body = json.loads(self.request.body)
            settle = body["settle"] is True
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise web.HTTPError(400) from error
        sheet = await self.sheet(module, item, grade_id, settle=settle)
        with speaking(self.language):
            given = given_in(sheet, body)
            try:
                written = await self.keep(module, sheet, given)
            except OtherVersionError as other:
                clash = self.clash(sheet, other.there, given)
                self.set_status(409)
                self.finish({"clash": self.rendered("clash.html", clash=clash, words=say)})
                return
            own = written.scorings[given.scorer]
            self.finish({"version": own.version, **news_of(written, own, sheet.task.essay.id)})


class LookAtEssay(AtEssays, Told):
    """``GET desk/score/<module>/<item>/<essay>/look``: who else scores it, and whether something is newer."""

    @web.authenticated
    @authorized
    async def get(self, module: str, item: str, grade_id: str) -> None:
        scorer = SETTLED if self.get_query_argument("settle", "") == "yes" else self.scorer
        _, tasks = await self.of_course(module, lambda course: read_tasks(course, module, self.scorer))
        task = tasks.get(item)
        written = next((one for one in task.written if one.grade.grade_id == grade_id), None) if task else None
        if written is None:
            with speaking(self.language):
                raise RefusedError(404, say("no_such_essay"))
        own = written.scorings.get(scorer) or Scoring(scorer)
        with speaking(self.language):
            self.finish({"version": own.version, **news_of(written, own, item)})


def news_of(written: Written, own: Scoring, item: str) -> dict[str, Any]:
    """What a page that is open on an essay is told of it."""
    return {"others": others_of(written, own.scorer), "shown": written.shown}


def others_of(written: Written, scorer: str) -> str:
    """Who else has given this essay something, as a sentence; nothing is told of what they gave."""
    names = sorted(name for name in written.scorings if name not in (SETTLED, scorer))
    return count("others", len(names), names=", ".join(names)) if names and scorer != SETTLED else ""


def given_in(sheet: Sheet, body: Mapping[str, Any]) -> Scoring:
    """What a page sent. Raises 400 where it is nothing that a page of ours sends."""
    rubric = sheet.task.essay.rubric
    try:
        points = {name: float(value) for name, value in dict(body["points"]).items()}
        version, comment, saw = int(body["version"]), str(body["comment"]), str(body["saw"])
        f"{comment}{saw}".encode()  # half a sign cannot be kept
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise RefusedError(400, say("refused")) from error
    fits = all(name in rubric and 0 <= value <= rubric[name].points for name, value in points.items())
    if not fits or len(comment) > _LONGEST_COMMENT or len(saw) > len(sheet.written.shown) + 64:
        raise RefusedError(400, say("refused"))
    comment = comment.replace("\r\n", "\n")
    return Scoring(sheet.scoring.scorer, version, points, comment, saw)


def _groups(sheet: Sheet, given: Scoring, marks: list[Scoring]) -> list[Group]:
    groups = []
    for number, (name, criterion) in enumerate(sheet.task.essay.rubric.items(), 1):
        chosen = given.points.get(name)
        by_points: dict[float, str] = {
            float(points): criterion.levels.get(points, "") for points in range(criterion.points + 1)
        }
        for points in (chosen, *(mark.points.get(name) for mark in marks)):
            if points is not None and 0 <= points <= criterion.points:
                by_points.setdefault(points, say("between"))  # as a sheet may give
        levels = [
            Level(
                f"{points:g}",
                points_text(points),
                text,
                points == chosen,
                tuple(mark.scorer for mark in marks if mark.points.get(name) == points),
            )
            for points, text in sorted(by_points.items())
        ]
        groups.append(Group(name, number, criterion.text, points_text(criterion.points), tuple(levels)))
    return groups


@dataclass(frozen=True, slots=True)
class Anchor:
    """A whole answer to hold others against: with points and a reason for each criterion, where there are such."""

    title: str
    text: str
    lines: tuple[tuple[str, str], ...] = ()


def _anchors(task: Task) -> list[Anchor]:
    essay = task.essay
    anchors = [
        Anchor(
            count("anchor", essay.maximum, name=name.replace("-", " "), points=points_text(profile.points)),
            profile.text,
            tuple(
                (say("gave", criterion=criterion.text, points=points_text(profile.scores[name])), profile.reasons[name])
                for name, criterion in essay.rubric.items()
            ),
        )
        for name, profile in sorted(essay.profiles.items(), key=lambda one: -one[1].points)
    ]
    if not anchors and essay.exemplar:
        anchors.append(Anchor(Words("rendering").say("exemplar"), essay.exemplar))
    return anchors


def _is_name(name: str) -> bool:
    return why_no_id(name) is None and len(name) <= _LONGEST_NAME
