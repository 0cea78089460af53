"""Catalogues of translations: PO files, which translators' own programs open. Babel reads and writes them."""

from __future__ import annotations

import difflib
import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from fieldguide.items.fields import Problem, ReadingError
from fieldguide.plainfiles import NotTextError, read_own_text
from fieldguide.translate.texts import Unit

_STRING = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rf"(#~\s*)?(msgctxt|msgid|msgid_plural|msgstr(\[\d\])?)\s+{_STRING}|(#~\s*)?{_STRING}|#.*|")
#: How alike a text must be to one that is gone, to begin with its translation.
_ALIKE = 0.6
_WIDTH = 100
#: Begins the comment that says for which English text a fuzzy translation was made.
_WAS = "Made when the English text was:"
_NO_PO = "this is not a PO file"


class _Once(Catalog):
    """A catalogue in which no text stands twice."""

    def __setitem__(self, id: str | tuple[str, ...] | list[str], message: Message) -> None:
        if message.id and self.get(message.id, message.context):
            raise PoFileError(
                f"a text under '{message.context}' stands here twice", self, "", (message.lineno or 1) - 1
            )
        super().__setitem__(id, message)


def read_catalogue(path: Path, shown_as: str) -> Catalog:
    """Read a catalogue; ``shown_as`` is its name in messages. Raises ReadingError for what is no PO file in UTF-8."""
    try:
        lines = read_own_text(path).removeprefix("\ufeff").split("\n")
    except NotTextError as error:
        raise _wrong(shown_as, error.line, "this is not UTF-8 text.", "Save the file as UTF-8.") from None
    for number, line in enumerate(lines, 1):
        if not _LINE.fullmatch(line.strip()):
            expected = 'Expected lines such as msgid "…" and msgstr "…", or "…", or a comment after #.'
            raise _wrong(shown_as, number, f"{_NO_PO}: '{line.strip()[:40]}' is none of its lines.", expected)
    catalog = _Once(header_comment="#")
    try:
        PoFileParser(catalog, abort_invalid=True).parse(lines)
    except PoFileError as error:
        raise _wrong(shown_as, error.lineno + 1, f"{_NO_PO} ({error}).", _EXPECTED) from None
    except (AttributeError, IndexError, LookupError, TypeError, ValueError) as error:
        raise _wrong(shown_as, 1, f"{_NO_PO} ({error}).", _EXPECTED) from None
    if any(message.pluralizable for message in catalog if message.id):
        at = next(message.lineno or 1 for message in catalog if message.id and message.pluralizable)
        raise _wrong(shown_as, at, "a text has a plural form.", "No text of the course has one: leave it out.")
    return catalog


_EXPECTED = "Expected a catalogue as 'fieldguide translate extract' writes it."


def key(message: Message) -> tuple[str, str]:
    """What a message is known by: its context, and the English text."""
    return message.context or "", str(message.id)


def messages(catalog: Catalog) -> dict[tuple[str, str], Message]:
    """The messages of a catalogue, without its head and without those that are gone."""
    return {key(message): message for message in catalog if message.id}


def updated(old: Catalog | None, units: list[Unit], language: str, name: str) -> Catalog:
    """A catalogue of the texts that there are, with the translations that an old one has.

    A text that has changed keeps its translation, marked as fuzzy, beside what it was; one that is gone keeps it
    as obsolete.
    """
    new = Catalog(
        locale=language.replace("-", "_"),
        header_comment=_header(language, name) if old is None else old.header_comment,
        project="Field Guide",
        version=name,
        creation_date=old.creation_date if old else None,
        revision_date=old.revision_date if old else None,
        last_translator=old.last_translator if old else "nobody yet",
        language_team=old.language_team if old else language,
        msgid_bugs_address=old.msgid_bugs_address if old else "the instructor of your course",
        fuzzy=False,
    )
    known = messages(old) if old else {}
    obsolete = {key(message): message for message in old.obsolete.values()} if old else {}
    there = {unit.key for unit in units}
    gone = [message for at, message in known.items() if at not in there and message.string]
    for unit in units:
        before, doubtful = known.get(unit.key), False
        if before is None:
            before, doubtful = obsolete.pop(unit.key, None) or _closest(unit, gone), True
            gone = [message for message in gone if message is not before]
        _add(new, unit, before, doubtful=doubtful)
    for message in [*obsolete.values(), *gone]:
        new.obsolete[message.context or "", str(message.id)] = _without_marks(message)
    return new


def write_catalogue(path: Path, catalog: Catalog) -> bool:
    """Write a catalogue to its file; whether that changed anything."""
    written = io.BytesIO()
    write_po(written, catalog, width=_WIDTH, no_location=True)
    data = written.getvalue().rstrip(b"\n") + b"\n"
    if path.exists() and read_own_text(path) == data.decode("utf-8"):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _add(catalog: Catalog, unit: Unit, before: Message | None, *, doubtful: bool) -> None:
    """Add a text, with the translation that there was; ``doubtful`` where it was made for another text, or is back."""
    about = list(unit.about)
    message = Message(unit.text, auto_comments=about, context=unit.context)
    if before is not None:
        message.string, message.user_comments = before.string, before.user_comments
        message.flags |= before.flags | ({"fuzzy"} if doubtful and before.string else set())
        if message.fuzzy:
            # Not as "#|", for which Babel breaks lines where other programs do not expect it.
            message.auto_comments += [f"{_WAS} {before.id}".replace("\n\n", " ")] if doubtful else _was(before)
    catalog[unit.text] = _without_marks(message)


def _was(message: Message) -> list[str]:
    """The comment that says for which English text a fuzzy translation was made, as one line."""
    comments = message.auto_comments
    first = next((at for at, comment in enumerate(comments) if comment.startswith(_WAS)), len(comments))
    return [" ".join(comments[first:])] if comments[first:] else []


def _without_marks(message: Message) -> Message:
    """A message without what Babel guesses of percent signs and braces: they are no places for values here."""
    message.flags -= {"python-format", "python-brace-format"}
    return message


def _closest(unit: Unit, gone: list[Message]) -> Message | None:
    """The message that a text may have come from: of the same context, and where several have that, much like it."""
    found, best = None, _ALIKE if unit.among else 0.0
    for message in gone:
        if message.context == unit.context:
            alike = difflib.SequenceMatcher(None, str(message.id), unit.text).ratio()
            if alike >= best:
                found, best = message, alike
    return found


def _header(language: str, name: str) -> str:
    return (
        f"# {name} of Field Guide in the language {language}.\n"
        "# A draft, as long as the first text of a module says so.\n"
        "# License: CC BY 4.0, as the course's own words."
    )


def _wrong(file: str, line: int, what: str, expected: str) -> ReadingError:
    return ReadingError([Problem(file, line, what, expected)])
