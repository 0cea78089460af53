"""A course folder in another language: ``courses/<language>`` with notebooks/, source/ and release/.

nbgrader keeps the steps of one course in one folder, under names that it fixes, and an assignment's name is the same in
every language: so a language is a course of its own. The modules are translated as texts and built as English ones are,
by the same readers and the same stripper.
"""

from __future__ import annotations

import tempfile
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from babel.messages.catalog import Message

from fieldguide.authoring.building import build, read_modules, write
from fieldguide.authoring.module import Module
from fieldguide.items.fields import Problem, ReadingError, flowing
from fieldguide.plainfiles import read_own_text
from fieldguide.tables.data import RESERVED
from fieldguide.translate.catalogues import messages, read_catalogue, updated, write_catalogue
from fieldguide.translate.marks import what_is_lost
from fieldguide.translate.sources import MODULES, SHARED, Sources, refuse_changed
from fieldguide.translate.texts import Say, Unit, has_words
from fieldguide.words import ENGLISH, is_code
from fieldguide.words.pseudo import LANGUAGE, pseudo

LOCALE = MODULES / "locale"
COURSES = Path("courses")
#: How many texts of a catalogue that stay English are named.
_NAMED = 20
CONFIG = "nbgrader_config.py"


class TranslateError(RuntimeError):
    """What stops a command, in words for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Stays:
    """A text that stays English, and why: ``where`` is its line in the catalogue, or the catalogue alone."""

    where: str
    context: str
    why: str


@dataclass(slots=True)
class Report:
    """What was built: by catalogue, how many texts there are and which stay English, and what else there is to say."""

    texts: dict[str, int] = field(default_factory=dict)
    english: dict[str, list[Stays]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    touched: list[Path] = field(default_factory=list)


def extract(project: Path, language: str, wanted: list[str]) -> dict[Path, tuple[int, int, bool]]:
    """Write or update the catalogues of a language: those of the ``wanted`` modules, or else those that there are.

    Where there are none yet and none are wanted, all are written. Returns for each file below the project how many
    texts it holds, how many of them are translated, and whether it has changed. Nothing is written unless all can be
    read.
    """
    check_language(language)
    read_modules(project)  # with what is wrong in them
    sources = Sources.read(project)
    folder = LOCALE / language
    names = _wanted(sources, wanted) or _there(project / folder, sources) or list(sources.catalogues)
    made = {}
    for name in [*names, *(shared for shared in sources.shared(names) if shared not in names)]:
        path = folder / f"{name}.po"
        old = read_catalogue(project / path, path.as_posix()) if (project / path).exists() else None
        made[path] = updated(old, sources.units(name), language, name)
    return {
        path: (
            len(catalog),
            sum(bool(message.string) and not message.fuzzy for message in messages(catalog).values()),
            write_catalogue(project / path, catalog),
        )
        for path, catalog in made.items()
    }


def build_language(project: Path, language: str) -> Report:
    """Build the course folder of a language, with the modules that have a catalogue.

    A text that is not translated, or fuzzy, stays English and is in the report. Raises ReadingError, with file and
    line, for catalogues that cannot be read, name texts that there are not, or lose a mark of a text.
    """
    check_language(language)
    modules = read_modules(project)
    sources = Sources.read(project)
    folder = LOCALE / language
    names = _there(project / folder, sources)
    if not names:
        raise TranslateError(f"There is no catalogue in {folder}. Begin with: fieldguide translate extract {language}")
    report = Report()
    says = read_translations(project, language, sources, names, report)
    _build(project, language, modules, sources, says, report)
    return report


def read_translations(
    project: Path, language: str, sources: Sources, names: list[str], report: Report
) -> dict[str, Say]:
    """What the catalogues of a language say, by their names; what they do not say goes into the report.

    Raises ReadingError as build_language does.
    """
    says: dict[str, Say] = {}
    problems = []
    for name in names:
        path = LOCALE / language / f"{name}.po"
        try:
            said = _translations(sources.units(name), project / path, path.as_posix(), name, report)
            says[name] = partial(_say, said)
        except ReadingError as error:
            problems += error.problems
    if problems:
        raise ReadingError(problems)
    return says


def build_pseudo(project: Path) -> Report:
    """Build the course folder of the pseudo language, in which every text is marked and longer."""
    modules = read_modules(project)
    sources, report = Sources.read(project), Report()
    report.texts = {name: len(sources.units(name)) for name in sources.catalogues}
    says = dict.fromkeys(sources.catalogues, lambda unit: pseudo(unit.text, unit.most))
    _build(project, LANGUAGE, modules, sources, says, report)
    return report


def summary(report: Report) -> str:
    """What was built and what stays English, as lines for the person who builds."""
    lines = [*map(str, report.touched), *report.remarks]
    for name, texts in report.texts.items():
        stay = report.english.get(name, [])
        lines.append(f"{name}: {texts - len(stay)} of {texts} texts are translated.")
        lines += [f"  stays English ({text.why}): {text.context} ({text.where})" for text in stay[:_NAMED]]
        if stay[_NAMED:]:
            lines.append(f"  … and {len(stay) - _NAMED} more.")
    return "\n".join(lines)


def check_language(language: str) -> None:
    """Raise TranslateError unless it is the code of a language to translate into."""
    if not is_code(language):
        raise TranslateError(f"'{language}' is no code of a language. Expected one such as es or pt-BR.")
    if language == ENGLISH:
        raise TranslateError("The course is written in English: name another language, such as es.")


def _wanted(sources: Sources, wanted: list[str]) -> list[str]:
    names = []
    for beginning in wanted:
        found = [name for name in sources.catalogues if name.startswith(beginning)]
        if len(found) != 1:
            raise TranslateError(
                f"'{beginning}' names {len(found)} catalogues. Expected the name of one, or its beginning: "
                f"{', '.join(sources.catalogues)}."
            )
        names += found
    return names


def _there(folder: Path, sources: Sources) -> list[str]:
    """The catalogues in a folder, in the course's order."""
    found = {path.stem for path in folder.glob("*.po")}
    for name in sorted(found - sources.catalogues.keys()):
        what = "no module and no shared catalogue of the course has this name."
        expected = f"Expected one of: {', '.join(sources.catalogues)}."
        raise ReadingError([Problem((LOCALE / folder.name / f"{name}.po").as_posix(), 1, what, expected)])
    return [name for name in sources.catalogues if name in found]


def _translations(
    units: list[Unit], path: Path, shown_as: str, name: str, report: Report
) -> dict[tuple[str, str], str]:
    """What a catalogue says for each text, by its key; what it does not say goes into the report."""
    found = messages(read_catalogue(path, shown_as))
    contexts = {unit.context for unit in units}
    problems = []
    for (context, _), message in found.items():
        if context not in contexts:
            what = f"there is no text '{context}' in the course."
            expected = "Take it out, or bring the catalogue up to date: fieldguide translate extract."
            problems.append(Problem(shown_as, message.lineno or 1, what, expected))
    said: dict[tuple[str, str], str] = {}
    stay = []
    for unit in units:
        entry = found.get(unit.key)
        text = flowing(str(entry.string)).strip() if entry else ""
        if not text or entry is None or entry.fuzzy:
            why = "not in the catalogue" if entry is None else "fuzzy" if text else "not translated"
            stay.append(Stays(shown_as if entry is None else f"{shown_as}, line {entry.lineno}", unit.context, why))
            continue
        if lost := what_is_lost(unit, text):
            what, expected = lost
            problems.append(Problem(shown_as, entry.lineno or 1, f"'{unit.context}': {what}", expected))
        said[unit.key] = text
    problems += _merged(units, said, found, shown_as)
    if problems:
        raise ReadingError(problems)
    report.texts[name], report.english[name] = len(units), stay
    return said


def _merged(
    units: list[Unit], said: dict[tuple[str, str], str], found: dict[tuple[str, str], Message], shown_as: str
) -> list[Problem]:
    """Texts that come to say the same, or a name that tables use, though something is counted by them."""
    problems: list[Problem] = []
    first: dict[tuple[str, str], str] = {}
    for unit in units:
        if not unit.distinct:
            continue
        text = said.get(unit.key, unit.text)
        other = first.setdefault((unit.context, text), unit.text)
        what = f"'{unit.context}': "
        if other != unit.text:
            what += f"'{other}' and '{unit.text}' are both '{text}'."
        elif text in RESERVED or not has_words(text):
            what += f"'{unit.text}' is '{text}', which a table takes for something else."
        else:
            continue
        entry = found.get(unit.key)
        problems.append(Problem(shown_as, (entry and entry.lineno) or 1, what, "Expected words of its own."))
    return problems


def translated(sources: Sources, language: str, says: Mapping[str, Say]) -> dict[Path, str]:
    """Every source of the course by its path, with what each catalogue in ``says`` says in the places of its texts."""
    renamed: dict[str, dict[str, str]] = {}
    texts = dict(sources.texts)
    # Tables first: modules name their columns.
    for name in sorted(says, key=lambda name: name not in SHARED):
        for path, text in sources.put(name, says[name], renamed).items():
            texts[path] = text
            if name not in SHARED:
                refuse_changed(path, sources.texts[path], text)
                texts[path] = text.replace("---\n", f"---\nlang: {language}\n", 1)
    return texts


def _build(
    project: Path, language: str, modules: list[Module], sources: Sources, says: Mapping[str, Say], report: Report
) -> None:
    texts = translated(sources, language, says) | {Path(CONFIG): read_own_text(project / CONFIG)}
    with tempfile.TemporaryDirectory(prefix="fieldguide-") as folder:
        root = Path(folder)
        for path, text in texts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        files = build(root, [module.id for module in modules if module.id in says])
    report.remarks += _from_elsewhere(modules, says)
    course = project / COURSES / language
    report.touched = [COURSES / language / path for path in write(course, files)]
    if not (course / CONFIG).exists():
        (course / CONFIG).write_text(texts[Path(CONFIG)], encoding="utf-8")
        report.touched.append(COURSES / language / CONFIG)


def _say(said: Mapping[tuple[str, str], str], unit: Unit) -> str:
    return said.get(unit.key, unit.text)


def _from_elsewhere(modules: list[Module], translated: Container[str]) -> list[str]:
    """A remark for each module that shows questions of one that has no catalogue."""
    home = {item.id: module.id for module in modules for item in module.own_items()}
    remarks = []
    for module in modules:
        if module.id not in translated:
            continue
        from_there = [home[cell.asked.id] for cell in module.cells if cell.echoed]
        for other in dict.fromkeys(name for name in from_there if name not in translated):
            count = from_there.count(other)
            remarks.append(
                f"{module.id} shows {count} question{'s' * (count != 1)} of {other}, which has no catalogue: English."
            )
    return remarks
