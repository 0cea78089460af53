"""Reading an item from the YAML text of its cell, with errors that a person can act on.

The text is composed into YAML nodes rather than loaded into values: nodes keep line numbers, show a
field that is given twice, and leave ``yes``, ``3:30`` and ``1.07`` the strings that the author wrote.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from fieldguide.items.model import (
    BASES,
    CHOOSE,
    PUBLIC_FIELDS,
    TYPES,
    USES,
    Choice,
    Criterion,
    Essay,
    Item,
    Match,
)

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_ID_LENGTH = 60
_MOST_POINTS = 100
_COMMON = ("id", "type", "use", "stem", "covers", "basis", "standards", "points", "hint")
_OWN = {
    "choice": ("choose", "options", "key", "rationale", "misconceptions"),
    "match": ("prompts", "options", "key", "rationale"),
    "essay": ("words", "rubric", "levels", "exemplar"),
}
# The C parser is several times faster and gives the same nodes; a student's kernel reads every item.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a text: where, what, and what was expected instead."""

    file: str
    line: int
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what} {self.expected}"


class ReadingError(ValueError):
    """A text that cannot be read. ``problems`` holds everything that was found, in the text's order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar and its line."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Texts:
    """A sequence of scalars and its line."""

    values: tuple[Text, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with unique string keys, and the line of each key."""

    values: dict[str, Text | Texts | Fields]
    lines: dict[str, int]
    line: int


Node = Text | Texts | Fields


class Finder:
    """Collects problems while a text is read, so that an author sees all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, what: str, expected: str) -> None:
        self.problems.append(Problem(self.file, line, what, expected))

    def stop_if_any(self) -> None:
        """Raise a ReadingError when anything was found."""
        if self.problems:
            raise ReadingError(self.problems)


def read_fields(text: str, finder: Finder, first_line: int = 1) -> Fields:
    """Compose ``text`` (YAML whose top level is a mapping) into Fields; lines count from ``first_line``.

    Raises ReadingError when the text is no such YAML.
    """
    for offset, written in enumerate(text.splitlines()):
        if "\t" in written[: len(written) - len(written.lstrip())]:
            finder.add(first_line + offset, "a tab is used to indent.", "Use spaces: two for each level.")
    finder.stop_if_any()
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        finder.add(line, f"this is not readable as YAML ({error.problem}).", _YAML_HELP)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        finder.add(first_line, f"this is not readable as YAML ({str(error).splitlines()[0]}).", _YAML_HELP)
    finder.stop_if_any()
    if not isinstance(root, yaml.MappingNode):
        finder.add(first_line, "no fields were found.", "Expected lines such as 'id: my-question'.")
        finder.stop_if_any()
    assert root is not None
    fields = _convert(root, finder, first_line, set())
    finder.stop_if_any()
    assert isinstance(fields, Fields)
    return fields


_YAML_HELP = (
    "Expected 'name: text'. A text that holds ': ' or ' #', or begins with a sign such as [ { * & ! % @ or a "
    "quotation mark, goes in quotation marks or below 'name: |'."
)


def _convert(node: yaml.Node, finder: Finder, first_line: int, seen: set[int]) -> Node:
    line = first_line + node.start_mark.line
    if id(node) in seen:
        finder.add(line, "a YAML alias (*name) is used.", "Write the text out in both places.")
        return Text("", line)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            key_line = first_line + key.start_mark.line
            if not isinstance(key, yaml.ScalarNode):
                finder.add(key_line, "a field's name is not a plain text.", "Expected 'name: text'.")
                continue
            if key.value in values:
                finder.add(
                    key_line,
                    f"'{key.value}' is given twice (first in line {lines[key.value]}).",
                    "Keep one of the two.",
                )
                continue
            values[key.value] = _convert(value, finder, first_line, seen)
            lines[key.value] = key_line
        return Fields(values, lines, line)
    if isinstance(node, yaml.SequenceNode):
        texts = []
        for child in node.value:
            converted = _convert(child, finder, first_line, seen)
            if isinstance(converted, Text):
                texts.append(converted)
            else:
                finder.add(converted.line, "a list holds something that is no plain text.", "Expected texts.")
        return Texts(tuple(texts), line)
    assert isinstance(node, yaml.ScalarNode)
    return Text(node.value.strip(), line)


class FieldReader:
    """Takes typed values out of Fields, and notes what is missing or of another form."""

    def __init__(self, fields: Fields, finder: Finder, owner: str) -> None:
        self.fields = fields
        self.finder = finder
        self.owner = owner

    def line(self, name: str, part: str | None = None) -> int:
        """The line of a field, or of a part of it where the field is a mapping that has this part."""
        node = self.fields.values.get(name)
        if part is not None and isinstance(node, Fields) and part in node.lines:
            return node.lines[part]
        return self.fields.lines.get(name, self.fields.line)

    def has(self, name: str) -> bool:
        return name in self.fields.values

    def wrong(self, name: str, what: str, expected: str, part: str | None = None) -> None:
        self.finder.add(self.line(name, part), f"{self.owner}: {what}", expected)

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        for name in self.fields.values:
            if name not in known:
                self.wrong(name, f"there is no field '{name}'.", f"Expected one of: {', '.join(known)}.")

    def text(self, name: str, *, required: bool = False) -> str | None:
        node = self.fields.values.get(name)
        if node is None:
            if required:
                self.wrong(name, f"'{name}' is missing.", f"Expected a line '{name}: …'.")
            return None
        if not isinstance(node, Text) or not node.value:
            self.wrong(name, f"'{name}' has no text.", f"Expected '{name}: ' and a text.")
            return None
        return _flowing(node.value)

    def one_of(
        self, name: str, allowed: tuple[str, ...], *, required: bool = False, default: str | None = None
    ) -> str | None:
        value = self.text(name, required=required)
        if value is None:
            return default
        if value not in allowed:
            self.wrong(name, f"'{name}' is '{value}'.", f"Expected one of: {', '.join(allowed)}.")
            return default
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.fields.values.get(name)
        if node is None:
            return ()
        if isinstance(node, Text) and node.value:
            return (node.value,)
        if isinstance(node, Texts) and node.values:
            return tuple(text.value for text in node.values)
        self.wrong(name, f"'{name}' is no list of texts.", f"Expected '{name}: [one, two]'.")
        return ()

    def mapping(self, name: str, *, required: bool = False, ids: bool = False) -> dict[str, str]:
        """A mapping from names to texts; with ``ids`` the names must be ids."""
        inner = self.group(name, required=required)
        if inner is None:
            return {}
        values: dict[str, str] = {}
        for key in inner.fields.values:
            if ids:
                self.check_id(key, inner.line(key))
            text = inner.text(key)
            if text is not None:
                values[key] = text
        return values

    def group(self, name: str, *, required: bool = False) -> FieldReader | None:
        node = self.fields.values.get(name)
        if node is None:
            if required:
                self.wrong(name, f"'{name}' is missing.", f"Expected '{name}:' and, indented below it, its parts.")
            return None
        if not isinstance(node, Fields) or not node.values:
            self.wrong(name, f"'{name}' has no parts.", f"Expected '{name}:' and, indented below it, 'id: text'.")
            return None
        return FieldReader(node, self.finder, self.owner)

    def groups(self) -> Iterator[tuple[str, FieldReader]]:
        for name in self.fields.values:
            inner = self.group(name)
            if inner is not None:
                yield name, inner

    def whole(self, name: str, *, least: int, most: int, required: bool = False) -> int | None:
        value = self.text(name, required=required)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", value) or not least <= int(value) <= most:
            self.wrong(name, f"'{name}' is '{value}'.", f"Expected a whole number from {least} to {most}.")
            return None
        return int(value)

    def positive(self, name: str, *, most: float) -> float | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number <= most:
            self.wrong(name, f"'{name}' is '{value}'.", f"Expected a number above 0 and up to {most:g}, such as 2.")
            return None
        return number

    def check_id(self, value: str, line: int) -> None:
        if len(value) > _ID_LENGTH or not _ID.match(value):
            self.finder.add(
                line,
                f"{self.owner}: '{value}' is no id.",
                f"Expected small letters, digits and single hyphens, at most {_ID_LENGTH}.",
            )


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
    item_id = reader.text("id", required=True)
    if item_id is not None:
        reader.owner = f"item '{item_id}'"
        reader.check_id(item_id, reader.line("id"))
    kind = reader.one_of("type", tuple(TYPES), required=True)
    use = reader.one_of("use", USES, required=True)
    if kind is None or use is None or item_id is None:
        raise ReadingError(finder.problems)
    reader.refuse_unknown(_COMMON + _OWN[kind])
    private = [name for name in fields.values if name not in (*PUBLIC_FIELDS, "hint")]
    item = _read_rest(reader, kind, item_id, use, complete=use == "practice" or not stripped or bool(private))
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
    if kind == "essay" and use != "graded":
        reader.wrong("use", f"an essay for {use} has nobody to score it.", "Expected 'use: graded'.")
    basis = reader.one_of("basis", BASES, required=complete)
    if basis == "judgement" and use == "graded" and kind != "essay":
        reader.wrong(
            "basis", "its key rests on judgement and it carries points.", "Make it 'use: practice', or name the rule."
        )
    covers = reader.texts("covers")
    if complete and not covers and not reader.has("covers"):
        reader.wrong("covers", "'covers' is missing.", "Expected the guide's statements, such as 'covers: [Q1]'.")
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
    }
    return _READERS[kind](reader, common)


def _read_choice(reader: FieldReader, common: dict[str, Any]) -> Choice:
    complete = common["complete"]
    choose = reader.one_of("choose", CHOOSE, default="one") or "one"
    options = reader.mapping("options", required=True, ids=True)
    _at_least_two(reader, "options", options)
    key = reader.texts("key")
    rationale = reader.mapping("rationale", required=complete)
    misconceptions = reader.mapping("misconceptions")
    if complete:
        if not key and not reader.has("key"):
            reader.wrong("key", "'key' is missing.", f"Expected one of: {', '.join(options)}.")
        for option in key:
            _known(reader, "key", option, options, "option")
        if len(set(key)) != len(key):
            reader.wrong("key", "'key' names an option twice.", "Name each option once.")
        if choose == "one" and len(key) > 1:
            reader.wrong("key", "'key' names several options.", "Add 'choose: several', or keep one.")
        if choose == "several" and options and len(set(key)) == len(options):
            reader.wrong("key", "every option is in the key.", "At least one option must be a distractor.")
        _one_each(reader, "rationale", rationale, options, "option")
        for option in misconceptions:
            _known(reader, "misconceptions", option, options, "option")
            if option in key:
                reader.wrong("misconceptions", f"'{option}' is in the key.", "Tag distractors only.", option)
    return Choice(
        **common,
        choose=choose,
        options=options,
        key=key,
        rationale=rationale,
        misconceptions=misconceptions,
    )


def _read_match(reader: FieldReader, common: dict[str, Any]) -> Match:
    complete = common["complete"]
    prompts = reader.mapping("prompts", required=True, ids=True)
    options = reader.mapping("options", required=True, ids=True)
    _at_least_two(reader, "prompts", prompts)
    _at_least_two(reader, "options", options)
    key = reader.mapping("key", required=complete)
    rationale = reader.mapping("rationale", required=complete)
    if complete:
        _one_each(reader, "key", key, prompts, "prompt")
        for option in key.values():
            _known(reader, "key", option, options, "option")
        _one_each(reader, "rationale", rationale, prompts, "prompt")
    return Match(
        **common,
        prompts=prompts,
        options=options,
        key=key,
        rationale=rationale,
    )


def _read_essay(reader: FieldReader, common: dict[str, Any]) -> Essay:
    complete = common["complete"]
    words = reader.whole("words", least=1, most=5000)
    exemplar = reader.text("exemplar", required=complete)
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
    return Essay(**common | {"points": float(total)}, rubric=rubric, words=words, exemplar=exemplar)


def _flowing(text: str) -> str:
    """A text without the line breaks its author's editor put in: only blank lines part paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))


_READERS: dict[str, Callable[[FieldReader, dict[str, Any]], Item]] = {
    "choice": _read_choice,
    "match": _read_match,
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


def _one_each(reader: FieldReader, name: str, given: dict[str, str], wanted: dict[str, str], what: str) -> None:
    if not given:
        return
    for missing in [key for key in wanted if key not in given]:
        reader.wrong(name, f"'{name}' says nothing for the {what} '{missing}'.", f"Expected '{missing}: …' below it.")
    for key in given:
        _known(reader, name, key, wanted, what)


def public_text(text: str) -> str:
    """The text of an item with only its public fields, every kept line as the author wrote it.

    Raises ReadingError when the text is not readable at all.
    """
    fields = read_fields(text, Finder("item"))
    starts = sorted((line - 1, name) for name, line in fields.lines.items())
    lines = text.splitlines()
    kept: list[str] = []
    for (start, name), following in zip(starts, [*starts[1:], (len(lines), "")], strict=True):
        if name in PUBLIC_FIELDS:
            kept.extend(lines[start : following[0]])
    return "\n".join(kept).rstrip() + "\n"
