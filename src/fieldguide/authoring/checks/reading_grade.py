"""How hard a module is to read: the Flesch-Kincaid grade of what its students read.

The grade depends on words per sentence and syllables per word; 10 is a text for the tenth school year. Adjacent vowels
count as one syllable, as a rule of thumb, so the grade is approximate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, ModuleText
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.cases.model import Case
from fieldguide.cells.kinds import CASE
from fieldguide.items import Item

HARDEST = 12.0
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TITLE = re.compile(r"\b(Mr|Ms|Mrs|Dr|St|vs|No|[A-Z])\.(?=\s)")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*]*(?=\s|$)")
_VOWELS = re.compile(r"[aeiouyàáâäéèêëíìîïóòôöúùûü]+")
# "note", "notes", "named", "rules", but not "table", "boxes", "wanted".
_SILENT_E = re.compile(r"[^aeiouyl]e$|[aeiouy]le$|[^aeioulscxzg]es$|[^aeioutdl]ed$|[aeiou]le[ds]$")
# "media", "period", "science", "actual", "create", "being", but not "social", "mention", "patient".
_HEARD_APART = re.compile(
    r"ia(?!l\b)|i[ou](?!s)(?<!tio)(?<!sio)(?<!cio)|(?<![cgst])ie[nt]|[^q]ua[lt]|eat[ei]|[ei]ing$|iu"
)


def grade(texts: list[str]) -> float:
    """The Flesch-Kincaid grade of texts, each of which ends a sentence; 0 when there are no words."""
    sentences = words = syllables = 0
    for text in texts:
        for sentence in _SENTENCE_END.split(_TITLE.sub(r"\1", text)):
            found = _WORD.findall(sentence)
            sentences += bool(found)
            words += len(found)
            syllables += sum(count_syllables(word) for word in found)
    if not words:
        return 0.0
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def count_syllables(word: str) -> int:
    """How many syllables an English word has, as a rule."""
    if word.isupper() and len(word) > 1:
        return len(word)  # An abbreviation is read letter by letter.
    plain = word.lower().replace("’", "'").removesuffix("'s")
    count = len(_VOWELS.findall(plain)) - bool(_SILENT_E.search(plain)) + len(_HEARD_APART.findall(plain))
    return max(count, 1)


def module_grade(module: ModuleText) -> float:
    """The grade of the sentences that a module's students read, without headings, tables and options."""
    texts = [block.text for text in module.student_texts() for block in text.prose.blocks if block.kind == "text"]
    texts += [part for question in module.questions for part in _sentences(question.item)]
    texts += [part for case in module.module.asked(CASE) for text in _story(case) for part in text.split("\n\n")]
    return grade(texts)


def _story(case: Case) -> Iterator[str]:
    """The narrative texts of a case; options and titles are not sentences."""
    yield case.vignette
    for place in case.places:
        yield from place.told()
    yield case.decision.commentary or ""


def _sentences(item: Item) -> Iterator[str]:
    yield from item.stem.split("\n\n")
    yield "".join(piece for piece, _ in item.pieces())
    yield from item.reasons()


def check(course: CourseText) -> Iterator[Finding]:
    """Find modules that are too hard to read."""
    for module in course.modules:
        found = module_grade(module)
        if found > HARDEST:
            what = f"the module's reading grade is {found:.1f}."
            yield error(
                module.file,
                module.head_line("title"),
                what,
                f"Expected at most {HARDEST:g}: shorter sentences, plainer words.",
            )
