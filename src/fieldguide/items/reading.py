"""Reading an item from the text of its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from fieldguide.items.fields import FieldReader, Finder, ReadingError, Text, read_fields
from fieldguide.items.model import (
    BASES,
    CHOOSE,
    EXPECT,
    PRACTICE_FIELDS,
    PUBLIC_FIELDS,
    TYPES,
    USES,
    Choice,
    Criterion,
    Entry,
    Essay,
    Hottext,
    Item,
    Match,
    Order,
    Profile,
)
from fieldguide.items.numbers import read_number
from fieldguide.items.passing import passing, refuse_unparted

_MOST_POINTS = 100
_COMMON = (
    "id",
    "type",
    "use",
    "stem",
    "covers",
    "basis",
    "standards",
    "points",
    "hint",
    "withdrawn",
    "turns_on",
    "again",
)
_OWN = {
    "choice": ("choose", "options", "key", "rationale", "misconceptions"),
    "match": ("prompts", "options", "key", "rationale"),
    "order": ("options", "key", "rationale"),
    "hottext": ("passage", "key", "rationale", "misconceptions"),
    "entry": ("expect", "unit", "key", "tolerance", "rationale"),
    "essay": ("words", "rubric", "levels", "exemplar", "anchors", "profiles", "look_for"),
}
#: What an essay has that a person scores, and a task for practice has not.
_SCORED = ("rubric", "levels", "anchors", "profiles")
#: Where there is one of these, the best of them is the exemplar.
_COMPARED = ("anchors", "profiles")
_PHRASE = re.compile(r"\[([^\[\]]+)\]\{([^{}]*)\}")


def read_item(text: str, file: str, first_line: int = 1, *, stripped: bool = False) -> Item:
    """Read one item from the text of its cell, the line with ``%%item`` left out.

    ``first_line`` is the line of ``file`` where ``text`` begins. With ``stripped`` the private part of a
    graded or check item may be absent, as it is in a student's edition; an item without it is not
    ``complete``. A practice item is always whole.

    Raises ReadingError with every problem found.
    """
    finder = Finder(file)
    fields = read_fields(text, finder, first_line)
    reader = FieldReader(fields, finder, "this item")
    item_id = reader.own_id("item")
    kind = reader.one_of("type", tuple(TYPES), required=True)
    use = reader.one_of("use", USES, required=True)
    if kind is None or use is None or item_id is None:
        raise ReadingError(finder.problems)
    reader.refuse_unknown(_COMMON + _OWN[kind])
    private = [name for name in fields.values if name not in (*PUBLIC_FIELDS, "hint")]
    item = _read_rest(reader, kind, item_id, use, complete=use == "practice" or not stripped or bool(private))
    if use != "practice":
        refuse_unparted(fields, PUBLIC_FIELDS, text, finder)
    finder.stop_if_any()
    return item


def _read_rest(reader: FieldReader, kind: str, item_id: str, use: str, *, complete: bool) -> Item:
    stem = reader.text("stem", required=True) or ""
    points = reader.positive("points", most=_MOST_POINTS)
    if use == "graded" and not reader.has("points") and kind != "essay":
        reader.wrong("points", "it is graded and has no points.", "Expected a line such as 'points: 2'.")
    if use != "graded" and reader.has("points"):
        reader.wrong("points", f"it is for {use} and has points.", "Leave points out, or write 'use: graded'.")
    if use != "practice" and reader.has("hint"):
        reader.wrong("hint", f"it is for {use} and has a hint.", "Hints belong to practice items: leave it out.")
    if kind == "essay" and use == "check":
        what, expected = "an essay for check has nobody to score it.", "Expected 'use: graded' or 'use: practice'."
        reader.wrong("use", what, expected)
    basis = reader.one_of("basis", BASES, required=complete)
    if basis == "judgement" and use == "graded" and kind != "essay":
        reader.wrong(
            "basis", "its key rests on judgement and it carries points.", "Make it 'use: practice', or name the rule."
        )
    covers = reader.texts("covers")
    if complete and not covers and not reader.has("covers"):
        reader.wrong("covers", "'covers' is missing.", "Expected the guide's statements, such as 'covers: [Q1]'.")
    if use != "graded" and reader.has("withdrawn"):
        reader.wrong(
            "withdrawn", f"it is for {use} and withdrawn.", "Only graded items are: take the item out instead."
        )
    if use != "practice" and reader.has("again"):
        what = f"it is for {use} and takes up an earlier item again."
        reader.wrong("again", what, "Practice items do: leave 'again' out.")
    if use == "practice" and reader.has("turns_on"):
        what = "it is for practice and says what it turns on."
        reader.wrong("turns_on", what, "A student's file holds all of a practice item: leave it out.")
    hint = reader.text("hint")
    standards = reader.texts("standards")
    common: dict[str, Any] = {
        "id": item_id,
        "use": use,
        "stem": stem,
        "points": points,
        "hint": hint,
        "covers": covers,
        "basis": basis,
        "standards": standards,
        "complete": complete,
        "withdrawn": reader.text("withdrawn"),
        "turns_on": reader.text("turns_on"),
        "again": reader.text("again"),
    }
    return _READERS[kind](reader, common)


def _read_choice(reader: FieldReader, common: dict[str, Any]) -> Choice:
    choose = reader.one_of("choose", CHOOSE, default="one") or "one"
    options = reader.mapping("options", required=True, ids=True)
    _at_least_two(reader, "options", options)
    private = _selection(reader, common["complete"], options)
    return Choice(**common, choose=choose, options=options, **private)


def _selection(reader: FieldReader, complete: bool, options: dict[str, str]) -> dict[str, Any]:
    """The private part of an item in which options are selected."""
    key = reader.texts("key")
    rationale = reader.mapping("rationale", required=complete)
    misconceptions = reader.mapping("misconceptions")
    if complete:
        if not key and not reader.has("key"):
            reader.wrong("key", "'key' is missing.", f"Expected one of: {', '.join(options)}.")
        _check_key(reader, key, options)
        _one_each(reader, "rationale", rationale, options, "option")
        for option in misconceptions:
            _known(reader, "misconceptions", option, options, "option")
            if option in key:
                reader.wrong("misconceptions", f"'{option}' is in the key.", "Tag distractors only.", option)
    return {"key": key, "rationale": rationale, "misconceptions": misconceptions}


def _check_key(reader: FieldReader, key: tuple[str, ...], options: dict[str, str], prompt: str | None = None) -> None:
    """The options in a key, or in that of a prompt, are there, once each, and leave a distractor."""
    of = f" of '{prompt}'" if prompt else ""
    for option in key:
        if option not in options:
            expected = f"Expected one of: {', '.join(options)}."
            reader.wrong("key", f"'key' names '{option}', which is no option.", expected, prompt)
    if len(set(key)) != len(key):
        reader.wrong("key", f"'key'{of} names an option twice.", "Name each option once.", prompt)
    if options and len(set(key)) == len(options):
        reader.wrong("key", f"every option is in the key{of}.", "At least one option must be a distractor.", prompt)


def _read_match(reader: FieldReader, common: dict[str, Any]) -> Match:
    complete = common["complete"]
    prompts = reader.mapping("prompts", required=True, ids=True)
    options = reader.mapping("options", required=True, ids=True)
    _at_least_two(reader, "prompts", prompts)
    _at_least_two(reader, "options", options)
    right = reader.mapping_to_texts("key", required=complete)
    rationale = reader.mapping("rationale", required=complete)
    if complete:
        _one_each(reader, "key", right, prompts, "prompt")
        for prompt, key in right.items():
            _check_key(reader, key, options, prompt)
        _one_each(reader, "rationale", rationale, prompts, "prompt")
    return Match(
        **common,
        prompts=prompts,
        options=options,
        key={prompt: key[0] for prompt, key in right.items() if key},
        also={prompt: key[1:] for prompt, key in right.items() if key[1:]},
        rationale=rationale,
    )


def _read_essay(reader: FieldReader, common: dict[str, Any]) -> Essay:
    words = reader.whole("words", least=1, most=5000)
    return (_read_task if common["use"] == "practice" else _read_scored)(reader, common, words)


def _read_task(reader: FieldReader, common: dict[str, Any], words: int | None) -> Essay:
    for name in (*_SCORED, "hint"):
        if reader.has(name):
            what = f"it is written for practice and has '{name}'."
            reader.wrong(name, what, "Nobody scores it, and it is never wrong: leave it out.")
    exemplar, look_for = reader.text("exemplar", required=True), reader.texts("look_for")
    if not look_for and not reader.has("look_for"):
        expected = "Expected what to look for in both texts: 'look_for: [one, two]', or a list of lines below it."
        reader.wrong("look_for", "'look_for' is missing.", expected)
    return Essay(**common, words=words, exemplar=exemplar, look_for=look_for)


def _read_scored(reader: FieldReader, common: dict[str, Any], words: int | None) -> Essay:
    complete = common["complete"]
    if reader.has("look_for"):
        what = "it is scored and has 'look_for'."
        reader.wrong("look_for", what, "Only what is written for practice has it: leave it out.")
    exemplar = reader.text("exemplar", required=complete and not any(map(reader.has, _COMPARED)))
    rubric: dict[str, Criterion] = {}
    group = reader.group("rubric", required=True)
    levels = reader.group("levels", required=complete)
    for name, criterion in group.groups() if group else ():
        reader.check_id(name, group.line(name) if group else reader.line("rubric"))
        criterion.refuse_unknown(("criterion", "points"))
        text = criterion.text("criterion", required=True)
        points = criterion.whole("points", least=1, most=_MOST_POINTS, required=True)
        if text is None or points is None:
            continue
        described = _read_levels(levels, name, points) if levels else {}
        rubric[name] = Criterion(text, points, described)
    for name in levels.fields.values if levels else ():
        if levels and group and name not in group.fields.values:
            levels.wrong(name, f"'levels' names '{name}'.", f"Expected a criterion: {', '.join(rubric)}.")
    total = sum(criterion.points for criterion in rubric.values())
    points = common["points"]
    if points is not None and rubric and points != total:
        reader.wrong(
            "points", f"'points' is {points:g}; the rubric adds up to {total}.", "Leave points out, or mend one."
        )
    anchors = _read_anchors(reader, max((criterion.points for criterion in rubric.values()), default=0))
    profiles = _read_profiles(reader, rubric)
    return Essay(
        **common | {"points": float(total)},
        rubric=rubric,
        words=words,
        exemplar=exemplar or anchors.get(max(anchors, default=0)) or _best(profiles),
        anchors=anchors,
        profiles=profiles,
    )


def _read_anchors(reader: FieldReader, highest: int) -> dict[int, str]:
    if not reader.has("anchors"):
        return {}
    if reader.has("exemplar"):
        reader.wrong("exemplar", "there are 'anchors' and an 'exemplar'.", "The highest anchor is it: leave this out.")
    return _read_levels(reader, "anchors", highest)


def _read_profiles(reader: FieldReader, rubric: dict[str, Criterion]) -> dict[str, Profile]:
    if not reader.has("profiles"):
        return {}
    for other in ("exemplar", "anchors"):
        if reader.has(other):
            reader.wrong(other, f"there are 'profiles' and '{other}'.", "Keep the profiles: the best is the exemplar.")
    group = reader.group("profiles", required=True)
    profiles = {}
    for name, profile in group.groups() if group else ():
        reader.check_id(name, group.line(name) if group else reader.line("profiles"))
        profile.refuse_unknown(("text", "scores", "reasons"))
        text, scores = profile.text("text", required=True), {}
        given = profile.group("scores", required=True)
        for criterion, told in rubric.items():
            points = given.whole(criterion, least=0, most=told.points, required=True) if given else None
            scores[criterion] = points or 0
        reasons = profile.mapping("reasons", required=True)
        criteria = {criterion: told.text for criterion, told in rubric.items()}
        for criterion in given.fields.values if given else ():
            _known(profile, "scores", criterion, criteria, "criterion")
        _one_each(profile, "reasons", reasons, criteria, "criterion")
        profiles[name] = Profile(text or "", scores, reasons)
    return profiles


def _best(profiles: dict[str, Profile]) -> str | None:
    return max(profiles.values(), key=lambda profile: profile.points).text if profiles else None


def _read_order(reader: FieldReader, common: dict[str, Any]) -> Order:
    options = reader.mapping("options", required=True, ids=True)
    _at_least_two(reader, "options", options)
    key = reader.texts("key")
    rationale = reader.mapping("rationale", required=common["complete"])
    if common["complete"]:
        if sorted(key) != sorted(options):
            reader.wrong(
                "key", "'key' does not name every option once.", f"Expected an order of: {', '.join(options)}."
            )
        elif list(key) == list(options):
            reader.wrong("options", "the options stand in the right order already.", "List them in another order.")
        _one_each(reader, "rationale", rationale, options, "option")
    return Order(**common, options=options, key=key, rationale=rationale)


def _read_hottext(reader: FieldReader, common: dict[str, Any]) -> Hottext:
    text = reader.text("passage", required=True) or ""
    passage: list[tuple[str, str | None]] = []
    options: dict[str, str] = {}
    end = 0
    for phrase in _PHRASE.finditer(text):
        name = phrase[2].strip()
        reader.check_id(name, reader.line("passage"))
        if name in options:
            reader.wrong("passage", f"'passage' gives the id '{name}' twice.", "Give each phrase an id of its own.")
        options[name] = phrase[1]
        passage += [(text[end : phrase.start()], None), (phrase[1], name)]
        end = phrase.end()
    passage.append((text[end:], None))
    if len(options) < 2:
        reader.wrong("passage", "'passage' has too few phrases to select.", "Write at least two as [phrase]{id}.")
    return Hottext(
        **common,
        passage=tuple(piece for piece in passage if piece[0]),
        options=options,
        **_selection(reader, common["complete"], options),
    )


def _read_entry(reader: FieldReader, common: dict[str, Any]) -> Entry:
    expect = reader.one_of("expect", EXPECT, required=True) or "text"
    key = reader.texts("key")
    tolerance = reader.text("tolerance") or "0"
    rationale = reader.mapping("rationale", required=common["complete"])
    if common["complete"]:
        if not key and not reader.has("key"):
            reader.wrong("key", "'key' is missing.", "Expected the accepted response, or a list of accepted forms.")
        if expect == "number":
            if any(read_number(form) is None for form in key):
                expected = "Expected a number, such as 12.5, or a list of numbers."
                reader.wrong("key", f"'key' is '{', '.join(key)}'.", expected)
            allowance = read_number(tolerance)
            if allowance is None or allowance < 0:
                reader.wrong("tolerance", f"'tolerance' is '{tolerance}'.", "Expected a number, 0 or more.")
        elif reader.has("tolerance"):
            reader.wrong("tolerance", "a text has no tolerance.", "Leave it out, or write 'expect: number'.")
        _one_each(reader, "rationale", rationale, {"right": "", "other": ""}, "case")
    return Entry(**common, expect=expect, unit=reader.text("unit"), key=key, tolerance=tolerance, rationale=rationale)


_READERS: dict[str, Callable[[FieldReader, dict[str, Any]], Item]] = {
    "choice": _read_choice,
    "match": _read_match,
    "order": _read_order,
    "hottext": _read_hottext,
    "entry": _read_entry,
    "essay": _read_essay,
}


def _read_levels(levels: FieldReader, name: str, points: int) -> dict[int, str]:
    described: dict[int, str] = {}
    inner = levels.group(name, required=True)
    if inner is None:
        return described
    for level in range(points + 1):
        text = inner.text(str(level), required=True)
        if text is not None:
            described[level] = text
    inner.refuse_unknown(tuple(str(level) for level in range(points + 1)))
    return described


def _at_least_two(reader: FieldReader, name: str, values: dict[str, str]) -> None:
    if len(values) == 1:
        reader.wrong(name, f"'{name}' has one part.", "Expected at least two.")


def _known(reader: FieldReader, name: str, value: str, known: dict[str, str], what: str) -> None:
    if value not in known:
        expected = f"Expected one of: {', '.join(known)}."
        reader.wrong(name, f"'{name}' names '{value}', which is no {what}.", expected, value)


def _one_each(reader: FieldReader, name: str, given: Iterable[str], wanted: dict[str, str], what: str) -> None:
    if not given:
        return
    for missing in [key for key in wanted if key not in given]:
        reader.wrong(name, f"'{name}' says nothing for the {what} '{missing}'.", f"Expected '{missing}: …' below it.")
    for key in given:
        _known(reader, name, key, wanted, what)


def public_text(text: str, file: str = "item", first_line: int = 1) -> str:
    """The text of an item as a student's edition holds it: all of a practice item, of others what is public.

    Comments are left out. ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text
    that is not readable at all, and for one of which the private part cannot be taken out.
    """
    finder = Finder(file)
    fields = read_fields(text, finder, first_line)
    use = fields.values.get("use")
    practice = isinstance(use, Text) and use.value == "practice"
    return passing(text, fields, PRACTICE_FIELDS if practice else PUBLIC_FIELDS, finder, first_line)
