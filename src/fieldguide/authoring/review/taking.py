"""Writing forms, and taking filled ones into the record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.module import Module
from fieldguide.authoring.review.asked import Asked, asked_of
from fieldguide.authoring.review.form import as_form, read_form
from fieldguide.authoring.review.record import add_review, write_in_head
from fieldguide.authoring.review.verdicts import Filled, FormError
from fieldguide.authoring.standards import read_gists
from fieldguide.plainfiles import read_own

_LARGEST_FORM = 64 << 20

FOLDER = Path("docs", "review")


@dataclass(frozen=True, slots=True)
class Taken:
    """A form that was recorded: the line of the module's head, and which of its verdicts are out of date."""

    form: Filled
    readers_line: str
    changed: tuple[str, ...]


def form_path(project: Path, module: Module) -> Path:
    """The default path of a module's form."""
    return project / FOLDER / f"{module.id}.docx"


def find_modules(project: Path, name: str) -> list[Module]:
    """The modules whose id begins with ``name``, or all of them. Raises RuntimeError where there is none."""
    modules = read_modules(project)
    found = modules if name == "all" else [module for module in modules if module.id.startswith(name)]
    if not found:
        listed = ", ".join(module.id for module in modules)
        raise RuntimeError(f"There is no module '{name}'. Expected 'all', or one of: {listed}.")
    return found


def write_form(project: Path, module: Module, path: Path) -> int:
    """Write a new form; returns how many keys and commentaries it asks about.

    Raises FileExistsError, since an existing form may have been filled in.
    """
    asked = _asked(project, module)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(as_form(module, asked))
    return len(asked)


def take_form(project: Path, module: Module, path: Path) -> Taken:
    """Record a filled form, and name the reader in the module's head. Raises FormError, and then records nothing."""
    form = read_form(read_own(path, _LARGEST_FORM))
    asked = {part.id: part for part in _asked(project, module)}
    unknown = [name for name in form.verdicts if name not in asked]
    if unknown:
        raise FormError(
            [f"{name} is not asked about in {module.id}: is it the form of another module?" for name in unknown]
        )
    reviews = add_review(project, module.id, form)
    readers_line = reviews.readers_line(module.id) or ""
    write_in_head(project / "modules" / f"{module.id}.md", readers_line)
    changed = tuple(name for name, given in form.verdicts.items() if given.seen != asked[name].fingerprint)
    return Taken(form, readers_line, changed)


def _asked(project: Path, module: Module) -> list[Asked]:
    return asked_of(module, read_gists(project))
