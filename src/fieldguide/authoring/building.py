"""Building a project: which files its modules make, writing them, and checking what is committed."""

from __future__ import annotations

import difflib
from pathlib import Path

from fieldguide.authoring.editions import instructor_edition, open_edition, text_of
from fieldguide.authoring.module import Module, read_module, take_over_echoes
from fieldguide.authoring.release import student_edition
from fieldguide.items import ReadingError

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
    return take_over_echoes(modules)


def build(project: Path) -> dict[Path, str]:
    """The text of every file that the project's modules make, by path below the project.

    Raises ReadingError when a module cannot be read.
    """
    files: dict[Path, str] = {}
    for module in read_modules(project):
        source = text_of(instructor_edition(module))
        files[Path("notebooks", f"{module.id}.ipynb")] = text_of(open_edition(module))
        files[Path("source", module.id, f"{module.id}.ipynb")] = source
        files[Path("release", module.id, f"{module.id}.ipynb")] = student_edition(
            module.id, source, project / "nbgrader_config.py"
        )
    return files


def write(project: Path, files: dict[Path, str]) -> list[Path]:
    """Write what has changed, remove notebooks that no module makes any more; returns the paths touched."""
    touched = []
    for path, text in files.items():
        target = project / path
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            touched.append(path)
    for path in _left_over(project, files):
        (project / path).unlink()
        touched.append(path)
    return touched


def differences(project: Path, files: dict[Path, str]) -> str:
    """A diff from what is committed to what the text builds; empty when they agree."""
    parts: list[str] = []
    for path, text in files.items():
        target = project / path
        committed = target.read_text(encoding="utf-8") if target.exists() else ""
        parts.extend(
            difflib.unified_diff(
                committed.splitlines(keepends=True), text.splitlines(keepends=True), f"{path} (now)", f"{path} (built)"
            )
        )
    parts.extend(f"{path}: no module makes this file any more\n" for path in _left_over(project, files))
    return "".join(parts)


def _left_over(project: Path, files: dict[Path, str]) -> list[Path]:
    found = (path for folder in _BUILT for path in (project / folder).rglob("*.ipynb"))
    return sorted(
        path.relative_to(project)
        for path in found
        if ".ipynb_checkpoints" not in path.parts and path.relative_to(project) not in files
    )
