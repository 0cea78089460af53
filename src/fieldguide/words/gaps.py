"""What is wrong with the words of a language, for whoever translates them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.words import ABOUT, ENGLISH, own_texts

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
#: The plural forms that CLDR knows.
FORMS = ("zero", "one", "two", "few", "many", "other")


def gaps(language: str) -> list[str]:
    """What a language's words file lacks, has too much, or says with other placeholders than the English text.

    ``language`` is one of ``languages()``. Each is a sentence that names the section and the text.
    """
    return list(_gaps(language))


def _gaps(language: str) -> Iterator[str]:
    english, own = own_texts(ENGLISH), own_texts(language)
    name = f"words.{language}.json"
    if own[ABOUT]["lang"] != language:
        yield f"{name} says that it is in '{own[ABOUT]['lang']}'. Expected '{language}'."
    for section in own.keys() - english.keys():
        yield f"{name}: there is no section '{section}'. Expected one of: {', '.join(english)}."
    for section, texts in english.items():
        theirs = own.get(section, {})
        asked = {_text_of(text): _placeholders(said) for text, said in texts.items()}
        for text in asked.keys() - set(map(_text_of, theirs)):
            yield f"{name}, {section}: '{text}' is missing, and is said in English."
        for text, said in theirs.items():
            if _text_of(text) not in asked:
                yield f"{name}, {section}: there is no text '{text}'."
            elif _placeholders(said) - {"n"} != asked[_text_of(text)] - {"n"}:
                expected = ", ".join(f"{{{one}}}" for one in sorted(asked[_text_of(text)])) or "none"
                yield f"{name}, {section}: '{text}' has other placeholders than in English. Expected {expected}."
            if re.search("[<>&]", said):
                yield f"{name}, {section}: '{text}' holds a sign of HTML. Expected plain text."


def _text_of(name: str) -> str:
    """The name of a text without its plural form."""
    text, _, form = name.rpartition(".")
    return text if form in FORMS else name


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text))
