"""Reading a module: one MyST Markdown notebook in ``modules/``, with a head in its front matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from jupytext.myst import MystMetadataParsingError, myst_to_notebook

from fieldguide.authoring.kinds import DISCUSSION, ECHO, WRITTEN
from fieldguide.cells.kind import Asked, Written
from fieldguide.cells.kinds import CASE, ITEM, TABLE, WORKSHEET
from fieldguide.items import Item, Problem, ReadingError
from fieldguide.items.fields import FieldReader, Fields, Finder, read_fields
from fieldguide.plainfiles import NotTextError, read_own_text
from fieldguide.tables.data import FOLDER, check_table
from fieldguide.words import ENGLISH

#: ``graded``: belongs to the graded part, so left out of the open edition. ``instructor``: for the instructor
#: alone. ``optional``: beyond the core path, so its minutes do not count. ``stop``: a good place to stop, the end of
#: a part. ``notebook``: only for who reads it as a notebook, so left out of the course page.
TAGS = ("graded", "instructor", "notebook", "optional", "stop")
_HEAD = ("title", "minutes", "covers", "competencies", "objectives", "reviewed_by", "code_checked", "explains", "lang")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a module, with its line in the module's text: of a kind, with what it asks, or Markdown.

    An echo holds an id until take_over_echoes() replaces it by the item; the cell is then ``echoed``, as is a check
    item that is ``parallel_to`` the one before it, for the other half of a class (see authoring/parallel.py).
    """

    source: str
    line: int
    tags: tuple[str, ...] = ()
    kind: Written[Any] | None = None
    asked: Any = None
    echoed: bool = False
    parallel_to: str | None = None

    def of(self, kind: Written[Asked]) -> Asked | None:
        """What the cell asks, if it is of that kind; else None."""
        asked: Asked | None = self.asked if self.kind is kind else None
        return asked

    @property
    def id(self) -> str | None:
        """The id under which the response to this cell is recorded; None where there is none, or for an echo."""
        ids = self.kind.record_ids if self.kind and not self.echoed else None
        return ids(self.asked)[0] if ids else None

    @property
    def is_text(self) -> bool:
        """Whether the cell is Markdown."""
        return self.kind is None


@dataclass(frozen=True, slots=True)
class Module:
    """A module as its author wrote it.

    ``covers`` holds ids of the guide's statements; ``explains`` the modules whose check items this module's
    feedback explains. ``lang`` is the code of the language that it is in.
    """

    id: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    covers: tuple[str, ...]
    competencies: tuple[str, ...]
    reviewed_by: str
    code_checked: str
    cells: tuple[Cell, ...]
    explains: tuple[str, ...] = ()
    lang: str = ENGLISH

    def items(self, use: str | None = None) -> list[Item]:
        """The items in order, or those of one use."""
        return [item for item in self.asked(ITEM) if use in (None, item.use)]

    def asked(self, kind: Written[Asked]) -> list[Asked]:
        """What the cells of a kind ask, in order."""
        return [cell.asked for cell in self.cells if cell.kind is kind]

    def own_items(self) -> list[Item]:
        """The items that this module defines, without echoes and parallel items."""
        return [cell.asked for cell in self.cells if cell.kind is ITEM and not cell.echoed]


def read_module(path: Path, shown_as: str | None = None) -> Module:
    """Read a module's file. ``shown_as`` is its name in messages. The data of its tables are in a folder beside it.

    Raises ReadingError with every problem found, each with its line.
    """
    name = shown_as or str(path)
    finder = Finder(name)
    try:
        text = read_own_text(path)
    except NotTextError as error:
        raise ReadingError([Problem(name, error.line, "this is not UTF-8 text.", "Save the file as UTF-8.")]) from None
    reader = FieldReader(_front_matter(text, finder), finder, "the module's head")
    reader.check_id(path.stem, 1)
    reader.refuse_unknown(_HEAD)
    module = Module(
        id=path.stem,
        title=reader.text("title", required=True) or "",
        minutes=reader.whole("minutes", least=1, most=600, required=True) or 0,
        objectives=reader.texts("objectives"),
        covers=reader.texts("covers"),
        competencies=reader.texts("competencies"),
        reviewed_by=reader.text("reviewed_by", required=True) or "",
        code_checked=reader.text("code_checked", required=True) or "",
        cells=tuple(_cells(text, finder)),
        explains=reader.texts("explains"),
        lang=reader.language(),
    )
    for field, values in (("objectives", module.objectives), ("covers", module.covers)):
        if not values and not reader.has(field):
            reader.wrong(field, f"'{field}' is missing.", f"Expected '{field}: [one, two]'.")
    _check_objectives(module, finder)
    _check_tables(module, finder, path.parent / FOLDER)
    _check_ids(module, finder)
    if not finder.problems:  # a cell that could not be read would be missed here too
        _check_cases(module, finder)
    finder.stop_if_any()
    return module


def take_over_echoes(modules: list[Module]) -> list[Module]:
    """The modules, in order, with each echo replaced by the item of an earlier module.

    Raises ReadingError for an echo of what no earlier module defines as practice, and for an id that two modules
    define.
    """
    defined: dict[str, tuple[str, Cell]] = {}
    problems: list[Problem] = []
    done = []
    for module in modules:
        file = f"modules/{module.id}.md"
        cells = []
        for cell in module.cells:
            echoed = cell.of(ECHO)
            if echoed is None:
                cells.append(cell)
                continue
            _, original = defined.get(echoed, ("", None))
            item = original.of(ITEM) if original else None
            if original is None or item is None or item.use != "practice":
                what = f"the echo of '{echoed}' finds no practice item of that id in an earlier module."
                problems.append(Problem(file, cell.line, what, "Expected the id of one."))
                continue
            cells.append(replace(cell, source=original.source, kind=ITEM, asked=item, echoed=True))
        for cell in module.cells:
            if cell.id is None:
                continue
            if cell.id in defined:
                what = f"the id '{cell.id}' is used already, in {defined[cell.id][0]}."
                problems.append(Problem(file, cell.line, what, _OWN_ID))
            defined.setdefault(cell.id, (file, cell))
        done.append(replace(module, cells=tuple(cells)))
    if problems:
        raise ReadingError(problems)
    return done


def _front_matter(text: str, finder: Finder) -> Fields:
    lines = text.splitlines()
    end = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if not lines or lines[0].rstrip() != "---" or end is None:
        finder.add(1, "the module's head is missing.", "Expected '---', lines such as 'title: …', and '---' again.")
        finder.stop_if_any()
    return read_fields("\n".join(lines[1:end]), finder, first_line=2)


def _check_ids(module: Module, finder: Finder) -> None:
    """Report ids that two cells share: responses are recorded under them."""
    first_lines: dict[str, int] = {}
    for cell in module.cells:
        if cell.id is None:
            continue
        if cell.id in first_lines:
            finder.add(cell.line, f"the id '{cell.id}' is used already (line {first_lines[cell.id]}).", _OWN_ID)
        first_lines.setdefault(cell.id, cell.line)


def _check_objectives(module: Module, finder: Finder) -> None:
    """Report items that ask for an objective that the head does not have."""
    known = [str(number) for number, _ in enumerate(module.objectives, 1)]
    for cell in module.cells:
        item = cell.of(ITEM)
        for objective in item.objectives if item else ():
            if item and objective not in known:
                what = f"item '{item.id}' names objective '{objective}', and the head has {len(known)}."
                finder.add(cell.line, what, "Expected the number of one, counted from 1.")


def _check_cases(module: Module, finder: Finder) -> None:
    """Check that cases, their essays, their worksheets and the plans for discussing them fit together."""
    essays = {item.id for item in module.items("graded") if item.BY_PERSON}
    cases = {case.id for case in module.asked(CASE)}
    discussed = [discussion.case for discussion in module.asked(DISCUSSION)]
    for cell in module.cells:
        if case := cell.of(CASE):
            if case.decision.essay is not None and case.decision.essay not in essays:
                what = f"case '{case.id}' has '{case.decision.essay}' for its essay."
                finder.add(cell.line, what, f"Expected a graded essay of this module: {_some(essays)}.")
            if discussed.count(case.id) != 1:
                what = f"case '{case.id}' has {discussed.count(case.id)} plans for discussing it."
                finder.add(cell.line, what, f"Expected one {DISCUSSION.magic} cell with 'case: {case.id}'.")
        about = cell.of(DISCUSSION) or cell.of(WORKSHEET)
        if about and about.case is not None and about.case not in cases:
            what = f"there is no case '{about.case}'."
            finder.add(cell.line, what, f"Expected a case of this module: {_some(cases)}.")


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "there is none yet"


def _check_tables(module: Module, finder: Finder, folder: Path) -> None:
    """Check the module's tables against their data; an error in data that two tables show is reported once."""
    shown_as = str(Path(finder.file).parent / FOLDER)
    for cell in module.cells:
        table = cell.of(TABLE)
        if table is None:
            continue
        if "instructor" in cell.tags:
            what = "a table has the tag 'instructor'."
            finder.add(cell.line, what, "Its data are copied to every student: leave the tag out.")
        try:
            check_table(table, finder.file, folder, shown_as)
        except ReadingError as error:
            finder.problems.extend(problem for problem in error.problems if problem not in finder.problems)


_OWN_ID = "Give each cell an id of its own."


def _cells(text: str, finder: Finder) -> Iterator[Cell]:
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, yaml.YAMLError, RecursionError) as error:
        finder.add(1, f"this is not a MyST notebook ({str(error).splitlines()[0]}).", "See docs/authoring.md.")
        finder.stop_if_any()
    lines = text.splitlines()
    for cell, line in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        tags = tuple(cell.metadata.get("tags", ()))
        for tag in tags:
            if tag not in TAGS:
                finder.add(line, f"there is no tag '{tag}'.", f"Expected one of: {', '.join(TAGS)}.")
        if cell.cell_type == "markdown":
            yield Cell(cell.source, line, tags)
            continue
        first, _, rest = cell.source.partition("\n")
        # The source map points at the cell's fence; its options may stand between that and its text.
        line = next((at for at, written in enumerate(lines[line:], line) if written.strip() == first.strip()), line)
        kind = WRITTEN.get(first.strip()) if cell.cell_type == "code" else None
        if kind is None:
            *others, last = WRITTEN
            expected = f"Expected {', '.join(others)} or {last} in its first line."
            finder.add(line + 1, f"this cell is of no kind that is known here ('{first[:30]}').", expected)
            continue
        try:
            yield Cell(rest, line + 2, tags, kind, kind.read(rest, finder.file, line + 2))
        except ReadingError as error:
            finder.problems.extend(error.problems)
