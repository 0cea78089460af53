"""The desk's page for one essay: scored by its rubric beside what was written, kept with each change, or settled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from jupyter_server.auth.decorator import authorized
from markupsafe import Markup
from tornado import web

from fieldguide.coursepage.handlers import RefusedError, Told
from fieldguide.desk.at_essays import NAME_COOKIE, AtEssays, Clash, elsewhere_of, is_name
from fieldguide.desk.essays import Sheet, Task, read_tasks
from fieldguide.desk.page import DeskPage
from fieldguide.grading.scorers import SETTLED, OtherVersionError, Scoring, Written
from fieldguide.grading.told import points_text
from fieldguide.words import Words, speaking

_WORDS = Words("scoring")
say, count = _WORDS.say, _WORDS.count
_LONGEST_COMMENT = 20_000


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
                if self.shares or not is_name(name) or name in sheet.written.scorings:
                    self.set_status(422)
                    return self._show(module, sheet, given, problem=say("no_name", name=name))
            self.remember(NAME_COOKIE, name)
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
                student=task.people.called(written.grade.student) if named else None,
                task=task,
                sheet=sheet,
                given=given,
                groups=_groups(sheet, given, marks),
                comments=[(task.people.scorer(one.scorer), one.comment) for one in marks if one.comment.strip()],
                anchors=_anchors(task),
                lines=task.lines(written.grade.grade_id),
                progress=task.progress(written).value,
                elsewhere=elsewhere_of(task, written),
                others=others_of(task, written, given.scorer),
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
                texts={name: text for name, text in _WORDS.words().items() if name in _FOR_SCRIPT},
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
            self.finish({"version": own.version, **news_of(sheet.task, written, own)})


class LookAtEssay(AtEssays, Told):
    """``GET desk/score/<module>/<item>/<essay>/look``: who else scores it, and whether something is newer."""

    @web.authenticated
    @authorized
    async def get(self, module: str, item: str, grade_id: str) -> None:
        scorer = SETTLED if self.get_query_argument("settle", "") == "yes" else self.scorer
        _, tasks = await self.of_course(module, lambda course: read_tasks(course, module, self.scorer))
        task = tasks.get(item)
        written = next((one for one in task.written if one.grade.grade_id == grade_id), None) if task else None
        if task is None or written is None:
            with speaking(self.language):
                raise RefusedError(404, say("no_such_essay"))
        own = written.scorings.get(scorer) or Scoring(scorer)
        with speaking(self.language):
            self.finish({"version": own.version, **news_of(task, written, own)})


def news_of(task: Task, written: Written, own: Scoring) -> dict[str, Any]:
    """What a page that is open on an essay is told of it."""
    return {"others": others_of(task, written, own.scorer), "shown": written.shown}


def others_of(task: Task, written: Written, scorer: str) -> str:
    """Who else has given this essay something, as a sentence; nothing is told of what they gave."""
    names = sorted(task.people.scorer(name) for name in written.scorings if name not in (SETTLED, scorer))
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
                tuple(sheet.task.people.scorer(mark.scorer) for mark in marks if mark.points.get(name) == points),
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
