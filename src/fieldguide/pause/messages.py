"""Finds in words for people, and the reply to a page that asks for a review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fieldguide.pause.finding import Find
from fieldguide.pause.reviewing import review
from fieldguide.pause.words import say


def described(finds: Iterable[Find]) -> list[dict[str, Any]]:
    """The finds as messages for people: what each is, why it may identify somebody, and what to write instead."""
    return [
        {
            "start": find.start,
            "end": find.end,
            "kind": find.kind,
            "text": find.text.encode("utf-8", "replace").decode(),  # half a surrogate pair cannot be sent
            "label": say(f"{find.kind}"),
            "why": say(f"{find.kind}_why"),
            "instead": say(f"{find.kind}_instead"),
        }
        for find in finds
    ]


def answer(message: object, known: Iterable[str] = ()) -> dict[str, Any] | None:
    """The reply to a page that asks for a review; None for a message that asks for something else.

    Neither the text nor what was found in it is kept anywhere.
    """
    if not isinstance(message, dict) or message.get("kind") != "review" or not isinstance(message.get("text"), str):
        return None
    return {"kind": "reviewed", "n": message.get("n"), "finds": described(review(message["text"], known))}
