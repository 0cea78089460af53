"""What bringing a newer text would do to a course, module by module: what is safe, what is refused, and why.

A question that students have is known by its id for good: what they answered is kept by it, and nbgrader takes no
question away and adds none once somebody handed in. So what a score rests on may change where scores can follow, and
nothing may change that would have a student lose points for having an older copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from fieldguide.content.archive import Content
from fieldguide.content.brought import Brought, digest_of_file
from fieldguide.content.comparing import Change, Difference, What, compare
from fieldguide.content.files import digest, files_in
from fieldguide.content.notebooks import NotebookError
from fieldguide.content.standing import Standing
from fieldguide.grading.course import Course


class Comes(Enum):
    """What becomes of a module."""

    NEW = "new"  # the course has none of this name
    SAME = "same"
    NEWER = "newer"
    OWN = "own"  # somebody changed it here, or nobody noted how it was brought
    REFUSED = "refused"
    GONE = "gone"  # the newer text has none of this name


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one change: whether it is ``safe``, of what, and in a sentence."""

    safe: bool
    of: str
    says: str


@dataclass(slots=True)
class ModulePlan:
    """What becomes of one module, and why; ``own`` tells that the instructor's own changes would give way."""

    name: str
    comes: Comes
    standing: Standing
    told: list[Told] = field(default_factory=list)
    own: bool = False

    @property
    def brought(self) -> bool:
        """Whether its files are taken."""
        return self.comes in (Comes.NEW, Comes.NEWER)


@dataclass(slots=True)
class Plan:
    """What bringing a content does to a course. ``beside`` are the files beside the modules that are taken, and
    ``kept`` those that stay as somebody changed them."""

    version: str
    before: str
    modules: list[ModulePlan]
    beside: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether anything is taken."""
        return bool(self.beside) or any(module.brought for module in self.modules)

    @property
    def left(self) -> list[ModulePlan]:
        """The modules that stay as they are although the text has a newer one."""
        return [module for module in self.modules if module.comes in (Comes.OWN, Comes.REFUSED)]


def plan(
    course: Course, content: Content, brought: Brought, standings: dict[str, Standing], replacing: frozenset[str]
) -> Plan:
    """Compare a content with what a course has. ``replacing`` are the modules whose own changes may give way.

    Raises OSError where a file of the course cannot be read.
    """
    source = course.folder("source", ".", "x").parent
    there = {path.name for path in source.glob("[!.]*") if path.is_dir()} if source.is_dir() else set()
    found = Plan(content.version, brought.version, [])
    for name in sorted(there | {*content.modules}):
        module = ModulePlan(name, Comes.SAME, standings.get(name, Standing()))
        found.modules.append(module)
        if name not in content.modules:
            module.comes = Comes.GONE
        elif name not in there:
            module.comes = Comes.NEW
        else:
            _compare(module, files_in(source / name), content.module(name), brought.modules.get(name), replacing)
    for name, data in content.beside.items():
        path = course.root / name
        own = digest_of_file(name, path.read_bytes()) if path.is_file() else None
        if own == digest_of_file(name, data):
            continue
        (found.beside if own in (None, brought.beside.get(name)) else found.kept).append(name)
    return found


def _compare(
    module: ModulePlan, own: dict[str, bytes], newer: dict[str, bytes], brought: str | None, replacing: frozenset[str]
) -> None:
    present, wanted = digest(own), digest(newer)
    if present == wanted:
        return
    module.own = present != brought
    if module.own and wanted == brought:
        return  # the text is as it was, and the instructor's changes stay
    try:
        difference = compare(module.name, own, newer)
    except NotebookError as error:
        module.comes = Comes.OWN
        module.told.append(Told(False, "its notebook", f"cannot be read here: {error}"))
        return
    module.told = list(_told(difference, module.standing)) or [Told(True, "the notebook", "what nobody reads in it.")]
    if not all(told.safe for told in module.told):
        module.comes = Comes.REFUSED
    elif module.own and module.name not in replacing:
        module.comes = Comes.OWN
    else:
        module.comes = Comes.NEWER


def _told(difference: Difference, standing: Standing) -> Iterator[Told]:
    if difference.languages:
        said = f"{' → '.join(difference.languages)}."
        why = " A class goes on in the language that it began in: is this another course's file?"
        yield Told(not standing.out, "the language", said + (why if standing.out else ""))
    if difference.reading:
        yield Told(True, "what is read", "changed.")
    if difference.data:
        yield Told(True, "the tables' data", "changed.")
    if difference.letters and standing.out:
        yield Told(True, "answer sheets on paper", _LETTERS)
    for name in difference.lost:
        yield Told(True, name, f"is left out; it carries no points. {_KEPT}")
    for change in difference.changes:
        judged = (_GRADED if change.graded else _UNGRADED)[change.what]
        yield judged(change, standing)


#: Says what becomes of a change where a class is so far.
Judge = Callable[[Change, Standing], Told]
_KEPT = "What was answered there stays on record and counts for nothing, as before."


_LETTERS = (
    "a letter may stand for something else. Enter what was written on sheets of the older text before you bring the "
    "newer one, and print sheets anew then."
)


def _safe(says: str) -> Judge:
    return lambda change, standing: Told(True, change.item, says.format(detail=change.detail))


def _scored(says: str) -> Judge:
    """Of a change that scores follow."""

    def judged(change: Change, standing: Standing) -> Told:
        said = says.format(detail=change.detail)
        if standing.handed_in:
            said += " Scores follow when the module is graded again, and whose total changes is kept in the log."
        if standing.returned:
            said += " Give feedback again then."
        return Told(True, change.item, said)

    return judged


def _unless_out(says: str, why: str) -> Judge:
    """Of a change that is refused once students may have the module."""

    def judged(change: Change, standing: Standing) -> Told:
        said = says.format(detail=change.detail)
        return Told(False, change.item, f"{said} {why}") if standing.out else Told(True, change.item, said)

    return judged


def _rubric(change: Change, standing: Standing) -> Told:
    if standing.handed_in:
        why = "What was handed in was written to the earlier ones, and may be scored by them. Keep them for this class."
        return Told(False, change.item, f"other criteria, or other points for them. {why}")
    more = " Who has an older copy open reads the earlier ones." if standing.out else ""
    return Told(True, change.item, f"other criteria, or other points for them.{more}")


_GRADED = {
    What.ADDED: _unless_out(
        "a new graded question.",
        "Who has the module already could not answer it and would lose its points. Keep it for the next class.",
    ),
    What.REMOVED: _unless_out(
        "a graded question is left out.",
        "Students have it, and their answers would count for nothing. Keep it in the text; to have everybody get its "
        "points, withdraw it on the desk.",
    ),
    What.RENAMED: _unless_out(
        "its id is {detail} now.",
        "Answers are kept by ids, and would be lost. Give it its earlier id in the newer text.",
    ),
    What.ASKS: _unless_out(
        "it asks for another kind of answer.",
        "Answers that were given, or will be from an older copy, would count as none. Keep its type and the ids of its "
        "options, or write it as another question for the next class.",
    ),
    What.WIDENED: _safe(
        "there is more to choose from. Answers that were given still fit; an older copy does not show what is new."
    ),
    What.RUBRIC: _rubric,
    What.KEY: _scored("the key."),
    What.WITHDRAWN: _scored("is withdrawn: everybody gets its points."),
    What.RESTORED: _scored("is not withdrawn any more, and counts again."),
    What.POINTS: _scored("the points: {detail}."),
    What.WORDING: _safe("wording."),
    What.ABOUT: _safe("what it is about: statements, standards or competencies. Reports tell it by the newer text."),
}
_UNGRADED = {
    What.ADDED: _safe("a new question without points."),
    What.REMOVED: _safe(f"a question without points is left out. {_KEPT}"),
    What.RENAMED: _safe(f"its id is {{detail}} now; it carries no points. {_KEPT}"),
    What.ASKS: _safe(f"it asks for another kind of answer; it carries no points. {_KEPT}"),
    What.WIDENED: _safe("there is more to choose from."),
    What.RUBRIC: _safe("wording."),
    What.KEY: _safe("the key; it carries no points."),
    What.WITHDRAWN: _safe("wording."),
    What.RESTORED: _safe("wording."),
    What.POINTS: _safe("wording."),
    What.WORDING: _safe("wording."),
    What.ABOUT: _GRADED[What.ABOUT],
}
