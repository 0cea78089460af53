"""Fields out of YAML text, with errors that a person can act on.

The text is composed into YAML nodes rather than loaded into values: nodes keep line numbers, show a
field that is given twice, and leave ``yes``, ``3:30`` and ``1.07`` the strings that the author wrote.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_ID_LENGTH = 60
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

    def own_id(self, what: str) -> str | None:
        """The field ``id``, which is required; from then on what is wrong is told of ``what`` and this id."""
        value = self.text("id", required=True)
        if value is not None:
            self.owner = f"{what} '{value}'"
            self.check_id(value, self.line("id"))
        return value

    def check_id(self, value: str, line: int) -> None:
        if len(value) > _ID_LENGTH or not _ID.match(value):
            self.finder.add(
                line,
                f"{self.owner}: '{value}' is no id.",
                f"Expected small letters, digits and single hyphens, at most {_ID_LENGTH}.",
            )


def _flowing(text: str) -> str:
    """A text without the line breaks its author's editor put in: only blank lines part paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))
