"""QTI 1.2 in a package with the manifest of a Common Cartridge, with the types of question that Canvas adds to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from lxml.builder import ElementMaker

from fieldguide.itemfiles.bank import (
    Bank,
    Changes,
    figures,
    html_of,
    model_html,
    reasons_html,
    rights,
    say,
    stem_html,
)
from fieldguide.itemfiles.package import zipped
from fieldguide.items import Entry, Essay, Item
from fieldguide.items.numbers import read_number

_Q = ElementMaker(
    nsmap={None: "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}, namespace="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
)
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_C = ElementMaker(nsmap={None: _CANVAS}, namespace=_CANVAS)
_CARTRIDGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_METADATA = "http://www.imsglobal.org/xsd/imsmd_v1p2"
_M = ElementMaker(nsmap={None: _CARTRIDGE, "imsmd": _METADATA}, namespace=_CARTRIDGE)
_L = ElementMaker(nsmap={"imsmd": _METADATA}, namespace=_METADATA)
_RESPONSE = "response1"


def canvas_package(banks: Iterable[Bank], changes: Changes) -> bytes:
    """The package, with a quiz of Canvas for each bank."""
    files: dict[str, Any] = {}
    resources = []
    for bank in banks:
        name = _id(bank.module, bank.use)
        path, about = f"{name}/{name}.xml", f"{name}/assessment_meta.xml"
        files[path] = _quiz(bank, name, changes)
        files[about] = _about(bank, name)
        resources += [
            _M.resource(
                _M.file(href=path),
                _M.dependency(identifierref=f"{name}_meta"),
                identifier=name,
                type="imsqti_xmlv1p2",
            ),
            _M.resource(
                _M.file(href=about),
                identifier=f"{name}_meta",
                type="associatedcontent/imscc_xmlv1p1/learning-application-resource",
                href=about,
            ),
        ]
        title = bank.title
    manifest = _M.manifest(
        _M.metadata(
            _M.schema("IMS Content"),
            _M.schemaversion("1.1.3"),
            _L.lom(_L.general(_L.title(_L.string(title)))),
        ),
        _M.organizations(),
        _M.resources(*resources),
        identifier=_id(title, "manifest"),
    )
    return zipped({"imsmanifest.xml": manifest, **files})


def _id(*parts: str) -> str:
    """An id that Canvas knows again when a changed module is imported once more."""
    return "g" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _about(bank: Bank, name: str) -> Any:
    worth = figures(sum(item.maximum for item in bank.items))
    return _C.quiz(
        _C.title(bank.title),
        _C.shuffle_answers("true"),
        _C.scoring_policy("keep_highest"),
        _C.quiz_type("assignment" if bank.use == "graded" else "practice_quiz"),
        _C.points_possible(worth),
        _C.show_correct_answers("true"),
        _C.allowed_attempts("1" if bank.use != "practice" else "-1"),
        _C.available("false"),
        identifier=name,
    )


def _quiz(bank: Bank, name: str, changes: Changes) -> Any:
    items = [TYPES[item.TYPE](item, changes) for item in bank.items]
    section = _Q.section(*items, ident="root_section")
    return _Q.questestinterop(_Q.assessment(section, ident=name, title=bank.title))


def _selection(item: Item, changes: Changes) -> Any:
    rows, keys = item.rows(None), [row.id for row in rights(item)]
    several = not item.any_option
    if not several and len(keys) > 1:
        changes.note(item, f"{len(keys)} options are right. See whether Canvas shows all of them as right.")
    labels = [_label(row.id or "", html_of(row.text)) for row in rows]
    lid = _Q.response_lid(_Q.render_choice(*labels), ident=_RESPONSE, rcardinality="Multiple" if several else "Single")
    conditions = [_shows(_equal(row.id or ""), f"{row.id}_fb") for row in rows]
    if several:
        wanted = (_equal(row.id or "") if row.right else _Q("not", _equal(row.id or "")) for row in rows)
        conditions.append(_scores([_Q("and", *wanted)]))
    else:
        conditions += [_scores([_equal(key or "")]) for key in keys]
    kind = "multiple_answers_question" if several else "multiple_choice_question"
    said = {f"{row.id}_fb": html_of(row.why) for row in rows}
    return _item(item, kind, [row.id or "" for row in rows], [lid], conditions, said)


def _pairs(item: Item, changes: Changes) -> Any:
    changes.note(item, "The reasons for all lines are shown together.")
    options = item.listed()
    keys = {text: name for name, text in options.items()}
    lines = []
    for row in item.rows(None):
        lines.append((row.id or "", row.text, keys[row.best[0]]))
        if row.best[1:]:
            changes.note(item, f"For '{row.text}' only '{row.best[0]}' is right: Canvas takes one.")
    return _matching(item, lines, options)


def _order(item: Item, changes: Changes) -> Any:
    changes.note(
        item,
        "Canvas's quizzes have no questions of order: each option gets the number of its place. A place is right or "
        "not, where the course counts neighbors. The reasons for all places are shown together.",
    )
    rows = item.rows(None)
    options = {option["id"]: option["text"] for option in item.shown()["options"]}
    lines = [(f"place-{place}", say("nth", place=place), row.id or "") for place, row in enumerate(rows, 1)]
    return _matching(item, lines, options)


def _matching(item: Item, lines: Sequence[tuple[str, str, str]], options: dict[str, str]) -> Any:
    lids, conditions = [], []
    for name, text, key in lines:
        labels = [_label(option, said, plain=True) for option, said in options.items()]
        lids.append(_Q.response_lid(_text(text, plain=True), _Q.render_choice(*labels), ident=f"response_{name}"))
        conditions.append(_scores([_equal(key, f"response_{name}")], 100 / len(lines), "Add"))
    conditions.insert(0, _shows(_Q.other(), "general_fb"))
    ids = [name for name, _, _ in lines]
    return _item(item, "matching_question", ids, lids, conditions, {"general_fb": reasons_html(item)})


def _blank(item: Item, changes: Changes) -> Any:
    assert isinstance(item, Entry)
    if item.expect == "number":
        kind, fib = "numerical_question", _Q.render_fib(_Q.response_label(ident="answer1"), fibtype="Decimal")
        tolerance = read_number(item.tolerance) or 0
        accepted = []
        for number in (found for key in item.key if (found := read_number(key)) is not None):
            least, most = _Q.vargte(str(number - tolerance)), _Q.varlte(str(number + tolerance))
            for bound in (least, most):
                bound.set("respident", _RESPONSE)
            accepted.append([_Q("or", _equal(str(number)), _Q("and", least, most))])
    else:
        changes.note(item, "Hyphens and quotation marks of another shape are not taken as the same.")
        kind, fib = "short_answer_question", _Q.render_fib(_Q.response_label(ident="answer1", rshuffle="No"))
        accepted = [[_equal(key) for key in item.key]]
    conditions = []
    for conditions_of_one in accepted:
        conditions.append(_scores(conditions_of_one))
        conditions[-1].append(_Q.displayfeedback(feedbacktype="Response", linkrefid="correct_fb"))
    conditions.append(_shows(_Q.other(), "general_incorrect_fb"))
    said = {"correct_fb": html_of(item.rationale["right"]), "general_incorrect_fb": html_of(item.rationale["other"])}
    answers = [f"answer-{number}" for number, _ in enumerate(item.key, 1)]
    return _item(item, kind, answers, [_Q.response_str(fib, ident=_RESPONSE, rcardinality="Single")], conditions, said)


def _essay(item: Item, changes: Changes) -> Any:
    assert isinstance(item, Essay)
    if not item.task:
        changes.note(item, "Canvas takes no levels and sample answers for scorers: score with the sheet of the course.")
    fib = _Q.render_fib(_Q.response_label(ident="answer1", rshuffle="No"))
    nothing = _Q.respcondition(_Q.conditionvar(_Q.other()))
    nothing.set("continue", "No")
    conditions, said = [nothing], {}
    if item.task and item.exemplar:
        conditions.append(_shows(_Q.other(), "general_fb"))
        said["general_fb"] = model_html(item)
    return _item(
        item, "essay_question", [], [_Q.response_str(fib, ident=_RESPONSE, rcardinality="Single")], conditions, said
    )


#: What writes a question, by its type.
TYPES = {
    "choice": _selection,
    "hottext": _selection,
    "match": _pairs,
    "order": _order,
    "entry": _blank,
    "essay": _essay,
}


def _item(
    item: Item, kind: str, answers: list[str], responses: list[Any], conditions: list[Any], said: dict[str, str]
) -> Any:
    about = {
        "question_type": kind,
        "points_possible": figures(item.maximum),
        "original_answer_ids": ",".join(answers),
        "assessment_question_identifierref": _id(item.id, "question"),
    }
    fields = [_Q.qtimetadatafield(_Q.fieldlabel(label), _Q.fieldentry(entry)) for label, entry in about.items()]
    outcomes = _Q.outcomes(_Q.decvar(maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal"))
    return _Q.item(
        _Q.itemmetadata(_Q.qtimetadata(*fields)),
        _Q.presentation(_text(stem_html(item)), *responses),
        _Q.resprocessing(outcomes, *conditions),
        *(_Q.itemfeedback(_Q.flow_mat(_text(text)), ident=name) for name, text in said.items()),
        ident=_id(item.id),
        title=item.id,
    )


def _text(text: str, plain: bool = False) -> Any:
    return _Q.material(_Q.mattext(text, texttype="text/plain" if plain else "text/html"))


def _label(name: str, text: str, plain: bool = False) -> Any:
    return _Q.response_label(_text(text, plain), ident=name)


def _equal(value: str, response: str = _RESPONSE) -> Any:
    return _Q.varequal(value, respident=response)


def _shows(condition: Any, feedback: str) -> Any:
    shown = _Q.displayfeedback(feedbacktype="Response", linkrefid=feedback)
    return _Q.respcondition(_Q.conditionvar(condition), shown, **{"continue": "Yes"})


def _scores(conditions: Iterable[Any], share: float = 100, action: str = "Set") -> Any:
    scored = _Q.respcondition(_Q.conditionvar(*conditions), _Q.setvar(figures(share), action=action, varname="SCORE"))
    if action == "Set":
        scored.set("continue", "No")
    return scored
