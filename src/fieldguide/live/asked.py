"""What of a module can be voted on: practice questions in which one option is chosen, and the scenes of its cases.

Nothing graded is among them: who has seen how a class votes and heard it talk has not answered alone. Where several
options are chosen, people cannot be told in parts that do not overlap, which the rule for small groups rests on.
"""

from __future__ import annotations

from fieldguide.cases.model import Case, Scene
from fieldguide.items import Item
from fieldguide.live.rooms import Question
from fieldguide.player.public import public_data


def can_be_voted_on(item: Item) -> bool:
    """Whether an item is one of practice, in which one option is chosen."""
    return item.use == "practice" and item.any_option


def of_item(module: str, title: str, item: Item, language: str) -> Question:
    """The question of a practice item; without its key, which the room gets when it is shown."""
    stem = public_data(item, None, preview=False)["stem"]
    told, more = tuple(stem["vignette"]), tuple(stem["remarks"])
    return Question(module, item.id, "", title, told, stem["question"], more, item.listed(), language)


def of_scene(module: str, case: Case, scene: Scene, language: str) -> Question:
    """The question of a scene. Where a case starts its vignette is told, and elsewhere what happens then."""
    first = case.vignette if scene is case.start else ""
    told = tuple(part for text in (first, scene.text) if text for part in text.split("\n\n"))
    options = {way: scene.chosen(way) for way in scene.ways}
    return Question(module, case.id, scene.id, case.title, told, scene.question, (), options, language)


def answer_of(item: Item) -> dict[str, str]:
    """The right options of a practice item, and why each is right."""
    return {row.id: row.why for row in item.rows(None) if row.id is not None and row.right}
