"""The English sources of a course, and each of them with other texts in the places of its own.

One pass does both: what lists the texts of a module and what puts translations into it see the same ones.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from fieldguide.authoring.glossary import links
from fieldguide.authoring.standards import CODE_EDITION
from fieldguide.cells.kinds import TABLE, WORKSHEET
from fieldguide.items.fields import Fields, Finder, Text, Texts, read_fields
from fieldguide.items.passing import Passing
from fieldguide.items.skeleton import skeleton
from fieldguide.plainfiles import read_own_text
from fieldguide.tables.data import FOLDER
from fieldguide.translate.markdown import put_markdown
from fieldguide.translate.texts import TEXTS, Say, Unit, has_words, put, put_texts

MODULES = Path("modules")
GLOSSARY = MODULES / FOLDER / "glossary.md"
#: The catalogues beside those of modules: what several modules show.
SHARED = ("glossary", "standards", "tables")
#: A longer value is offered in no menu, so a translation of a shorter one may not become one.
_MENU = 48
#: The first text of every catalogue of a module. Readers of a notebook see it first.
NOTICE = (
    "**This translation is a draft.** No speaker of the language has reviewed it. Where it differs from the English "
    "text, the English text counts."
)
_ABOUT_NOTICE = (
    "Stands at the beginning of the notebook. Whoever has reviewed the translation is named here instead: say in your "
    "language who it was, and when.",
)
_CODE_CELL = "```{code-cell}"
#: The first line of Markdown that is no mark of a cell.
_FIRST_TEXT = re.compile(r"^(?!\+\+\+)(?=.*\S)", re.MULTILINE)
_NAMED_BY = {"table": "data", "discussion": "case"}
#: What a table cell names of its data by the names of columns.
_COLUMNS = ("columns", "filters", "group")


@dataclass
class Sources:
    """The text of each source by its path below the project, and which catalogue holds the texts of which sources."""

    texts: dict[Path, str]
    catalogues: dict[str, list[Path]] = field(default_factory=dict)

    @classmethod
    def read(cls, project: Path) -> Sources:
        """All that notebooks are built from. Raises OSError for what cannot be read."""
        data = project / MODULES / FOLDER
        paths = [*(project / MODULES).glob("*.md"), *data.glob("*.md"), *data.glob("*.csv"), *data.glob("*.yaml")]
        sources = cls({path.relative_to(project): read_own_text(path) for path in sorted(paths)})
        modules = [path for path in sources.texts if path.parent == MODULES]
        shown = sorted({name for path in modules for name in _tables(sources.texts[path])})
        sources.catalogues = {path.stem: [path] for path in modules} | {
            "glossary": [GLOSSARY],
            "standards": [CODE_EDITION],
            "tables": [MODULES / FOLDER / f"{name}.csv" for name in shown],
        }
        return sources

    def shared(self, names: list[str]) -> list[str]:
        """The catalogues of what some modules show and others may too: terms, standards, tables."""
        text = "\n".join(self.texts[path] for name in names for path in self.catalogues[name] if path in self.texts)
        wanted = {"glossary": "](#", "standards": WORKSHEET.magic, "tables": TABLE.magic}
        return [name for name in SHARED if wanted[name] in text]

    def units(self, name: str) -> list[Unit]:
        """The texts of a catalogue in order, each once."""
        found: dict[tuple[str, str], Unit] = {}

        def note(unit: Unit) -> str:
            found.setdefault(unit.key, unit)
            return unit.text

        self.put(name, note)
        return list(found.values())

    def put(self, name: str, say: Say, renamed: dict[str, dict[str, str]] | None = None) -> dict[Path, str]:
        """The sources of a catalogue with what ``say`` says in the place of each text.

        ``renamed`` holds the columns of tables that have other names, by the name of their data: those of "tables"
        are noted in it, and modules call them so.
        """
        renamed = {} if renamed is None else renamed
        done: dict[Path, str] = {}
        for path in self.catalogues[name]:
            if path not in self.texts:
                continue
            text = self.texts[path]
            if name == "glossary":
                done[path] = _glossary(text, say)
            elif name == "standards":
                fields = read_fields(text, Finder(path.as_posix()))
                done[path] = put_texts(text, fields, "standards", "standards", ("What a standard is about.",), say)
            elif name == "tables":
                described = path.with_suffix(".yaml")
                rows, description = _table(path.stem, text, self.texts[described], say, renamed)
                done |= {path: rows, described: description}
            else:
                done[path] = _module(path, text, say, renamed)
        return done


def _tables(text: str) -> list[str]:
    """The names of the data that a module shows."""
    return re.findall(rf"^{TABLE.magic}\n(?:.*\n)*?data: *(\S+)", text, re.MULTILINE)


# -- a module ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a module: its head, Markdown, or the text below the first line of a cell, with its ``kind``."""

    kind: str
    text: str
    line: int


def parts(text: str) -> list[Part]:
    """A module in its parts. Together, each with a line break, they are its text; lines between are parts too."""
    lines = text.split("\n")
    end = lines.index("---", 1)
    found = [Part("mark", "---", 1), Part("head", "\n".join(lines[1:end]), 2), Part("mark", "---", end + 1)]
    at = end + 1
    while at < len(lines):
        if lines[at].startswith(_CODE_CELL):
            first = next(number for number in range(at, len(lines)) if lines[number].startswith("%%"))
            last = next(number for number in range(first, len(lines)) if lines[number].rstrip() == "```")
            found.append(Part("mark", "\n".join(lines[at : first + 1]), at + 1))
            found.append(Part(lines[first].strip().removeprefix("%%"), "\n".join(lines[first + 1 : last]), first + 2))
            found.append(Part("mark", lines[last], last + 1))
            at = last + 1
        else:
            stop = next(
                (number for number in range(at, len(lines)) if lines[number].startswith(_CODE_CELL)), len(lines)
            )
            found.append(Part("markdown", "\n".join(lines[at:stop]), at + 1))
            at = stop
    return found


def _module(path: Path, text: str, say: Say, renamed: dict[str, dict[str, str]]) -> str:
    module, file = path.stem, path.as_posix()
    linked = frozenset(name for part in parts(text) if part.kind == "markdown" for name in links(part.text))
    notice = say(Unit(f"{module}/notice", NOTICE, _ABOUT_NOTICE, markdown=True, among=True))
    done = []
    for part in parts(text):
        said = part.text
        if part.kind == "markdown":
            said = put_markdown(part.text, f"{module}/text", (), linked, say)
            if notice and (first := _FIRST_TEXT.search(said)):
                said, notice = f"{said[: first.start()]}> {notice}\n\n{said[first.start() :]}", ""
        elif part.kind != "mark":
            said = _cell(part, module, file, say, renamed)
        done.append(said)
    return "\n".join(done)


def _cell(part: Part, module: str, file: str, say: Say, renamed: dict[str, dict[str, str]]) -> str:
    fields = read_fields(part.text, Finder(file), part.line)
    named = fields.values.get(_NAMED_BY.get(part.kind, "id"))
    name = f"/{named.value}" if isinstance(named, Text) else ""
    said = put_texts(part.text, fields, part.kind, f"{module}/{part.kind}{name}", _about(part, fields), say)
    columns = renamed.get(name.strip("/"), {}) if part.kind == "table" else {}
    return _rename(said, columns) if columns else said


def _about(part: Part, fields: Fields) -> tuple[str, ...]:
    """What a translator is told of every text of a cell."""
    if part.kind == "head":
        return ("Of the module's head.",)
    if part.kind != "item":
        return (f"Of a {part.kind}. Plain text: no Markdown.",)
    told = {name: node.value for name, node in fields.values.items() if isinstance(node, Text)}
    about = [f"Of a question ({told.get('type')}, {told.get('use')}). Plain text: no Markdown."]
    if told.get("expect") == "text":
        about.append("What is entered is compared with the English key: say in the stem in which language it is asked.")
    return tuple(about)


def _rename(text: str, columns: dict[str, str]) -> str:
    fields = read_fields(text, Finder("table"))
    places = []
    for name in _COLUMNS:
        node = fields.values.get(name)
        for column in node.values if isinstance(node, Texts) else [node] if isinstance(node, Text) else ():
            if columns.get(column.value, column.value) != column.value:
                places.append((column, columns[column.value]))
    return put(text, places)


def refuse_changed(path: Path, english: str, translated: str) -> None:
    """Raise ReadingError unless two texts of a module agree in all that is no text: keys, ids, points, order."""
    finder = Finder(path.as_posix())
    pairs = list(zip(parts(english), parts(translated), strict=False))
    for one, other in pairs:
        if one.kind != other.kind:
            finder.add(one.line, f"a translation makes a {other.kind} of what is {one.kind}.", _NOT_CHANGED)
        elif one.kind not in ("mark", "markdown"):
            texts: Passing = {**TEXTS[one.kind], **(dict.fromkeys(_COLUMNS) if one.kind == "table" else {})}
            before, after = (skeleton(read_fields(part.text, finder, one.line), texts) for part in (one, other))
            if before != after:
                finder.add(one.line, "a translation changes what is no text here.", _NOT_CHANGED)
    if len(parts(english)) != len(parts(translated)):
        finder.add(1, "a translation changes how many cells there are.", _NOT_CHANGED)
    finder.stop_if_any()


_NOT_CHANGED = "Nothing was built: please tell who keeps this course."


# -- what modules share -----------------------------------------------------------------------------


def _glossary(text: str, say: Say) -> str:
    """The headings stay, as modules link to them by their English text; a term's translation opens its meaning."""
    before, *entries = re.split(r"^(?=### )", text, flags=re.MULTILINE)
    done = [before]
    for entry in entries:
        heading, _, meaning = entry.partition("\n")
        term = heading.removeprefix("###").strip()
        said = say(Unit(f"glossary/{term}/term", term, _ABOUT_TERM))
        meaning = put_markdown(meaning, f"glossary/{term}", ("Of the meaning of a term.",), frozenset(), say)
        done.append(f"{heading}\n{meaning if said == term else f'**{said}.** {meaning}'}")
    return "".join(done)


_ABOUT_TERM = ("A term. Its English form stays the heading; what is written here stands in bold below it.",)


def _table(name: str, rows: str, description: str, say: Say, renamed: dict[str, dict[str, str]]) -> tuple[str, str]:
    """The rows of a table and its description. Of a column, every value stays what it is among the others."""
    fields = read_fields(description, Finder(f"{name}.yaml"))
    said = put_texts(description, fields, "description", f"tables/{name}", ("Of a table.",), say)
    header, *lines = csv.reader(io.StringIO(rows))
    columns = {}
    for column in header:
        about = ("The name of a column." + (" Write _ for each space." if "_" in column else ""),)
        columns[column] = say(_distinct(f"tables/{name}/column", column, about)) if has_words(column) else column
    values = []
    for place, column in enumerate(header):
        different = list(dict.fromkeys(line[place] for line in lines))
        most = _MENU if max(map(len, different)) <= _MENU else None
        about = (f"A value in the column '{column}'." + (f" At most {most} characters." if most else ""),)
        units = [_distinct(f"tables/{name}/{column}", value, about, most) for value in different]
        values.append({unit.text: say(unit) if has_words(unit.text) else unit.text for unit in units})
    renamed[name] = columns
    if columns != {column: column for column in header}:
        said = _rename_described(said, columns)
    written = [[columns[column] for column in header]]
    written += [[values[place][value] for place, value in enumerate(line)] for line in lines]
    if written == [header, *lines]:
        return rows, said
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(written)
    return file.getvalue(), said


def _distinct(context: str, text: str, about: tuple[str, ...], most: int | None = None) -> Unit:
    return Unit(context, text, about, among=True, most=most, distinct=True)


def _rename_described(description: str, columns: dict[str, str]) -> str:
    """A description whose columns have their other names."""
    fields = read_fields(description, Finder("description"))
    described, means = fields.values["columns"], fields.values.get("means")
    assert isinstance(described, Fields)
    names = [*described.names.values(), *(means.values if isinstance(means, Texts) else ())]
    names += [means] if isinstance(means, Text) and means.value else []
    return put(description, [(name, columns[name.value]) for name in names if columns[name.value] != name.value])
