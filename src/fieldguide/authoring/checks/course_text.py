"""What the checks read: the modules with their text, and the data files beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.checks.data import (
    CrosswalkRow,
    Standards,
    Statement,
    read_crosswalk,
    read_standards,
    read_statements,
)
from fieldguide.authoring.checks.prose import Prose, read_prose
from fieldguide.authoring.module import Cell, Module
from fieldguide.authoring.parallel import Row, read_blueprint
from fieldguide.authoring.review.record import Reviews, read_reviews
from fieldguide.authoring.routes import Route, read_routes
from fieldguide.authoring.standards import read_gists
from fieldguide.cells.kinds import ITEM
from fieldguide.items import Item
from fieldguide.items.fields import FieldReader, Finder, read_fields
from fieldguide.plainfiles import read_own_text


@dataclass(frozen=True)
class Question:
    """An item with its place in the module's text, so that a finding can name the line of each of its fields."""

    item: Item
    file: str
    cell: Cell

    @property
    def optional(self) -> bool:
        return "optional" in self.cell.tags

    def has(self, field: str) -> bool:
        """Whether its author wrote a field."""
        return self._reader.has(field)

    def line(self, field: str, part: str | None = None) -> int:
        """The line of a field, or of one of its parts."""
        return self._reader.line(field, part)

    @cached_property
    def _reader(self) -> FieldReader:
        finder = Finder(self.file)
        return FieldReader(read_fields(self.cell.source, finder, self.cell.line), finder, "")


@dataclass(frozen=True)
class Text:
    """A Markdown cell with its place in the module's text."""

    cell: Cell
    line: int

    @cached_property
    def prose(self) -> Prose:
        return read_prose(self.cell.source, self.line)


@dataclass(frozen=True)
class ModuleText:
    """A module, and the lines of its text."""

    module: Module
    file: str
    lines: tuple[str, ...]

    @property
    def number(self) -> str:
        """The two digits that its name begins with."""
        return self.module.id[:2]

    @cached_property
    def questions(self) -> list[Question]:
        """The items that this module defines, not its echoes."""
        return [
            Question(cell.asked, self.file, cell) for cell in self.module.cells if cell.kind is ITEM and not cell.echoed
        ]

    def core(self, use: str) -> list[Question]:
        """The items of one use that every student meets."""
        return [question for question in self.questions if question.item.use == use and not question.optional]

    @cached_property
    def texts(self) -> list[Text]:
        """The module's cells of Markdown."""
        return [Text(cell, self._first_line(cell)) for cell in self.module.cells if cell.is_text]

    def student_texts(self) -> Iterator[Text]:
        """The Markdown that students read."""
        return (text for text in self.texts if "instructor" not in text.cell.tags)

    def head_line(self, field: str) -> int:
        """The line of a field in the module's head."""
        return self._head.line(field)

    @cached_property
    def _head(self) -> FieldReader:
        finder = Finder(self.file)
        end = self.lines.index("---", 1)
        return FieldReader(read_fields("\n".join(self.lines[1:end]), finder, first_line=2), finder, "")

    def _first_line(self, cell: Cell) -> int:
        # A cell's line is the mark that begins it; blank lines may follow before its text.
        line = cell.line
        while line < len(self.lines) and not self.lines[line].strip():
            line += 1
        return line + 1


@dataclass(frozen=True)
class CourseText:
    """Everything that is checked together."""

    project: Path
    modules: tuple[ModuleText, ...]
    statements: dict[str, Statement]
    crosswalk: tuple[CrosswalkRow, ...]
    standards: Standards
    routes: tuple[Route, ...]
    blueprint: tuple[Row, ...]
    reviews: Reviews
    gists: dict[str, str]

    @cached_property
    def questions(self) -> list[Question]:
        return [question for module in self.modules for question in module.questions]

    @property
    def sections(self) -> tuple[str, ...]:
        """The guide's sections by number, in order."""
        return tuple(dict.fromkeys(statement.section for statement in self.statements.values()))

    @property
    def sections_without_module(self) -> list[str]:
        there = {module.number for module in self.modules}
        return [section for section in self.sections if section not in there]


def read_course(project: Path) -> CourseText:
    """Read all that is checked. Raises ReadingError when a module or a data file cannot be read."""
    modules = []
    for module in read_modules(project):
        file = f"modules/{module.id}.md"
        lines = tuple(line.rstrip() for line in read_own_text(project / file).splitlines())
        modules.append(ModuleText(module, file, lines))
    crosswalk = read_crosswalk(project)
    return CourseText(
        project=project,
        modules=tuple(modules),
        statements=read_statements(project),
        crosswalk=crosswalk,
        standards=read_standards(project, crosswalk),
        routes=read_routes(project),
        blueprint=read_blueprint(project),
        reviews=read_reviews(project),
        gists=read_gists(project),
    )
