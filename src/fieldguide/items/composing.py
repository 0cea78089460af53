"""YAML text into fields: the one place where YAML that people write is parsed.

The parser's events are taken one by one rather than loaded into values. So a text that is nested too deep is told
before it costs anything, lines and places are kept, a field that is given twice shows, and ``yes``, ``3:30`` and
``1.07`` stay the texts that the author wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import yaml

#: Characters; the longest cell of a module has an eighth of it.
LARGEST = 100_000
#: Fields within fields; the options of a scene, the deepest there are, stand at 5.
DEEPEST = 10
# The C parser is several times faster and gives the same events; a student's kernel reads every item.
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
    """A scalar: its value, its line, and from where to where it stands in the text.

    ``indent`` is how many characters stand before it in its line.
    """

    value: str
    line: int
    start: int
    end: int
    indent: int


@dataclass(frozen=True, slots=True)
class Texts:
    """A sequence of scalars, its line, and from where to where it stands in the text."""

    values: tuple[Text, ...]
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with unique string keys, each key as it is written, and whether all of it stands in braces."""

    values: dict[str, Text | Texts | Fields]
    names: dict[str, Text]
    line: int
    in_braces: bool


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

    Raises ReadingError when the text is no such YAML, is too long or is nested too deep.
    """
    _refuse_long(text, finder, first_line, LARGEST)
    for offset, written in enumerate(text.splitlines()):
        if "\t" in written[: len(written) - len(written.lstrip())]:
            finder.add(first_line + offset, "a tab is used to indent.", "Use spaces: two for each level.")
    finder.stop_if_any()
    root: Node | None = None
    with _told(finder, first_line):
        root = _Composer(text, finder, first_line).root()
    if not isinstance(root, Fields):
        finder.add(first_line, "no fields were found.", "Expected lines such as 'id: my-question'.")
        raise ReadingError(finder.problems)
    return root


def read_values(text: str, file: str, most: int) -> Any:
    """What YAML says, with its types, that a program of ours wrote in at most ``most`` characters.

    Raises ReadingError when the text is no YAML, is too long or is nested too deep.
    """
    finder = Finder(file)
    _refuse_long(text, finder, 1, most)
    depth = 0
    with _told(finder, 1):
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            _refuse_deep(depth, finder, 1)
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 (the loader is a safe one)


def _refuse_long(text: str, finder: Finder, first_line: int, most: int) -> None:
    if len(text) > most:
        finder.add(first_line, f"this holds {len(text):,} characters.", f"Expected at most {most:,}.")
    finder.stop_if_any()


def _refuse_deep(depth: int, finder: Finder, line: int) -> None:
    if depth > DEEPEST:
        finder.add(line, "this is nested too deep.", f"Expected at most {DEEPEST} levels.")
        finder.stop_if_any()


@contextmanager
def _told(finder: Finder, first_line: int) -> Iterator[None]:
    """Turn what the parser finds wrong into problems, and stop with all that there are."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        finder.add(line, f"this is not readable as YAML ({error.problem}).", _YAML_HELP)
    except yaml.YAMLError as error:
        finder.add(first_line, f"this is not readable as YAML ({str(error).splitlines()[0]}).", _YAML_HELP)
    except UnicodeEncodeError as error:  # half a character
        finder.add(first_line, f"this is not readable as YAML ({error.reason}).", _YAML_HELP)
    finder.stop_if_any()


_YAML_HELP = (
    "Expected 'name: text'. A text that holds ': ' or ' #', or begins with a sign such as [ { * & ! % @ or a "
    "quotation mark, goes in quotation marks or below 'name: |'."
)


class _Composer:
    """Makes nodes of the parser's events. What YAML can do and nobody needs here is told as a problem."""

    def __init__(self, text: str, finder: Finder, first_line: int) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._finder = finder
        self._first_line = first_line

    def root(self) -> Node | None:
        """The one node of the text; None where there is none."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None or event.version or event.tags:
                    self._finder.add(self._line(event), "a line with '%' or '---' is used.", "Expected fields alone.")
                    break
            elif isinstance(event, yaml.DocumentEndEvent) and event.explicit:
                self._finder.add(self._line(event), "a line with '...' is used.", "Expected fields alone.")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)
        return root

    def _line(self, event: Any) -> int:
        line: int = self._first_line + event.start_mark.line
        return line

    def _node(self, event: Any, depth: int) -> Node:
        line = self._line(event)
        _refuse_deep(depth, self._finder, line)
        self._refuse_signs(event, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._fields(event, line, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._texts(event, line, depth)
        start, end = event.start_mark, event.end_mark
        value = event.value.strip() if isinstance(event, yaml.ScalarEvent) else ""
        return Text(value, line, start.index, end.index, start.column)

    def _refuse_signs(self, event: Any, line: int) -> None:
        """A text that begins with ``*``, ``&`` or ``!`` means something else in YAML, and is seldom meant so."""
        if isinstance(event, yaml.AliasEvent):
            sign, what = f"*{event.anchor}", "alias"
        elif event.anchor is not None:
            sign, what = f"&{event.anchor}", "anchor"
        elif event.tag is not None:
            sign, what = event.tag, "tag"
        else:
            return
        self._finder.add(line, f"this is not readable as YAML ('{sign}' is a YAML {what}).", _YAML_HELP)

    def _fields(self, event: Any, line: int, depth: int) -> Fields:
        fields = Fields({}, {}, line, bool(event.flow_style))
        for inner in self._events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            name = self._node(inner, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(name, Text):
                self._finder.add(name.line, "a field's name is not a plain text.", "Expected 'name: text'.")
            elif name.value in fields.names:
                what = f"'{name.value}' is given twice (first in line {fields.names[name.value].line})."
                self._finder.add(name.line, what, "Keep one of the two.")
            else:
                fields.names[name.value] = name
                fields.values[name.value] = value
        return fields

    def _texts(self, event: Any, line: int, depth: int) -> Texts:
        texts: list[Text] = []
        end = _end(event)
        for inner in self._events:
            if isinstance(inner, yaml.SequenceEndEvent):
                # A list of dashes is said to end where the next thing begins: its last line does.
                end = _end(inner) if event.flow_style else end
                break
            node = self._node(inner, depth + 1)
            if isinstance(node, Text):
                texts.append(node)
                end = node.end
            else:
                self._finder.add(node.line, "a list holds something that is no plain text.", "Expected texts.")
        return Texts(tuple(texts), line, event.start_mark.index, end)


def _end(event: Any) -> int:
    """Where an event ends in the text."""
    place: int = event.end_mark.index
    return place
