"""The plan for discussing a case in class, for the instructor alone."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.authoring.words import count, say
from fieldguide.items.fields import FieldReader, Finder, read_fields
from fieldguide.items.passing import Passing

FIELDS: Passing = dict.fromkeys(("case", "minutes", "questions", "positions", "listen", "close"))
#: Those that hold texts to translate.
TEXTS: Passing = dict.fromkeys(("questions", "positions", "listen", "close"))


@dataclass(frozen=True, slots=True)
class Discussion:
    """How an instructor may lead the discussion of a case: ``questions`` in order, ``positions`` to draw out, what to
    ``listen`` for, and how to ``close``. ``case`` is the id of a case of the same module."""

    case: str
    minutes: int
    questions: tuple[str, ...]
    positions: tuple[str, ...]
    listen: tuple[str, ...]
    close: str


def read_discussion(text: str, file: str, first_line: int = 1) -> Discussion:
    """Read the text of a cell, without the line ``%%discussion``. Raises ReadingError."""
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this discussion")
    reader.refuse_unknown(tuple(FIELDS))
    lists = {name: reader.texts(name) for name in ("questions", "positions", "listen")}
    for name in lists:
        if not reader.has(name):
            reader.wrong(name, f"'{name}' is missing.", f"Expected '{name}:' and below it lines such as '- A text'.")
    discussion = Discussion(
        case=reader.text("case", required=True) or "",
        minutes=reader.whole("minutes", least=1, most=180, required=True) or 0,
        close=reader.text("close", required=True) or "",
        **lists,
    )
    finder.stop_if_any()
    return discussion


def discussion_text(discussion: Discussion, title: str) -> str:
    """The plan as Markdown for the instructor's edition. ``title`` is the case's."""
    parts = [
        f"### {say('discussion', case=title)}",
        count("discussion_minutes", discussion.minutes),
        f"**{say('discussion_questions')}**",
        "\n".join(f"{number}. {text}" for number, text in enumerate(discussion.questions, 1)),
        f"**{say('discussion_positions')}**",
        _bullets(discussion.positions),
        f"**{say('discussion_listen')}**",
        _bullets(discussion.listen),
        f"**{say('discussion_close')}** {discussion.close}",
    ]
    return "\n\n".join(parts)


def _bullets(texts: tuple[str, ...]) -> str:
    return "\n".join(f"- {text}" for text in texts)
