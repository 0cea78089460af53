"""A one-best item as it looks to somebody who ignores what its options mean."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from fieldguide.authoring.checks.course_text import Question

_REASON = re.compile(r"[,;:]\s+(?:since|as|so|for)\b|\b(?:since|because|so that|so as to|in order to)\b")
_CLAUSE = re.compile(
    r"[,;:]|\b(?:and|but|or|which|who|whom|that|when|while|where|if|unless|until|once|before|after|since|because|as|so)\b"
)
_HEDGE = re.compile(
    r"\b(?:may|might|can|could|would|should|perhaps|possibly|probably|often|usually|sometimes|generally|mostly|some|"
    r"if|unless|until|once|for now|tends?|tended|seems?|seemed|about|at least|as far as)\b"
)
_ABSOLUTE = re.compile(
    r"\b(?:all|always|any|anyone|anybody|anything|every|everyone|everybody|everything|each|none|never|no|nobody|"
    r"no one|nothing|only|just|simply|whole|entirely|completely|at once|in any case)\b"
)
_NEGATION = re.compile(r"\b(?:no|not|none|never|nothing|nobody|neither|nor|without|cannot)\b|n't\b")
_PERSON = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|tells?|told|telling|say(?:s|ing)?|said|talk(?:s|ing)?|speak(?:s|ing)?|call(?:s|ing)?|thanks?|"
    r"informs?|discuss|explain|invite|consult|supervisor|supervision|instructor|team|welcome|raise|agree(?:s|d|ment)?|"
    r"consent)\b"
)
_AHEAD = re.compile(
    r"(?:accept|add|answer|begin|book|cite|film|follow|go|join|look|open|post|publish|put|record|reply|report|search|see|"
    r"send|share|show|sign|start|take|try|use|write)\b"
)
_BACK = re.compile(
    r"(?:avoid|block|cancel|close|cut|decline|delete|drop|hold|keep|leave|let|limit|lock|nothing|pause|read|refrain|"
    r"remove|rename|skip|stay|stop|wait|withdraw)\b"
)
_TALK = re.compile(
    r"(?:agree|ask|bring|call|check|consult|discuss|explain|find|inform|invite|raise|say|speak|talk|tell|thank|welcome)\b"
)
_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*")
#: Words that texts on different subjects share.
_COMMON = frozenset(
    _WORD.findall(
        "a an and are as at be been but by can do does for from had has have he her hers him his how i if in is it its "
        "me my no not of on or our she so than that the their them then there they this to up was we were what when "
        "which who whom will with would you your"
    )
)


@dataclass(frozen=True, slots=True)
class Option:
    """The surface of one option.

    ``place`` counts from 0; ``ahead``, ``back`` and ``talk`` are 1 where the option begins with going ahead, holding
    back or talking; ``from_stem`` and ``like_others`` are shares from 0 to 1; the rest are counts of characters or
    words.
    """

    place: int
    letters: int
    reasons: int
    hedges: int
    absolutes: int
    negations: int
    persons: int
    clauses: int
    ahead: int
    back: int
    talk: int
    from_stem: float
    like_others: float


@dataclass(frozen=True, slots=True)
class Surface:
    """The surfaces of an item's options. ``key`` is the position of the key among them, from 0."""

    question: Question
    module: str
    options: tuple[Option, ...]
    key: int

    @property
    def use(self) -> str:
        return self.question.item.use


def surface_of(question: Question, module: str) -> Surface:
    """The surface of an item; ``module`` is the number of its module."""
    item = question.item
    texts = list(item.listed().values())
    stem, words = _words(item.stem), [_words(text) for text in texts]
    options = tuple(
        _option(place, text, stem, [*words[:place], *words[place + 1 :]]) for place, text in enumerate(texts)
    )
    return Surface(question, module, options, texts.index(item.rows(None)[0].best[0]))


def _option(place: int, text: str, stem: frozenset[str], others: list[frozenset[str]]) -> Option:
    lower = text.lower()
    opening = lower.lstrip("\"'“‘ ")
    words = _words(text)
    shared = [len(words & other) / max(len(words | other), 1) for other in others]
    return Option(
        place=place,
        letters=len(text),
        reasons=len(_REASON.findall(lower)),
        hedges=len(_HEDGE.findall(lower)),
        absolutes=len(_ABSOLUTE.findall(lower)),
        negations=len(_NEGATION.findall(lower)),
        persons=len(_PERSON.findall(lower)),
        clauses=len(_CLAUSE.findall(lower)),
        ahead=int(bool(_AHEAD.match(opening))),
        back=int(bool(_BACK.match(opening))),
        talk=int(bool(_TALK.match(opening))),
        from_stem=len(words & stem) / max(len(words), 1),
        like_others=math.fsum(shared) / max(len(shared), 1),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _COMMON
