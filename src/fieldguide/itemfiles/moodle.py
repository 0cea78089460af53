"""Moodle XML, as Moodle's own question bank exports and imports it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree
from lxml.builder import E

from fieldguide.itemfiles.bank import (
    Bank,
    Changes,
    figures,
    html_of,
    model_html,
    reasons_html,
    rights,
    scoring_html,
    stem_html,
)
from fieldguide.items import Entry, Essay, Item
from fieldguide.items.numbers import read_number


def moodle_xml(banks: Iterable[Bank], changes: Changes) -> bytes:
    """The file, with a category of Moodle's question bank for each bank."""
    quiz = E.quiz()
    for bank in banks:
        # A slash in a name would be a category in a category.
        name = f"$course$/top/Field Guide/{bank.title.replace('/', '//')}"
        quiz.append(E.question(E.category(E.text(name)), type="category"))
        for item in bank.items:
            quiz.append(_question(item, changes))
    written: bytes = etree.tostring(quiz, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _question(item: Item, changes: Changes) -> Any:
    kind, parts, general = TYPES[item.TYPE](item, changes)
    question = E.question(
        E.name(E.text(item.id)),
        _html("questiontext", stem_html(item)),
        _html("generalfeedback", general),
        E.defaultgrade(figures(item.maximum)),
        E.hidden("0"),
        E.idnumber(item.id),
        *parts,
        type=kind,
    )
    if item.hint and kind != "essay":
        question.append(_html("hint", html_of(item.hint)))
    return question


def _selection(item: Item, _: Changes) -> tuple[str, list[Any], str]:
    several, keys = not item.any_option, len(rights(item))
    share = 100 / keys if several else 100
    parts = [
        E.single("false" if several else "true"),
        E.shuffleanswers("true"),
        E.answernumbering("none"),
    ]
    for row in item.rows(None):
        fraction = share if row.right else -share if several else 0
        parts.append(_answer(fraction, html_of(row.text), row.why))
    return "multichoice", parts, ""


def _pairs(item: Item, changes: Changes) -> tuple[str, list[Any], str]:
    changes.note(item, "The reasons for all lines are shown together.")
    parts = [E.shuffleanswers("true")]
    used = set()
    for row in item.rows(None):
        parts.append(_html("subquestion", html_of(row.text), E.answer(E.text(row.best[0]))))
        used.add(row.best[0])
        if row.best[1:]:
            changes.note(item, f"For '{row.text}' only '{row.best[0]}' is right: Moodle takes one.")
    for text in item.listed().values():
        if text not in used:  # an answer without a question is one to choose wrongly
            parts.append(_html("subquestion", "", E.answer(E.text(text))))
    return "matching", parts, reasons_html(item)


def _order(item: Item, changes: Changes) -> tuple[str, list[Any], str]:
    changes.note(item, "The reasons for all places are shown together. Before 4.5, Moodle needs its plugin 'ordering'.")
    parts = [
        E.layouttype("VERTICAL"),
        E.selecttype("ALL"),
        E.selectcount("0"),
        E.gradingtype("RELATIVE_NEXT_EXCLUDE_LAST"),  # neighbors that are right, as here
        E.showgrading("SHOW"),
        E.numberingstyle("none"),
    ]
    for place, row in enumerate(item.rows(None), 1):
        answer = E.answer(E.text(html_of(row.text)), fraction=figures(place), format="html")
        parts.append(answer)
    return "ordering", parts, reasons_html(item)


def _blank(item: Item, changes: Changes) -> tuple[str, list[Any], str]:
    assert isinstance(item, Entry)
    why, other = item.rationale["right"], item.rationale["other"]
    if item.expect == "number":
        parts = []
        for number in (found for key in item.key if (found := read_number(key)) is not None):
            parts.append(_answer(100, str(number), why, "moodle_auto_format"))
            parts[-1].append(E.tolerance(str(read_number(item.tolerance) or 0)))
        parts += [_answer(0, "*", other, "moodle_auto_format"), E.unitgradingtype("0"), E.showunits("3")]
        return "numerical", parts, ""
    changes.note(item, "Hyphens and quotation marks of another shape are not taken as the same.")
    keys = [_answer(100, key.replace("*", r"\*"), why, "moodle_auto_format") for key in item.key]
    return "shortanswer", [E.usecase("0"), *keys, _answer(0, "*", other, "moodle_auto_format")], ""


def _text(item: Item, _: Changes) -> tuple[str, list[Any], str]:
    assert isinstance(item, Essay)
    parts = [
        E.responseformat("editor"),
        E.responserequired("1"),
        E.responsefieldlines("15"),
        E.attachments("0"),
        E.attachmentsrequired("0"),
        _html("graderinfo", scoring_html(item)),
        _html("responsetemplate", ""),
    ]
    return "essay", parts, model_html(item) if item.task else ""


#: What writes a question, by its type.
TYPES = {
    "choice": _selection,
    "hottext": _selection,
    "match": _pairs,
    "order": _order,
    "entry": _blank,
    "essay": _text,
}


def _html(tag: str, text: str, *more: Any) -> Any:
    return E(tag, E.text(text), *more, format="html")


def _answer(fraction: float, text: str, why: str, form: str = "html") -> Any:
    return E.answer(E.text(text), _html("feedback", html_of(why)), fraction=figures(fraction), format=form)
