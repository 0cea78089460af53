"""Building a project: computing the files of its modules, writing them, and comparing them with those committed."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path

from fieldguide.authoring.editions import explanation, instructor_edition, open_cells, open_edition, text_of
from fieldguide.authoring.glossary import anchor, headings, links, read_glossary
from fieldguide.authoring.module import Module, read_module, take_over_echoes
from fieldguide.authoring.parallel import read_blueprint, with_both_forms
from fieldguide.authoring.release import settings_in, student_editions
from fieldguide.authoring.standards import read_gists
from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import TABLE
from fieldguide.items import Problem, ReadingError
from fieldguide.plainfiles import read_own_text
from fieldguide.tables.data import ENDINGS, FOLDER, files_of
from fieldguide.words import speaking

_BUILT = ("notebooks", "source", "release")


def read_modules(project: Path) -> list[Module]:
    """Read every module of a project, in order. Raises ReadingError with the problems of all of them."""
    modules, problems = [], []
    for path in sorted((project / "modules").glob("*.md")):
        try:
            modules.append(read_module(path, shown_as=str(path.relative_to(project))))
        except ReadingError as error:
            problems.extend(error.problems)
    if problems:
        raise ReadingError(problems)
    return with_both_forms(take_over_echoes(modules), read_blueprint(project))


def build(project: Path, only: Collection[str] | None = None) -> dict[Path, str]:
    """The text of every file built from the project's modules, or from ``only`` some, by path below the project.

    Raises ReadingError when a module cannot be read.
    """
    files: dict[Path, str] = {}
    glossary = read_glossary(project / "modules" / FOLDER / "glossary.md")
    modules = read_modules(project)
    if not modules:  # a course folder may have a folder of this name: building nothing would remove its notebooks
        raise ReadingError([Problem("modules", 1, "there is no module in it.", "Expected files such as 05-….md.")])
    kinds = {cell.kind for module in modules for cell in module.cells}
    gists = read_gists(project) if any(isinstance(kind, Kind) and kind.with_gists for kind in kinds) else {}
    _refuse_dead_links(modules, glossary)
    made = [module for module in modules if only is None or module.id in only]
    sources, opened = {}, {}
    for module in made:
        with speaking(module.lang):
            sources[module.id] = text_of(instructor_edition(module, glossary, gists, _explained(module, modules)))
            opened[module.id] = text_of(open_edition(module, glossary, gists))
    released = student_editions(sources, settings_in(project / "nbgrader_config.py"))
    for module in made:
        files[Path("notebooks", f"{module.id}.ipynb")] = opened[module.id]
        files[Path("source", module.id, f"{module.id}.ipynb")] = sources[module.id]
        files[Path("release", module.id, f"{module.id}.ipynb")] = released[module.id]
        # The data of its tables, beside each notebook; nbgrader copies those in source/ to release/.
        shown_to_all = [cell.asked for cell in open_cells(module) if cell.kind is TABLE]
        for folder, tables in (
            (Path("notebooks"), shown_to_all),
            (Path("source", module.id), module.asked(TABLE)),
            (Path("release", module.id), module.asked(TABLE)),
        ):
            for name in (name for table in tables for name in files_of(table.data)):
                files[folder / FOLDER / name] = read_own_text(project / "modules" / FOLDER / name)
    return files


def _explained(module: Module, modules: list[Module]) -> list[dict[str, str]]:
    """The check items that the feedback of ``module`` explains: those of the modules named in its head."""
    by_id = {other.id: other for other in modules}
    for name in module.explains:
        if name not in by_id:
            what = f"'explains' names '{name}', which is no module."
            raise ReadingError([Problem(f"modules/{module.id}.md", 1, what, f"Expected one of: {', '.join(by_id)}.")])
    asked = [item for name in module.explains for item in by_id[name].own_items()]
    return [explanation(item) for item in asked if item.use == "check"]


def _refuse_dead_links(modules: list[Module], glossary: dict[str, str]) -> None:
    """Raise ReadingError for links to a heading or term that neither the module nor the glossary has."""
    problems = []
    for module in modules:
        texts = [cell for cell in module.cells if cell.is_text]
        there = {name for cell in texts for name in headings(cell.source)} | {anchor(term) for term in glossary}
        for cell in texts:
            for offset, line in enumerate(cell.source.splitlines(), 1):
                for name in links(line):
                    if name not in there:
                        what = f"the link to '#{name}' leads nowhere."
                        expected = "Expected a heading of this module or a term of modules/data/glossary.md."
                        problems.append(Problem(f"modules/{module.id}.md", cell.line + offset, what, expected))
    if problems:
        raise ReadingError(problems)


def write(project: Path, files: dict[Path, str]) -> list[Path]:
    """Write the files that changed, and remove notebooks and data that are no longer built; returns the paths
    touched."""
    touched = []
    for path, text in files.items():
        target = project / path
        if not target.exists() or read_own_text(target) != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            touched.append(path)
    for path in _left_over(project, files):
        (project / path).unlink()
        touched.append(path)
    return touched


def differences(project: Path, files: dict[Path, str]) -> str:
    """A diff from the committed files to the built ones; empty when they agree."""
    parts: list[str] = []
    for path, text in files.items():
        target = project / path
        committed = read_own_text(target) if target.exists() else ""
        parts.extend(
            difflib.unified_diff(
                committed.splitlines(keepends=True), text.splitlines(keepends=True), f"{path} (now)", f"{path} (built)"
            )
        )
    parts.extend(f"{path}: no module makes this file any more\n" for path in _left_over(project, files))
    return "".join(parts)


def _left_over(project: Path, files: dict[Path, str]) -> list[Path]:
    found = (path for folder in _BUILT for path in (project / folder).rglob("*") if _is_built(path))
    return sorted(
        path.relative_to(project)
        for path in found
        if ".ipynb_checkpoints" not in path.parts and path.relative_to(project) not in files
    )


def _is_built(path: Path) -> bool:
    """Whether a file is of a kind that the builder makes."""
    return path.suffix == ".ipynb" or (path.suffix in ENDINGS and path.parent.name == FOLDER)
