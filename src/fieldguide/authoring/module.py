"""Reading a module: one MyST Markdown notebook in ``modules/``, with a head in its front matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from jupytext.myst import MystMetadataParsingError, myst_to_notebook

from fieldguide.authoring.discussion import Discussion, read_discussion
from fieldguide.cases.model import Case
from fieldguide.cases.reading import read_case
from fieldguide.cases.worksheet import Worksheet, read_worksheet
from fieldguide.items import Essay, Item, Problem, ReadingError, read_item
from fieldguide.items.fields import FieldReader, Fields, Finder, read_fields
from fieldguide.plainfiles import NotTextError, read_own_text
from fieldguide.policy.reading import Policy, read_policy
from fieldguide.tables.cells import TableCell, read_table_cell
from fieldguide.tables.data import FOLDER, check_table

#: ``graded``: belongs to the graded part, so left out of the open edition. ``instructor``: for the instructor
#: alone. ``optional``: beyond the core path, so its minutes do not count. ``stop``: a good place to stop, the end of
#: a part.
TAGS = ("graded", "instructor", "optional", "stop")
_HEAD = ("title", "minutes", "covers", "competencies", "objectives", "reviewed_by", "code_checked", "explains")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a module, with its line in the module's text: one of the kinds below, or else Markdown.

    An echo is known by its id alone (``echo_of``) until take_over_echoes() has found the item. A check item that is
    ``parallel_to`` the one before it is for the other half of a class (see authoring/parallel.py).
    """

    source: str
    line: int
    tags: tuple[str, ...] = ()
    item: Item | None = None
    echo_of: str | None = None
    table: TableCell | None = None
    case: Case | None = None
    worksheet: Worksheet | None = None
    policy: Policy | None = None
    discussion: Discussion | None = None
    parallel_to: str | None = None

    @property
    def id(self) -> str | None:
        """The id under which answers to this cell go on record; None where there are none, or where it is an echo."""
        answered = None if self.echo_of else self.item or self.case or self.worksheet or self.policy
        return answered.id if answered else None

    @property
    def is_text(self) -> bool:
        """Whether the cell is Markdown."""
        kinds = (self.item, self.echo_of, self.table, self.case, self.worksheet, self.policy, self.discussion)
        return all(kind is None for kind in kinds)


@dataclass(frozen=True, slots=True)
class Module:
    """A module as its author wrote it.

    ``covers`` holds ids of the guide's statements; ``explains`` the modules whose check items this module's
    feedback explains.
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

    def items(self, use: str | None = None) -> list[Item]:
        """The items in order, or those of one use."""
        return [cell.item for cell in self.cells if cell.item and use in (None, cell.item.use)]

    def tables(self) -> list[TableCell]:
        """The tables in order."""
        return [cell.table for cell in self.cells if cell.table]

    def cases(self) -> list[Case]:
        """The cases in order."""
        return [cell.case for cell in self.cells if cell.case]

    def own_items(self) -> list[Item]:
        """The items that this module defines: echoes and parallel items are defined in another one."""
        return [cell.item for cell in self.cells if cell.item and not cell.echo_of]


def read_module(path: Path, shown_as: str | None = None) -> Module:
    """Read a module's file. ``shown_as`` is its name in messages. The data of its tables lie beside it.

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
    )
    for field, values in (("objectives", module.objectives), ("covers", module.covers)):
        if not values and not reader.has(field):
            reader.wrong(field, f"'{field}' is missing.", f"Expected '{field}: [one, two]'.")
    _check_tables(module, finder, path.parent / FOLDER)
    _check_ids(module, finder)
    if not finder.problems:  # a cell that could not be read would be missed here too
        _check_cases(module, finder)
    finder.stop_if_any()
    return module


def take_over_echoes(modules: list[Module]) -> list[Module]:
    """The modules, in order, with the item of an earlier module in the place of each echo.

    Raises ReadingError for an echo of what no earlier module defines for practice, and for an id that two
    modules define.
    """
    defined: dict[str, tuple[str, Cell]] = {}
    problems: list[Problem] = []
    done = []
    for module in modules:
        file = f"modules/{module.id}.md"
        cells = []
        for cell in module.cells:
            if cell.echo_of is None:
                cells.append(cell)
                continue
            _, original = defined.get(cell.echo_of, ("", None))
            if original is None or original.item is None or original.item.use != "practice":
                what = f"the echo of '{cell.echo_of}' finds no practice item of that id in an earlier module."
                problems.append(Problem(file, cell.line, what, "Expected the id of one."))
                continue
            cells.append(replace(cell, source=original.source, item=original.item))
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


def _echoed_id(text: str, file: str, line: int) -> str:
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, line), finder, "this echo")
    reader.refuse_unknown(("id",))
    echoed = reader.text("id", required=True) or ""
    finder.stop_if_any()
    return echoed


def _front_matter(text: str, finder: Finder) -> Fields:
    lines = text.splitlines()
    end = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if not lines or lines[0].rstrip() != "---" or end is None:
        finder.add(1, "the module's head is missing.", "Expected '---', lines such as 'title: …', and '---' again.")
        finder.stop_if_any()
    return read_fields("\n".join(lines[1:end]), finder, first_line=2)


def _check_ids(module: Module, finder: Finder) -> None:
    """Find ids that two cells share: answers go on record by them."""
    first_lines: dict[str, int] = {}
    for cell in module.cells:
        if cell.id is None:
            continue
        if cell.id in first_lines:
            finder.add(cell.line, f"the id '{cell.id}' is used already (line {first_lines[cell.id]}).", _OWN_ID)
        first_lines.setdefault(cell.id, cell.line)


def _check_cases(module: Module, finder: Finder) -> None:
    """Hold cases, their essays, their worksheets and the plans for discussing them together."""
    essays = {item.id for item in module.items("graded") if isinstance(item, Essay)}
    cases = {case.id for case in module.cases()}
    discussed = [cell.discussion.case for cell in module.cells if cell.discussion]
    for cell in module.cells:
        if cell.case:
            if cell.case.decision.essay is not None and cell.case.decision.essay not in essays:
                what = f"case '{cell.case.id}' has '{cell.case.decision.essay}' for its essay."
                finder.add(cell.line, what, f"Expected a graded essay of this module: {_some(essays)}.")
            if discussed.count(cell.case.id) != 1:
                what = f"case '{cell.case.id}' has {discussed.count(cell.case.id)} plans for discussing it."
                finder.add(cell.line, what, f"Expected one {_DISCUSSION} cell with 'case: {cell.case.id}'.")
        named = cell.discussion.case if cell.discussion else cell.worksheet.case if cell.worksheet else None
        if named is not None and named not in cases:
            finder.add(cell.line, f"there is no case '{named}'.", f"Expected a case of this module: {_some(cases)}.")


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "there is none yet"


def _check_tables(module: Module, finder: Finder, folder: Path) -> None:
    """Hold the module's tables against their data. What is wrong with data that two tables show is told once."""
    shown_as = str(Path(finder.file).parent / FOLDER)
    for cell in module.cells:
        if cell.table is None:
            continue
        if "instructor" in cell.tags:
            what = "a table has the tag 'instructor'."
            finder.add(cell.line, what, "Its data are copied to every student: leave the tag out.")
        try:
            check_table(cell.table, finder.file, folder, shown_as)
        except ReadingError as error:
            finder.problems.extend(problem for problem in error.problems if problem not in finder.problems)


_OWN_ID = "Give each cell an id of its own."
_DISCUSSION = "%%discussion"


#: What a code cell may begin with, and how what stands below it is read: into fields of a Cell.
_MAGICS: dict[str, Callable[[str, str, int], dict[str, Any]]] = {
    "%%item": lambda text, file, line: {"item": read_item(text, file, line)},
    "%%echo": lambda text, file, line: {"echo_of": _echoed_id(text, file, line)},
    "%%table": lambda text, file, line: {"table": read_table_cell(text, file, line)},
    "%%case": lambda text, file, line: {"case": read_case(text, file, line)},
    "%%worksheet": lambda text, file, line: {"worksheet": read_worksheet(text, file, line)},
    "%%policy": lambda text, file, line: {"policy": read_policy(text, file, line)},
    _DISCUSSION: lambda text, file, line: {"discussion": read_discussion(text, file, line)},
}


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
        read = _MAGICS.get(first.strip()) if cell.cell_type == "code" else None
        if read is None:
            *others, last = _MAGICS
            expected = f"Expected {', '.join(others)} or {last} in its first line."
            finder.add(line + 1, f"this cell is of no kind that is known here ('{first[:30]}').", expected)
            continue
        try:
            yield Cell(rest, line + 2, tags, **read(rest, finder.file, line + 2))
        except ReadingError as error:
            finder.problems.extend(error.problems)
