"""The words of an interface: every sentence that a student or a scorer reads, in one file for each language.

A file has a section for each part of the package that says something. Its texts hold no HTML: ``{name}`` stands for a
value, and ``.one``, ``.other`` and so on at the end of a name for a plural form of Unicode's CLDR. What a language does
not say is said in English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.words.pseudo import LANGUAGE, pseudo

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"
#: The section that says which language a file is in, and which way it is written.
ABOUT = "language"
_FOLDER = Path(__file__).parent
#: Language, writing and region as BCP 47 has them.
_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")

#: The language that is spoken now, where somebody said so for what is done now, as a server does for each student.
_SPOKEN: ContextVar[str | None] = ContextVar("spoken", default=None)
#: The one that is spoken everywhere else.
_otherwise = ENGLISH


def spoken() -> str:
    """The language that is spoken now, as its words file calls itself: ``en``, ``es``, ``pt-BR``."""
    return _SPOKEN.get() or _otherwise


def speak(language: str) -> None:
    """Speak a language in the whole of this process, as ``speaking`` names it: a kernel has one notebook."""
    global _otherwise
    _otherwise = nearest(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language, named as in BCP 47, or the nearest to it that has words: ``es`` for ``es-MX``, or English."""
    token = _SPOKEN.set(nearest(language))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def is_code(text: str) -> bool:
    """Whether a text has the form of a language's code. It becomes part of paths, so nothing else may pass for one."""
    return bool(_CODE.fullmatch(text))


@cache
def languages() -> tuple[str, ...]:
    """The languages that have words, English first."""
    names = (path.name.split(".")[1] for path in _FOLDER.glob("words.*.json"))
    return (ENGLISH, *sorted(name for name in names if name != ENGLISH))


def nearest(language: str) -> str:
    """Of the languages that have words the one nearest to a language; English where none is near."""
    for name in (language, language.partition("-")[0]):
        if name in languages() or name == LANGUAGE:
            return name
    return ENGLISH


def asked_first(accepted: str) -> str:
    """The language that a browser asks for first, by the header Accept-Language of what it sends."""
    return accepted.partition(",")[0].partition(";")[0].strip() or ENGLISH


@cache
def own_texts(language: str) -> dict[str, dict[str, str]]:
    """What the words file of a language says itself, by section and name."""
    if language == LANGUAGE:
        return _pseudo_texts()
    texts: dict[str, dict[str, str]] = json.loads((_FOLDER / f"words.{language}.json").read_text(encoding="utf-8"))
    return texts


def _pseudo_texts() -> dict[str, dict[str, str]]:
    texts = {
        section: {name: pseudo(text) for name, text in said.items()} for section, said in own_texts(ENGLISH).items()
    }
    return texts | {ABOUT: {"lang": LANGUAGE, "dir": "rtl"}}


@cache
def _texts(section: str, language: str) -> dict[str, str]:
    return own_texts(ENGLISH)[section] | own_texts(language).get(section, {})


class Words:
    """The texts of one section, in the language that is spoken when they are asked for."""

    def __init__(self, section: str) -> None:
        self._section = section

    def words(self) -> dict[str, str]:
        """All of them by name, for a page to say."""
        return _texts(self._section, spoken())

    def say(self, name: str, /, **values: object) -> str:
        """One text with its values filled in."""
        return _texts(self._section, spoken())[name].format(**values)

    def count(self, name: str, n: float, /, **values: object) -> str:
        """One text in the plural form that a number asks for; ``n`` in it is the number, where ``values`` have none."""
        texts = _texts(self._section, spoken())
        form = f"{name}.{_plural(n)}"
        text = texts[form if form in texts else f"{name}.other"]
        return text.format(**{"n": in_figures(f"{n:g}"), **values})


def in_html() -> str:
    """The language that is spoken as attributes of an element of HTML."""
    about = _texts(ABOUT, spoken())
    direction = "" if about["dir"] == "ltr" else f' dir="{about["dir"]}"'
    return f'lang="{about["lang"]}"{direction}'


def in_figures(number: str) -> str:
    """A number that is written with a decimal point, as the language that is spoken writes it."""
    if spoken() == ENGLISH or "." not in number:
        return number
    from babel.numbers import get_decimal_symbol

    return number.replace(".", get_decimal_symbol(_locale(spoken())))


def in_words(day: date) -> str:
    """A day as a letter in the language that is spoken has it: November 28, 2026."""
    from babel.dates import format_date

    return format_date(day, "long", locale=_locale(spoken()))


def _plural(n: float) -> str:
    """The name of the plural form that a number asks for."""
    if spoken() == ENGLISH:  # known without Babel, which a kernel would take a moment to import
        return "one" if n == 1 else "other"
    return _locale(spoken()).plural_form(Decimal(f"{n:g}"))


@cache
def _locale(language: str) -> Locale:
    """What Unicode's CLDR knows of a language, of its form in a region where it knows that form."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError:
        return Locale.parse(language.partition("-")[0])
