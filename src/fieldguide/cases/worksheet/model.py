"""The decision worksheet: five steps, of which some are shown worked and the others are the student's to write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldguide.items.fields import FieldReader, Fields, Finder, Text, Texts, read_fields
from fieldguide.items.passing import BY_ID, Passing, pass_whole

#: The steps of Congress's ETHIC model, in its order.
STEPS = ("examine", "think", "hypothesize", "identify", "consult")
#: The step in which standards are picked.
THINK = "think"
CONSULT = "consult"
DANGER = ("no", "yes", "not-sure")

_KINDS = ("worked", "blank", "unaided")
_GISTS = ("offered", "standards")
_OF_STEP: Passing = {**dict.fromkeys((*_KINDS, "compare")), **dict.fromkeys(_GISTS, BY_ID)}
#: Nothing of a worksheet is private; a new field is, until it is put here.
FIELDS: Passing = {**dict.fromkeys(("id", "title", "case", "intro")), "steps": dict.fromkeys(STEPS, _OF_STEP)}
#: Those that hold texts to translate.
TEXTS: Passing = {"title": None, "intro": None, "steps": {"*": dict.fromkeys(("worked", "blank", "compare"))}}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: shown ``worked``, or to be written, with a question (``blank``) or without.

    ``offered`` holds the standards to pick from, ``standards`` those that a worked step applies, each with its gist
    (no text until the builder has added it). ``compare`` is shown on request, once something is written.
    """

    name: str
    worked: str | None = None
    blank: str | None = None
    offered: dict[str, str] = field(default_factory=dict)
    standards: dict[str, str] = field(default_factory=dict)
    compare: str | None = None

    @property
    def written(self) -> bool:
        """Whether the student writes this step."""
        return self.worked is None


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One worksheet, with its five steps in order. ``case``: the id of the case it is about."""

    id: str
    title: str
    steps: tuple[Step, ...]
    case: str | None = None
    intro: str | None = None

    def step(self, name: str) -> Step:
        """One of the steps."""
        return self.steps[STEPS.index(name)]

    def written(self) -> tuple[Step, ...]:
        """The steps that the student writes."""
        return tuple(step for step in self.steps if step.written)

    def texts(self) -> list[str]:
        """Every text of the worksheet that a student has before them: names in it are known."""
        texts = [self.title, self.intro]
        for step in self.steps:
            texts += [step.worked, step.blank, step.compare]
        return [text for text in texts if text]


def read_worksheet(text: str, file: str, first_line: int = 1) -> Worksheet:
    """Read the text of a ``%%worksheet`` cell, its first line left out.

    ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError with every problem found.
    """
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this worksheet")
    worksheet_id = reader.own_id("worksheet") or ""
    reader.refuse_unknown(tuple(FIELDS))
    case = reader.text("case")
    if case is not None:
        reader.check_id(case, reader.line("case"))
    worksheet = Worksheet(
        id=worksheet_id,
        title=reader.text("title", required=True) or "",
        case=case,
        intro=reader.text("intro"),
        steps=_read_steps(reader),
    )
    finder.stop_if_any()
    return worksheet


def _read_steps(reader: FieldReader) -> tuple[Step, ...]:
    group = reader.group("steps", required=True)
    if group is None:
        return ()
    group.refuse_unknown(STEPS)
    for name in STEPS:
        if not group.has(name):
            reader.wrong("steps", f"the step '{name}' is missing.", f"Expected these five: {', '.join(STEPS)}.")
    given = [name for name in group.fields.values if name in STEPS]
    if len(given) == len(STEPS) and given != list(STEPS):
        misplaced = next(name for name, wanted in zip(given, STEPS, strict=True) if name != wanted)
        group.wrong(misplaced, f"the step '{misplaced}' is out of order.", f"Expected this order: {', '.join(STEPS)}.")
    return tuple(_read_step(step, group.line(name), name) for name, step in group.groups() if name in STEPS)


def _read_step(step: FieldReader, line: int, name: str) -> Step:
    step.owner = f"{step.owner}, step '{name}'"
    step.refuse_unknown(tuple(_OF_STEP))
    kinds = [kind for kind in _KINDS if step.has(kind)]
    if len(kinds) != 1:
        what = "it is both " + " and ".join(kinds) if kinds else "it is neither worked nor to be written"
        expected = "Expected one of 'worked: text', 'blank: question' and 'unaided: true'."
        step.finder.add(max(map(step.line, kinds), default=line), f"{step.owner}: {what}.", expected)
    step.one_of("unaided", ("true",))
    worked = step.has("worked")
    if worked and step.has("compare"):
        step.wrong("compare", "it is worked and has a text to compare with.", "Leave 'compare' out.")
    if step.has("offered") and (worked or name != THINK):
        step.wrong("offered", "standards are offered here.", f"Only '{THINK}' offers some, and only to be written.")
    if step.has("standards") and not worked:
        step.wrong("standards", "it is to be written and has 'standards'.", "Expected 'offered' or nothing.")
    return Step(
        name=name,
        worked=step.text("worked"),
        blank=step.text("blank"),
        offered=_standards(step, "offered"),
        standards=_standards(step, "standards"),
        compare=step.text("compare"),
    )


def _standards(step: FieldReader, name: str) -> dict[str, str]:
    """Standards as their author lists them, or with their gists as the builder leaves them."""
    if isinstance(step.fields.values.get(name), Fields):
        return step.mapping(name)
    given = step.texts(name)
    for standard in sorted({standard for standard in given if given.count(standard) > 1}):
        step.wrong(name, f"'{name}' names '{standard}' twice.", "Name each standard once.")
    return dict.fromkeys(given, "")


def with_gists(text: str, gists: Mapping[str, str], file: str = "this worksheet", first_line: int = 1) -> str:
    """The text of a worksheet in which each list of standards became a mapping from standard to gist.

    Everything else stays as the author wrote it. Raises ReadingError for a text that cannot be read, and for a
    standard without a gist.
    """
    worksheet = read_worksheet(text, file, first_line)
    finder = Finder(file)
    for line, given in reversed(_lists_of_standards(read_fields(text, finder, first_line))):
        texts = given.values if isinstance(given, Texts) else (given,)
        for name in texts:
            if name.value not in gists:
                what = f"worksheet '{worksheet.id}': '{name.value}' has no gist."
                finder.add(line, what, "Expected a known standard.")
        # In brackets of its own, so that it may stand wherever a list did.
        indent = given.start - (text.rfind("\n", 0, given.start) + 1)
        gap = ",\n" + " " * (indent + 1)
        pairs = gap.join(f"{_quoted(name.value)}: {_quoted(gists.get(name.value, ''))}" for name in texts)
        text = f"{text[: given.start]}{{{pairs}}}{text[given.end :]}"
    finder.stop_if_any()
    return text


def _lists_of_standards(fields: Fields) -> list[tuple[int, Texts | Text]]:
    """The lists of standards in the steps of a worksheet, each with its field's line; one standard may be no list."""
    steps = fields.values["steps"]
    assert isinstance(steps, Fields)
    found: list[tuple[int, Texts | Text]] = []
    for step in steps.values.values():
        assert isinstance(step, Fields)
        for name, value in step.values.items():
            if name in _GISTS and not isinstance(value, Fields):
                found.append((step.names[name].line, value))
    return found


def public_worksheet_text(text: str, file: str = "worksheet", first_line: int = 1) -> str:
    """The text of a worksheet as students get it, without comments.

    ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text that cannot be read.
    """
    return pass_whole(text, FIELDS, file, first_line)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
