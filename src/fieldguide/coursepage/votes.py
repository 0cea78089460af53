"""A vote in class as pages show it, the student's and the projector: how it stands, and its figures in rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldguide.words import Words

_WORDS = Words("live")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with its letter; ``right`` and ``why`` once the answer is shown."""

    id: str
    letter: str
    text: str
    right: bool
    why: str | None


@dataclass(frozen=True, slots=True)
class Bar:
    """How many chose an option in one vote, in words, and the part of all in percent; ``together`` with others, where
    it may not be told by itself."""

    vote: str
    told: str
    share: int
    together: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An option with its bars: one for each vote."""

    choice: Choice
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """A room as it was told (``live/service.py``). ``stamp`` is another one whenever a page has to be drawn anew.

    ``rows`` are its figures, where there are any that may be told, ``sentences`` what else is told of them.
    """

    told: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.told["code"])

    @property
    def language(self) -> str:
        return str(self.told["question"]["language"])

    @property
    def question(self) -> dict[str, Any]:
        return dict(self.told["question"])

    @property
    def round(self) -> int:
        return int(self.told["round"])

    @property
    def is_open(self) -> bool:
        return bool(self.told["open"])

    @property
    def own(self) -> Choice | None:
        """What whoever asks has voted in this round."""
        return next((one for one in self.choices if one.id == self.told["own"]), None)

    @property
    def stamp(self) -> str:
        told = self.told
        own = f"{told['own']}-{told['number']}"
        return f"{told['round']}-{told['open']}-{own}-{bool(told['figures'])}-{bool(told['answer'])}"

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The options in their order."""
        answer = self.told["answer"] or {}
        return tuple(
            Choice(name, chr(ord("A") + place), text, name in answer, answer.get(name))
            for place, (name, text) in enumerate(self.question["options"].items())
        )

    @property
    def state(self) -> str:
        """In one sentence, in the language that is spoken, how it stands."""
        which = say(f"vote_{self.round}")
        if self.is_open:
            return say("is_open", vote=which)
        right = [one.letter for one in self.choices if one.right]
        if right:
            return say("answer_shown", letters=", ".join(right))
        if self.told["figures"]:
            return say("figures_shown")
        return say("is_closed_first" if self.round == 1 else "is_closed", vote=which)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The options with how many chose each; none where not one vote's figures may be told by option."""
        figures = self.told["figures"] or ()
        if not any(one["parts"] for one in figures):
            return ()
        choices = self.choices
        return tuple(
            Row(
                choice,
                tuple(
                    _bar(choice, choices, one, number)
                    for number, one in enumerate(figures, 1)
                    if one["parts"] is not None
                ),
            )
            for choice in choices
        )

    @property
    def some_together(self) -> bool:
        """Whether some options are told only together with others."""
        return any(bar.together for row in self.rows for bar in row.bars)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Of each vote how many took part, and what is told where no numbers may be."""
        return tuple(
            " ".join(_sentences(one, number, self.choices)) for number, one in enumerate(self.told["figures"] or (), 1)
        )


def _bar(choice: Choice, choices: tuple[Choice, ...], figures: dict[str, Any], number: int) -> Bar:
    part = next(one for one in figures["parts"] if choice.id in one["options"])
    vote, voted = say(f"vote_{number}"), figures["voted"]
    share = round(100 * part["count"] / voted)
    told = say("chose", count=part["count"], percent=share)
    together = [one.letter for one in choices if one.id in part["options"]] if len(part["options"]) > 1 else []
    if together:
        told = say("together", letters=", ".join(together), chose=told)
    return Bar(vote, told, share, bool(together))


def _sentences(figures: dict[str, Any], number: int, choices: tuple[Choice, ...]) -> list[str]:
    told = [count("took_part", figures["voted"], vote=say(f"vote_{number}"))]
    lean = figures["lean"]
    if lean:
        told.append(say("lean", letter=next(one.letter for one in choices if one.id == lean[0])))
    elif lean is not None:
        told.append(say("no_lean"))
    if figures["parts"] is None:
        told.append(say("too_few"))
    return told
