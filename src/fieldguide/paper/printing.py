"""The command ``fieldguide print``: what is printed of a module, of which edition, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldguide.coursepage.reading import ModuleNotebook, NoModuleError, read_module_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.names import show, why_no_id
from fieldguide.paper.key import explained_page, key_page
from fieldguide.paper.pdf import find_browser, print_pdf
from fieldguide.paper.worksheet import worksheet_page
from fieldguide.player.half import EVEN, ODD, half_of_student
from fieldguide.words import speaking

#: Where it goes, in the course folder.
FOLDER = "print"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants printed, for whom, and how."""

    students: Sequence[str] = ()
    explained: bool = False
    key: bool = False
    large: bool = False
    pdf: bool = True


def read_edition(course: Course, module: str, step: str) -> ModuleNotebook:
    """The student's (``release``) or the instructor's (``source``) notebook of a module. Raises CourseError."""
    path = course.folder(step, ".", module) / f"{module}.ipynb"
    try:
        return read_module_notebook(path)
    except FileNotFoundError:
        how = "Make it: nbgrader generate_assignment" if step == "release" else "It is made by ./run build"
        raise CourseError(f"There is no {path}. {how}.") from None
    except NoModuleError as error:
        raise CourseError(str(error)) from None


def print_module(course: Course, module: str, wish: Wish, to: Path | None) -> list[Path]:
    """Write what is wanted, each as a page and, where a browser can print it, as a PDF; returns the files.

    Raises CourseError.
    """
    folder = to or course.root / FOLDER
    pages = _pages(course, module, wish)
    folder.mkdir(parents=True, exist_ok=True)
    browser = find_browser() if wish.pdf else None
    written = []
    for name, text in pages.items():
        page = folder / f"{name}.html"
        page.write_text(text, encoding="utf-8")
        written.append(page)
        if browser:
            print_pdf(browser, page.resolve(), page.with_suffix(".pdf"))
            written.append(page.with_suffix(".pdf"))
    return written


def _pages(course: Course, module: str, wish: Wish) -> dict[str, str]:
    """The pages by the name of their file."""
    if wish.key:
        return {f"{module}.key": _said(read_edition(course, module, "source"), key_page, wish)}
    notebook = read_edition(course, module, "release")
    if wish.explained:
        return {f"{module}.practice": _said(notebook, explained_page, wish)}
    data = course.folder("release", ".", module)
    pages = {}
    for student in wish.students:
        if why := why_no_id(student):
            raise CourseError(f"{show(student)} can be no student's id: it {why}.")
        half = half_of_student(student) if notebook.head.odd else None
        with speaking(notebook.head.lang):
            pages[f"{module}.{student}"] = worksheet_page(notebook, data, half, student, wish.large)
    if not pages:
        # Of a check in two forms each half of a class gets its own.
        for half in (EVEN, ODD) if notebook.head.odd else (None,):
            with speaking(notebook.head.lang):
                text = worksheet_page(notebook, data, half, None, wish.large)
            pages[f"{module}.{half}" if half else module] = text
    return pages


def _said(notebook: ModuleNotebook, make: Callable[[ModuleNotebook, bool], str], wish: Wish) -> str:
    with speaking(notebook.head.lang):
        return make(notebook, wish.large)
