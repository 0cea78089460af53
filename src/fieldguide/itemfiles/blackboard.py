"""QTI 2.1 in a content package: a file for each question, and a test that names them, a section for each use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

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
from fieldguide.itemfiles.package import zipped
from fieldguide.items import Entry, Essay, Item, Match
from fieldguide.items.numbers import read_number

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_Q = ElementMaker(nsmap={None: _QTI}, namespace=_QTI)
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_M = ElementMaker(nsmap={None: _PACKAGE}, namespace=_PACKAGE)
_RESPONSE, _FOLDER = "RESPONSE", "qti21"


def blackboard_package(banks: Iterable[Bank], changes: Changes) -> bytes:
    """The package of a module."""
    files: dict[str, Any] = {}
    resources, sections = [], []
    title = ""
    for bank in banks:
        references = []
        for item in bank.items:
            name = f"{_name(item.id)}.xml"
            files[f"{_FOLDER}/{name}"] = TYPES[item.TYPE](item, changes)
            references.append(_Q.assessmentItemRef(identifier=_name(item.id), href=name))
            path = f"{_FOLDER}/{name}"
            resources.append(
                _M.resource(_M.file(href=path), identifier=_name(item.id), type="imsqti_item_xmlv2p1", href=path)
            )
        sections.append(
            _Q.assessmentSection(*references, identifier=f"section-{bank.use}", title=bank.title, visible="true")
        )
        title = title or bank.title.rpartition(":")[0]
    part = _Q.testPart(*sections, identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    test = f"{_FOLDER}/assessment.xml"
    files[test] = _Q.assessmentTest(part, identifier="assessment", title=title)
    resources.append(
        _M.resource(
            _M.file(href=test),
            *(_M.dependency(identifierref=resource.get("identifier")) for resource in resources),
            identifier="assessment",
            type="imsqti_test_xmlv2p1",
            href=test,
        )
    )
    manifest = _M.manifest(
        _M.metadata(_M.schema("QTIv2.1"), _M.schemaversion("2.0")),
        _M.organizations(),
        _M.resources(*resources),
        identifier="manifest",
    )
    return zipped({"imsmanifest.xml": manifest, **files})


def _name(item: str) -> str:
    """An id as XML takes it: not with a digit first."""
    return f"q-{item}"


def _selection(item: Item, _: Changes) -> Any:
    rows, keys, several = item.rows(None), rights(item), not item.any_option
    share = item.maximum / len(keys) if several else item.maximum
    mapped = {row.id or "": share if row.right else -share for row in rows if row.right or several}
    correct = [row.id or "" for row in (keys if several else keys[:1])]
    interaction = _Q.choiceInteraction(
        *(_Q.simpleChoice(*_parts(html_of(row.text)), identifier=row.id) for row in rows),
        responseIdentifier=_RESPONSE,
        shuffle="true",
        maxChoices="0" if several else "1",
    )
    said = {row.id or "": html_of(row.why) for row in rows}
    declared = _declared("identifier", "multiple" if several else "single", correct, mapped)
    return _item(item, declared, interaction, [_mapped(), _set("FEEDBACK", _Q.variable(identifier=_RESPONSE))], said)


def _pairs(item: Item, changes: Changes) -> Any:
    assert isinstance(item, Match)
    changes.note(item, "The reasons for all lines are shown together.")
    share = item.maximum / len(item.prompts)
    mapped = {f"{prompt} {option}": share for prompt in item.prompts for option in item.right(prompt)}
    interaction = _Q.matchInteraction(
        _Q.simpleMatchSet(*(_choice(name, text, "1") for name, text in item.prompts.items())),
        _Q.simpleMatchSet(*(_choice(name, text, "0") for name, text in item.options.items())),
        responseIdentifier=_RESPONSE,
        shuffle="true",
        maxAssociations=str(len(item.prompts)),
    )
    correct = [f"{prompt} {option}" for prompt, option in item.key.items()]
    declared = _declared("directedPair", "multiple", correct, mapped)
    return _item(item, declared, interaction, [_mapped(), _said("all")], {"all": reasons_html(item)})


def _order(item: Item, changes: Changes) -> Any:
    changes.note(
        item,
        "It is all or nothing, where the course gives points for each pair of neighbors in order. The reasons for all "
        "places are shown together.",
    )
    options = [(option["id"], option["text"]) for option in item.shown()["options"]]
    interaction = _Q.orderInteraction(
        *(_Q.simpleChoice(*_parts(html_of(text)), identifier=name) for name, text in options),
        responseIdentifier=_RESPONSE,
        shuffle="true",
    )
    declared = _declared("identifier", "ordered", [row.id or "" for row in item.rows(None)], {})
    matches = _Q.match(_Q.variable(identifier=_RESPONSE), _Q.correct(identifier=_RESPONSE))
    scored = _Q.responseCondition(_Q.responseIf(matches, _set("SCORE", _value(item.maximum))))
    return _item(item, declared, interaction, [scored, _said("all")], {"all": reasons_html(item)})


def _blank(item: Item, changes: Changes) -> Any:
    assert isinstance(item, Entry)
    interaction = _Q.p(_Q.textEntryInteraction(responseIdentifier=_RESPONSE, expectedLength="20"))
    if item.expect == "number":
        numbers = [str(found) for key in item.key if (found := read_number(key)) is not None]
        tolerance = str(read_number(item.tolerance) or 0)
        declared = _declared("float", "single", numbers[:1], {})
        equal = [
            _Q.equal(
                _Q.variable(identifier=_RESPONSE),
                _Q.baseValue(number, baseType="float"),
                toleranceMode="absolute",
                tolerance=f"{tolerance} {tolerance}",
            )
            for number in numbers
        ]
        right = _Q("or", *equal) if len(equal) > 1 else equal[0]
        rules = [
            _Q.responseCondition(
                _Q.responseIf(right, _set("SCORE", _value(item.maximum)), _said("right")),
                _Q.responseElse(_said("other")),
            )
        ]
    else:
        changes.note(item, "Hyphens and quotation marks of another shape are not taken as the same.")
        declared = _declared("string", "single", list(item.key[:1]), dict.fromkeys(item.key, item.maximum))
        scored = _Q.gt(_Q.variable(identifier="SCORE"), _value(0))
        rules = [
            _mapped(),
            _Q.responseCondition(_Q.responseIf(scored, _said("right")), _Q.responseElse(_said("other"))),
        ]
    said = {name: html_of(item.rationale[name]) for name in ("right", "other")}
    return _item(item, declared, interaction, rules, said)


def _essay(item: Item, changes: Changes) -> Any:
    assert isinstance(item, Essay)
    interaction = _Q.extendedTextInteraction(responseIdentifier=_RESPONSE, expectedLines="15")
    declared = _declared("string", "single", [], {})
    scorer = scoring_html(item)
    blocks = [_Q.rubricBlock(*_parts(scorer), view="scorer")] if scorer and not item.task else []
    said = {"all": model_html(item)} if item.task and item.exemplar else {}
    return _item(item, declared, interaction, [_said("all")] if said else [], said, blocks)


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
    item: Item,
    declared: Any,
    interaction: Any,
    rules: Sequence[Any],
    said: dict[str, str],
    blocks: Sequence[Any] = (),
) -> Any:
    several = declared.get("cardinality") == "multiple" and declared.get("baseType") == "identifier"
    outcomes = [
        _Q.outcomeDeclaration(
            _Q.defaultValue(_Q.value("0")),
            identifier="SCORE",
            cardinality="single",
            baseType="float",
            normalMaximum=figures(item.maximum),
        ),
        _Q.outcomeDeclaration(
            identifier="FEEDBACK", cardinality="multiple" if several else "single", baseType="identifier"
        ),
    ]
    return _Q.assessmentItem(
        declared,
        *outcomes,
        _Q.itemBody(_Q.div(*_parts(stem_html(item))), *blocks, interaction),
        _Q.responseProcessing(*rules),
        *(
            _Q.modalFeedback(*_parts(text), outcomeIdentifier="FEEDBACK", identifier=name, showHide="show")
            for name, text in said.items()
        ),
        identifier=_name(item.id),
        title=item.id,
        adaptive="false",
        timeDependent="false",
    )


def _declared(base: str, cardinality: str, correct: Sequence[str], mapped: dict[str, float]) -> Any:
    declared = _Q.responseDeclaration(identifier=_RESPONSE, cardinality=cardinality, baseType=base)
    if correct:
        declared.append(_Q.correctResponse(*(_Q.value(value) for value in correct)))
    if mapped:
        mapping = _Q.mapping(defaultValue="0", lowerBound="0")
        for key, worth in mapped.items():
            entry = _Q.mapEntry(mapKey=key, mappedValue=figures(worth))
            if base == "string":
                entry.set("caseSensitive", "false")
            mapping.append(entry)
        declared.append(mapping)
    return declared


def _choice(name: str, text: str, most: str) -> Any:
    return _Q.simpleAssociableChoice(*_parts(html_of(text)), identifier=name, matchMax=most)


def _mapped() -> Any:
    return _set("SCORE", _Q.mapResponse(identifier=_RESPONSE))


def _set(outcome: str, expression: Any) -> Any:
    return _Q.setOutcomeValue(expression, identifier=outcome)


def _value(points: float) -> Any:
    return _Q.baseValue(figures(points), baseType="float")


def _said(name: str) -> Any:
    return _set("FEEDBACK", _Q.baseValue(name, baseType="identifier"))


def _parts(text: str) -> list[Any]:
    """HTML of ours as elements of the item; ``u`` is none of QTI's, and becomes emphasis."""
    text = text.replace("<u>", "<em>").replace("</u>", "</em>")
    return list(etree.fromstring(f'<div xmlns="{_QTI}">{text}</div>'))
