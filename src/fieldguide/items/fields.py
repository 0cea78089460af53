"""Typed values out of fields, with errors that a person can act on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from fieldguide.items.composing import Fields, Finder, Problem, ReadingError, Text, Texts, read_fields
from fieldguide.words import ENGLISH, is_code

__all__ = ["FieldReader", "Fields", "Finder", "Problem", "ReadingError", "Text", "Texts", "flowing", "read_fields"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_ID_LENGTH = 60


class FieldReader:
    """Takes typed values out of Fields, and notes what is missing or of another form."""

    def __init__(self, fields: Fields, finder: Finder, owner: str) -> None:
        self.fields = fields
        self.finder = finder
        self.owner = owner

    def line(self, name: str, part: str | None = None) -> int:
        """The line of a field, or of a part of it where the field is a mapping that has this part."""
        node = self.fields.values.get(name)
        if part is not None and isinstance(node, Fields) and part in node.names:
            return node.names[part].line
        return self.fields.names[name].line if name in self.fields.names else self.fields.line

    def has(self, name: str) -> bool:
        return name in self.fields.values

    def wrong(self, name: str, what: str, expected: str, part: str | None = None) -> None:
        self.finder.add(self.line(name, part), f"{self.owner}: {what}", expected)

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        for name in self.fields.values:
            if name not in known:
                self.wrong(name, f"there is no field '{name}'.", f"Expected one of: {', '.join(known)}.")

    def text(self, name: str, *, required: bool = False) -> str | None:
        node = self.fields.values.get(name)
        if node is None:
            if required:
                self.wrong(name, f"'{name}' is missing.", f"Expected a line '{name}: …'.")
            return None
        if not isinstance(node, Text) or not node.value:
            self.wrong(name, f"'{name}' has no text.", f"Expected '{name}: ' and a text.")
            return None
        return flowing(node.value)

    def one_of(
        self, name: str, allowed: tuple[str, ...], *, required: bool = False, default: str | None = None
    ) -> str | None:
        value = self.text(name, required=required)
        if value is None:
            return default
        if value not in allowed:
            self.wrong(name, f"'{name}' is '{value}'.", f"Expected one of: {', '.join(allowed)}.")
            return default
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.fields.values.get(name)
        if node is None:
            return ()
        if isinstance(node, Text) and node.value:
            return (node.value,)
        if isinstance(node, Texts) and node.values:
            return tuple(text.value for text in node.values)
        self.wrong(name, f"'{name}' is no list of texts.", f"Expected '{name}: [one, two]'.")
        return ()

    def mapping(self, name: str, *, required: bool = False, ids: bool = False) -> dict[str, str]:
        """A mapping from names to texts; with ``ids`` the names must be ids."""
        inner = self.group(name, required=required)
        if inner is None:
            return {}
        values: dict[str, str] = {}
        for key in inner.fields.values:
            if ids:
                self.check_id(key, inner.line(key))
            text = inner.text(key)
            if text is not None:
                values[key] = text
        return values

    def mapping_to_texts(self, name: str, *, required: bool = False) -> dict[str, tuple[str, ...]]:
        """A mapping from names to lists of texts; a single text counts as a list of one."""
        inner = self.group(name, required=required)
        return {key: inner.texts(key) for key in inner.fields.values} if inner else {}

    def group(self, name: str, *, required: bool = False) -> FieldReader | None:
        node = self.fields.values.get(name)
        if node is None:
            if required:
                self.wrong(name, f"'{name}' is missing.", f"Expected '{name}:' and, indented below it, its parts.")
            return None
        if not isinstance(node, Fields) or not node.values:
            self.wrong(name, f"'{name}' has no parts.", f"Expected '{name}:' and, indented below it, 'id: text'.")
            return None
        return FieldReader(node, self.finder, self.owner)

    def groups(self) -> Iterator[tuple[str, FieldReader]]:
        for name in self.fields.values:
            inner = self.group(name)
            if inner is not None:
                yield name, inner

    def whole(self, name: str, *, least: int, most: int, required: bool = False) -> int | None:
        value = self.text(name, required=required)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", value) or not least <= int(value) <= most:
            self.wrong(name, f"'{name}' is '{value}'.", f"Expected a whole number from {least} to {most}.")
            return None
        return int(value)

    def language(self) -> str:
        """The language that ``lang`` names; English where there is none."""
        code = self.text("lang") or ENGLISH
        if not is_code(code):
            self.wrong("lang", f"'lang' is '{code}'.", "Expected the code of a language, such as es or pt-BR.")
        return code

    def positive(self, name: str, *, most: float) -> float | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number <= most:
            self.wrong(name, f"'{name}' is '{value}'.", f"Expected a number above 0 and up to {most:g}, such as 2.")
            return None
        return number

    def at_least_two(self, name: str, values: dict[str, str]) -> None:
        if len(values) == 1:
            self.wrong(name, f"'{name}' has one part.", "Expected at least two.")

    def known(self, name: str, value: str, known: dict[str, str], what: str) -> None:
        """Note it where a field names what is not among the parts that are known, each of them ``what``."""
        if value not in known:
            expected = f"Expected one of: {', '.join(known)}."
            self.wrong(name, f"'{name}' names '{value}', which is no {what}.", expected, value)

    def one_each(self, name: str, given: Iterable[str], wanted: dict[str, str], what: str) -> None:
        """Note each part that a field says nothing for, and each that it names and is not there."""
        if not given:
            return
        for missing in [key for key in wanted if key not in given]:
            self.wrong(name, f"'{name}' says nothing for the {what} '{missing}'.", f"Expected '{missing}: …' below it.")
        for key in given:
            self.known(name, key, wanted, what)

    def own_id(self, what: str) -> str | None:
        """The field ``id``, which is required; from then on what is wrong is told of ``what`` and this id."""
        value = self.text("id", required=True)
        if value is not None:
            self.owner = f"{what} '{value}'"
            self.check_id(value, self.line("id"))
        return value

    def check_id(self, value: str, line: int) -> None:
        if len(value) > _ID_LENGTH or not _ID.match(value):
            self.finder.add(
                line,
                f"{self.owner}: '{value}' is no id.",
                f"Expected small letters, digits and single hyphens, at most {_ID_LENGTH}.",
            )


def flowing(text: str) -> str:
    """A text without the line breaks its author's editor put in: only blank lines part paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))
