"""What there is to write on paper: numbered places, and what a letter in one of them means.

The worksheet prints them, and the sheet for entering reads them, so that a letter means the same in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from fieldguide.cases.model import Case
from fieldguide.cases.worksheet.model import DANGER, THINK, Worksheet
from fieldguide.cases.worksheet.words import say as say_of_worksheet
from fieldguide.cells.kinds import CASE, ITEM, WORKSHEET
from fieldguide.coursepage.reading import Live, ModuleNotebook
from fieldguide.items import Essay, Item
from fieldguide.paper.words import say
from fieldguide.player import words as player
from fieldguide.player.certainty import LEVELS

#: About so many words of handwriting stand in a line.
_WORDS_A_LINE = 9
_FEWEST_LINES = 3
_MOST_LINES = 60
_REASON_LINES = 4
_STEP_LINES = 5


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to write in. ``id`` is its own in the module, and ``asks`` says in few words what belongs there.

    ``letters`` goes from letter to what it stands for on record; without letters it is a text of some ``lines``.
    ``many``: several letters may stand there.
    """

    id: str
    label: str
    asks: str
    letters: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A cell whose answer is handed in, under the name that it has on paper, with its places to write in."""

    name: str
    cell: Live
    blanks: tuple[Blank, ...]


def lettered(ids: Iterable[str]) -> dict[str, str]:
    """A letter for each id, in order: A, B, C."""
    return dict(zip(ascii_uppercase, ids, strict=False))


def questions(notebook: ModuleNotebook, half: str | None) -> Iterator[Question]:
    """What is handed in, in the notebook's order. Practice is not: nobody scores it, and it explains itself.

    ``half`` is the half of a class that a check in two forms is for; None where it has one.
    """
    for part in notebook.parts:
        if not isinstance(part, Live):
            continue
        if part.kind is ITEM and part.asked.use != "practice" and is_asked(notebook, part.asked, half):
            name = item_name(notebook, part.asked)
            yield Question(name, part, tuple(item_blanks(part.asked, name)))
        elif part.kind is CASE:
            yield Question(part.asked.title, part, tuple(_case_blanks(part.asked)))
        elif part.kind is WORKSHEET and part.asked.written():
            yield Question(part.asked.title, part, tuple(_worksheet_blanks(part.asked)))


def is_asked(notebook: ModuleNotebook, item: Item, half: str | None) -> bool:
    """Whether a student of a half is asked an item."""
    return notebook.head.half(item.id) in (None, half)


def item_name(notebook: ModuleNotebook, item: Item) -> str:
    """What an item is called, as on the page: Practice 3, Question 2."""
    return player.say("heading", use=player.say(item.use), number=notebook.head.number(item.id) or "").strip()


def item_blanks(item: Item, name: str) -> Iterator[Blank]:
    """The places of one question."""
    rows, listed = item.asked(None), lettered(item.listed())
    if isinstance(item, Essay):
        yield Blank(item.id, name, say("a_text"), lines=_lines(item.words))
    elif item.ORDERED:
        letters = lettered(row.id for row in rows if row.id)
        yield Blank(item.id, name, say("letters_in_order"), letters, many=True)
    elif any(row.option for row in rows):
        letters = lettered(row.id for row in rows if row.id)
        yield Blank(item.id, name, say("a_letter" if item.any_option else "letters"), letters, many=not item.any_option)
    elif len(rows) == 1 and rows[0].id is None:
        yield Blank(item.id, name, rows[0].unit or say("a_number_or_word"))
    else:
        for number, row in enumerate(rows, 1):
            label = say("line", name=name, number=number)
            yield Blank(f"{item.id}/{row.id}", label, say("a_letter") if listed else row.unit or row.text, listed)


def option_texts(question: Question) -> dict[str, str]:
    """What the letters of a question's places stand for, as it is printed: the text of what can be chosen, by its id.

    The scenes of a case have letters of their own.
    """
    asked, kind = question.cell.asked, question.cell.kind
    if kind is CASE:
        levels = {level: player.say(level) for level in LEVELS}
        return {**asked.decision.options, **levels, "yes": say("yes"), "no": say("no")}
    if kind is WORKSHEET:
        danger = {name: say_of_worksheet(f"danger_{name}") for name in DANGER}
        return {**danger, **{name: f"{name}: {gist}" for name, gist in asked.step(THINK).offered.items()}}
    return {**{row.id: row.text for row in asked.asked(None) if row.id}, **asked.listed()}


def item_response(item: Item, given: Mapping[str, Any]) -> object:
    """The response, as it goes on record, of what stands in the places of a question; None where nothing does.

    ``given`` has a text, an id or ids by the place's id, for places that aren't empty.
    """
    own = f"{item.id}/"
    parts = {name.removeprefix(own): value for name, value in given.items() if name.startswith(own)}
    whole = given.get(item.id)
    if isinstance(whole, str) and any(row.option for row in item.asked(None)):
        return [whole]
    return whole if whole is not None else parts or None


def _lines(words: int | None) -> int:
    return max(_FEWEST_LINES, min(_MOST_LINES, (words or 60) // _WORDS_A_LINE + 2))


def case_path(case_id: str) -> str:
    """The id of the place where the letters of a path stand."""
    return f"{case_id}/path"


def _case_blanks(case: Case) -> Iterator[Blank]:
    # What a letter means differs from scene to scene, so a path's letters are read along it (see entering).
    yield Blank(case_path(case.id), say("case_path"), say("letters_of_path"), many=True)
    yield Blank(f"{case.id}/decision", say("case_decision"), say("a_letter"), lettered(case.decision.options))
    yield Blank(f"{case.id}/certainty", say("case_certainty"), say("a_letter"), lettered(LEVELS))
    if not case.graded:
        yield Blank(f"{case.id}/reason", say("case_reason"), say("a_text"), lines=_REASON_LINES)
    yield Blank(f"{case.id}/share", say("case_share"), say("yes_or_no"), {"A": "yes", "B": "no"})


def _worksheet_blanks(worksheet: Worksheet) -> Iterator[Blank]:
    yield Blank(f"{worksheet.id}/danger", say_of_worksheet("danger"), say("a_letter"), lettered(DANGER))
    offered = worksheet.step(THINK).offered
    if offered:
        ticked = lettered(offered)
        yield Blank(f"{worksheet.id}/standards", say("standards"), say("letters"), ticked, many=True)
    for step in worksheet.written():
        yield Blank(f"{worksheet.id}/{step.name}", say_of_worksheet(step.name), say("a_text"), lines=_STEP_LINES)
