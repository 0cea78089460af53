"""What a translation must keep of its text: marks, targets of links, ids of phrases, paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from fieldguide.items.skeleton import PHRASE
from fieldguide.translate.markdown import marks
from fieldguide.translate.texts import STAR, Unit

#: What the text of a module takes for something else than Markdown where a line begins with it.
_CELL_MARK = re.compile(r"\+\+\+|%|\(\S*\)=")
#: Markdown's own names for its marks, in a translator's words.
_NAMES = {
    "strong_open": "bold words, in **two stars**",
    "em_open": "words in *one star*",
    "link_open": "links to",
    "code_inline": "code",
    "image": "pictures of",
    "html_inline": "HTML tags",
}


def what_is_lost(unit: Unit, said: str) -> tuple[str, str] | None:
    """What is wrong with a translation of a text, and what was expected; None where nothing is."""
    for sign in said:
        if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign != "\n":
            return f"it holds the sign U+{ord(sign):04X}, which nobody sees.", "Expected letters and punctuation."
    if unit.most is not None and len(said) > unit.most:
        return f"it has {len(said)} characters.", f"Expected at most {unit.most}, for which there is room."
    if _CELL_MARK.match(said) and not _CELL_MARK.match(unit.text):
        return "it begins with a sign that parts cells of a notebook.", "Expected it to begin with a word."
    if unit.markdown:
        return _of_markdown(unit.text, said)
    return _of_plain(unit.text, said)


def _of_plain(text: str, said: str) -> tuple[str, str] | None:
    if lines := _different(_count(PHRASE.findall(text)), _count(PHRASE.findall(said))):
        return f"its phrases are not those of the English text: {lines}", "Write each as [words]{id}."
    if PHRASE.search(text) and PHRASE.sub("", said).count("[") != PHRASE.sub("", text).count("["):
        return "there is a bracket more or fewer.", "Expected brackets around the phrases alone."
    for what, of_text, of_said in (
        ("paragraphs", text.count("\n\n") + 1, said.count("\n\n") + 1),
        ("paragraphs that begin with '* '", len(STAR.findall(text)), len(STAR.findall(said))),
    ):
        if of_text != of_said:
            return f"the number of {what} is {of_said}.", f"Expected {of_text}, as in English."
    return None


def _of_markdown(text: str, said: str) -> tuple[str, str] | None:
    if "\n" in said:
        return "it holds a blank line.", "Expected one paragraph, heading or point of a list."
    wanted, given = marks(text), marks(said)
    for kind, own in sorted(wanted.keys() | given.keys()):
        if wanted[kind, own] != given[kind, own]:
            name = f"{_NAMES.get(kind, f'marks ({kind})')} {own if kind not in ('strong_open', 'em_open') else ''}"
            what = f"the number of {name.strip()} is {given[kind, own]}."
            return what, f"Expected {wanted[kind, own]}, as in English."
    if text.replace("\\|", "").count("|") != said.replace("\\|", "").count("|"):
        return "there is a '|' more or fewer.", "Expected as many as in English: it parts the cells of a table."
    return None


def _count(ids: list[str]) -> Counter[str]:
    return Counter(name.strip() for name in ids)


def _different(wanted: Counter[str], given: Counter[str]) -> str:
    missing, added = sorted((wanted - given).elements()), sorted((given - wanted).elements())
    parts = [f"{', '.join(missing)} missing"] if missing else []
    parts += [f"{', '.join(added)} too many"] if added else []
    return "; ".join(parts) + "." if parts else ""
