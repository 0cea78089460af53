"""What a reader is asked about: each key with its basis, and each commentary of a case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.authoring.module import Module
from fieldguide.cases.model import Case
from fieldguide.cells.kinds import CASE, ITEM
from fieldguide.items import Essay, Item

_USES = {"practice": "Practice", "graded": "Graded", "check": "Check, never graded"}
_BASES = {
    "guide": "the student's guide that the course follows",
    "code": "the NASW Code of Ethics",
    "techstandard": "the technology standards of 2017",
    "law": "law",
    "judgement": "judgment, so it carries no points",
}
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to agree with or not: a question with its key, or a case with its commentary.

    ``texts`` are the labeled texts that the reader sees.
    """

    id: str
    kind: str
    texts: tuple[tuple[str, str], ...]

    @property
    def fingerprint(self) -> str:
        """A digest of what the reader saw, which shows whether it has changed since."""
        shown = "\n".join(f"{label}: {text}" for label, text in self.texts)
        return hashlib.sha256(shown.encode("utf-8")).hexdigest()[:_DIGITS]


def asked_of(module: Module, gists: dict[str, str]) -> list[Asked]:
    """The questions to a reader of a module, in the module's order. ``gists`` says what each standard is about."""
    asked = []
    for cell in module.cells:
        if cell.kind is ITEM and not cell.echoed:
            asked.append(Asked(cell.asked.id, _USES[cell.asked.use], tuple(_item(cell.asked, gists))))
        elif case := cell.of(CASE):
            asked.append(Asked(case.id, "Case", tuple(_case(case, gists))))
    return asked


def _item(item: Item, gists: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "Question", item.stem
    if isinstance(item, Essay) and item.task:
        yield "A text to compare one's own with", item.exemplar or ""
        yield "What to look for", "\n".join(item.look_for)
    elif isinstance(item, Essay):
        for criterion in item.rubric.values():
            levels = "\n".join(f"{points}: {text}" for points, text in sorted(criterion.levels.items()))
            yield f"Criterion, up to {criterion.points}: {criterion.text}", levels
    else:
        yield from _parts(item)
    yield "Rests on", _basis(item.basis, item.standards, gists)


def _parts(item: Item) -> Iterator[tuple[str, str]]:
    passage = item.pieces()
    if passage:
        yield "Text", "".join(f"[{text}]" if phrase else text for text, phrase in passage)
    for row in item.rows(None):
        if row.option:
            mark = "Key" if row.right else "Phrase" if passage else "Option"
            yield f"{mark}: {row.text}", row.why
        elif row.prompts:
            yield f"{row.text} → {row.best[0]} {row.unit or ''}".strip(), row.why
        else:
            yield row.label or f"Key: {' or '.join(row.best)} {row.unit or ''}".strip(), row.why


def _case(case: Case, gists: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield case.title, case.vignette
    yield "The decision", " / ".join([case.decision.question, *case.decision.options.values()])
    yield "How the authors see it", case.decision.commentary or ""
    for position, text in case.decision.positions.items():
        yield f"A position that can be defended: {case.decision.options.get(position, position)}", text
    yield "Standards", _basis(None, case.standards, gists)


def _basis(basis: str | None, standards: tuple[str, ...], gists: dict[str, str]) -> str:
    named = [f"{name} ({gists[name]})" if name in gists else name for name in standards]
    return "; ".join([*([_BASES[basis]] if basis else []), *named]) or "nothing that is named"
