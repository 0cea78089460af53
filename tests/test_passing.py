"""One stripper: whatever the style of a question's text, nothing private of it is in what students get."""

from __future__ import annotations

import re
from dataclasses import fields as fields_of_class
from random import Random
from typing import Any

import pytest
from case_samples import CASE, GRADED_CASE
from form_samples import PART, WORKSHEET
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from samples import CHOICE, GRADED, PRACTICE, PROFILED, SEVERAL
from yaml_styles import HARD, SECRET, Value, Written, fields_of, written

from fieldguide.cases.reading import public_case_text
from fieldguide.grading.instructor import asked_in, student_text
from fieldguide.items import ReadingError, public_text
from fieldguide.items.reading import PRACTICE_FIELDS, PUBLIC_FIELDS
from fieldguide.player.head import HEAD_FIELDS, Head

HEAD = """\
id: 05-questions
edition: instructor
title: Questions
minutes: 45
objectives: [Decide, Judge]
practice: [a, b]
graded: [c]
"""
CHECK = CHOICE.replace("use: graded", "use: check").replace("points: 2\n", "")
ITEMS = {
    **GRADED,
    "profiled": PROFILED,
    "check": CHECK,
    "withdrawn": f"{SEVERAL}withdrawn: Two keys.\n",
}
#: What students may have of each kind of cell: spelled out here, whatever the lists in the code say.
ALL = re.compile(".*")
OF_ITEM = re.compile(
    r"(id|type|use|points|stem|choose|passage|expect|unit|words)|(options|prompts)(\..*)?"
    r"|rubric|rubric\.[a-z-]+(\.(criterion|points))?"
)
OF_CASE = re.compile(r"(?!decision\.(commentary|positions)).*")
KINDS: dict[str, tuple[str, str, re.Pattern[str]]] = {
    **{name: ("item", text, OF_ITEM) for name, text in ITEMS.items()},
    "practice": ("item", PRACTICE, ALL),
    "graded case": ("case", GRADED_CASE, OF_CASE),
    "case": ("case", CASE, ALL),
    "worksheet": ("worksheet", WORKSHEET, ALL),
    "policy": ("policy", PART, ALL),
    "head": ("module", HEAD, ALL),
}
#: Fields in which any text may stand.
FREE = re.compile(
    r"(stem|note|vignette|intro|title|exemplar|withdrawn)|(options|prompts|rationale|misconceptions)\.\S+"
    r"|profiles\..*(text|reasons\..*)|levels\..*\d|rubric\..*criterion|(scenes|endings)\..*(text|question|feedback|now|title)"
    r"|decision\.(commentary|question|positions\..*|options\..*)|headings\..*(title|ask|settled|sample)"
    r"|steps\..*(worked|blank|compare)|tolerance"
)


def cell(kind: str, text: str, cell_type: str = "code") -> dict[str, Any]:
    return {"cell_type": cell_type, "id": "one", "metadata": {}, "source": f"%%{kind}\n{text}"}


def public_part(value: Value, may: re.Pattern[str], path: str = "") -> Value:
    """The fields whose path may be read by students."""
    if not isinstance(value, dict):
        return value
    return {
        name: public_part(inner, may, f"{path}{name}.")
        for name, inner in value.items()
        if may.fullmatch(f"{path}{name}")
    }


def filled(random: Random, value: Value, may: re.Pattern[str], path: str = "") -> Value:
    """The same fields in some order, with hard texts where any text may stand, marked where they are private."""
    if isinstance(value, dict):
        # Steps and headings have an order of their own.
        names = list(value) if path.startswith(("steps", "headings")) else random.sample(list(value), len(value))
        return {name: filled(random, value[name], may, f"{path}.{name}".lstrip(".")) for name in names}
    if isinstance(value, list) or not FREE.fullmatch(path):
        return value
    text = random.choice(HARD)
    return text if may.fullmatch(path) else f"{SECRET} {text}"


@st.composite
def cells(draw: st.DrawFn) -> tuple[str, Written, Value, Value]:
    """A cell of some kind in some style: its kind, its text, its fields, and those that students may have."""
    kind, sample, may = KINDS[draw(st.sampled_from(list(KINDS)))]
    fields = filled(Random(draw(st.integers(0, 2**32))), fields_of(sample), may)
    assert isinstance(fields, dict)
    return kind, draw(written(fields)), fields, public_part(fields, may)


def can_be_graded(one: dict[str, Any]) -> bool:
    try:
        return asked_in(one) is not None
    except ReadingError:
        return False


@given(cells())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_in_no_style_of_yaml_does_private_text_reach_a_student(made: tuple[str, Written, Value, Value]) -> None:
    kind, text, fields, public = made
    one = cell(kind, text.text)
    try:
        shown = student_text(one)
    except ReadingError as error:
        event("refused")
        assert all(2 <= problem.line <= text.text.count("\n") + 2 for problem in error.problems), error
        assert text.features - {"comments"}, error  # what lines can part is not refused
        assert not can_be_graded(one), error  # what can be read can be handed out
        return
    event("passed")
    assert SECRET.lower() not in re.sub(r"\W", "", shown).lower(), shown
    read = fields_of(shown.removeprefix(f"%%{kind}\n"))
    if kind == "module":
        assert read == {**fields, "edition": "student"} if isinstance(fields, dict) else False
    else:
        assert read == public
    assert student_text({**one, "source": shown}) == shown


FLOW = (
    '{id: a, type: choice, use: graded, covers: [Q1], basis: code, points: 1, stem: "Which?", '
    "options: {aa: one, bb: two}, key: bb, rationale: {aa: x, bb: y}}"
)


def test_a_graded_item_in_braces_is_refused_with_its_line() -> None:
    for read in (asked_in, student_text):
        with pytest.raises(ReadingError) as told:
            read(cell("item", f"\n{FLOW}"))
        assert "line 3: 'key' does not begin a line. Write each field in a line of its own" in str(told.value)
        assert "the instructor's notebook, cell 'one'" in str(told.value)
    assert student_text(cell("item", FLOW.replace("use: graded", "use: practice").replace("points: 1, ", "")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("options:\n", "options:\n  # wait is right\n"),
        ("options:\n", "options: # wait is right\n"),
        ("stem: |\n", "stem: | # wait is right\n"),
        ("points: 2\n", "points: 2 # wait is right\n"),
        ("key: wait\n", "key: wait\n# wait is right\n"),
        ("id: after", "# wait is right\nid: after"),
    ],
)
def test_a_comment_stays_with_its_author(old: str, new: str) -> None:
    for text in (CHOICE, CHECK, PRACTICE):
        if old in text:
            shown = student_text(cell("item", text.replace(old, new)))
            assert shown == student_text(cell("item", text))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("stem: |", "stem: &wait-is-right |", "'&wait-is-right' is a YAML anchor"),
        ("stem: |", "stem: !wait-is-right |", "'!wait-is-right' is a YAML tag"),
        ("  wait: It", "  wait: *right # It", "'*right' is a YAML alias"),
        ("points: 2", "points: 2\npoints: 3", "'points' is given twice"),
        ("key: wait", "? key\n: wait", "'key' does not begin a line"),
    ],
)
def test_what_cannot_be_vouched_for_is_refused(old: str, new: str, what: str) -> None:
    assert old in CHOICE
    for read in (asked_in, student_text):
        with pytest.raises(ReadingError) as told:
            read(cell("item", CHOICE.replace(old, new, 1)))
        assert what in str(told.value)


@pytest.mark.parametrize("above", ["%TAG ! tag:wait-is-right,2026:\n---\n", "\ufeff", "%wait-is-right\n---\n"])
def test_what_belongs_to_no_field_is_refused(above: str) -> None:
    with pytest.raises(ReadingError):
        student_text(cell("item", above + CHOICE))


@pytest.mark.parametrize(
    ("cell_type", "source"),
    [
        ("markdown", f"%%item\n{CHOICE}"),
        ("raw", f"%%item\n{CHOICE}"),
        ("code", f"%%item now\n{CHOICE}"),
        ("code", f"%%capture\n%%item\n{CHOICE}"),
        ("code", f"# mine\n%%case\n{GRADED_CASE}"),
    ],
)
def test_a_question_where_it_would_be_shown_whole_is_refused(cell_type: str, source: str) -> None:
    one = cell("item", "", cell_type) | {"source": source}
    with pytest.raises(ReadingError, match="is out of place"):
        student_text(one)


@pytest.mark.parametrize("first", ["%%item \n", "\n%%item\n", "  %%item\t\n", "\n\n %%item\r\n"])
def test_a_blank_around_the_magic_hides_no_key(first: str) -> None:
    one = cell("item", "") | {"source": first + CHOICE}
    assert asked_in(one) is not None
    assert student_text(one) == student_text(cell("item", CHOICE))


def test_fields_within_fields_pass_only_when_they_are_listed() -> None:
    with pytest.raises(ReadingError):
        public_text(CHOICE.replace("stem: |", "stem:\n  key: wait\n  text: |"))
    assert "weight" not in public_text(
        GRADED["essay"].replace("    points: 3", "    weight: secretly double\n    points: 3")
    )


def test_the_lists_name_every_field_that_is_read() -> None:
    assert set(PUBLIC_FIELDS) < set(PRACTICE_FIELDS)
    assert set(HEAD_FIELDS) == {field.name for field in fields_of_class(Head)}
    assert student_text(cell("item", PRACTICE)) == f"%%item\n{PRACTICE}".rstrip("\n")
    assert student_text(cell("worksheet", WORKSHEET)) == f"%%worksheet\n{WORKSHEET}".rstrip("\n")
    assert student_text(cell("policy", PART)) == f"%%policy\n{PART}".rstrip("\n")
    assert public_case_text(CASE) == CASE
