"""What the three writers share: the questions of a module by what they are for, their texts, and what has to change."""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from fieldguide.cells.kinds import CASE
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.grading.told import count as count_of_item
from fieldguide.grading.told import points_text
from fieldguide.grading.told import say as say_of_item
from fieldguide.items import Essay, Item, Row
from fieldguide.words import Words

_WORDS = Words("itemfiles")
say = _WORDS.say

USES = ("practice", "graded", "check")


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions of a module with one use, in the module's order."""

    module: str
    use: str
    title: str
    items: tuple[Item, ...]


@dataclass(slots=True)
class Changes:
    """What is not in a file as it is in the course, in sentences: of single questions, and of all."""

    of_items: dict[str, list[str]] = field(default_factory=dict)
    of_all: list[str] = field(default_factory=list)

    def note(self, item: Item, sentence: str) -> None:
        self.of_items.setdefault(item.id, []).append(sentence)

    def lines(self) -> Iterator[str]:
        yield from self.of_all
        for item, sentences in self.of_items.items():
            yield f"{item}: {' '.join(sentences)}"


def banks_of(notebook: InstructorNotebook, types: Container[str], changes: Changes) -> list[Bank]:
    """The questions of a module that are of these types, without those that are withdrawn."""
    title = notebook.metadata["fieldguide"].get("title") or notebook.module
    by_use: dict[str, dict[str, Item]] = {use: {} for use in USES}
    for item in notebook.items:
        if item.withdrawn is not None:
            changes.note(item, "Left out, because it is withdrawn.")
        elif item.TYPE not in types:
            changes.note(item, f"Left out: a question of type '{item.TYPE}' cannot be written for this site yet.")
        else:
            by_use[item.use].setdefault(item.id, item)
            if item.pieces():
                changes.note(item, "The phrases are underlined in the passage, and selected in a list below it.")
    for case in notebook.asked(CASE):
        for item in notebook.items:
            if item.id == case.decision.essay:
                changes.note(item, f"It argues the case '{case.id}', which stays in the module.")
    return [
        Bank(notebook.module, use, f"{title}: {say(use)}", tuple(items.values()))
        for use, items in by_use.items()
        if items
    ]


def html_of(text: str) -> str:
    """An author's text as HTML, in paragraphs."""
    return "".join(f"<p>{html.escape(part.strip(), quote=False)}</p>" for part in re.split(r"\n\s*\n", text.strip()))


def html_list(lines: Iterable[str]) -> str:
    """Texts as a list in HTML; nothing where there are none."""
    inner = "".join(f"<li>{html.escape(line, quote=False)}</li>" for line in lines)
    return f"<ul>{inner}</ul>" if inner else ""


def stem_html(item: Item) -> str:
    """What is asked, with what is read beside it: a passage, a unit, the criteria of an essay."""
    pieces = item.pieces()
    passage = "".join(
        f"<u>{html.escape(text, quote=False)}</u>" if phrase else html.escape(text, quote=False)
        for text, phrase in pieces
    )
    asked = html_of(item.stem) + (f"<blockquote><p>{passage}</p></blockquote>" if passage else "")
    for row in item.rows(None):
        if row.unit and not row.text:
            asked += html_of(say("unit", unit=row.unit))
    if isinstance(item, Essay):
        if item.words:
            asked += html_of(say("words", n=item.words))
        if item.rubric:
            asked += html_of(say_of_item("scored_by")) + html_list(
                count_of_item("criterion_open", line.points, text=line.text, n=points_text(line.points))
                for line in item.rubric.values()
            )
    return asked


def reasons_html(item: Item) -> str:
    """The reason for every part, for a site that cannot tell each at its place."""
    return html_list(
        say("pair", prompt=row.text, option=row.best[0], why=row.why)
        if row.prompts
        else say("place", place=place, text=row.text, why=row.why)
        for place, row in enumerate(item.rows(None), 1)
    )


def model_html(item: Essay) -> str:
    """A model answer to compare one's own with, and by what; nothing where there is none."""
    if not item.exemplar:
        return ""
    return html_of(f"{say_of_item('exemplar')}\n\n{item.exemplar}") + html_list(item.look_for)


def scoring_html(item: Essay) -> str:
    """What a scorer needs: what each number of points looks like, and whole answers with their points."""
    lines = [
        f"{criterion.text} {points}: {told}"
        for criterion in item.rubric.values()
        for points, told in sorted(criterion.levels.items())
    ]
    profiles = [f"{points_text(profile.points)}: {profile.text}" for profile in item.profiles.values()]
    return html_list(lines) + html_list(profiles) + (model_html(item) if not profiles else "")


def rights(item: Item) -> list[Row]:
    """The options of the key."""
    return [row for row in item.rows(None) if row.right]


def figures(value: float) -> str:
    """A number with at most five decimals, as such files have them."""
    return f"{value:.5f}".rstrip("0").rstrip(".")
